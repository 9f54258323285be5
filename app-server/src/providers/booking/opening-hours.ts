// From opening hours to the starts a service offers: pure arithmetic, no database.
import { firstInstantAt } from '../zone.js'

const dayMs = 86_400_000
const minuteMs = 60_000

/** Open from one minute of a local day to another; 1440 is the midnight that ends it. */
export interface OpeningPeriod {
  /** 1 is Monday, 7 is Sunday (ISO 8601). */
  readonly weekday: number
  readonly opensMinute: number
  readonly closesMinute: number
}

/** What decides which starts a service offers. */
export interface Timetable {
  readonly timeZone: string
  readonly durationMinutes: number
  /** From one start to the next within an opening period. */
  readonly slotStepMinutes: number
  /** In the order of their opening; no two of a weekday overlap. */
  readonly hours: readonly OpeningPeriod[]
}

/**
 * The starts offered on one local day, as instants in ascending order.
 * Steps are counted in elapsed time from the opening, so that on the day of a clock change no start is offered twice,
 * none in the skipped hour, and an appointment always has its whole length before closing.
 * @param day days since 1970-01-01 on the service's calendar
 */
export function* startsOn(timetable: Timetable, day: number): Generator<number, void> {
  // 1970-01-01 was a Thursday, 4.
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1
  for (const period of timetable.hours) {
    if (period.weekday !== weekday) continue
    const opensMs = firstInstantAt(timetable.timeZone, day * dayMs + period.opensMinute * minuteMs)
    const closesMs = firstInstantAt(timetable.timeZone, day * dayMs + period.closesMinute * minuteMs)
    const lastMs = closesMs - timetable.durationMinutes * minuteMs
    for (let startMs = opensMs; startMs <= lastMs; startMs += timetable.slotStepMinutes * minuteMs) yield startMs
  }
}
