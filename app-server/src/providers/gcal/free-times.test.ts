// When people are busy, and when all of them are free: working hours, days, zones, changes of the clocks, and who cannot be seen.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type CalendarBench, clear, ken, mika, openCalendarBench, tokyo } from '../../../e2e/gcal-bench.js'
import { problemOf, readPages } from '../../../e2e/provider-bench.js'

interface Slots {
  slots: { start: string; end: string; minutes: number }[]
  time_zone: string
  not_considered: string[]
  message: string
  next_cursor: string | null
}

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench()
})
afterAll(() => bench.close())
beforeEach(() => clear(bench))

const find = (given: object) => bench.call<Slots>('gcal.find_free_slots', { duration_minutes: 30, ...given })
const shown = async (given: object) => (await find(given)).slots.map(({ start, end }) => `${start} ${end}`)
/** A week far enough ahead that nothing of it is past; the 8th is a Monday. */
const week = { from: '2027-03-08', to: '2027-03-14' }
const monday = { from: '2027-03-08', to: '2027-03-08' }

describe('a time that suits everybody', () => {
  test('is what all calendars leave free within working hours', async () => {
    bench.put(tokyo('A', '2027-03-08T10:00:00', '2027-03-08T11:00:00'))
    bench.put(tokyo('B', '2027-03-08T10:30:00', '2027-03-08T12:00:00'), ken.email)
    bench.put(tokyo('C', '2027-03-08T16:40:00', '2027-03-08T18:00:00'), ken.email)
    expect(await shown({ calendar_ids: ['primary', ken.email], ...monday })).toEqual([
      '2027-03-08T09:00:00+09:00 2027-03-08T10:00:00+09:00',
      '2027-03-08T12:00:00+09:00 2027-03-08T16:40:00+09:00',
    ])
  })

  test('is long enough', async () => {
    bench.put(tokyo('A', '2027-03-08T09:29:00', '2027-03-08T16:30:00'))
    expect(await shown(monday)).toEqual(['2027-03-08T16:30:00+09:00 2027-03-08T17:00:00+09:00'])
    expect(await shown({ ...monday, duration_minutes: 31 })).toEqual([])
  })

  test('falls on the days that will do', async () => {
    const days = async (weekdays?: string[]) =>
      (await shown({ ...week, ...(weekdays ? { weekdays } : {}) })).map((slot) => slot.slice(8, 10))
    expect(await days()).toEqual(['08', '09', '10', '11', '12'])
    expect(await days(['saturday', 'sunday'])).toEqual(['13', '14'])
    expect((await problemOf(find({ ...monday, weekdays: ['sunday'] }))).detail).toContain('None of these dates')
  })

  test('keeps the hours on the clock on days on which the clocks change', async () => {
    const zone = { time_zone: 'America/New_York', weekdays: ['sunday'], day_start: '01:00', day_end: '04:00' }
    const spring = await find({ from: '2027-03-14', to: '2027-03-14', ...zone })
    expect(spring.slots).toEqual([
      { start: '2027-03-14T01:00:00-05:00', end: '2027-03-14T04:00:00-04:00', minutes: 120 },
    ])
    const autumn = await find({ from: '2027-11-07', to: '2027-11-07', ...zone })
    expect(autumn.slots).toEqual([
      { start: '2027-11-07T01:00:00-04:00', end: '2027-11-07T04:00:00-05:00', minutes: 240 },
    ])
  })

  test('minds series, whole days and what does not count as taken', async () => {
    const rule = { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }
    bench.put(tokyo('Daily', '2027-03-08T09:00:00', '2027-03-08T16:00:00', rule))
    bench.put({ summary: 'Off', start: { date: '2027-03-10' }, end: { date: '2027-03-11' } })
    bench.put(tokyo('Free', '2027-03-08T16:00:00', '2027-03-08T17:00:00', { transparency: 'transparent' }))
    expect(await shown({ from: '2027-03-08', to: '2027-03-10' })).toEqual([
      '2027-03-08T16:00:00+09:00 2027-03-08T17:00:00+09:00',
      '2027-03-09T16:00:00+09:00 2027-03-09T17:00:00+09:00',
    ])
  })

  test('is never past, and comes in pages to the end', async () => {
    const all = await readPages<{ start: string }>(
      { ...bench, call: (_caller, tool, given) => bench.call(tool, given) },
      bench.caller,
      'gcal.find_free_slots',
      { duration_minutes: 5, day_start: '00:00', day_end: '24:00', weekdays: allDays, limit: 2 },
      'slots',
    )
    expect(all).toHaveLength(7)
    expect(Date.parse(all[0]?.start ?? '')).toBeGreaterThan(Date.now() - 60_000)
    expect(new Set(all.map(({ start }) => start)).size).toBe(7)
  })

  test('is not claimed for somebody whose times cannot be seen', async () => {
    const { not_considered, message, slots } = await find({
      ...monday,
      calendar_ids: ['primary', 'nobody@other.example'],
    })
    expect(slots).toHaveLength(1)
    expect(not_considered).toEqual(['nobody@other.example'])
    expect(message).toContain('The times of nobody@other.example cannot be seen')
    const problem = await problemOf(find({ ...monday, calendar_ids: ['nobody@other.example'] }))
    expect(problem.code).toBe('not-found')
  })

  test.each([
    [{ from: '2027-03-08', to: '2027-03-07' }, /in order/],
    [{ from: '2027-03-01', to: '2027-04-30' }, /at most 31/],
    [{ ...monday, day_start: '17:00', day_end: '09:00' }, /day_end must come after/],
    [{ from: '2020-01-06', to: '2020-01-10' }, /all are past/],
  ])('with %j is refused with what to mend', async (given, words) => {
    const problem = await problemOf(find(given))
    expect([problem.code, problem.detail]).toEqual(['invalid-arguments', expect.stringMatching(words)])
  })
})

const allDays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

describe('who is busy', () => {
  interface Busy {
    calendars: { id: string; busy: object[]; more_from: string | null; unknown: string | null }[]
  }
  const busy = (given: object) => bench.call<Busy>('gcal.free_busy', given)

  test('is told without saying why, in one zone, also for colleagues', async () => {
    bench.put(tokyo('A', '2027-03-08T10:00:00', '2027-03-08T11:00:00'))
    bench.put(tokyo('Secret', '2027-03-08T10:30:00', '2027-03-08T12:00:00'), ken.email)
    const answer = await busy({ calendar_ids: ['primary', ken.email], ...monday, time_zone: 'Europe/Berlin' })
    expect(answer.calendars).toEqual([
      {
        id: 'primary',
        busy: [{ start: '2027-03-08T02:00:00+01:00', end: '2027-03-08T03:00:00+01:00' }],
        more_from: null,
        unknown: null,
      },
      expect.objectContaining({ busy: [{ start: '2027-03-08T02:30:00+01:00', end: '2027-03-08T04:00:00+01:00' }] }),
    ])
    expect(JSON.stringify(answer)).not.toContain('Secret')
  })

  test('says of whom nothing is known', async () => {
    const { calendars } = await busy({ calendar_ids: ['nobody@other.example'], ...monday })
    expect(calendars).toMatchObject([{ busy: [], unknown: expect.stringContaining('do not share') }])
  })

  test('is bounded, and says where to ask on', async () => {
    const rule = { recurrence: ['RRULE:FREQ=DAILY;COUNT=60'] }
    for (const hour of ['09', '11']) {
      bench.put(tokyo('D', `2027-03-01T${hour}:00:00`, `2027-03-01T${hour}:30:00`, rule))
    }
    const { calendars } = await busy({ from: '2027-03-01', to: '2027-04-29' })
    expect(calendars[0]?.busy).toHaveLength(100)
    expect(calendars[0]?.more_from).toBe('2027-04-20T09:00:00+09:00')
    const problem = await problemOf(busy({ from: '2027-03-01', to: '2027-06-30' }))
    expect([problem.code, problem.detail]).toEqual(['invalid-arguments', expect.stringContaining('62 days')])
  })
})

test('needs the permission to see who is busy', async () => {
  const only = ['https://www.googleapis.com/auth/calendar.events.readonly']
  const person = await bench.connected(mika, only)
  const problem = await problemOf(bench.call('gcal.free_busy', monday, person))
  expect(problem.code).toBe('not-connected')
})
