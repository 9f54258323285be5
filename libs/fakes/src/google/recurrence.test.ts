// The dates that rules of RFC 5545 mean.
import { expect, test } from '@jest/globals'
import { seriesStarts } from './recurrence.js'

const wall = (text: string) => Date.parse(`${text}Z`)

test.each([
  ['FREQ=DAILY;COUNT=3', ['2026-11-10', '2026-11-11', '2026-11-12']],
  ['FREQ=DAILY;INTERVAL=10;UNTIL=20261130', ['2026-11-10', '2026-11-20', '2026-11-30']],
  ['FREQ=DAILY;BYDAY=SA,SU;COUNT=2', ['2026-11-14', '2026-11-15']],
  ['FREQ=WEEKLY;COUNT=2', ['2026-11-10', '2026-11-17']],
  ['FREQ=WEEKLY;BYDAY=MO,TU;COUNT=3', ['2026-11-10', '2026-11-16', '2026-11-17']],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;COUNT=3', ['2026-11-10', '2026-11-13', '2026-11-24']],
  ['FREQ=WEEKLY;UNTIL=20261117T090000Z', ['2026-11-10', '2026-11-17']],
  ['FREQ=WEEKLY;UNTIL=20261117T085959Z', ['2026-11-10']],
  ['FREQ=MONTHLY;COUNT=2', ['2026-11-10', '2026-12-10']],
  ['FREQ=MONTHLY;BYDAY=-1FR;COUNT=2', ['2026-11-27', '2026-12-25']],
  ['FREQ=MONTHLY;BYDAY=2TU;COUNT=2', ['2026-11-10', '2026-12-08']],
  ['FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2', ['2026-12-31', '2027-01-31']],
  ['FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2', ['2026-11-30', '2026-12-31']],
  ['FREQ=YEARLY;COUNT=2', ['2026-11-10', '2027-11-10']],
])('%s', (rule, dates) => {
  const starts = seriesStarts([`RRULE:${rule}`], wall('2026-11-10T09:00:00'), wall('2028-01-01T00:00:00'), (ms) => ms)
  expect(starts.map((ms) => new Date(ms).toISOString())).toEqual(dates.map((date) => `${date}T09:00:00.000Z`))
})

test.each(['FREQ=HOURLY', 'COUNT=3', 'FREQ=DAILY;BYDAY=XX', 'FREQ=DAILY;UNTIL=soon'])('refuses %s', (rule) => {
  expect(() => seriesStarts([`RRULE:${rule}`], 0, 1, (ms) => ms)).toThrow(RangeError)
})
