// What can be booked: services as the tables hold them, with their timetable.
import { Problem } from '@sekisho/contracts'
import type { Sql } from '../../platform/database/database.js'
import type { OpeningPeriod, Timetable } from './opening-hours.js'

const dayMs = 86_400_000

export interface Service extends Timetable {
  readonly id: string
  readonly title: string
  readonly description: string
  /** How many bookings may run at the same time. */
  readonly capacity: number
  readonly minNoticeMinutes: number
  readonly maxDaysAhead: number
}

const columns = `
  s.id, s.title, s.description, s.time_zone AS "timeZone", s.duration_minutes AS "durationMinutes",
  s.slot_step_minutes AS "slotStepMinutes", s.capacity, s.min_notice_minutes AS "minNoticeMinutes",
  s.max_days_ahead AS "maxDaysAhead",
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'weekday', h.weekday, 'opensMinute', h.opens_minute, 'closesMinute', h.closes_minute
          ) ORDER BY h.weekday, h.opens_minute), '[]')
     FROM booking_hours h WHERE h.service_id = s.id) AS hours`

/** Active services in the order of their ids, from after one of them on. */
export function listServices(sql: Sql, afterId: string | undefined, limit: number): Promise<Service[]> {
  return sql.query<Service>(
    `SELECT ${columns} FROM booking_services s
      WHERE s.active AND ($1::uuid IS NULL OR s.id > $1) ORDER BY s.id LIMIT $2`,
    [afterId ?? null, limit],
  )
}

/** Throws Problem not-found when there is no such service, or it is no longer offered. */
export async function requireService(sql: Sql, id: string): Promise<Service> {
  const [service] = await sql.query<Service>(`SELECT ${columns} FROM booking_services s WHERE s.id = $1 AND s.active`, [
    id,
  ])
  if (!service) {
    throw new Problem(
      'not-found',
      `There is no service ${id} to book. Call booking.list_services for the ids of those there are.`,
    )
  }
  return service
}

/** The first and the last moment a booking made now may start, in milliseconds since 1970. */
export function bookableWindow(service: Service, nowMs: number): { earliestMs: number; latestMs: number } {
  return {
    earliestMs: nowMs + service.minNoticeMinutes * 60_000,
    latestMs: nowMs + service.maxDaysAhead * dayMs,
  }
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export const weekdayNames = weekdays

/** Opening hours as a person writes them: monday, 10:00, 19:00. */
export function showHours({ weekday, opensMinute, closesMinute }: OpeningPeriod) {
  return {
    weekday: weekdays[weekday - 1] ?? 'monday',
    opens: clock(opensMinute),
    closes: clock(closesMinute),
  }
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
