// New events: what Google gets, and that there is one of each however often it is asked for.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { googleError } from '@sekisho/fakes'
import { allScopes, type CalendarBench, clear, ken, mika, openCalendarBench } from '../../../e2e/gcal-bench.js'
import { problemOf } from '../../../e2e/provider-bench.js'

interface Written {
  event: Record<string, unknown> & { id: string; etag: string }
  time_zone: string
  message: string
}

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench()
})
afterAll(() => bench.close())
beforeEach(() => clear(bench))

const create = (given: object, as = bench.caller) => bench.call<Written>('gcal.create_event', given, as)
const inserts = /\/events$/

describe('a new event', () => {
  test('takes local time of the calendar, lasts an hour, and is shown with its offset', async () => {
    const { event, time_zone } = await create({ title: 'Lunch', start: '2026-11-30T12:00' })
    expect(event).toMatchObject({
      title: 'Lunch',
      start: '2026-11-30T12:00:00+09:00',
      end: '2026-11-30T13:00:00+09:00',
      calendar_id: 'primary',
    })
    expect(time_zone).toBe('Asia/Tokyo')
    expect(bench.kept()).toMatchObject([{ summary: 'Lunch', start: { dateTime: '2026-11-30T12:00:00+09:00' } }])
  })

  test('takes an offset as it stands, and local time in the zone that is named', async () => {
    const offset = await create({ title: 'A', start: '2026-11-30T12:00:00+01:00', end: '2026-11-30T12:30:00+01:00' })
    expect(offset.event).toMatchObject({ start: '2026-11-30T20:00:00+09:00', end: '2026-11-30T20:30:00+09:00' })
    const named = await create({ title: 'B', start: '2026-11-30T12:00', time_zone: 'America/New_York' })
    expect(named.event).toMatchObject({ start: '2026-11-30T12:00:00-05:00', end: '2026-11-30T13:00:00-05:00' })
  })

  test('of whole days ends on the last of them, here, and on the day after at Google', async () => {
    const { event } = await create({ title: 'Trip', start: '2026-12-01', end: '2026-12-03' })
    expect(event).toMatchObject({ start: '2026-12-01', end: '2026-12-03', all_day: true })
    expect(bench.kept()).toMatchObject([{ start: { date: '2026-12-01' }, end: { date: '2026-12-04' } }])
    const one = await create({ title: 'Day', start: '2026-12-05' })
    expect(one.event).toMatchObject({ start: '2026-12-05', end: '2026-12-05' })
  })

  test('has everything that was given: guests, rule, place, reminders, visibility, a meeting', async () => {
    const { event, message } = await create({
      title: 'Review',
      start: '2026-11-30T10:00',
      end: '2026-11-30T10:30',
      guests: [ken.email, 'x@other.example'],
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4'],
      location: 'Room 4',
      description: 'Figures',
      reminders_minutes: [5],
      visibility: 'private',
      show_as: 'free',
      meet: true,
    })
    expect(event.meeting_url).toMatch(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/)
    expect(event.recurrence).toEqual(['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4'])
    expect(message).toContain('Google e-mails the 2 guests.')
    expect(bench.google.calendars.notices).toEqual([{ eventId: event.id, act: 'insert', sendUpdates: 'all' }])
    expect(bench.kept()).toMatchObject([
      {
        location: 'Room 4',
        description: 'Figures',
        reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] },
        visibility: 'private',
        transparency: 'transparent',
        attendees: [{ email: ken.email }, { email: 'x@other.example' }],
      },
    ])
    expect(bench.kept(ken.email)).toMatchObject([{ summary: 'Review' }])
  })

  test('sends no mail when that was asked for, and says so', async () => {
    const { message } = await create({ title: 'A', start: '2026-11-30T10:00', guests: [ken.email], notify: 'none' })
    expect(message).toContain('sends them no mail')
    expect(bench.google.calendars.notices).toMatchObject([{ sendUpdates: 'none' }])
  })

  test('at a time the clocks skip or show twice is refused before Google is asked to make it', async () => {
    const zone = 'America/New_York'
    const skipped = await problemOf(create({ title: 'A', start: '2027-03-14T02:30', time_zone: zone }))
    expect(skipped.detail).toContain('2027-03-14T03:00:00-04:00')
    const twice = await problemOf(create({ title: 'A', start: '2026-11-01T01:30', time_zone: zone }))
    expect(twice.detail).toMatch(/2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00/)
    expect(bench.google.seen.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test.each([
    [{ start: '2026-11-30T10:00', end: '2026-11-30T09:00' }, /end lies before start/],
    [{ start: '2026-11-30', end: '2026-11-29' }, /end lies before start/],
    [{ start: '2026-11-30', end: '2026-11-30T10:00' }, /both be dates/],
  ])('with times like %j is refused with what to mend', async (times, words) => {
    const problem = await problemOf(create({ title: 'A', ...times }))
    expect([problem.code, problem.detail]).toEqual(['invalid-arguments', expect.stringMatching(words)])
  })

  test('that Google does not take is refused in its words, as data', async () => {
    const rule = { recurrence: ['RRULE:FREQ=SOMETIMES'] }
    const problem = await problemOf(create({ title: 'A', start: '2026-11-30T10:00', ...rule }))
    expect(problem.code).toBe('invalid-arguments')
    expect(problem.detail).toContain('Google Calendar says: "Invalid recurrence rule."')
  })
})

describe('with an idempotency key there is one event', () => {
  const given = { title: 'Once', start: '2026-11-30T10:00', idempotency_key: 'k' }

  test('when the call is repeated', async () => {
    const key = { ...given, idempotency_key: 'repeated' }
    const first = await create(key)
    expect(await create(key)).toEqual(first)
    expect(bench.kept()).toHaveLength(1)
  })

  test('when the connection is cut after Google made it: the call finds it', async () => {
    bench.google.misbehave(inserts, { kind: 'cut' }, { method: 'POST', times: 1 })
    const { event } = await create({ ...given, idempotency_key: 'cut' })
    expect(bench.kept().map(({ id }) => id)).toEqual([event.id])
  })

  test('when nothing is known of the first call: the second makes it, or finds it', async () => {
    for (const kind of ['cut', 'drop'] as const) {
      clear(bench)
      bench.google.misbehave(inserts, { kind }, { method: 'POST', times: 1 })
      // The look-up after the failure fails as well.
      bench.google.misbehave(/\/events\/sekisho/, { kind: 'drop' }, { times: 1 })
      const key = { ...given, idempotency_key: `unknown ${kind}` }
      const problem = await problemOf(create(key))
      expect([kind, problem.code]).toEqual([kind, 'upstream-failed'])
      const { event } = await create(key)
      expect(bench.kept().map(({ id }) => id)).toEqual([event.id])
    }
  })

  test('when it comes four times at once', async () => {
    const key = { ...given, idempotency_key: 'at once' }
    const answers = await Promise.all([1, 2, 3, 4].map(() => create(key)))
    expect(new Set(answers.map(({ event }) => event.id)).size).toBe(1)
    expect(bench.kept()).toHaveLength(1)
  })

  test('and another one for somebody else with the same key', async () => {
    const key = { ...given, idempotency_key: 'shared words' }
    const [first, second] = [await create(key), await create(key, await bench.connected(mika))]
    expect(first.event.id).not.toBe(second.event.id)
  })

  test('and a key used for something else is refused, also when only Google remembers it', async () => {
    const key = { ...given, idempotency_key: 'other' }
    await create(key)
    expect((await problemOf(create({ ...key, title: 'Other' }))).code).toBe('idempotency-conflict')
    await bench.database.query('DELETE FROM idempotency_keys')
    expect((await problemOf(create({ ...key, title: 'Other' }))).code).toBe('idempotency-conflict')
    expect(bench.kept()).toHaveLength(1)
  })

  test('and none again when it was deleted', async () => {
    const key = { ...given, idempotency_key: 'deleted' }
    const { event } = await create(key)
    await bench.call('gcal.delete_event', { event_id: event.id })
    await bench.database.query('DELETE FROM idempotency_keys')
    const problem = await problemOf(create(key))
    expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('deleted since')])
    expect(bench.kept()).toEqual([])
  })
})

describe('what stands in the way is said so that it can be mended:', () => {
  test('a calendar that is not there', async () => {
    const problem = await problemOf(create({ title: 'A', start: '2026-11-30T10:00', calendar_id: 'nowhere' }))
    expect([problem.code, problem.detail]).toEqual(['not-found', expect.stringContaining('gcal.list_calendars')])
  })

  test('a calendar that may only be read', async () => {
    bench.google.calendars.add(ken, { id: 'team', summary: 'Team', timeZone: 'Asia/Tokyo' })
    bench.google.calendars.add(mika, { id: 'team', summary: 'Team', timeZone: 'Asia/Tokyo' }, { role: 'reader' })
    const problem = await problemOf(create({ title: 'A', start: '2026-11-30T10:00', calendar_id: 'team' }))
    expect([problem.code, problem.detail]).toEqual(['forbidden', expect.stringContaining('may read this calendar')])
  })

  test('a permission that was not given', async () => {
    const reader = await bench.connected(
      mika,
      allScopes.filter((scope) => !scope.endsWith('calendar.events')),
    )
    const problem = await problemOf(create({ title: 'A', start: '2026-11-30T10:00' }, reader))
    expect([problem.code, problem.detail]).toEqual(['not-connected', expect.stringContaining('connect it again')])
  })

  test('the limit of a day', async () => {
    const answer = googleError(403, 'quotaExceeded', 'Calendar usage limits exceeded.')
    bench.google.misbehave(inserts, { kind: 'answer', status: 403, body: answer.body }, { method: 'POST' })
    const problem = await problemOf(create({ title: 'A', start: '2026-11-30T10:00' }))
    expect([problem.code, problem.members.retry_after_seconds]).toEqual(['rate-limited', 3_600])
  })
})
