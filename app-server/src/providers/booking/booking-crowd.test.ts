// Bookings made by many at the same moment: Postgres decides, and nobody ever shares a place.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { book, makeService, move, overlaps, tokyo, upcoming } from '../../../e2e/booking-fixtures.js'
import { type Bench, openBench, problemOf } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { booking } from './booking.js'

let bench: Bench

beforeAll(async () => {
  bench = await openBench([booking])
})
afterAll(() => bench.close())

/** Waits for all calls; gives those that went through and the problems of the others. */
async function settle<Result>(calls: Promise<Result>[]) {
  const outcomes = await Promise.allSettled(calls)
  return {
    done: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    problems: await Promise.all(
      outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [problemOf(Promise.reject(outcome.reason))] : [])),
    ),
  }
}

/** Fills places of a slot with the bookings of other people. */
async function fill(serviceId: string, start: string, count: number): Promise<void> {
  const others = await bench.people(count)
  await bench.database.query(
    `INSERT INTO bookings (service_id, user_id, place, starts_at, ends_at)
     SELECT $1, user_id, place, $2::timestamptz, $2::timestamptz + interval '1 hour'
       FROM unnest($3::uuid[]) WITH ORDINALITY AS p (user_id, place)`,
    [serviceId, start, others.map(({ userId }) => userId)],
  )
}

describe('100 people', () => {
  test('who book the last place at once: one gets it, 99 are told which slots are free', async () => {
    const serviceId = await makeService(bench, { capacity: 3 })
    const start = tokyo(2, 10)
    await fill(serviceId, start, 2)
    const { done, problems } = await settle((await bench.people(100)).map((one) => book(bench, one, serviceId, start)))
    expect(done).toHaveLength(1)
    expect(problems).toHaveLength(99)
    for (const problem of problems) {
      expect(problem.code).toBe('slot-taken')
      const free = problem.members.free_slots as { start: string }[]
      expect(free).toHaveLength(5)
      expect(free.map((slot) => slot.start)).not.toContain(start)
      expect(problem.detail).toContain(free[0]?.start)
    }
    expect(await overlaps(bench)).toEqual({ places: 0, people: 0 })
  })

  test('who move to the last place at once: one gets it, 99 keep what they had', async () => {
    const serviceId = await makeService(bench, { capacity: 100 })
    const [from, to] = [tokyo(3, 10), tokyo(3, 15)]
    await fill(serviceId, to, 99)
    const people = await bench.people(100)
    const before = await Promise.all(people.map((one) => book(bench, one, serviceId, from)))
    const { done, problems } = await settle(people.map((one, index) => move(bench, one, before[index]?.id ?? '', to)))
    expect(done).toHaveLength(1)
    expect(problems.map(({ code }) => code)).toEqual(Array.from({ length: 99 }, () => 'slot-taken'))
    const starts = (await Promise.all(people.map((one) => upcoming(bench, one)))).map(([one]) => one?.start)
    expect(starts.filter((start) => start === from)).toHaveLength(99)
    expect(starts.filter((start) => start === to)).toHaveLength(1)
    expect(await overlaps(bench)).toEqual({ places: 0, people: 0 })
  })

  test('who book, move and cancel all at once leave no place and no person booked twice', async () => {
    const serviceId = await makeService(bench, { capacity: 2, slotStepMinutes: 15, hours: [[600, 900]] })
    const at = (index: number) => tokyo(4, 10 + (index % 4), (index % 3) * 15)
    const people = await bench.people(100)
    const first = await settle(
      people.slice(0, 50).map(async (one, index) => [one, await book(bench, one, serviceId, at(index))] as const),
    )
    expect(first.done.length).toBeGreaterThan(3)
    const cancelled = first.done.filter((_, index) => index % 2 === 0)
    const moved = first.done.filter((_, index) => index % 2 === 1)
    const [cancels, moves, books] = await Promise.all([
      settle(cancelled.map(([one, { id }]) => bench.call(one, 'booking.cancel', { booking_id: id }))),
      settle(moved.map(([one, { id }], index) => move(bench, one, id, at(index + 5)))),
      settle(people.slice(50).map((one, index) => book(bench, one, serviceId, at(index)))),
    ])
    expect(cancels.problems).toEqual([])
    expect([...moves.problems, ...books.problems].every(({ code }) => code === 'slot-taken')).toBe(true)
    expect(await overlaps(bench)).toEqual({ places: 0, people: 0 })
    const [rows] = await bench.database.query(
      `SELECT count(*) FILTER (WHERE status = 'confirmed')::int AS confirmed,
              count(*) FILTER (WHERE status = 'moving')::int AS moving FROM bookings WHERE service_id = $1`,
      [serviceId],
    )
    expect(rows).toEqual({ confirmed: moved.length + books.done.length, moving: 0 })
  })
})

describe('one person', () => {
  test('who books overlapping slots at once gets one of them', async () => {
    const serviceId = await makeService(bench, { capacity: 10, slotStepMinutes: 15 })
    const hana = await bench.person()
    const starts = Array.from({ length: 12 }, (_, index) => tokyo(5, 10, (index % 4) * 15))
    const { done, problems } = await settle(starts.map((start) => book(bench, hana, serviceId, start)))
    expect(done).toHaveLength(1)
    expect(problems.every(({ code }) => code === 'conflict')).toBe(true)
    expect(problems.every(({ detail }) => detail.includes(done[0]?.id ?? '-'))).toBe(true)
  })

  test('who repeats a call with one idempotency key, also at once, books once', async () => {
    const serviceId = await makeService(bench, { capacity: 10 })
    const hana = await bench.person()
    const given = { service_id: serviceId, start: tokyo(5, 10), idempotency_key: 'again and again' }
    const calls = Array.from({ length: 30 }, () => bench.call(hana, 'booking.create', given))
    const { done, problems } = await settle(calls)
    expect(problems).toEqual([])
    expect(new Set(done.map((output) => JSON.stringify(output))).size).toBe(1)
    expect(await upcoming(bench, hana)).toHaveLength(1)
  })

  test('who moves and cancels one booking at once ends with it cancelled, and is never told that it is not there', async () => {
    const serviceId = await makeService(bench)
    const hana = await bench.person()
    const { id } = await book(bench, hana, serviceId, tokyo(6, 10))
    const { problems } = await settle<unknown>([
      ...[11, 12, 13].map((hour) => move(bench, hana, id, tokyo(6, hour))),
      bench.call(hana, 'booking.cancel', { booking_id: id }),
    ])
    expect(problems.every(({ code }) => code === 'conflict')).toBe(true)
    expect(await upcoming(bench, hana)).toEqual([])
  })
})

test('two people who want to swap their slots both keep what they have', async () => {
  const serviceId = await makeService(bench)
  const [hana, ken] = (await bench.people(2)) as [Caller, Caller]
  const [first, second] = [tokyo(7, 10), tokyo(7, 12)]
  const [hanas, kens] = [await book(bench, hana, serviceId, first), await book(bench, ken, serviceId, second)]
  const { problems } = await settle([move(bench, hana, hanas.id, second), move(bench, ken, kens.id, first)])
  expect(problems.map(({ code }) => code)).toEqual(['slot-taken', 'slot-taken'])
  expect((await upcoming(bench, hana))[0]?.start).toBe(first)
  expect((await upcoming(bench, ken))[0]?.start).toBe(second)
})
