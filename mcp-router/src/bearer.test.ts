// Which Authorization headers carry a bearer token.
import { expect, test } from '@jest/globals'
import { bearerOf } from './bearer.js'

test.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER   a.b-c_d~e+f/g==', 'a.b-c_d~e+f/g=='],
  ['Bearer abc  ', 'abc'],
])('finds the token of "%s"', (header, token) => {
  expect(bearerOf(header)).toBe(token)
})

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearerabc',
  'Basic abc',
  'Bearer a b',
  'Bearer a=b',
  'Bearer a,b',
  'Bearer "a"',
  'Bearer ä',
  ' Bearer abc',
])('finds none in %j', (header) => {
  expect(bearerOf(header)).toBeUndefined()
})

test('answers in bounded time to a header made to be slow', () => {
  const startedAt = performance.now()
  expect(bearerOf(`Bearer ${'='.repeat(16_000)}!`)).toBeUndefined()
  expect(bearerOf(`Bearer${' '.repeat(16_000)}!`)).toBeUndefined()
  expect(performance.now() - startedAt).toBeLessThan(200)
})
