// Shared look-ups and how long their outcome counts.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { remember } from './remember.js'

// Time passes here when a test says so, so that a busy machine changes nothing.
beforeAll(() => void jest.useFakeTimers())
afterAll(() => void jest.useRealTimers())

const pause = (ms: number) => jest.advanceTimersByTimeAsync(ms)

test('those who ask at once share one look-up', async () => {
  let lookUps = 0
  const ask = remember(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return ++lookUps
    },
    { freshMs: 50, failureMs: 50 },
  )
  const asked = Promise.all([ask(), ask(), ask()])
  await pause(10)
  expect(await asked).toEqual([1, 1, 1])
  expect(await ask()).toBe(1)
})

test('looks again when the value has become old', async () => {
  let lookUps = 0
  const ask = remember(async () => ++lookUps, { freshMs: 20, failureMs: 20 })
  await ask()
  await pause(40)
  expect(await ask()).toBe(2)
})

test('a failure counts too, for a time of its own, and is followed by a new look-up', async () => {
  let lookUps = 0
  const ask = remember(
    async () => {
      if (++lookUps === 1) throw new Error('away')
      return lookUps
    },
    { freshMs: 10_000, failureMs: 30 },
  )
  await expect(ask()).rejects.toThrow('away')
  await expect(ask()).rejects.toThrow('away')
  await pause(50)
  expect(await ask()).toBe(2)
  expect(await ask()).toBe(2)
})
