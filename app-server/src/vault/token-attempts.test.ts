// Tokens are tried so often and no more, by each person for themselves.
import { expect, test } from '@jest/globals'
import { TokenAttempts, triesAtOnce } from './token-attempts.js'

const minutes = 60_000

test('a person may try so often in ten minutes, then waits, and others do not', () => {
  const attempts = new TokenAttempts()
  for (let tries = 0; tries < triesAtOnce; tries++) attempts.count('aki', tries)
  expect(() => attempts.count('aki', 9 * minutes)).toThrow(expect.objectContaining({ code: 'rate-limited' }))
  expect(() => attempts.count('ben', 9 * minutes)).not.toThrow()
  expect(() => attempts.count('aki', 10 * minutes)).not.toThrow()
})

test('many people do not make it grow without end', () => {
  const attempts = new TokenAttempts()
  for (let person = 0; person < 10_050; person++) attempts.count(String(person), 0)
  expect((attempts as unknown as { windows: Map<string, unknown> }).windows.size).toBe(10_000)
})
