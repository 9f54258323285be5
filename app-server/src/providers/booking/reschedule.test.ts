// Moving and cancelling a booking, one person at a time.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { book, cancel, freeStarts, makeService, move, plant, tokyo, upcoming } from '../../../e2e/booking-fixtures.js'
import { type Bench, openBench, problemOf } from '../../../e2e/provider-bench.js'
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

describe('booking.reschedule', () => {
  test('moves a booking and frees its old slot', async () => {
    const service_id = await makeService(bench)
    const before = await book(bench, hana, service_id, tokyo(2, 10))
    const { booking, outcome } = await move(bench, hana, before.id, tokyo(3, 15))
    expect(outcome).toBe('moved')
    expect(booking).toEqual({ ...before, start: tokyo(3, 15), end: tokyo(3, 16) })
    expect(await upcoming(bench, hana)).toEqual([booking])
    await expect(book(bench, ken, service_id, tokyo(2, 10))).resolves.toBeDefined()
  })

  test('keeps the old slot when the new one is taken, and names free ones', async () => {
    const service_id = await makeService(bench)
    const before = await book(bench, hana, service_id, tokyo(2, 10))
    await book(bench, ken, service_id, tokyo(2, 12))
    const problem = await problemOf(move(bench, hana, before.id, tokyo(2, 12)))
    expect(problem.code).toBe('slot-taken')
    expect(freeStarts(problem)[0]).toBe(tokyo(2, 13))
    expect(await upcoming(bench, hana)).toEqual([before])
    expect(await problemOf(book(bench, ken, service_id, tokyo(2, 10)))).toMatchObject({ code: 'slot-taken' })
  })

  test('can move into an overlap with itself', async () => {
    const service_id = await makeService(bench, { slotStepMinutes: 15 })
    const { id } = await book(bench, hana, service_id, tokyo(2, 10))
    expect((await move(bench, hana, id, tokyo(2, 10, 15))).booking.start).toBe(tokyo(2, 10, 15))
    expect((await move(bench, hana, id, tokyo(2, 9, 45))).booking.start).toBe(tokyo(2, 9, 45))
  })

  test('does not move onto another booking of the same person', async () => {
    const service_id = await makeService(bench, { capacity: 2 })
    const first = await book(bench, hana, service_id, tokyo(2, 10))
    const second = await book(bench, hana, service_id, tokyo(2, 12))
    const problem = await problemOf(move(bench, hana, first.id, tokyo(2, 12)))
    expect(problem).toMatchObject({ code: 'conflict', detail: expect.stringContaining(second.id) })
  })

  test('changes nothing when it starts then already, however often it is called', async () => {
    const service_id = await makeService(bench)
    const before = await book(bench, hana, service_id, tokyo(2, 10))
    expect(await move(bench, hana, before.id, tokyo(2, 10))).toMatchObject({ booking: before, outcome: 'unchanged' })
    expect((await move(bench, hana, before.id, tokyo(2, 11))).outcome).toBe('moved')
    expect((await move(bench, hana, before.id, tokyo(2, 11))).outcome).toBe('unchanged')
  })

  test('moves once for one idempotency key, even after it was moved on', async () => {
    const service_id = await makeService(bench)
    const { id } = await book(bench, hana, service_id, tokyo(2, 10))
    const first = await move(bench, hana, id, tokyo(2, 11), { idempotency_key: 'a' })
    await move(bench, hana, id, tokyo(2, 12))
    expect(await move(bench, hana, id, tokyo(2, 11), { idempotency_key: 'a' })).toEqual(first)
    expect((await upcoming(bench, hana))[0]?.start).toBe(tokyo(2, 12))
  })

  test('keeps to what the service offers', async () => {
    const service_id = await makeService(bench)
    const { id } = await book(bench, hana, service_id, tokyo(2, 10))
    expect(await problemOf(move(bench, hana, id, tokyo(2, 10, 20)))).toMatchObject({ code: 'invalid-arguments' })
    expect(await problemOf(move(bench, hana, id, tokyo(-1, 10)))).toMatchObject({ code: 'invalid-arguments' })
  })

  test('refuses what is cancelled, has begun or is no longer offered', async () => {
    const service_id = await makeService(bench, { capacity: 2 })
    const cancelled = await book(bench, hana, service_id, tokyo(2, 10))
    await cancel(bench, hana, cancelled.id)
    expect((await problemOf(move(bench, hana, cancelled.id, tokyo(2, 11)))).detail).toContain('booking.create')
    const begun = await plant(bench, hana, service_id, new Date(Date.now() - 60_000))
    expect(await problemOf(move(bench, hana, begun, tokyo(2, 11)))).toMatchObject({ code: 'conflict' })
    const standing = await book(bench, hana, service_id, tokyo(2, 10))
    await bench.database.query('UPDATE booking_services SET active = false WHERE id = $1', [service_id])
    expect(await problemOf(move(bench, hana, standing.id, tokyo(2, 11)))).toMatchObject({ code: 'not-found' })
    expect((await upcoming(bench, hana)).map(({ id }) => id)).toContain(standing.id)
  })
})

describe('booking.cancel', () => {
  test('frees the slot, and says so calmly when it was cancelled before', async () => {
    const service_id = await makeService(bench)
    const { id } = await book(bench, hana, service_id, tokyo(2, 10))
    const first = await cancel(bench, hana, id)
    expect(first).toMatchObject({ outcome: 'cancelled', booking: { status: 'cancelled' } })
    const again = await cancel(bench, hana, id)
    expect(again).toMatchObject({ outcome: 'already_cancelled', booking: first.booking })
    expect(again.message).toContain('Nothing changed')
    expect(await upcoming(bench, hana)).toEqual([])
    await expect(book(bench, ken, service_id, tokyo(2, 10))).resolves.toBeDefined()
  })

  test('refuses what has begun', async () => {
    const id = await plant(bench, hana, await makeService(bench), new Date(Date.now() - 60_000))
    expect(await problemOf(cancel(bench, hana, id))).toMatchObject({ code: 'conflict' })
  })
})
