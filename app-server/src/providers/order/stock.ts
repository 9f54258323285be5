// The stock of products, taken and given back by orders. The rows belong to the product provider; the move of stock and
// the order stand or fall in one transaction, so it happens here, in SQL.
import { Problem } from '@sekisho/contracts'
import type { Sql } from '../../platform/database/database.js'

export interface Line {
  readonly product_id: string
  readonly quantity: number
}

/** A product as it is sold at this moment. */
export interface SoldProduct {
  readonly id: string
  readonly title: string
  readonly priceMinor: number
  readonly currency: string
}

/**
 * Takes the quantities from stock and gives the products as they are now, by id.
 * Rows are locked in the order of their ids: two orders of the same products wait for one another, never in a circle.
 * Throws Problem not-found for unknown products and out-of-stock with what is left, each naming every line concerned.
 */
export async function takeStock(sql: Sql, lines: readonly Line[]): Promise<Map<string, SoldProduct>> {
  const rows = await sql.query<{ id: string; title: string; price_minor: string; currency: string; stock: number }>(
    `SELECT id, title, price_minor, currency, stock FROM products
      WHERE id = ANY($1::uuid[]) AND active ORDER BY id FOR NO KEY UPDATE`,
    [lines.map((line) => line.product_id)],
  )
  const products = new Map(rows.map((row) => [row.id, row]))
  const unknown = lines.filter((line) => !products.has(line.product_id)).map((line) => line.product_id)
  if (unknown.length > 0) {
    throw new Problem(
      'not-found',
      `Nothing was ordered: there ${unknown.length === 1 ? 'is no product' : 'are no products'} ${unknown.join(', ')} for sale. Call product.search for those there are.`,
      { unknown_product_ids: unknown },
    )
  }
  const short = lines.flatMap((line) => {
    const product = products.get(line.product_id)
    return product && product.stock < line.quantity
      ? [{ product_id: product.id, title: product.title, requested: line.quantity, available: product.stock }]
      : []
  })
  if (short.length > 0) {
    const list = short.map(({ title, requested, available }) => `${title}: ${requested} asked for, ${available} left`)
    throw new Problem(
      'out-of-stock',
      `Nothing was ordered, because there is not enough of this: ${list.join('; ')}. Ask the person, then order no more than what is left or leave it out.`,
      { short },
    )
  }
  const taken = await sql.query(
    `UPDATE products SET stock = stock - l.quantity
       FROM unnest($1::uuid[], $2::int[]) AS l (product_id, quantity)
      WHERE products.id = l.product_id AND products.stock >= l.quantity RETURNING products.id`,
    columns(lines),
  )
  if (taken.length !== lines.length) throw new Error('stock changed under a row lock')
  return new Map(
    rows.map(({ id, title, price_minor, currency }) => [id, { id, title, priceMinor: Number(price_minor), currency }]),
  )
}

/** Gives the quantities of a cancelled order back, locking in the same order as `takeStock`. */
export async function returnStock(sql: Sql, lines: readonly Line[]): Promise<void> {
  await sql.query('SELECT FROM products WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [
    lines.map((line) => line.product_id),
  ])
  await sql.query(
    `UPDATE products SET stock = stock + l.quantity
       FROM unnest($1::uuid[], $2::int[]) AS l (product_id, quantity) WHERE products.id = l.product_id`,
    columns(lines),
  )
}

function columns(lines: readonly Line[]): [string[], number[]] {
  return [lines.map((line) => line.product_id), lines.map((line) => line.quantity)]
}
