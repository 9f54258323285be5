// Which starts of a service are still free, counted by Postgres in batches.
import { z } from 'zod'
import type { Sql } from '../../platform/database/database.js'
import { dayAt, toLocalIso } from '../zone.js'
import { startsOn } from './opening-hours.js'
import { bookableWindow, type Service } from './services.js'

const minuteMs = 60_000
/** Starts looked at in one statement, at most. */
const maxBatch = 500

export interface FreeSlot {
  readonly startMs: number
  readonly freePlaces: number
}

export interface SlotSearch {
  /** Local days of the service, counted from 1970-01-01, both included. */
  readonly fromDay: number
  readonly toDay: number
  /** Only starts later than this. */
  readonly afterMs?: number
  readonly nowMs: number
  /** How many to find at most. */
  readonly limit: number
  /** Leaves out what this person could not take, because they are booked for the same service then. */
  readonly forUserId?: string
}

/** Free slots in ascending order. A slot is free when one place is unoccupied for the whole duration. */
export async function findFreeSlots(sql: Sql, service: Service, search: SlotSearch): Promise<FreeSlot[]> {
  const found: FreeSlot[] = []
  // Mostly there is more free than wanted; batches grow only where much is taken.
  let batchSize = Math.min(search.limit, maxBatch)
  let batch: number[] = []
  for (const startMs of candidates(service, search)) {
    batch.push(startMs)
    if (batch.length < batchSize) continue
    found.push(...(await freeAmong(sql, service, batch, search)))
    if (found.length >= search.limit) return found.slice(0, search.limit)
    batch = []
    batchSize = Math.min(batchSize * 2, maxBatch)
  }
  if (batch.length > 0) found.push(...(await freeAmong(sql, service, batch, search)))
  return found.slice(0, search.limit)
}

async function freeAmong(
  sql: Sql,
  service: Service,
  startsMs: readonly number[],
  search: SlotSearch,
): Promise<FreeSlot[]> {
  // Occupied places are counted once each: with a step shorter than the duration, two bookings of one place can both
  // touch a slot. Places beyond the capacity are left over from when it was larger.
  const rows = await sql.query<{ n: number; free: number }>(
    `SELECT s.n::int AS n, $3 - taken.places AS free
       FROM unnest($2::timestamptz[]) WITH ORDINALITY AS s (starts_at, n)
      CROSS JOIN LATERAL (
        SELECT count(DISTINCT b.place)::int AS places FROM bookings b
         WHERE b.service_id = $1 AND b.status = 'confirmed' AND b.place <= $3
           AND tstzrange(b.starts_at, b.ends_at) && tstzrange(s.starts_at, s.starts_at + make_interval(mins => $4))
      ) AS taken
      WHERE taken.places < $3
        AND NOT EXISTS (
          SELECT FROM bookings b
           WHERE b.service_id = $1 AND b.status = 'confirmed' AND b.user_id = $5
             AND tstzrange(b.starts_at, b.ends_at) && tstzrange(s.starts_at, s.starts_at + make_interval(mins => $4))
        )
      ORDER BY s.n`,
    [
      service.id,
      startsMs.map((startMs) => new Date(startMs).toISOString()),
      service.capacity,
      service.durationMinutes,
      search.forUserId ?? null,
    ],
  )
  return rows.flatMap(({ n, free }) => {
    const startMs = startsMs[n - 1]
    return startMs === undefined ? [] : [{ startMs, freePlaces: free }]
  })
}

function* candidates(service: Service, search: SlotSearch): Generator<number, void> {
  const { earliestMs, latestMs } = bookableWindow(service, search.nowMs)
  const firstDay = Math.max(search.fromDay, dayAt(service.timeZone, earliestMs))
  const lastDay = Math.min(search.toDay, dayAt(service.timeZone, latestMs))
  for (let day = firstDay; day <= lastDay; day++) {
    for (const startMs of startsOn(service, day)) {
      if (startMs < earliestMs || startMs > latestMs) continue
      if (search.afterMs !== undefined && startMs <= search.afterMs) continue
      yield startMs
    }
  }
}

export const slotOutput = z.object({
  start: z.string().describe('Local start with its offset; give it to booking.create as it is.'),
  end: z.string().describe('Local end with its offset.'),
  free_places: z.number().int().describe('How many more bookings this slot takes.'),
})

export function showSlot(service: Service, slot: FreeSlot): z.input<typeof slotOutput> {
  return {
    start: toLocalIso(service.timeZone, slot.startMs),
    end: toLocalIso(service.timeZone, slot.startMs + service.durationMinutes * minuteMs),
    free_places: slot.freePlaces,
  }
}
