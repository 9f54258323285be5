// Holds a wished start against what the service offers, and names the free starts near it when it does not fit.
import { Problem } from '@sekisho/contracts'
import type { Sql } from '../../platform/database/database.js'
import { dayAt, toLocalIso } from '../zone.js'
import type { Place } from './bookings.js'
import { findFreeSlots, showSlot } from './free-slots.js'
import { startsOn } from './opening-hours.js'
import { bookableWindow, type Service } from './services.js'

/** How many free slots an answer names. */
const namedSlots = 5
/** How far ahead they are looked for. */
const searchDays = 31

/** A place somebody asked for, and when they asked. */
export interface Wish extends Place {
  readonly nowMs: number
}

/** Throws Problem invalid-arguments, with the free slots near it, for a start that the service does not offer. */
export async function requireOfferedStart(sql: Sql, wish: Wish): Promise<void> {
  const { service, startMs, nowMs } = wish
  const why = whyNotOffered(service, startMs, nowMs)
  if (why === undefined) return
  const start = toLocalIso(service.timeZone, startMs)
  throw await withFreeSlots(sql, wish, 'invalid-arguments', `${service.title} cannot start at ${start}: ${why}.`)
}

/** The Problem slot-taken for a start whose places are all occupied, with the free slots near it. */
export function slotTaken(sql: Sql, wish: Wish): Promise<Problem> {
  const { service, startMs } = wish
  const start = toLocalIso(service.timeZone, startMs)
  return withFreeSlots(sql, wish, 'slot-taken', `${start} is no longer free for ${service.title}.`)
}

function whyNotOffered(service: Service, startMs: number, nowMs: number): string | undefined {
  const { earliestMs, latestMs } = bookableWindow(service, nowMs)
  if (startMs < nowMs) return `that is in the past (it is ${toLocalIso(service.timeZone, nowMs)} now)`
  if (startMs < earliestMs) return `it has to be booked at least ${service.minNoticeMinutes} minutes ahead`
  if (startMs > latestMs) return `it can be booked at most ${service.maxDaysAhead} days ahead`
  const offered = [...startsOn(service, dayAt(service.timeZone, startMs))]
  if (offered.length === 0) return 'it is closed on that day'
  if (offered.includes(startMs)) return undefined
  return `it starts every ${service.slotStepMinutes} minutes within the opening hours and takes ${service.durationMinutes} minutes`
}

async function withFreeSlots(
  sql: Sql,
  wish: Wish,
  code: 'slot-taken' | 'invalid-arguments',
  what: string,
): Promise<Problem> {
  const { service } = wish
  const slots = (await findNear(sql, wish)).map((slot) => showSlot(service, slot))
  const next =
    slots.length > 0
      ? `Next free (${service.timeZone}): ${slots.map(({ start }) => start).join(', ')}. Agree on one with the person and call again with it, or see more with booking.find_slots.`
      : `No free slot was found in ${searchDays} days from ${toLocalIso(service.timeZone, searchedFrom(wish))} on. Look at other dates with booking.find_slots.`
  return new Problem(code, `${what} ${next}`, { free_slots: slots, time_zone: service.timeZone })
}

async function findNear(sql: Sql, wish: Wish) {
  const { service, nowMs, userId: forUserId } = wish
  const fromMs = searchedFrom(wish)
  const day = dayAt(service.timeZone, fromMs)
  const search = { nowMs, limit: namedSlots, forUserId }
  return findFreeSlots(sql, service, { ...search, fromDay: day, toDay: day + searchDays, afterMs: fromMs - 1 })
}

/** Outside of what can be booked at all, the nearest thing to offer is what can be booked soonest. */
function searchedFrom({ service, startMs, nowMs }: Wish): number {
  const { earliestMs, latestMs } = bookableWindow(service, nowMs)
  return startMs < earliestMs || startMs > latestMs ? earliestMs : startMs
}
