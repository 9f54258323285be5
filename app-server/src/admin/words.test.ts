// Tests of numbers and spans as they are told.
import { expect, test } from '@jest/globals'
import { bytes, duration, percent, span } from './words.js'

test.each([
  [undefined, '–'],
  [0, '0 ms'],
  [12.4, '12 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [1449, '1.4 s'],
  [60_000, '60 s'],
])('a duration of %p is told as %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

test.each([
  [0, 10, '0 %'],
  [0, 0, '0 %'],
  [1, 3, '33.3 %'],
  [10, 10, '100 %'],
  // A part that is there is never told as nothing, nor one that lacks something as all.
  [1, 100_000, '< 0.1 %'],
  [99_999, 100_000, '> 99.9 %'],
])('%i of %i is %s', (part, whole, words) => {
  expect(percent(part, whole)).toBe(words)
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [8_192_000, '8.2 MB'],
  [3e12, '3 TB'],
  [3e15, '3,000 TB'],
])('%i bytes are %s', (value, words) => {
  expect(bytes(value)).toBe(words)
})

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [61, '1 minute 1 second'],
  [3_600, '1 hour'],
  [3_605, '1 hour'],
  [93_784, '1 day 2 hours'],
  [7 * 86_400, '7 days'],
])('%i seconds are %s', (seconds, words) => {
  expect(span(seconds)).toBe(words)
})
