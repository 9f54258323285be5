// order.cancel: takes an order back and returns its products to stock, once.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { noSuchOrder, orderOutput, requireOrder } from './orders.js'
import { type Line, returnStock } from './stock.js'

export const cancelTool = defineTool({
  name: 'order.cancel',
  title: 'Cancel an order',
  description:
    'Cancels an order of the signed-in person and returns its products to stock. This cannot be undone: let the person confirm it. Cancelling a cancelled order changes nothing.',
  scope: 'order:create',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    order_id: id('The id of the order, from order.list or order.create.'),
    ...idempotencyInput,
  }),
  output: z.object({
    order: orderOutput.describe('The order as it is now.'),
    outcome: z
      .enum(['cancelled', 'already_cancelled'])
      .describe('Whether this call cancelled it or an earlier one did.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  run: (input, { caller, once }) =>
    once(async (sql) => {
      const [before] = await sql.query<{ status: string }>(
        'SELECT status FROM orders WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE',
        [input.order_id, caller.userId],
      )
      if (!before) throw noSuchOrder(input.order_id)
      if (before.status === 'cancelled') {
        const order = await requireOrder(sql, input.order_id, caller.userId)
        const message = `This order was cancelled before, at ${order.cancelled_at}. Nothing changed.`
        return { order, outcome: 'already_cancelled' as const, message }
      }
      const lines = await sql.query<Line>('SELECT product_id, quantity FROM order_lines WHERE order_id = $1', [
        input.order_id,
      ])
      await returnStock(sql, lines)
      await sql.query(`UPDATE orders SET status = 'cancelled', cancelled_at = now() WHERE id = $1`, [input.order_id])
      const order = await requireOrder(sql, input.order_id, caller.userId)
      return {
        order,
        outcome: 'cancelled' as const,
        message: `The order over ${order.total} is cancelled. To order again, use order.create.`,
      }
    }),
})
