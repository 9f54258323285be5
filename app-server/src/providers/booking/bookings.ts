// A person's bookings: the row, how it is shown, and how a place is won.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Sql } from '../../platform/database/database.js'
import { toLocalIso } from '../zone.js'
import type { Service } from './services.js'

export interface Booking {
  readonly id: string
  readonly serviceId: string
  readonly service: string
  readonly timeZone: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly status: 'confirmed' | 'cancelled'
  readonly note: string
  readonly createdAt: Date
  readonly cancelledAt: Date | null
}

/** Where a booking is wanted, and for whom. */
export interface Place {
  readonly service: Service
  readonly userId: string
  readonly startMs: number
}

/** To be followed by WHERE; `b` is the booking, `s` its service. */
export const selectBookings = `
  SELECT b.id, b.service_id AS "serviceId", s.title AS service, s.time_zone AS "timeZone", b.starts_at AS "startsAt",
         b.ends_at AS "endsAt", b.status, b.note, b.created_at AS "createdAt", b.cancelled_at AS "cancelledAt"
    FROM bookings b JOIN booking_services s ON s.id = b.service_id`

/** Throws Problem not-found when there is no such booking, or it is someone else's: which of the two is not told. */
export async function requireBooking(sql: Sql, id: string, userId: string, lock: 'locked' | 'unlocked') {
  const [booking] = await sql.query<Booking>(
    `${selectBookings} WHERE b.id = $1 AND b.user_id = $2 ${lock === 'locked' ? 'FOR NO KEY UPDATE OF b' : ''}`,
    [id, userId],
  )
  if (!booking) {
    throw new Problem('not-found', `You have no booking ${id}. Call booking.list for the ids of your bookings.`)
  }
  return booking
}

/** Throws Problem conflict, with the booking, when the person is booked for the same service at that time already. */
export async function requireNoOverlap(sql: Sql, { service, userId, startMs }: Place): Promise<void> {
  const [overlap] = await sql.query<Booking>(
    `${selectBookings} WHERE b.service_id = $1 AND b.user_id = $2 AND b.status = 'confirmed'
        AND tstzrange(b.starts_at, b.ends_at) && tstzrange($3, $3::timestamptz + make_interval(mins => $4))
      ORDER BY b.starts_at LIMIT 1`,
    [service.id, userId, new Date(startMs).toISOString(), service.durationMinutes],
  )
  if (!overlap) return
  const booking = showBooking(overlap)
  throw new Problem(
    'conflict',
    `There is already a booking of ${booking.service} for this person at ${booking.start} (booking_id ${booking.id}), and it overlaps. Move that one with booking.reschedule, cancel it with booking.cancel, or pick another time.`,
    { booking },
  )
}

/**
 * Books the lowest free place, and gives the new booking's id; undefined when no place is left or the person is booked
 * then already.
 * Whether a place is free is decided by the constraints: the INSERT waits for others who are taking the same place
 * and yields to them when they commit.
 */
export async function takePlace(sql: Sql, { service, userId, startMs }: Place, note: string) {
  const start = new Date(startMs).toISOString()
  const free = await sql.query<{ place: number }>(
    `SELECT p.place FROM generate_series(1, $2::int) AS p (place)
      WHERE NOT EXISTS (
        SELECT FROM bookings b
         WHERE b.service_id = $1 AND b.status = 'confirmed' AND (b.place = p.place OR b.user_id = $5)
           AND tstzrange(b.starts_at, b.ends_at) && tstzrange($3, $3::timestamptz + make_interval(mins => $4)))
      ORDER BY p.place`,
    [service.id, service.capacity, start, service.durationMinutes, userId],
  )
  for (const { place } of free) {
    const [taken] = await sql.query<{ id: string }>(
      `INSERT INTO bookings (service_id, user_id, place, starts_at, ends_at, note)
       VALUES ($1, $2, $3, $4, $4::timestamptz + make_interval(mins => $5), $6)
       ON CONFLICT DO NOTHING RETURNING id`,
      [service.id, userId, place, start, service.durationMinutes, note],
    )
    if (taken) return taken.id
  }
  return undefined
}

export const bookingOutput = z.object({
  id: z.string().describe('The id of the booking, for booking.reschedule and booking.cancel.'),
  service_id: z.string(),
  service: z.string(),
  start: z.string().describe('Local start with its offset.'),
  end: z.string().describe('Local end with its offset.'),
  time_zone: z.string().describe('The IANA time zone of the service.'),
  status: z.enum(['confirmed', 'cancelled']).describe('Whether the booking stands.'),
  note: z.string().describe('What the person wanted the business to know; empty when nothing.'),
  created_at: z.string(),
  cancelled_at: z.string().nullable().describe('When it was cancelled, in UTC; null while it stands.'),
})

export function showBooking(booking: Booking): z.input<typeof bookingOutput> {
  return {
    id: booking.id,
    service_id: booking.serviceId,
    service: booking.service,
    start: toLocalIso(booking.timeZone, booking.startsAt.getTime()),
    end: toLocalIso(booking.timeZone, booking.endsAt.getTime()),
    time_zone: booking.timeZone,
    status: booking.status,
    note: booking.note,
    created_at: booking.createdAt.toISOString(),
    cancelled_at: booking.cancelledAt?.toISOString() ?? null,
  }
}
