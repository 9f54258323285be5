// booking.cancel: gives the place of a booking back.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { bookingOutput, requireBooking, showBooking } from './bookings.js'

export const cancelTool = defineTool({
  name: 'booking.cancel',
  title: 'Cancel a booking',
  description:
    'Cancels a booking of the signed-in person and frees its slot for others. This cannot be undone, the slot may be gone at once: let the person confirm it, and use booking.reschedule when they only want another time. Cancelling a cancelled booking changes nothing.',
  scope: 'booking:delete',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    booking_id: id('The id of the booking, from booking.list or booking.create.'),
    ...idempotencyInput,
  }),
  output: z.object({
    booking: bookingOutput.describe('The booking as it is now.'),
    outcome: z
      .enum(['cancelled', 'already_cancelled'])
      .describe('Whether this call cancelled it or an earlier one did.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  run: (input, { caller, once }) =>
    once(async (sql) => {
      const before = await requireBooking(sql, input.booking_id, caller.userId, 'locked')
      if (before.status === 'cancelled') {
        const booking = showBooking(before)
        const message = `This booking was cancelled before, at ${booking.cancelled_at}. Nothing changed.`
        return { booking, outcome: 'already_cancelled' as const, message }
      }
      if (before.startsAt.getTime() <= Date.now()) {
        throw new Problem('conflict', 'This booking has begun or is over, so it cannot be cancelled any more.')
      }
      await sql.query(`UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE id = $1`, [before.id])
      const booking = showBooking(await requireBooking(sql, before.id, caller.userId, 'unlocked'))
      return {
        booking,
        outcome: 'cancelled' as const,
        message: `${booking.service} at ${booking.start} is cancelled and its slot is free again. To book another time, use booking.find_slots and booking.create.`,
      }
    }),
})
