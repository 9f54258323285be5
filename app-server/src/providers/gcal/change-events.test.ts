// Changes of events that exist: parts of them, single dates of a series and whole series, answers, moves and deletions.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { type CalendarBench, clear, ken, mika, openCalendarBench, tokyo } from '../../../e2e/gcal-bench.js'
import { problemOf } from '../../../e2e/provider-bench.js'

interface Written {
  event: Record<string, unknown> & { id: string; etag: string }
  time_zone: string
  message: string
}

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench()
  bench.google.calendars.add(mika, { id: 'team', summary: 'Team', timeZone: 'Asia/Tokyo' })
})
afterAll(() => bench.close())
beforeEach(() => clear(bench))

const update = (given: object) => bench.call<Written>('gcal.update_event', given)
const remove = (given: object) => bench.call<{ deleted_id: string; message: string }>('gcal.delete_event', given)
const respond = (given: object) => bench.call<Written>('gcal.respond', given)
const listed = async () => {
  const range = { from: '2026-10-01', to: '2026-12-31', limit: 100 }
  return (await bench.call<{ events: Record<string, string>[] }>('gcal.list_events', range)).events
}
const one = () => bench.put(tokyo('Review', '2026-11-10T09:00:00', '2026-11-10T10:30:00', { location: 'Room 4' }))
/** Waits until Google has got a request, answered or not. */
const arrived = (method: string) => eventually(() => bench.google.seen.some((one) => one.method === method))
const invited = (status = 'needsAction') => [
  { email: ken.email, responseStatus: 'accepted' },
  { email: mika.email, responseStatus: status },
  { email: 'x@other.example', responseStatus: 'tentative' },
]

describe('a change', () => {
  test('of one part leaves the others', async () => {
    const { id } = one()
    const { event } = await update({ event_id: id, title: 'Big review' })
    expect(event).toMatchObject({ title: 'Big review', start: '2026-11-10T09:00:00+09:00' })
    expect(bench.kept()).toMatchObject([{ summary: 'Big review', location: 'Room 4' }])
  })

  test('of the start alone keeps the length', async () => {
    const { id } = one()
    const { event } = await update({ event_id: id, start: '2026-11-11T14:00' })
    expect(event).toMatchObject({ start: '2026-11-11T14:00:00+09:00', end: '2026-11-11T15:30:00+09:00' })
  })

  test('of the end alone keeps the start', async () => {
    const { id } = one()
    expect((await update({ event_id: id, end: '2026-11-10T09:15' })).event).toMatchObject({
      start: '2026-11-10T09:00:00+09:00',
      end: '2026-11-10T09:15:00+09:00',
    })
  })

  test('makes whole days of a time, and a time of whole days', async () => {
    const { id } = one()
    const days = await update({ event_id: id, start: '2026-11-12', end: '2026-11-13' })
    expect(days.event).toMatchObject({ start: '2026-11-12', end: '2026-11-13', all_day: true })
    const longer = await update({ event_id: id, start: '2026-11-20' })
    expect(longer.event).toMatchObject({ start: '2026-11-20', end: '2026-11-21' })
    const time = await update({ event_id: id, start: '2026-11-12T10:00' })
    expect(time.event).toMatchObject({ start: '2026-11-12T10:00:00+09:00', end: '2026-11-12T11:00:00+09:00' })
    expect(time.event).not.toHaveProperty('all_day')
  })

  test('of the guests adds and takes away, and keeps the answers of those who stay', async () => {
    const { id } = bench.put(tokyo('A', '2026-11-10T09:00:00', '2026-11-10T10:00:00', { attendees: invited() }))
    const { message } = await update({
      event_id: id,
      add_guests: ['new@other.example', 'KEN@example.com'],
      remove_guests: ['X@other.example'],
    })
    expect(bench.kept()[0]?.attendees).toMatchObject([
      { email: ken.email, responseStatus: 'accepted' },
      { email: mika.email },
      { email: 'new@other.example', responseStatus: 'needsAction' },
    ])
    expect(message).toContain('Google e-mails the 2 guests.')
  })

  test('adds a meeting and takes it away', async () => {
    const { id } = one()
    expect((await update({ event_id: id, meet: true })).event.meeting_url).toMatch(/^https:\/\/meet\.google\.com\//)
    expect(bench.kept()[0]).toHaveProperty('conferenceData')
    await update({ event_id: id, meet: false })
    expect(bench.kept()[0]).not.toHaveProperty('conferenceData')
  })

  test('of nothing is refused', async () => {
    expect((await problemOf(update({ event_id: one().id }))).detail).toContain('Nothing to change')
  })

  test('on an old etag is refused with what to do, and so is one that somebody was faster with', async () => {
    const { id } = one()
    const first = await update({ event_id: id, title: 'A' })
    await update({ event_id: id, title: 'B', etag: first.event.etag })
    const stale = await problemOf(update({ event_id: id, title: 'C', etag: first.event.etag }))
    expect([stale.code, stale.detail]).toEqual(['conflict', expect.stringContaining('gcal.get_event')])
    bench.google.behave()
    // Two at once, without an etag of their own: what the second read is no longer so when it writes.
    bench.google.misbehave(/\/events\//, { kind: 'slow', delayMs: 1_000 }, { method: 'PATCH', times: 1 })
    const slow = problemOf(update({ event_id: id, title: 'slow' }))
    await arrived('PATCH')
    await update({ event_id: id, title: 'fast' })
    expect((await slow).code).toBe('conflict')
    expect(bench.kept()).toMatchObject([{ summary: 'fast' }])
  })

  test('of somebody else’s event is refused with what can be done instead', async () => {
    const { id } = bench.put(
      tokyo('A', '2026-11-10T09:00:00', '2026-11-10T10:00:00', { attendees: invited() }),
      ken.email,
    )
    const problem = await problemOf(update({ event_id: id, title: 'mine' }))
    expect([problem.code, problem.detail]).toEqual(['forbidden', expect.stringContaining('gcal.respond')])
  })

  test('of an event that is not there, or no longer, says so', async () => {
    const { id } = one()
    await remove({ event_id: id })
    for (const event_id of ['nothing', id]) {
      const problem = await problemOf(update({ event_id, title: 'x' }))
      expect([problem.code, problem.detail]).toEqual(['not-found', expect.stringContaining('gcal.list_events')])
    }
  })

  test('is made once for an idempotency key', async () => {
    const { id } = one()
    const given = { event_id: id, title: 'Once', idempotency_key: 'update' }
    const first = await update(given)
    expect(await update(given)).toEqual(first)
    expect(bench.google.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  })

  test.each([
    ['gcal.update_event', { title: 'B' }],
    ['gcal.move_event', { to_calendar_id: 'team' }],
    ['gcal.respond', { response: 'accepted' }],
    ['gcal.delete_event', {}],
  ])('that failed while the event was only read can be asked for again with the same key: %s', async (tool, more) => {
    const { id } = bench.put(tokyo('A', '2026-11-10T09:00:00', '2026-11-10T10:00:00', { attendees: invited() }))
    const given = { event_id: id, ...more, idempotency_key: `after a bad moment ${tool}` }
    bench.google.misbehave(/\/events\//, { kind: 'answer', status: 500 }, { method: 'GET', times: 1 })
    expect((await problemOf(bench.call(tool, given))).code).toBe('upstream-failed')
    await bench.call(tool, given)
  })
})

describe('a series', () => {
  const timeZone = 'America/New_York'
  const at = (dateTime: string) => ({ dateTime, timeZone })
  let seriesId: string
  /** Wednesdays at ten in New York; the clocks are put back between the first and the second. */
  beforeEach(() => {
    const rule = { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=4'] }
    const times = { start: at('2026-10-28T10:00:00'), end: at('2026-10-28T10:30:00') }
    seriesId = bench.put({ summary: 'Weekly', ...times, ...rule }).id
  })
  const starts = async () => (await listed()).map(({ start }) => start)
  const instance = async (index: number) => (await listed())[index]?.id ?? ''

  test('is changed in one date alone', async () => {
    const id = await instance(1)
    await update({ event_id: id, start: '2026-11-05T08:00', title: 'Moved' })
    const events = await listed()
    expect(events.map(({ title }) => title)).toEqual(['Weekly', 'Moved', 'Weekly', 'Weekly'])
    expect(events[1]).toMatchObject({ id, series_id: seriesId, start: '2026-11-05T22:00:00+09:00' })
  })

  test('is moved on the clock as a whole from one of its dates, on both sides of a change of the clocks', async () => {
    const id = await instance(2)
    const { event } = await update({ event_id: id, apply_to: 'whole_series', start: '2026-11-11T11:30' })
    expect(event).toMatchObject({ id: seriesId, start: '2026-10-28T11:30:00-04:00', end: '2026-10-28T12:00:00-04:00' })
    expect(await starts()).toEqual([
      '2026-10-29T00:30:00+09:00',
      '2026-11-05T01:30:00+09:00',
      '2026-11-12T01:30:00+09:00',
      '2026-11-19T01:30:00+09:00',
    ])
  })

  test('is not moved to other days from one of its dates, since its rule names them', async () => {
    const id = await instance(2)
    const change = { event_id: id, apply_to: 'whole_series', start: '2026-11-12T10:00' }
    expect((await problemOf(update(change))).detail).toContain('series_id')
    expect(await starts()).toHaveLength(4)
  })

  test('is not changed or deleted as a whole by mistake', async () => {
    for (const call of [update({ event_id: seriesId, title: 'x' }), remove({ event_id: seriesId })]) {
      const problem = await problemOf(call)
      expect([problem.code, problem.detail]).toEqual(['invalid-arguments', expect.stringContaining('whole_series')])
    }
    expect(bench.kept()).toMatchObject([{ summary: 'Weekly' }])
  })

  test('is renamed as a whole, from a date or by its own id', async () => {
    await update({ event_id: await instance(3), apply_to: 'whole_series', title: 'A' })
    expect((await listed()).map(({ title }) => title)).toEqual(['A', 'A', 'A', 'A'])
    await update({
      event_id: seriesId,
      apply_to: 'whole_series',
      title: 'B',
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'],
    })
    expect((await listed()).map(({ title }) => title)).toEqual(['B', 'B'])
  })

  test('loses one date, or all of them', async () => {
    const { deleted_id, message } = await remove({ event_id: await instance(1) })
    expect(deleted_id).toMatch(new RegExp(`^${seriesId}_`))
    expect(message).toBe('The event "Weekly" is deleted.')
    expect(await starts()).toHaveLength(3)
    const whole = await remove({ event_id: await instance(0), apply_to: 'whole_series' })
    expect(whole).toMatchObject({ deleted_id: seriesId, message: 'The whole series "Weekly" is deleted.' })
    expect(await starts()).toEqual([])
  })

  test('of whole days keeps its dates in every zone', async () => {
    clear(bench)
    const rule = { recurrence: ['RRULE:FREQ=MONTHLY;COUNT=3'] }
    bench.put({ summary: 'Rent', start: { date: '2026-10-31' }, end: { date: '2026-11-01' }, ...rule })
    // A month without a 31st has no such date.
    expect(await starts()).toEqual(['2026-10-31', '2026-12-31'])
  })
})

test('an event in a time zone that nobody has heard of is shown and changed in UTC', async () => {
  const timeZone = 'Mars/Olympus_Mons'
  const at = (dateTime: string) => ({ dateTime, timeZone })
  const { id } = bench.put(tokyo('A', '2026-11-10T09:00:00', '2026-11-10T10:00:00'))
  const [event] = bench.kept()
  Object.assign(event ?? {}, { start: at('2026-11-10T00:00:00Z'), end: at('2026-11-10T01:00:00Z') })
  const shown = await bench.call<Written>('gcal.get_event', { event_id: id })
  expect([shown.time_zone, shown.event.start]).toEqual(['UTC', '2026-11-10T00:00:00+00:00'])
  const changed = await update({ event_id: id, start: '2026-11-10T05:00' })
  expect(changed.event).toMatchObject({ start: '2026-11-10T05:00:00+00:00', end: '2026-11-10T06:00:00+00:00' })
})

describe('a deletion', () => {
  test('tells the guests, or does not, and says which', async () => {
    const attendees = invited()
    const make = () => bench.put(tokyo('A', '2026-11-10T09:00:00', '2026-11-10T10:00:00', { attendees })).id
    expect((await remove({ event_id: make() })).message).toContain('Google e-mails the 2 guests.')
    const quiet = await remove({ event_id: make(), notify: 'external_only' })
    expect(quiet.message).toContain('who do not use Google Calendar')
    expect(bench.google.calendars.notices.map(({ sendUpdates }) => sendUpdates)).toEqual(['all', 'externalOnly'])
  })

  test('of an event that somebody deleted this very moment is done', async () => {
    const { id } = one()
    bench.google.misbehave(/\/events\//, { kind: 'slow', delayMs: 1_000 }, { method: 'DELETE', times: 1 })
    const slow = remove({ event_id: id })
    await arrived('DELETE')
    await remove({ event_id: id })
    expect((await slow).deleted_id).toBe(id)
  })

  test('on an old etag is refused', async () => {
    const { id, etag } = one()
    await update({ event_id: id, title: 'B' })
    expect((await problemOf(remove({ event_id: id, etag }))).code).toBe('conflict')
    expect(bench.kept()).toHaveLength(1)
  })
})

describe('an answer to an invitation', () => {
  test('changes the person’s own answer and nobody else’s', async () => {
    const more = { attendees: invited() }
    const { id } = bench.put(tokyo('A', '2026-11-10T09:00:00', '2026-11-10T10:00:00', more), ken.email)
    const { event, message } = await respond({ event_id: id, response: 'accepted', comment: 'Gladly' })
    expect(event.my_response).toBe('accepted')
    expect(message).toBe('The answer is accepted. Google tells the organizer.')
    expect(bench.kept(ken.email)[0]?.attendees).toMatchObject([
      { email: ken.email, responseStatus: 'accepted' },
      { email: mika.email, responseStatus: 'accepted', comment: 'Gladly' },
      { email: 'x@other.example', responseStatus: 'tentative' },
    ])
  })

  test('where there is no invitation is refused', async () => {
    const problem = await problemOf(respond({ event_id: one().id, response: 'declined' }))
    expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('not among the guests')])
  })
})

describe('a move to another calendar', () => {
  const move = (given: object) => bench.call<Written>('gcal.move_event', { to_calendar_id: 'team', ...given })

  test('takes the event from here to there', async () => {
    const { id } = one()
    const { event } = await move({ event_id: id })
    expect(event).toMatchObject({ id, calendar_id: 'team', title: 'Review' })
    expect([bench.kept(), bench.kept('team')]).toMatchObject([[], [{ id, location: 'Room 4' }]])
  })

  test('of one date of a series is refused', async () => {
    const rule = { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] }
    bench.put(tokyo('Daily', '2026-11-10T09:00:00', '2026-11-10T10:00:00', rule))
    const [first] = await listed()
    const problem = await problemOf(move({ event_id: first?.id }))
    expect([problem.code, problem.detail]).toEqual(['invalid-arguments', expect.stringContaining('series_id')])
  })

  test('to a calendar that is not there is refused', async () => {
    expect((await problemOf(move({ event_id: one().id, to_calendar_id: 'nowhere' }))).code).toBe('not-found')
  })
})

test('a sentence becomes an event, and what Google made of it is told', async () => {
  const text = 'Lunch with Ken on 2026-11-30 at 12:30 for 45 minutes'
  const { event, message } = await bench.call<Written>('gcal.quick_add', { text })
  expect(event).toMatchObject({ start: '2026-11-30T12:30:00+09:00', end: '2026-11-30T13:15:00+09:00' })
  expect(message).toContain('"Lunch with Ken" from 2026-11-30T12:30:00+09:00')
})
