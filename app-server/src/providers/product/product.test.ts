// Searching and showing products.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Bench, faultsOf, openBench, problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { product } from './product.js'

interface ShownProduct {
  id: string
  title: string
  price: string
  price_minor: number
  currency: string
  stock: number
}

let bench: Bench
let hana: Caller

beforeAll(async () => {
  bench = await openBench([product])
  hana = await bench.person('Hana')
})
afterAll(() => bench.close())

async function add(
  title: string,
  more: { description?: string; price?: number; currency?: string; stock?: number } = {},
) {
  const [row] = await bench.database.query<{ id: string }>(
    `INSERT INTO products (title, description, category, price_minor, currency, stock)
     VALUES ($1, $2, 'Things', $3, $4, $5) RETURNING id`,
    [title, more.description ?? '', more.price ?? 100, more.currency ?? 'JPY', more.stock ?? 5],
  )
  return row?.id ?? ''
}

async function titles(given: Record<string, unknown>): Promise<string[]> {
  const found = await readPages<ShownProduct>(bench, hana, 'product.search', { limit: 100, ...given }, 'products')
  return found.map(({ title }) => title)
}

describe('product.search', () => {
  test('finds products that hold every word, in any order, in capitals or not', async () => {
    await add('Ceramic Dripper', { description: 'For pour-over coffee.' })
    await add('Ceramic Mug')
    expect(await titles({ query: 'ceramic' })).toEqual(['Ceramic Dripper', 'Ceramic Mug'])
    expect(await titles({ query: '  COFFEE   drip ' })).toEqual(['Ceramic Dripper'])
    expect(await titles({ query: 'ceramic teapot' })).toEqual([])
  })

  test('finds full-width and half-width writing alike, and capitals beyond ASCII', async () => {
    await add('ｶﾌｪ ラテ Ｄｅｌｕｘｅ')
    await add('ÜBERRASCHUNG')
    expect(await titles({ query: 'カフェ deluxe' })).toEqual(['ｶﾌｪ ラテ Ｄｅｌｕｘｅ'])
    expect(await titles({ query: 'überraschung' })).toEqual(['ÜBERRASCHUNG'])
  })

  test.each(['%', '_', '\\', '.*', "'; DROP TABLE products; --", '(a+)+$', '[', '$1'])(
    'takes %p for what it is, never for a pattern',
    async (query) => {
      expect(await titles({ query })).toEqual([])
      await add(`Odd ${query} thing`)
      expect(await titles({ query })).toEqual([`Odd ${query} thing`])
      await bench.database.query(`DELETE FROM products WHERE title LIKE 'Odd %'`)
    },
  )

  test('answers a long query of many words quickly', async () => {
    await add('a'.repeat(200), { description: 'a'.repeat(2000) })
    const startedAt = performance.now()
    expect(await titles({ query: 'a '.repeat(100) })).toContain('a'.repeat(200))
    expect(await titles({ query: `${'a'.repeat(199)}b` })).toEqual([])
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('leaves out what is sold out when asked to, and what is no longer sold always', async () => {
    await add('Lamp in stock')
    await add('Lamp sold out', { stock: 0 })
    const gone = await add('Lamp withdrawn')
    await bench.database.query('UPDATE products SET active = false WHERE id = $1', [gone])
    expect(await titles({ query: 'lamp' })).toEqual(['Lamp in stock', 'Lamp sold out'])
    expect(await titles({ query: 'lamp', in_stock: true })).toEqual(['Lamp in stock'])
  })

  test('can be paged through without gaps or repeats while products are added and sold', async () => {
    const before: string[] = []
    for (let index = 0; index < 7; index++) before.push(await add(`Paged ${index}`))
    const between = async () => {
      if ((await titles({ query: 'paged' })).length < 10) await add('Paged later')
      await bench.database.query('UPDATE products SET stock = stock - 1 WHERE id = $1', [before[0]])
    }
    const given = { query: 'paged', limit: 2 }
    const ids = (await readPages<ShownProduct>(bench, hana, 'product.search', given, 'products', between)).map(
      ({ id }) => id,
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.slice(0, 7)).toEqual(before)
    expect(ids).toHaveLength(10)
  })

  test.each([
    ['query', { query: 'x'.repeat(201) }],
    ['query: must not contain NUL', { query: 'a\u0000b' }],
    ['query: must not contain NUL', { query: '\udc00' }],
    ['query', { query: ['a'] }],
    ['in_stock', { in_stock: 'yes' }],
    ['limit', { limit: '10' }],
    ['limit', { limit: -1 }],
    ['cursor', { cursor: 'x'.repeat(513) }],
    ['Unrecognized key: "text"', { text: 'tea' }],
  ])('refuses arguments, saying %p', (fault, given) => {
    expect(faultsOf(product, 'product.search', given).join('\n')).toContain(fault)
  })

  test.each([
    'nonsense',
    Buffer.from(`["' OR 1=1"]`).toString('base64url'),
    Buffer.from('[null]').toString('base64url'),
  ])('refuses the crafted cursor %p', async (cursor) => {
    expect(await problemOf(bench.call(hana, 'product.search', { cursor }))).toMatchObject({ code: 'invalid-arguments' })
  })
})

describe('product.get', () => {
  test.each([
    [480, 'JPY', 'JPY 480'],
    [1250, 'EUR', 'EUR 12.50'],
    [5, 'USD', 'USD 0.05'],
    [0, 'USD', 'USD 0.00'],
    [12_345, 'KWD', 'KWD 12.345'],
    [1_000, 'IQD', 'IQD 1.000'],
    [100_000_000_000, 'EUR', 'EUR 1000000000.00'],
  ])('shows %d minor units of %s as people write it', async (price_minor, currency, price) => {
    const id = await add('Thing', { price: price_minor, currency })
    const { product } = await bench.call<{ product: ShownProduct }>(hana, 'product.get', {
      product_id: id.toUpperCase(),
    })
    expect(product).toMatchObject({ id, price, price_minor, currency, stock: 5 })
  })

  test('does not know products that are not there or no longer sold', async () => {
    const gone = await add('Gone')
    await bench.database.query('UPDATE products SET active = false WHERE id = $1', [gone])
    for (const product_id of [gone, crypto.randomUUID()]) {
      const problem = await problemOf(bench.call(hana, 'product.get', { product_id }))
      expect(problem).toMatchObject({ code: 'not-found', detail: expect.stringContaining('product.search') })
    }
  })
})
