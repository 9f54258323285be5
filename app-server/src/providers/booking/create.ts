// booking.create: takes a place in a slot for the caller.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { id, text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { requireInstant, time } from '../time-input.js'
import { bookingOutput, requireBooking, requireNoOverlap, showBooking, takePlace } from './bookings.js'
import { requireOfferedStart, slotTaken, type Wish } from './offered-starts.js'
import { requireService } from './services.js'

export const createTool = defineTool({
  name: 'booking.create',
  title: 'Book a slot',
  description:
    'Books one slot of a service for the signed-in person. Find a free start with booking.find_slots first and let the person agree to it. When someone else was faster, the error slot-taken names the next free slots.',
  scope: 'booking:create',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    service_id: id('The id of the service, from booking.list_services.'),
    start: time(
      'The start of the slot in ISO 8601, best as booking.find_slots gave it. Without an offset it is local time of the service.',
    ),
    note: text({ max: 500 })
      .default('')
      .describe(
        'Anything the person wants the business to know, such as an allergy or a wish. At most 500 characters.',
      ),
    ...idempotencyInput,
  }),
  redact: ['note'],
  output: z.object({
    booking: bookingOutput.describe('The new booking.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  run: (input, { caller, once }) =>
    once(async (sql) => {
      const service = await requireService(sql, input.service_id)
      const startMs = requireInstant(input.start, service.timeZone)
      const wish: Wish = { service, startMs, userId: caller.userId, nowMs: Date.now() }
      await requireOfferedStart(sql, wish)
      const bookingId = await takePlace(sql, wish, input.note)
      if (bookingId === undefined) {
        await requireNoOverlap(sql, wish)
        throw await slotTaken(sql, wish)
      }
      const booking = showBooking(await requireBooking(sql, bookingId, caller.userId, 'unlocked'))
      return {
        booking,
        message: `${service.title} is booked from ${booking.start} to ${booking.end} (${booking.time_zone}). To move or cancel it, use booking.reschedule or booking.cancel with booking_id ${booking.id}.`,
      }
    }),
})
