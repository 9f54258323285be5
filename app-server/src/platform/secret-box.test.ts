// What the secret box promises: only the right key, the right place and the untouched value open.
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { SealBroken, SecretBox } from './secret-box.js'

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

test('a sealing key of the wrong length is refused at once', () => {
  expect(() => new SecretBox({ sealingKey: randomBytes(16) })).toThrow('32 bytes')
})
