// order.create: orders products at the prices of this moment and takes them from stock.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Sql } from '../../platform/database/database.js'
import { idempotencyInput } from '../idempotency.js'
import { id, text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { orderOutput, requireOrder } from './orders.js'
import { type Line, type SoldProduct, takeStock } from './stock.js'

const maxLines = 50
const maxQuantity = 999

const lines = z
  .array(
    z.strictObject({
      product_id: id('The id of the product, from product.search.'),
      quantity: z.number().int().min(1).max(maxQuantity).describe(`How many, 1 to ${maxQuantity}.`),
    }),
  )
  .min(1)
  .max(maxLines)
  .superRefine((given, context) => {
    const seen = new Set<string>()
    for (const [index, { product_id }] of given.entries()) {
      if (seen.has(product_id)) {
        const message = `product ${product_id} stands in an earlier line already: give one line with the whole quantity`
        context.addIssue({ code: 'custom', path: [index, 'product_id'], message })
      }
      seen.add(product_id)
    }
  })

export const createTool = defineTool({
  name: 'order.create',
  title: 'Place an order',
  description:
    'Orders products for the signed-in person, at their present prices, and takes them from stock: all lines or none. Show the person what is ordered and the total before you call it. Get product ids from product.search. All products of one order must have the same currency. An order can be taken back with order.cancel.',
  scope: 'order:create',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    lines: lines.describe(`What to order: 1 to ${maxLines} lines, each product once.`),
    note: text({ max: 500 })
      .default('')
      .describe('Anything the person wants the business to know, such as a gift wrapping. At most 500 characters.'),
    ...idempotencyInput,
  }),
  redact: ['note'],
  output: z.object({
    order: orderOutput.describe('The order as it was placed.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  run: (input, { caller, once }) =>
    once(async (sql) => {
      const products = await takeStock(sql, input.lines)
      const currency = requireOneCurrency(products)
      const orderId = await insertOrder(
        sql,
        { userId: caller.userId, currency, note: input.note },
        input.lines,
        products,
      )
      const order = await requireOrder(sql, orderId, caller.userId)
      return {
        order,
        message: `The order is placed: ${order.total} in all. To take it back, use order.cancel with order_id ${order.id}.`,
      }
    }),
})

function requireOneCurrency(products: ReadonlyMap<string, SoldProduct>): string {
  const idsByCurrency = Map.groupBy(products.values(), (product) => product.currency)
  const [first, second] = idsByCurrency.keys()
  if (first === undefined || second !== undefined) {
    const list = [...idsByCurrency].map(
      ([currency, sold]) => `${currency}: ${sold.map(({ title }) => title).join(', ')}`,
    )
    throw new Problem(
      'invalid-arguments',
      `Nothing was ordered: one order has one currency. Place one order for each of these: ${list.join('; ')}.`,
    )
  }
  return first
}

async function insertOrder(
  sql: Sql,
  head: { userId: string; currency: string; note: string },
  lines: readonly Line[],
  products: ReadonlyMap<string, SoldProduct>,
): Promise<string> {
  const sold = lines.map((line) => {
    const product = products.get(line.product_id)
    if (!product) throw new Error('an order line has no product')
    return { ...line, title: product.title, priceMinor: product.priceMinor }
  })
  const totalMinor = sold.reduce((sum, line) => sum + line.priceMinor * line.quantity, 0)
  const [order] = await sql.query<{ id: string }>(
    'INSERT INTO orders (user_id, currency, total_minor, note) VALUES ($1, $2, $3, $4) RETURNING id',
    [head.userId, head.currency, totalMinor, head.note],
  )
  if (!order) throw new Error('an inserted order came back without its id')
  await sql.query(
    `INSERT INTO order_lines (order_id, line, product_id, title, unit_price_minor, quantity)
     SELECT $1, l.line, l.product_id, l.title, l.price_minor, l.quantity
       FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::int[])
            WITH ORDINALITY AS l (product_id, title, price_minor, quantity, line)`,
    [
      order.id,
      sold.map((line) => line.product_id),
      sold.map((line) => line.title),
      sold.map((line) => line.priceMinor),
      sold.map((line) => line.quantity),
    ],
  )
  return order.id
}
