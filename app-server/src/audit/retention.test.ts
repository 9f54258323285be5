// How long one partition is, so that entries go in time and partitions stay few.
import { expect, test } from '@jest/globals'
import { partitionDays } from './retention.js'

test.each([
  [1, 1],
  [30, 1],
  [90, 3],
  [365, 12],
  [3650, 31],
])('entries kept for %i days are in partitions of %i', (auditDays, days) => {
  expect(partitionDays(auditDays)).toBe(days)
})
