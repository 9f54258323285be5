// How a replica keeps its signing keys in step: it looks when it must, and no more often.
import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from '@jest/globals'
import type { JWK } from 'jose'
import { type SigningKey, SigningKeys } from './signing-keys.js'

function makeKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, publicKey, privateJwk: privateKey.export({ format: 'jwk' }) as JWK }
}

const [first, second] = [makeKey('first'), makeKey('second')]

/** Keys over a store that the test changes, with the number of times it was read. */
function keysOver(store: { keys: SigningKey[]; reads: number }): SigningKeys {
  return new SigningKeys(store.keys, async () => {
    store.reads++
    return [...store.keys]
  })
}

test('a key that is not known yet is looked for, and found', async () => {
  const store = { keys: [first], reads: 0 }
  const keys = keysOver(store)
  expect((await keys.search('first'))?.kid).toBe('first')
  expect(store.reads).toBe(0)
  store.keys = [second, first]
  expect((await keys.search('second'))?.kid).toBe('second')
  expect(keys.current.kid).toBe('second')
  expect(keys.all().map(({ kid }) => kid)).toEqual(['second', 'first'])
})

test('a flood of unknown keys costs one look a second, and nobody who waits misses a new key', async () => {
  const store = { keys: [first], reads: 0 }
  const keys = keysOver(store)
  await Promise.all(Array.from({ length: 500 }, (_, index) => keys.search(`junk ${index}`)))
  expect(store.reads).toBe(1)
  const startedAt = performance.now()
  const late = Promise.all([
    ...Array.from({ length: 500 }, (_, index) => keys.search(`more ${index}`)),
    keys.search('second'),
  ])
  store.keys = [second, first]
  expect((await late).at(-1)?.kid).toBe('second')
  expect(store.reads).toBe(2)
  expect(performance.now() - startedAt).toBeGreaterThan(500)
})

test('listeners hear of a change and of nothing else', async () => {
  const store = { keys: [first], reads: 0 }
  const keys = keysOver(store)
  let heard = 0
  keys.onChange(() => heard++)
  await keys.reload()
  expect(heard).toBe(0)
  store.keys = [second, first]
  await Promise.all([keys.reload(), keys.reload(), keys.reload()])
  expect(heard).toBe(1)
  store.keys = [second]
  await keys.reload()
  expect(heard).toBe(2)
  expect(keys.find('first')).toBeUndefined()
})

test('a store that is empty all of a sudden takes no key away', async () => {
  const store = { keys: [first], reads: 0 }
  const keys = keysOver(store)
  store.keys = []
  await keys.reload()
  expect(keys.current.kid).toBe('first')
})
