// Times as people and models write them.
import { describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { requireInstant, time } from './time-input.js'

describe('a time with an offset', () => {
  test.each([
    ['2026-11-30T10:00+09:00', '2026-11-30T01:00:00Z'],
    ['2026-11-30T10:00:00+09:00', '2026-11-30T01:00:00Z'],
    ['2026-11-30T10:00:00.000Z', '2026-11-30T10:00:00Z'],
    ['2026-11-30T10:00:00-03:30', '2026-11-30T13:30:00Z'],
  ])('%s means that instant in every zone', (given, instant) => {
    expect(requireInstant(given, 'America/New_York')).toBe(Date.parse(instant))
    expect(requireInstant(given, 'Asia/Tokyo')).toBe(Date.parse(instant))
  })
})

describe('a local time', () => {
  test('is one of the zone of the service', () => {
    expect(requireInstant('2026-11-30T10:00', 'Asia/Tokyo')).toBe(Date.parse('2026-11-30T01:00Z'))
    expect(requireInstant('2026-11-30T10:00', 'America/New_York')).toBe(Date.parse('2026-11-30T15:00Z'))
  })

  test('that is skipped is refused, with the first moment after it', () => {
    const call = () => requireInstant('2027-03-14T02:30', 'America/New_York')
    expect(call).toThrow(Problem)
    expect(call).toThrow(/does not exist in America\/New_York.*2027-03-14T03:00:00-04:00/)
  })

  test('that happens twice is refused, with both of its meanings', () => {
    const call = () => requireInstant('2027-11-07T01:30', 'America/New_York')
    expect(call).toThrow(/twice.*2027-11-07T01:30:00-04:00 or 2027-11-07T01:30:00-05:00/)
    expect(requireInstant('2027-11-07T01:30-05:00', 'America/New_York')).toBe(Date.parse('2027-11-07T06:30Z'))
  })
})

test.each([
  '',
  'tomorrow',
  '2026-11-30',
  '2026-11-30 10:00',
  '2026-11-30T25:00',
  '2026-11-30T24:00',
  '2026-11-30T10:60',
  '2026-11-30T10:00:60',
  '2026-02-30T10:00',
  '2026-13-01T10:00',
  '2026-11-30T10:00+24:00',
  '2026-11-30T10:00:00.5Z',
  '2026-11-30T10:00Z ',
  '+102026-11-30T10:00',
  '٢٠٢٦-11-30T10:00',
  `2026-11-30T10:00:00.${'0'.repeat(100)}Z`,
])('refuses %p as a time', (given) => {
  const parsed = time('start').safeParse(given)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues).toHaveLength(1)
  expect(parsed.error?.issues[0]?.message).toContain('such as 2026-11-30T10:00')
})
