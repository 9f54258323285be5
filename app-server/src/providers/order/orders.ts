// A person's orders: the rows and how they are shown.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Sql } from '../../platform/database/database.js'
import { formatMoney } from '../money.js'

/** As read; bigint columns come as text. */
export interface OrderRow {
  readonly id: string
  readonly status: 'placed' | 'cancelled'
  readonly currency: string
  readonly total_minor: string
  readonly note: string
  readonly created_at: Date
  readonly cancelled_at: Date | null
  readonly line_count: number
}

interface LineRow {
  readonly product_id: string
  readonly title: string
  readonly unit_price_minor: string
  readonly quantity: number
}

export const orderColumns = `
  o.id, o.status, o.currency, o.total_minor, o.note, o.created_at, o.cancelled_at,
  (SELECT count(*)::int FROM order_lines l WHERE l.order_id = o.id) AS line_count`

const summaryShape = {
  id: z.string().describe('The id of the order, for order.get and order.cancel.'),
  status: z.enum(['placed', 'cancelled']).describe('Whether the order stands.'),
  total: z.string().describe('The total as people write it, e.g. "JPY 3960".'),
  total_minor: z.number().int().describe("The total as a whole number of the currency's smallest unit."),
  currency: z.string().describe('ISO 4217 code of the currency of all amounts in this order.'),
  line_count: z.number().int().describe('How many different products were ordered.'),
  note: z.string().describe('What the person wanted the business to know; empty when nothing.'),
  created_at: z.string(),
  cancelled_at: z.string().nullable().describe('When it was cancelled, in UTC; null while it stands.'),
}

export const orderSummaryOutput = z.object(summaryShape)

export const orderOutput = z.object({
  ...summaryShape,
  lines: z
    .array(
      z.object({
        product_id: z.string(),
        title: z.string().describe('What the product was called when it was ordered.'),
        quantity: z.number().int().describe('How many.'),
        unit_price: z.string().describe('The price of one when it was ordered.'),
        unit_price_minor: z.number().int().describe("The same as a whole number of the currency's smallest unit."),
        amount: z.string().describe('Price times quantity.'),
        amount_minor: z.number().int().describe("The same as a whole number of the currency's smallest unit."),
      }),
    )
    .describe('What was ordered, in the order it was asked for. Prices stay as they were then.'),
})

export function showSummary(row: OrderRow): z.input<typeof orderSummaryOutput> {
  const totalMinor = Number(row.total_minor)
  return {
    id: row.id,
    status: row.status,
    total: formatMoney(totalMinor, row.currency),
    total_minor: totalMinor,
    currency: row.currency,
    line_count: row.line_count,
    note: row.note,
    created_at: row.created_at.toISOString(),
    cancelled_at: row.cancelled_at?.toISOString() ?? null,
  }
}

/**
 * One order of a person with its lines.
 * Throws Problem not-found when there is no such order, or it is someone else's: which of the two is not told.
 */
export async function requireOrder(sql: Sql, id: string, userId: string): Promise<z.input<typeof orderOutput>> {
  const [row] = await sql.query<OrderRow>(`SELECT ${orderColumns} FROM orders o WHERE o.id = $1 AND o.user_id = $2`, [
    id,
    userId,
  ])
  if (!row) throw noSuchOrder(id)
  const lines = await sql.query<LineRow>(
    'SELECT product_id, title, unit_price_minor, quantity FROM order_lines WHERE order_id = $1 ORDER BY line',
    [id],
  )
  return { ...showSummary(row), lines: lines.map((line) => showLine(line, row.currency)) }
}

export function noSuchOrder(id: string): Problem {
  return new Problem('not-found', `You have no order ${id}. Call order.list for the ids of your orders.`)
}

function showLine(line: LineRow, currency: string) {
  const unitPriceMinor = Number(line.unit_price_minor)
  const amountMinor = unitPriceMinor * line.quantity
  return {
    product_id: line.product_id,
    title: line.title,
    quantity: line.quantity,
    unit_price: formatMoney(unitPriceMinor, currency),
    unit_price_minor: unitPriceMinor,
    amount: formatMoney(amountMinor, currency),
    amount_minor: amountMinor,
  }
}
