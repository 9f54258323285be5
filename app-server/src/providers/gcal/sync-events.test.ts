// Following a calendar: everything once, then what changed, and a fresh start when Google has dropped the token.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type CalendarBench, clear, openCalendarBench, tokyo } from '../../../e2e/gcal-bench.js'
import { problemOf } from '../../../e2e/provider-bench.js'

interface Synced {
  events: { id: string; title: string; recurrence?: string[]; series_id?: string }[]
  deleted_ids: string[]
  fresh_start: boolean
  sync_token: string | null
  message: string
  next_cursor: string | null
}

let bench: CalendarBench

beforeAll(async () => {
  bench = await openCalendarBench()
})
afterAll(() => bench.close())
beforeEach(() => clear(bench))

const sync = (given: object = {}) => bench.call<Synced>('gcal.sync_events', given)
const put = (title: string, day = 10) =>
  bench.put(tokyo(title, `2026-11-${day}T09:00:00`, `2026-11-${day}T10:00:00`)).id

/** All pages, as a client follows them. */
async function followed(given: object): Promise<Synced[]> {
  const all = [await sync(given)]
  for (let cursor = all[0]?.next_cursor; cursor; cursor = all.at(-1)?.next_cursor) {
    all.push(await sync({ ...given, cursor }))
    if (all.length > 30) throw new Error('it does not end')
  }
  return all
}

describe('following a calendar', () => {
  test('begins with everything, in pages, and the token comes with the last', async () => {
    for (let day = 1; day <= 7; day++) put(`e${day}`, day + 9)
    const all = await followed({ limit: 3 })
    expect(all.map(({ events, sync_token }) => [events.length, sync_token !== null])).toEqual([
      [3, false],
      [3, false],
      [1, true],
    ])
    expect(all.every(({ fresh_start }) => fresh_start)).toBe(true)
  })

  test('goes on with what was added, changed and deleted since', async () => {
    const [first, second] = [put('first'), put('second')]
    const [begin] = await followed({})
    await bench.call('gcal.update_event', { event_id: first, title: 'changed' })
    await bench.call('gcal.delete_event', { event_id: second })
    const third = put('third')
    const next = await sync({ sync_token: begin?.sync_token })
    expect(next.events.map(({ id, title }) => [id, title])).toEqual([
      [first, 'changed'],
      [third, 'third'],
    ])
    expect(next).toMatchObject({ deleted_ids: [second], fresh_start: false })
    const quiet = await sync({ sync_token: next.sync_token })
    expect([quiet.events, quiet.deleted_ids]).toEqual([[], []])
  })

  test('misses nothing that changes while somebody pages', async () => {
    for (let day = 1; day <= 4; day++) put(`e${day}`, day + 9)
    const page = await sync({ limit: 2 })
    const late = put('late')
    const last = await sync({ limit: 2, cursor: page.next_cursor })
    const next = await sync({ sync_token: last.sync_token })
    const seen = [...page.events, ...last.events, ...next.events].map(({ id }) => id)
    expect(seen).toContain(late)
  })

  test('gives a series whole, with the dates that differ', async () => {
    const rule = { recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] }
    const { id } = bench.put(tokyo('Daily', '2026-11-10T09:00:00', '2026-11-10T10:00:00', rule))
    const [begin] = await followed({})
    expect(begin?.events).toMatchObject([{ id, recurrence: rule.recurrence }])
    await bench.call('gcal.update_event', { event_id: `${id}_20261112T000000Z`, title: 'Other' })
    const next = await sync({ sync_token: begin?.sync_token })
    expect(next.events).toMatchObject([{ title: 'Other', series_id: id }])
  })

  test('can leave out what is long over', async () => {
    put('old', 10)
    put('new', 20)
    expect((await followed({ from: '2026-11-15' }))[0]?.events.map(({ title }) => title)).toEqual(['new'])
  })
})

describe('a token Google has dropped', () => {
  test('is answered with a fresh start that says so, on every page', async () => {
    for (let day = 1; day <= 3; day++) put(`e${day}`, day + 9)
    const token = (await followed({})).at(-1)?.sync_token
    bench.google.calendars.epoch++
    const all = await followed({ sync_token: token, limit: 2 })
    expect(all.map(({ events, fresh_start }) => [events.length, fresh_start])).toEqual([
      [2, true],
      [1, true],
    ])
    expect(all.every(({ message }) => message.startsWith('The sync_token had expired'))).toBe(true)
    const next = await sync({ sync_token: all.at(-1)?.sync_token })
    expect(next).toMatchObject({ events: [], fresh_start: false })
  })

  test('or one that never was a token is refused', async () => {
    expect((await problemOf(sync({ sync_token: 'nonsense' }))).code).toBe('invalid-arguments')
    expect((await problemOf(sync({ cursor: 'nonsense' }))).code).toBe('invalid-arguments')
  })
})
