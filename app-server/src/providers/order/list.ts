// order.list: the caller's own orders, the latest first.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { positionId } from '../inputs.js'
import { defineTool } from '../provider.js'
import { type OrderRow, orderColumns, orderSummaryOutput, showSummary } from './orders.js'

const position = z.tuple([positionId])

export const listTool = defineTool({
  name: 'order.list',
  title: 'List my orders',
  description:
    'Lists the orders of the signed-in person, the latest first, with totals but without lines. For the lines of one, call order.get.',
  scope: 'order:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ ...pageInput }),
  output: z.object({ orders: z.array(orderSummaryOutput).describe('The latest first.'), ...pageOutput }),
  async run(input, { caller, database }) {
    const after = fromCursor(input.cursor, position)
    // Ids of version 7 grow with time, so they are the order of placing and need no second key.
    const rows = await database.query<OrderRow>(
      `SELECT ${orderColumns} FROM orders o
        WHERE o.user_id = $1 AND ($2::uuid IS NULL OR o.id < $2) ORDER BY o.id DESC LIMIT $3`,
      [caller.userId, after?.[0] ?? null, input.limit + 1],
    )
    const { items, next_cursor } = toPage(rows, input.limit, (row) => [row.id])
    return { orders: items.map(showSummary), next_cursor }
  },
})
