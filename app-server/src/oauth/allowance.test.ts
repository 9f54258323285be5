// What an allowance lets through within a minute.
import { expect, test } from '@jest/globals'
import { Allowance } from './allowance.js'

function allowance() {
  const clock = { now: 0 }
  return { clock, allowance: new Allowance({ perAddress: 2, total: 3 }, () => clock.now) }
}

test('one address gets its share and no more, whatever others do', () => {
  const { allowance: minute } = allowance()
  expect([minute.take('a'), minute.take('a'), minute.take('a'), minute.take('b')]).toEqual([true, true, false, true])
})

test('all addresses together get no more than the total', () => {
  const { allowance: minute } = allowance()
  expect(['a', 'b', 'c', 'd'].map((address) => minute.take(address))).toEqual([true, true, true, false])
})

test('the next minute begins anew', () => {
  const { allowance: minute, clock } = allowance()
  minute.take('a')
  minute.take('a')
  clock.now = 59_999
  expect(minute.take('a')).toBe(false)
  clock.now = 60_000
  expect(minute.take('a')).toBe(true)
})
