// What the secret box promises: only the right key, the right place and the untouched value open.
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { replaceSealingKey } from './sealing-key-files.js'
import { SealBroken, SecretBox } from './secret-box.js'
import { rereadSealingKeys } from './settings.js'

const box = new SecretBox({ sealingKey: randomBytes(32) })

describe('a sealed value', () => {
  test('opens in the place it was sealed for', () => {
    const sealed = box.seal('s3cret ключ', 'oauth_clients.secret/a')
    expect(box.open(sealed, 'oauth_clients.secret/a').toString()).toBe('s3cret ключ')
  })

  test('does not open when it was moved to another row', () => {
    const sealed = box.seal('secret', 'oauth_clients.secret/a')
    expect(() => box.open(sealed, 'oauth_clients.secret/b')).toThrow(SealBroken)
  })

  test('does not open when any byte was changed', () => {
    const sealed = box.seal('secret', 'place')
    for (let index = 0; index < sealed.length; index++) {
      const damaged = Buffer.from(sealed)
      damaged[index] = (damaged[index] ?? 0) ^ 1
      expect(() => box.open(damaged, 'place')).toThrow(SealBroken)
    }
  })

  test('does not open when it was cut short', () => {
    const sealed = box.seal('secret', 'place')
    for (const length of [0, 1, 21, 36, sealed.length - 1]) {
      expect(() => box.open(sealed.subarray(0, length), 'place')).toThrow(SealBroken)
    }
  })

  test('does not open under another key, and says that this is why', () => {
    const sealed = box.seal('secret', 'place')
    const other = new SecretBox({ sealingKey: randomBytes(32) })
    expect(() => other.open(sealed, 'place')).toThrow('another SEALING_KEY')
  })

  test('shows nothing of the secret and never looks the same twice', () => {
    const first = box.seal('a very plain secret', 'place')
    expect(first.includes('plain')).toBe(false)
    expect(first.equals(box.seal('a very plain secret', 'place'))).toBe(false)
  })
})

describe('a derived key', () => {
  test('is the same on every replica, different for every purpose and never the sealing key', () => {
    const sealingKey = randomBytes(32)
    const [one, other] = [new SecretBox({ sealingKey }), new SecretBox({ sealingKey })]
    expect(one.deriveKey('cookies').equals(other.deriveKey('cookies'))).toBe(true)
    expect(one.deriveKey('cookies').equals(one.deriveKey('consent'))).toBe(false)
    expect(one.deriveKey('cookies').equals(sealingKey)).toBe(false)
  })
})

describe('with more than one key', () => {
  const [former, present] = [randomBytes(32), randomBytes(32)]
  const before = new SecretBox({ sealingKey: former })
  const after = new SecretBox({ sealingKey: present, oldSealingKeys: [former] })

  test('the present one seals and every one opens', () => {
    expect(after.open(before.seal('secret', 'place'), 'place').toString()).toBe('secret')
    expect(after.keyIds).toEqual([new SecretBox({ sealingKey: present }).keyIds[0], before.keyIds[0]])
    expect(() => before.open(after.seal('secret', 'place'), 'place')).toThrow(after.keyIds[0])
  })

  test('an old key opens nothing that was moved or damaged either', () => {
    const sealed = before.seal('secret', 'place')
    expect(() => after.open(sealed, 'elsewhere')).toThrow(SealBroken)
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1
    expect(() => after.open(sealed, 'place')).toThrow(SealBroken)
  })

  test('derived keys begin with the one that everybody has while the new key goes round', () => {
    expect(after.deriveKeys('cookies')[0]?.equals(before.deriveKey('cookies'))).toBe(true)
    expect(after.deriveKeys('cookies')).toHaveLength(2)
    expect(before.deriveKeys('cookies')).toHaveLength(1)
  })
})

describe('with keys in files', () => {
  let folder: string
  let files: { current: string; old: string }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sekisho-box-'))
    files = { current: join(folder, 'sealing-key'), old: join(folder, 'sealing-keys-old') }
    await writeFile(files.current, randomBytes(32).toString('base64'), { mode: 0o400 })
    await writeFile(files.old, '')
  })

  afterEach(() => rm(folder, { recursive: true, force: true }))

  const keysNow = () => {
    const keys = rereadSealingKeys(files)
    if (!keys) throw new Error('the keys are files')
    return keys
  }
  const boxNow = () => new SecretBox({ ...keysNow(), sealingKeyFiles: files })

  test('a value of a new key makes a running box take up the key, and seal by it', async () => {
    const running = boxNow()
    const [former] = running.keyIds
    const early = running.seal('early', 'place')
    let heard = 0
    running.onChange(() => heard++)
    await replaceSealingKey(files, keysNow())
    const newer = boxNow()
    expect(newer.keyIds).toEqual([expect.not.stringMatching(former), former])
    expect(running.open(newer.seal('late', 'place'), 'place').toString()).toBe('late')
    expect(running.keyIds).toEqual(newer.keyIds)
    expect(heard).toBe(1)
    expect(running.open(early, 'place').toString()).toBe('early')
    expect(newer.open(early, 'place').toString()).toBe('early')
  })

  test('files that are broken leave a running box with the keys it has', async () => {
    const running = boxNow()
    const [former] = running.keyIds
    await rm(files.current)
    expect(() => running.reload()).toThrow('SEALING_KEY_FILE')
    expect(running.keyIds).toEqual([former])
  })

  test('a replacement keeps the rights of the file and the last few keys', async () => {
    const ids = [boxNow().keyIds[0]]
    for (let round = 0; round < 5; round++) {
      await replaceSealingKey(files, keysNow())
      ids.unshift(boxNow().keyIds[0])
    }
    expect(new Set(ids).size).toBe(6)
    expect(boxNow().keyIds).toEqual(ids.slice(0, 4))
    for (const path of [files.current, files.old]) expect((await stat(path)).mode & 0o777).toBe(0o400)
    expect((await readdir(folder)).sort()).toEqual(['sealing-key', 'sealing-keys-old'])
  })
})

test('a sealing key of the wrong length is refused at once', () => {
  expect(() => new SecretBox({ sealingKey: randomBytes(16) })).toThrow('32 bytes')
})
