// Services to book in tests, and the bookings a test starts from.
import type { Caller } from '../src/providers/provider.js'
import type { Bench } from './provider-bench.js'

export const minuteMs = 60_000
export const dayMs = 86_400_000

export interface ServiceOptions {
  timeZone?: string
  durationMinutes?: number
  slotStepMinutes?: number
  capacity?: number
  minNoticeMinutes?: number
  maxDaysAhead?: number
  /** Minutes of the day, for every weekday. Open around the clock unless told. */
  hours?: readonly (readonly [opens: number, closes: number])[]
}

/** A service that is open every day; gives its id. */
export async function makeService(bench: Bench, options: ServiceOptions = {}): Promise<string> {
  const [service] = await bench.database.query<{ id: string }>(
    `INSERT INTO booking_services (title, description, time_zone, duration_minutes, slot_step_minutes, capacity,
                                   min_notice_minutes, max_days_ahead)
     VALUES ('Haircut', '', $1, $2, $3, $4, $5, $6) RETURNING id`,
    [
      options.timeZone ?? 'Asia/Tokyo',
      options.durationMinutes ?? 60,
      options.slotStepMinutes ?? options.durationMinutes ?? 60,
      options.capacity ?? 1,
      options.minNoticeMinutes ?? 0,
      options.maxDaysAhead ?? 90,
    ],
  )
  if (!service) throw new Error('a service was not kept')
  for (const [opens, closes] of options.hours ?? [[0, 1440]]) {
    await bench.database.query(
      `INSERT INTO booking_hours (service_id, weekday, opens_minute, closes_minute)
       SELECT $1, weekday, $2, $3 FROM generate_series(1, 7) AS weekday`,
      [service.id, opens, closes],
    )
  }
  return service.id
}

/** Taken once, so that a test which runs over midnight keeps its days. */
const loadedMs = Date.now()

/** A start in Tokyo (which never changes its clocks) so many days from today. */
export function tokyo(daysAhead: number, hour: number, minute = 0): string {
  const date = new Date(loadedMs + 9 * 60 * minuteMs + daysAhead * dayMs).toISOString().slice(0, 10)
  return `${date}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00+09:00`
}

export interface ShownBooking {
  id: string
  start: string
  end: string
  status: string
  note: string
  time_zone: string
  cancelled_at: string | null
}

export async function book(bench: Bench, caller: Caller, serviceId: string, start: string): Promise<ShownBooking> {
  const { booking } = await bench.call<{ booking: ShownBooking }>(caller, 'booking.create', {
    service_id: serviceId,
    start,
  })
  return booking
}

export function move(bench: Bench, caller: Caller, booking_id: string, start: string, more = {}) {
  return bench.call<{ booking: ShownBooking; outcome: string; message: string }>(caller, 'booking.reschedule', {
    booking_id,
    start,
    ...more,
  })
}

export function cancel(bench: Bench, caller: Caller, booking_id: string) {
  return bench.call<{ booking: ShownBooking; outcome: string; message: string }>(caller, 'booking.cancel', {
    booking_id,
  })
}

/** Puts a booking of an hour where no tool would allow it, e.g. into the past; gives its id. */
export async function plant(bench: Bench, caller: Caller, serviceId: string, startsAt: Date): Promise<string> {
  const [row] = await bench.database.query<{ id: string }>(
    `INSERT INTO bookings (service_id, user_id, place, starts_at, ends_at)
     VALUES ($1, $2, 1, $3, $3::timestamptz + interval '1 hour') RETURNING id`,
    [serviceId, caller.userId, startsAt],
  )
  if (!row) throw new Error('a booking was not kept')
  return row.id
}

/** The starts that a refusal names. */
export function freeStarts(problem: { members: Record<string, unknown> }): string[] {
  return (problem.members.free_slots as { start: string }[]).map(({ start }) => start)
}

export async function upcoming(bench: Bench, caller: Caller): Promise<ShownBooking[]> {
  const { bookings } = await bench.call<{ bookings: ShownBooking[] }>(caller, 'booking.list', { limit: 100 })
  return bookings
}

/** How many pairs of confirmed bookings share a place, and how many a person: both must always be 0. */
export async function overlaps(bench: Bench): Promise<{ places: number; people: number }> {
  const [row] = await bench.database.query<{ places: number; people: number }>(
    `SELECT count(*) FILTER (WHERE a.place = b.place)::int AS places,
            count(*) FILTER (WHERE a.user_id = b.user_id)::int AS people
       FROM bookings a JOIN bookings b ON a.id < b.id AND a.service_id = b.service_id
      WHERE a.status = 'confirmed' AND b.status = 'confirmed' AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at`,
  )
  return row ?? { places: -1, people: -1 }
}
