// Ordering: all lines or none, prices as they were, stock never below zero and returned once.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Shop, type ShownOrder } from '../../../e2e/order-fixtures.js'
import { type Bench, faultsOf, openBench, problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { order } from './order.js'

let bench: Bench
let shop: Shop
let hana: Caller
let ken: Caller

beforeAll(async () => {
  bench = await openBench([order])
  shop = new Shop(bench)
})
beforeEach(async () => {
  ;[hana, ken] = (await bench.people(2)) as [Caller, Caller]
})
afterAll(() => bench.close())

const ordersOf = (caller: Caller) => readPages<ShownOrder>(bench, caller, 'order.list', {}, 'orders')

describe('order.create', () => {
  test('takes the lines from stock and says what they cost', async () => {
    const [coffee, mug] = [await shop.sell(10, 480), await shop.sell(3, 3800, 'JPY', 'Mug')]
    const { order, message } = await shop.place(hana, { [mug]: 1, [coffee]: 4 }, { note: 'as a gift' })
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
    expect(await shop.stockOf(coffee, mug)).toEqual([6, 2])
  })

  test('keeps titles and prices as they were', async () => {
    const coffee = await shop.sell(10)
    const { order } = await shop.place(hana, { [coffee]: 2 })
    await bench.database.query(
      `UPDATE products SET price_minor = 999, title = 'Dearer', active = false WHERE id = $1`,
      [coffee],
    )
    const later = await bench.call<{ order: ShownOrder }>(hana, 'order.get', { order_id: order.id })
    expect(later.order).toEqual(order)
  })

  test('orders nothing when one line is short, and says how much of everything is left', async () => {
    const [plenty, few, none] = [
      await shop.sell(10),
      await shop.sell(2, 100, 'JPY', 'Few'),
      await shop.sell(0, 100, 'JPY', 'None'),
    ]
    const problem = await problemOf(shop.place(hana, { [plenty]: 1, [few]: 3, [none]: 1 }))
    expect(problem.code).toBe('out-of-stock')
    expect(problem.members.short).toEqual([
      { product_id: few, title: 'Few', requested: 3, available: 2 },
      { product_id: none, title: 'None', requested: 1, available: 0 },
    ])
    expect(problem.detail).toMatch(/Few: 3 asked for, 2 left; None: 1 asked for, 0 left/)
    expect(await shop.stockOf(plenty, few, none)).toEqual([10, 2, 0])
    expect(await ordersOf(hana)).toEqual([])
  })

  test('refuses products that are not there or no longer sold, by their ids', async () => {
    const [coffee, gone, nowhere] = [await shop.sell(10), await shop.sell(10), crypto.randomUUID()]
    await bench.database.query('UPDATE products SET active = false WHERE id = $1', [gone])
    const problem = await problemOf(shop.place(hana, { [coffee]: 1, [gone]: 1, [nowhere]: 1 }))
    expect(problem).toMatchObject({ code: 'not-found', members: { unknown_product_ids: [gone, nowhere] } })
    expect(await shop.stockOf(coffee)).toEqual([10])
  })

  test('refuses to mix currencies, and takes nothing from stock', async () => {
    const [yen, euro] = [await shop.sell(5, 480, 'JPY', 'Tea'), await shop.sell(5, 480, 'EUR', 'Cup')]
    const problem = await problemOf(shop.place(hana, { [yen]: 1, [euro]: 1 }))
    expect(problem).toMatchObject({ code: 'invalid-arguments', detail: expect.stringContaining('JPY: Tea; EUR: Cup') })
    expect(await shop.stockOf(yen, euro)).toEqual([5, 5])
  })

  test('counts the largest possible order exactly', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => shop.sell(999, 99_999_999_999)))
    const { order } = await shop.place(hana, Object.fromEntries(ids.map((id) => [id, 999])))
    expect(order.total_minor).toBe(50 * 999 * 99_999_999_999)
    expect(Number.isSafeInteger(order.total_minor)).toBe(true)
    const [row] = await bench.database.query('SELECT total_minor FROM orders WHERE id = $1', [order.id])
    expect(row).toEqual({ total_minor: String(50n * 999n * 99_999_999_999n) })
  })

  test('orders once for one idempotency key, also when it is repeated at once', async () => {
    const coffee = await shop.sell(100)
    const calls = Array.from({ length: 30 }, () => shop.place(hana, { [coffee]: 2 }, { idempotency_key: 'once' }))
    const orders = (await Promise.all(calls)).map(({ order }) => order.id)
    expect(new Set(orders).size).toBe(1)
    expect(await shop.stockOf(coffee)).toEqual([98])
    expect(await ordersOf(hana)).toHaveLength(1)
    const other = await problemOf(shop.place(hana, { [coffee]: 3 }, { idempotency_key: 'once' }))
    expect(other).toMatchObject({ code: 'idempotency-conflict' })
    await expect(shop.place(ken, { [coffee]: 3 }, { idempotency_key: 'once' })).resolves.toBeDefined()
  })

  test('can be tried again with the same key after it failed', async () => {
    const coffee = await shop.sell(0)
    const call = () => shop.place(hana, { [coffee]: 1 }, { idempotency_key: 'patience' })
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

describe('order.cancel', () => {
  test('returns the stock once, and says so calmly when it was cancelled before', async () => {
    const coffee = await shop.sell(10)
    const { order } = await shop.place(hana, { [coffee]: 4 })
    const first = await shop.cancel(hana, order.id)
    expect(first).toMatchObject({
      outcome: 'cancelled',
      order: { status: 'cancelled', total_minor: order.total_minor },
    })
    expect(await shop.cancel(hana, order.id)).toMatchObject({ outcome: 'already_cancelled', order: first.order })
    expect(await shop.stockOf(coffee)).toEqual([10])
  })
})

describe('the order of someone else', () => {
  test('can be neither seen nor cancelled, as if it were not there', async () => {
    const coffee = await shop.sell(10)
    const { order } = await shop.place(hana, { [coffee]: 4 })
    const nowhere = crypto.randomUUID()
    for (const tool of ['order.get', 'order.cancel']) {
      const theirs = await problemOf(bench.call(ken, tool, { order_id: order.id }))
      const none = await problemOf(bench.call(ken, tool, { order_id: nowhere }))
      expect(theirs.code).toBe('not-found')
      expect(theirs.detail.replace(order.id, '')).toBe(none.detail.replace(nowhere, ''))
    }
    expect(await ordersOf(ken)).toEqual([])
    expect(await shop.stockOf(coffee)).toEqual([6])
  })
})

describe('order.list', () => {
  test('shows the latest first, page by page, without gaps or repeats while orders are placed', async () => {
    const coffee = await shop.sell(100)
    const placed: string[] = []
    for (let index = 0; index < 7; index++) placed.push((await shop.place(hana, { [coffee]: 1 })).order.id)
    const between = () => shop.place(hana, { [coffee]: 1 })
    const found = await readPages<ShownOrder>(bench, hana, 'order.list', { limit: 3 }, 'orders', between)
    expect(found.map(({ id }) => id)).toEqual(placed.reverse())
    expect(found[0]).toMatchObject({ total: 'JPY 480', line_count: 1 })
  })

  test('refuses a crafted cursor', async () => {
    const cursor = Buffer.from('["\\u0000"]').toString('base64url')
    expect(await problemOf(bench.call(hana, 'order.list', { cursor }))).toMatchObject({ code: 'invalid-arguments' })
  })
})
