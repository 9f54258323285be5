// booking.reschedule: moves a booking to another slot of its service, or leaves it where it is.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Sql } from '../../platform/database/database.js'
import { idempotencyInput } from '../idempotency.js'
import { id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { requireInstant, time } from '../time-input.js'
import { type Booking, bookingOutput, requireBooking, requireNoOverlap, showBooking, takePlace } from './bookings.js'
import { requireOfferedStart, slotTaken, type Wish } from './offered-starts.js'
import { requireService } from './services.js'

export const rescheduleTool = defineTool({
  name: 'booking.reschedule',
  title: 'Move a booking',
  description:
    'Moves a booking of the signed-in person to another slot of the same service. The old slot is kept until the new one is certain: when the new one is taken, nothing changes and the error slot-taken names the next free slots. Get booking_id from booking.list and a free start from booking.find_slots.',
  scope: 'booking:update',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    booking_id: id('The id of the booking, from booking.list or booking.create.'),
    start: time(
      'The new start in ISO 8601, best as booking.find_slots gave it. Without an offset it is local time of the service.',
    ),
    ...idempotencyInput,
  }),
  output: z.object({
    booking: bookingOutput.describe('The booking as it is now.'),
    outcome: z.enum(['moved', 'unchanged']).describe('unchanged when it started at that time already.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  run: (input, { caller, once }) =>
    once(async (sql) => {
      const booking = await requireMovable(sql, input.booking_id, caller.userId)
      const startMs = requireInstant(input.start, booking.timeZone)
      if (startMs === booking.startsAt.getTime()) {
        const same = showBooking(booking)
        const message = `Nothing had to change: ${same.service} is booked at ${same.start} already.`
        return { booking: same, outcome: 'unchanged' as const, message }
      }
      const service = await requireService(sql, booking.serviceId)
      await move(sql, booking, { service, startMs, userId: caller.userId, nowMs: Date.now() })
      const moved = showBooking(await requireBooking(sql, booking.id, caller.userId, 'unlocked'))
      return {
        booking: moved,
        outcome: 'moved' as const,
        message: `${moved.service} now starts at ${moved.start} and ends at ${moved.end} (${moved.time_zone}). The old slot is free again.`,
      }
    }),
})

async function requireMovable(sql: Sql, bookingId: string, userId: string): Promise<Booking> {
  const booking = await requireBooking(sql, bookingId, userId, 'locked')
  if (booking.status === 'cancelled') {
    throw new Problem('conflict', 'This booking was cancelled. Book a new slot with booking.create.')
  }
  if (booking.startsAt.getTime() <= Date.now()) {
    throw new Problem('conflict', 'This booking has begun or is over, so it cannot be moved any more.')
  }
  return booking
}

/**
 * An UPDATE has no ON CONFLICT, and two that wait for each other's place would be a deadlock. So the new place is won
 * by an INSERT, as in booking.create, and then handed over to the booking. Meanwhile the booking steps out of both
 * constraints, so that it can move into an overlap with itself. A throw undoes all of it.
 */
async function move(sql: Sql, booking: Booking, wish: Wish): Promise<void> {
  await sql.query(`UPDATE bookings SET status = 'moving' WHERE id = $1`, [booking.id])
  await requireOfferedStart(sql, wish)
  const wonId = await takePlace(sql, wish, '')
  if (wonId === undefined) {
    await requireNoOverlap(sql, wish)
    throw await slotTaken(sql, wish)
  }
  const [won] = await sql.query<{ place: number; starts_at: Date; ends_at: Date }>(
    'DELETE FROM bookings WHERE id = $1 RETURNING place, starts_at, ends_at',
    [wonId],
  )
  await sql.query(`UPDATE bookings SET status = 'confirmed', place = $2, starts_at = $3, ends_at = $4 WHERE id = $1`, [
    booking.id,
    won?.place,
    won?.starts_at,
    won?.ends_at,
  ])
}
