// Booking a slot and reading one's own bookings, one person at a time.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  book,
  cancel,
  dayMs,
  freeStarts,
  makeService,
  move,
  plant,
  type ShownBooking,
  tokyo,
  upcoming,
} from '../../../e2e/booking-fixtures.js'
import { type Bench, faultsOf, openBench, problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { booking } from './booking.js'

let bench: Bench
let hana: Caller
let ken: Caller

beforeAll(async () => {
  bench = await openBench([booking])
})
beforeEach(async () => {
  ;[hana, ken] = (await bench.people(2)) as [Caller, Caller]
})
afterAll(() => bench.close())

describe('booking.create', () => {
  test('books a slot and says so in local time', async () => {
    const service_id = await makeService(bench)
    const { booking, message } = await bench.call<{ booking: ShownBooking; message: string }>(hana, 'booking.create', {
      service_id,
      start: tokyo(2, 10),
      note: '  window seat ',
    })
    expect(booking).toMatchObject({
      start: tokyo(2, 10),
      end: tokyo(2, 11),
      time_zone: 'Asia/Tokyo',
      status: 'confirmed',
      note: 'window seat',
      cancelled_at: null,
    })
    expect(message).toContain(booking.id)
    expect(await upcoming(bench, hana)).toEqual([booking])
  })

  test('takes a time in any offset, or in local time of the service', async () => {
    const service_id = await makeService(bench, { capacity: 3 })
    const utc = new Date(Date.parse(tokyo(2, 10))).toISOString()
    expect((await book(bench, hana, service_id, utc)).start).toBe(tokyo(2, 10))
    expect((await book(bench, ken, service_id, tokyo(2, 10).slice(0, 16))).start).toBe(tokyo(2, 10))
  })

  test('names the next free slots, in words too, when the slot is taken', async () => {
    const service_id = await makeService(bench, { hours: [[600, 780]] })
    await book(bench, ken, service_id, tokyo(2, 10))
    await book(bench, ken, service_id, tokyo(2, 12))
    const problem = await problemOf(book(bench, hana, service_id, tokyo(2, 10)))
    expect(problem.code).toBe('slot-taken')
    expect(freeStarts(problem)).toEqual([tokyo(2, 11), tokyo(3, 10), tokyo(3, 11), tokyo(3, 12), tokyo(4, 10)])
    for (const start of freeStarts(problem)) expect(problem.detail).toContain(start)
  })

  test('gives each place of a slot to another person, until none is left', async () => {
    const service_id = await makeService(bench, { capacity: 3 })
    for (const person of await bench.people(3)) await book(bench, person, service_id, tokyo(2, 10))
    expect(await problemOf(book(bench, hana, service_id, tokyo(2, 10)))).toMatchObject({ code: 'slot-taken' })
  })

  test('holds no two overlapping bookings of one service for one person', async () => {
    const service_id = await makeService(bench, { capacity: 5, slotStepMinutes: 30 })
    const first = await book(bench, hana, service_id, tokyo(2, 10))
    for (const start of [tokyo(2, 9, 30), tokyo(2, 10), tokyo(2, 10, 30)]) {
      const problem = await problemOf(book(bench, hana, service_id, start))
      expect(problem).toMatchObject({ code: 'conflict', detail: expect.stringContaining(first.id) })
    }
    await expect(book(bench, hana, service_id, tokyo(2, 11))).resolves.toBeDefined()
    await expect(book(bench, hana, await makeService(bench), tokyo(2, 10))).resolves.toBeDefined()
  })

  test('does not offer the person what they could not take', async () => {
    const service_id = await makeService(bench, { capacity: 2, hours: [[600, 780]] })
    await book(bench, hana, service_id, tokyo(2, 11))
    for (const other of [ken, await bench.person()]) await book(bench, other, service_id, tokyo(2, 10))
    const problem = await problemOf(book(bench, hana, service_id, tokyo(2, 10)))
    expect(freeStarts(problem)[0]).toBe(tokyo(2, 12))
  })

  test.each([
    ['beside the step', () => tokyo(2, 10, 10), /every 60 minutes/],
    ['that would end after closing', () => tokyo(2, 12, 30), /every 60 minutes/],
    ['while it is closed', () => tokyo(2, 20), /every 60 minutes/],
    ['in the past', () => tokyo(-2, 10), /in the past/],
    ['beyond the horizon', () => tokyo(30, 10), /at most 20 days ahead/],
  ])('refuses a start %s, and names free ones', async (_case, start, why) => {
    const service_id = await makeService(bench, { hours: [[600, 780]], maxDaysAhead: 20 })
    const problem = await problemOf(book(bench, hana, service_id, start()))
    expect(problem).toMatchObject({ code: 'invalid-arguments', detail: expect.stringMatching(why) })
    expect(freeStarts(problem)).toHaveLength(5)
    expect(await upcoming(bench, hana)).toEqual([])
  })

  test('refuses a start on a day that is closed and one that is too soon', async () => {
    const service_id = await makeService(bench, { minNoticeMinutes: 3 * 24 * 60 })
    expect((await problemOf(book(bench, hana, service_id, tokyo(2, 10)))).detail).toContain('4320 minutes ahead')
    await bench.database.query('DELETE FROM booking_hours WHERE service_id = $1', [service_id])
    const closed = await problemOf(book(bench, hana, service_id, tokyo(5, 10)))
    expect(closed.detail).toMatch(/closed on that day.*No free slot was found/)
    expect(freeStarts(closed)).toEqual([])
  })

  test('books once for one idempotency key', async () => {
    const service_id = await makeService(bench, { capacity: 2 })
    const given = { service_id, start: tokyo(2, 10), idempotency_key: 'first of mine' }
    const [first, second] = [
      await bench.call(hana, 'booking.create', given),
      await bench.call(hana, 'booking.create', given),
    ]
    expect(second).toEqual(first)
    expect(await upcoming(bench, hana)).toHaveLength(1)
    const other = problemOf(bench.call(hana, 'booking.create', { ...given, start: tokyo(2, 12) }))
    expect(await other).toMatchObject({ code: 'idempotency-conflict' })
  })

  const right = { service_id: crypto.randomUUID(), start: '2030-01-01T10:00' }
  test.each([
    [['service_id', 'start'], {}],
    [[''], null],
    [[''], []],
    [['start: must be a time such as'], { ...right, start: 'tomorrow at ten' }],
    [['start'], { ...right, start: 1_900_000_000 }],
    [['service_id: must be an id'], { ...right, service_id: `${right.service_id}'--` }],
    [['note'], { ...right, note: 'x'.repeat(501) }],
    [['note: must not contain NUL'], { ...right, note: 'a\u0000b' }],
    [['note: must not contain NUL characters or halves'], { ...right, note: 'half \ud83d' }],
    [['note'], { ...right, note: null }],
    [['idempotency_key'], { ...right, idempotency_key: '' }],
    [['idempotency_key'], { ...right, idempotency_key: 'k'.repeat(201) }],
    [['idempotency_key'], { ...right, idempotency_key: '\u0000' }],
    [['Unrecognized key: "user_id"'], { ...right, user_id: crypto.randomUUID() }],
  ])('refuses arguments, saying %p', (faults, given) => {
    const found = faultsOf(booking, 'booking.create', given)
    expect(found).toHaveLength(faults.length)
    for (const [index, fault] of faults.entries()) expect(found[index]).toContain(fault)
  })
})

describe('the booking of someone else', () => {
  test('can be neither seen, nor moved, nor cancelled, as if it were not there', async () => {
    const service_id = await makeService(bench)
    const { id } = await book(bench, hana, service_id, tokyo(2, 10))
    const nowhere = crypto.randomUUID()
    for (const call of [
      (one: string) => move(bench, ken, one, tokyo(2, 11)),
      (one: string) => cancel(bench, ken, one),
    ]) {
      const [theirs, none] = [await problemOf(call(id)), await problemOf(call(nowhere))]
      expect(theirs.code).toBe('not-found')
      expect(theirs.detail.replace(id, '')).toBe(none.detail.replace(nowhere, ''))
    }
    expect(await upcoming(bench, ken)).toEqual([])
    expect((await upcoming(bench, hana)).map(({ status }) => status)).toEqual(['confirmed'])
  })
})

describe('booking.list', () => {
  const list = (show: string, more = {}) =>
    readPages<ShownBooking>(bench, hana, 'booking.list', { show, ...more }, 'bookings')

  test('keeps upcoming, past and cancelled bookings apart', async () => {
    const service_id = await makeService(bench)
    const upcomingOne = await book(bench, hana, service_id, tokyo(2, 10))
    const cancelledOne = await book(bench, hana, service_id, tokyo(2, 12))
    await cancel(bench, hana, cancelledOne.id)
    const running = await plant(bench, hana, service_id, new Date(Date.now() - 60_000))
    const past = await plant(bench, hana, service_id, new Date(Date.now() - dayMs))
    expect((await list('upcoming')).map(({ id }) => id)).toEqual([running, upcomingOne.id])
    expect((await list('past')).map(({ id }) => id)).toEqual([past])
    expect((await list('cancelled')).map(({ id }) => id)).toEqual([cancelledOne.id])
  })

  test('can be paged through without gaps or repeats while bookings are added', async () => {
    const service_id = await makeService(bench)
    const starts = [7, 9, 11, 13, 15, 17, 19].map((hour) => tokyo(4, hour))
    for (const start of starts) await book(bench, hana, service_id, start)
    let hour = 6
    const between = async () => {
      await book(bench, hana, service_id, tokyo(4, hour))
      hour += 2
    }
    const found = (await readPages<ShownBooking>(bench, hana, 'booking.list', { limit: 2 }, 'bookings', between)).map(
      ({ start }) => start,
    )
    expect(found).toEqual([...new Set(found)].sort())
    expect(found.filter((start) => starts.includes(start))).toEqual(starts)
  })

  test('reads the past from the latest on, page by page', async () => {
    const service_id = await makeService(bench)
    const ids = []
    for (const days of [1, 2, 3, 4, 5])
      ids.push(await plant(bench, hana, service_id, new Date(Date.now() - days * dayMs)))
    expect((await list('past', { limit: 2 })).map(({ id }) => id)).toEqual(ids)
  })

  test('does not take the cursor of another list', async () => {
    const service_id = await makeService(bench)
    for (const hour of [10, 11]) await book(bench, hana, service_id, tokyo(4, hour))
    const { next_cursor: cursor } = await bench.call<{ next_cursor: string }>(hana, 'booking.list', { limit: 1 })
    const problem = await problemOf(bench.call(hana, 'booking.list', { show: 'past', cursor }))
    expect(problem).toMatchObject({ code: 'invalid-arguments' })
  })
})
