// order.get: one of the caller's orders with its lines.
import { z } from 'zod'
import { id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { orderOutput, requireOrder } from './orders.js'

export const getTool = defineTool({
  name: 'order.get',
  title: 'Show an order',
  description:
    'Shows one order of the signed-in person with its lines, at the prices of the moment it was placed. Get order_id from order.list.',
  scope: 'order:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ order_id: id('The id of the order, from order.list or order.create.') }),
  output: z.object({ order: orderOutput.describe('The order as it is now.') }),
  run: async (input, { caller, database }) => ({ order: await requireOrder(database, input.order_id, caller.userId) }),
})
