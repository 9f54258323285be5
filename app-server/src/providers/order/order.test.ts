// Ordering: all lines or none, prices as they were, stock never below zero and returned once.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Bench, faultsOf, openBench, problemOf, readPages } from '../../../e2e/provider-bench.js'
import { product } from '../product/product.js'
import type { Caller } from '../provider.js'
import { order } from './order.js'

interface ShownOrder {
  id: string
  status: string
  total: string
  total_minor: number
  line_count: number
  lines: { product_id: string; title: string; quantity: number; unit_price: string; amount_minor: number }[]
}

let bench: Bench
let hana: Caller
let ken: Caller

beforeAll(async () => {
  bench = await openBench([product, order])
})
beforeEach(async () => {
  ;[hana, ken] = (await bench.people(2)) as [Caller, Caller]
})
afterAll(() => bench.close())

async function sell(stock: number, price = 480, currency = 'JPY', title = 'Coffee'): Promise<string> {
  const [row] = await bench.database.query<{ id: string }>(
    `INSERT INTO products (title, description, category, price_minor, currency, stock)
     VALUES ($1, '', 'Things', $2, $3, $4) RETURNING id`,
    [title, price, currency, stock],
  )
  return row?.id ?? ''
}

async function stockOf(...ids: string[]): Promise<number[]> {
  const rows = await bench.database.query<{ id: string; stock: number }>(
    'SELECT id, stock FROM products WHERE id = ANY($1)',
    [ids],
  )
  return ids.map((id) => rows.find((row) => row.id === id)?.stock ?? Number.NaN)
}

type Lines = [productId: string, quantity: number][]
const place = (caller: Caller, lines: Lines, more = {}) =>
  bench.call<{ order: ShownOrder; message: string }>(caller, 'order.create', {
    lines: lines.map(([product_id, quantity]) => ({ product_id, quantity })),
    ...more,
  })
const cancel = (caller: Caller, order_id: string) =>
  bench.call<{ order: ShownOrder; outcome: string }>(caller, 'order.cancel', { order_id })
const ordersOf = (caller: Caller) => readPages<ShownOrder>(bench, caller, 'order.list', {}, 'orders')

describe('order.create', () => {
  test('takes the lines from stock and says what they cost', async () => {
    const [coffee, mug] = [await sell(10, 480), await sell(3, 3800, 'JPY', 'Mug')]
    const { order, message } = await place(
      hana,
      [
        [mug, 1],
        [coffee, 4],
      ],
      { note: 'as a gift' },
    )
    expect(order).toMatchObject({
      status: 'placed',
      total: 'JPY 5720',
      total_minor: 5720,
      currency: 'JPY',
      note: 'as a gift',
      line_count: 2,
      lines: [
        { product_id: mug, title: 'Mug', quantity: 1, unit_price: 'JPY 3800', amount_minor: 3800 },
        { product_id: coffee, title: 'Coffee', quantity: 4, unit_price: 'JPY 480', amount_minor: 1920 },
      ],
    })
    expect(message).toContain('JPY 5720')
    expect(await stockOf(coffee, mug)).toEqual([6, 2])
  })

  test('keeps titles and prices as they were', async () => {
    const coffee = await sell(10)
    const { order } = await place(hana, [[coffee, 2]])
    await bench.database.query(
      `UPDATE products SET price_minor = 999, title = 'Dearer', active = false WHERE id = $1`,
      [coffee],
    )
    const later = await bench.call<{ order: ShownOrder }>(hana, 'order.get', { order_id: order.id })
    expect(later.order).toEqual(order)
  })

  test('orders nothing when one line is short, and says how much of everything is left', async () => {
    const [plenty, few, none] = [await sell(10), await sell(2, 100, 'JPY', 'Few'), await sell(0, 100, 'JPY', 'None')]
    const problem = await problemOf(
      place(hana, [
        [plenty, 1],
        [few, 3],
        [none, 1],
      ]),
    )
    expect(problem.code).toBe('out-of-stock')
    expect(problem.members.short).toEqual([
      { product_id: few, title: 'Few', requested: 3, available: 2 },
      { product_id: none, title: 'None', requested: 1, available: 0 },
    ])
    expect(problem.detail).toMatch(/Few: 3 asked for, 2 left; None: 1 asked for, 0 left/)
    expect(await stockOf(plenty, few, none)).toEqual([10, 2, 0])
    expect(await ordersOf(hana)).toEqual([])
  })

  test('refuses products that are not there or no longer sold, by their ids', async () => {
    const [coffee, gone, nowhere] = [await sell(10), await sell(10), crypto.randomUUID()]
    await bench.database.query('UPDATE products SET active = false WHERE id = $1', [gone])
    const problem = await problemOf(
      place(hana, [
        [coffee, 1],
        [gone, 1],
        [nowhere, 1],
      ]),
    )
    expect(problem).toMatchObject({ code: 'not-found', members: { unknown_product_ids: [gone, nowhere] } })
    expect(await stockOf(coffee)).toEqual([10])
  })

  test('refuses to mix currencies, and takes nothing from stock', async () => {
    const [yen, euro] = [await sell(5, 480, 'JPY', 'Tea'), await sell(5, 480, 'EUR', 'Cup')]
    const problem = await problemOf(
      place(hana, [
        [yen, 1],
        [euro, 1],
      ]),
    )
    expect(problem).toMatchObject({ code: 'invalid-arguments', detail: expect.stringContaining('JPY: Tea; EUR: Cup') })
    expect(await stockOf(yen, euro)).toEqual([5, 5])
  })

  test('counts the largest possible order exactly', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => sell(999, 99_999_999_999)))
    const { order } = await place(
      hana,
      ids.map((id) => [id, 999] as [string, number]),
    )
    expect(order.total_minor).toBe(50 * 999 * 99_999_999_999)
    expect(Number.isSafeInteger(order.total_minor)).toBe(true)
    const [row] = await bench.database.query('SELECT total_minor FROM orders WHERE id = $1', [order.id])
    expect(row).toEqual({ total_minor: String(50n * 999n * 99_999_999_999n) })
  })

  test('orders once for one idempotency key, also when it is repeated at once', async () => {
    const coffee = await sell(100)
    const calls = Array.from({ length: 30 }, () => place(hana, [[coffee, 2]], { idempotency_key: 'once' }))
    const orders = (await Promise.all(calls)).map(({ order }) => order.id)
    expect(new Set(orders).size).toBe(1)
    expect(await stockOf(coffee)).toEqual([98])
    expect(await ordersOf(hana)).toHaveLength(1)
    const other = await problemOf(place(hana, [[coffee, 3]], { idempotency_key: 'once' }))
    expect(other).toMatchObject({ code: 'idempotency-conflict' })
    await expect(place(ken, [[coffee, 3]], { idempotency_key: 'once' })).resolves.toBeDefined()
  })

  test('can be tried again with the same key after it failed', async () => {
    const coffee = await sell(0)
    const call = () => place(hana, [[coffee, 1]], { idempotency_key: 'patience' })
    expect(await problemOf(call())).toMatchObject({ code: 'out-of-stock' })
    await bench.database.query('UPDATE products SET stock = 1 WHERE id = $1', [coffee])
    await expect(call()).resolves.toBeDefined()
  })

  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  test.each([
    ['lines', {}],
    ['lines', { lines: [] }],
    ['lines', { lines: { product_id: id, quantity: 1 } }],
    ['lines.0', { lines: [id] }],
    ['lines.0.quantity', { lines: [{ product_id: id }] }],
    ['lines.0.quantity', { lines: [{ product_id: id, quantity: 0 }] }],
    ['lines.0.quantity', { lines: [{ product_id: id, quantity: 1000 }] }],
    ['lines.0.quantity', { lines: [{ product_id: id, quantity: 1.5 }] }],
    ['lines.0.quantity', { lines: [{ product_id: id, quantity: '2' }] }],
    ['lines.0.product_id: must be an id', { lines: [{ product_id: 'coffee', quantity: 1 }] }],
    ['Unrecognized key: "price_minor"', { lines: [{ product_id: id, quantity: 1, price_minor: 1 }] }],
    [
      'lines.1.product_id: product',
      {
        lines: [
          { product_id: id, quantity: 1 },
          { product_id: id.toUpperCase(), quantity: 2 },
        ],
      },
    ],
    ['lines: Too big', { lines: Array.from({ length: 51 }, () => ({ product_id: id, quantity: 1 })) }],
    ['note', { lines: [{ product_id: id, quantity: 1 }], note: 'n'.repeat(501) }],
    ['Unrecognized key: "currency"', { lines: [{ product_id: id, quantity: 1 }], currency: 'EUR' }],
  ])('refuses arguments, saying %p', (fault, given) => {
    expect(faultsOf(order, 'order.create', given).join('\n')).toContain(fault)
  })
})

describe('many orders at once', () => {
  test('never sell more than there is', async () => {
    const coffee = await sell(25)
    const people = await bench.people(100)
    const outcomes = await Promise.allSettled(people.map((one) => place(one, [[coffee, 1]])))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(outcomes.length - refused.length).toBe(25)
    expect(refused.every(({ reason }) => reason.code === 'out-of-stock')).toBe(true)
    expect(await stockOf(coffee)).toEqual([0])
  })

  test('of the same products in opposite orders all go through', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => sell(1000)))
    const people = await bench.people(40)
    const startedAt = performance.now()
    await Promise.all(
      people.map((one, index) => {
        const lines = ids.map((id) => [id, 1] as [string, number])
        return place(one, index % 2 === 0 ? lines : lines.reverse())
      }),
    )
    expect(await stockOf(...ids)).toEqual(ids.map(() => 960))
    // A deadlock would have cost Postgres' deadlock_timeout of a second at least once.
    const [row] = await bench.database.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    )
    expect(row).toEqual({ deadlocks: '0' })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })

  test('and cancellations of them leave the stock as if only the standing ones had been placed', async () => {
    const [a, b] = [await sell(500), await sell(500)]
    const people = await bench.people(40)
    const placed = await Promise.all(
      people.map((one) =>
        place(one, [
          [a, 2],
          [b, 3],
        ]),
      ),
    )
    await Promise.all([
      ...placed.slice(0, 20).flatMap(({ order }, index) => {
        const one = people[index] as Caller
        return [cancel(one, order.id), cancel(one, order.id), cancel(one, order.id)]
      }),
      ...people.slice(0, 10).map((one) =>
        place(one, [
          [b, 1],
          [a, 1],
        ]),
      ),
    ])
    expect(await stockOf(a, b)).toEqual([500 - 20 * 2 - 10, 500 - 20 * 3 - 10])
  })
})

describe('order.cancel', () => {
  test('returns the stock once, and says so calmly when it was cancelled before', async () => {
    const coffee = await sell(10)
    const { order } = await place(hana, [[coffee, 4]])
    const first = await cancel(hana, order.id)
    expect(first).toMatchObject({
      outcome: 'cancelled',
      order: { status: 'cancelled', total_minor: order.total_minor },
    })
    expect(await cancel(hana, order.id)).toMatchObject({ outcome: 'already_cancelled', order: first.order })
    expect(await stockOf(coffee)).toEqual([10])
  })
})

describe('the order of someone else', () => {
  test('can be neither seen nor cancelled, as if it were not there', async () => {
    const coffee = await sell(10)
    const { order } = await place(hana, [[coffee, 4]])
    const nowhere = crypto.randomUUID()
    for (const tool of ['order.get', 'order.cancel']) {
      const theirs = await problemOf(bench.call(ken, tool, { order_id: order.id }))
      const none = await problemOf(bench.call(ken, tool, { order_id: nowhere }))
      expect(theirs.code).toBe('not-found')
      expect(theirs.detail.replace(order.id, '')).toBe(none.detail.replace(nowhere, ''))
    }
    expect(await ordersOf(ken)).toEqual([])
    expect(await stockOf(coffee)).toEqual([6])
  })
})

describe('order.list', () => {
  test('shows the latest first, page by page, without gaps or repeats while orders are placed', async () => {
    const coffee = await sell(100)
    const placed: string[] = []
    for (let index = 0; index < 7; index++) placed.push((await place(hana, [[coffee, 1]])).order.id)
    const between = () => place(hana, [[coffee, 1]])
    const found = await readPages<ShownOrder>(bench, hana, 'order.list', { limit: 3 }, 'orders', between)
    expect(found.map(({ id }) => id)).toEqual(placed.reverse())
    expect(found[0]).toMatchObject({ total: 'JPY 480', line_count: 1 })
  })

  test('refuses a crafted cursor', async () => {
    const cursor = Buffer.from('["\\u0000"]').toString('base64url')
    expect(await problemOf(bench.call(hana, 'order.list', { cursor }))).toMatchObject({ code: 'invalid-arguments' })
  })
})
