// Orders placed by many at the same moment: nothing is sold that is not there, and nobody waits in a circle.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Shop } from '../../../e2e/order-fixtures.js'
import { type Bench, openBench } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { order } from './order.js'

let bench: Bench
let shop: Shop

beforeAll(async () => {
  bench = await openBench([order])
  shop = new Shop(bench)
})
afterAll(() => bench.close())

describe('many orders at once', () => {
  test('never sell more than there is', async () => {
    const coffee = await shop.sell(25)
    const people = await bench.people(100)
    const outcomes = await Promise.allSettled(people.map((one) => shop.place(one, { [coffee]: 1 })))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(outcomes.length - refused.length).toBe(25)
    expect(refused.every(({ reason }) => reason.code === 'out-of-stock')).toBe(true)
    expect(await shop.stockOf(coffee)).toEqual([0])
  })

  test('of the same products in opposite orders all go through', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => shop.sell(1000)))
    const people = await bench.people(40)
    const startedAt = performance.now()
    await Promise.all(
      people.map((one, index) => {
        const inOrder = index % 2 === 0 ? ids : ids.toReversed()
        return shop.place(one, Object.fromEntries(inOrder.map((id) => [id, 1])))
      }),
    )
    expect(await shop.stockOf(...ids)).toEqual(ids.map(() => 960))
    // A deadlock would have cost Postgres' deadlock_timeout of a second at least once.
    const [row] = await bench.database.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    )
    expect(row).toEqual({ deadlocks: '0' })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test('and cancellations of them leave the stock as if only the standing ones had been placed', async () => {
    const [a, b] = [await shop.sell(500), await shop.sell(500)]
    const people = await bench.people(40)
    const placed = await Promise.all(people.map((one) => shop.place(one, { [a]: 2, [b]: 3 })))
    await Promise.all([
      ...placed.slice(0, 20).flatMap(({ order }, index) => {
        const one = people[index] as Caller
        return [shop.cancel(one, order.id), shop.cancel(one, order.id), shop.cancel(one, order.id)]
      }),
      ...people.slice(0, 10).map((one) => shop.place(one, { [b]: 1, [a]: 1 })),
    ])
    expect(await shop.stockOf(a, b)).toEqual([500 - 20 * 2 - 10, 500 - 20 * 3 - 10])
  })
})
