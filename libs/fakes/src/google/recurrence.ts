// The dates of a recurring event: DAILY, WEEKLY, MONTHLY and YEARLY rules with INTERVAL, COUNT, UNTIL, BYDAY and BYMONTHDAY
// (RFC 5545, section 3.3.10), and EXDATE. Everything is reckoned in wall time, so that a meeting stays at ten when clocks change.
import { dayMs } from './wall-clock.js'

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** Most dates one series is worked out for. */
const maxDates = 3_000

interface Rule {
  freq: string
  interval: number
  count: number
  untilWallMs: number
  days: { weekday: number; ordinal: number }[]
  monthDays: number[]
}

/**
 * The starts of a series, in wall time, in order, up to a wall time.
 * @param toWall turns an instant (of UNTIL or EXDATE in UTC) into wall time of the series
 * Throws RangeError for a rule that cannot be read.
 */
export function seriesStarts(
  lines: readonly string[],
  firstWallMs: number,
  lastWallMs: number,
  toWall: (instantMs: number) => number,
): number[] {
  const rules = lines.filter((line) => line.startsWith('RRULE:')).map((line) => ruleOf(line.slice(6), toWall))
  const without = new Set(
    lines
      .filter((line) => line.startsWith('EXDATE'))
      .flatMap((line) =>
        line
          .slice(line.indexOf(':') + 1)
          .split(',')
          .map((value) => wallOf(value, toWall)),
      ),
  )
  const starts = new Set(rules.length === 0 ? [firstWallMs] : [])
  for (const rule of rules) for (const start of startsOf(rule, firstWallMs, lastWallMs)) starts.add(start)
  return [...starts].filter((start) => !without.has(start)).sort((a, b) => a - b)
}

function ruleOf(text: string, toWall: (instantMs: number) => number): Rule {
  const parts = Object.fromEntries(text.split(';').map((part) => part.split('=') as [string, string]))
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(parts.FREQ ?? ''))
    throw new RangeError('Invalid recurrence rule.')
  const days = (parts.BYDAY ?? '')
    .split(',')
    .filter(Boolean)
    .map((value) => {
      const [, ordinal = '', name = ''] = /^([+-]?\d*)(SU|MO|TU|WE|TH|FR|SA)$/.exec(value) ?? []
      if (!name) throw new RangeError('Invalid recurrence rule.')
      return { weekday: weekdays.indexOf(name), ordinal: Number(ordinal || 0) }
    })
  return {
    freq: parts.FREQ ?? '',
    interval: Math.max(1, Number(parts.INTERVAL ?? 1)),
    count: parts.COUNT ? Number(parts.COUNT) : Number.POSITIVE_INFINITY,
    untilWallMs: parts.UNTIL ? wallOf(parts.UNTIL, toWall, true) : Number.POSITIVE_INFINITY,
    days,
    monthDays: (parts.BYMONTHDAY ?? '').split(',').filter(Boolean).map(Number),
  }
}

function wallOf(value: string, toWall: (instantMs: number) => number, wholeDay = false): number {
  const [, date = '', time, utc] = /^(\d{8})(?:T(\d{6})(Z)?)?$/.exec(value) ?? []
  if (!date) throw new RangeError('Invalid recurrence rule.')
  const clock = time ? `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}` : '00:00:00'
  const ms = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${clock}Z`)
  if (time === undefined) return wholeDay ? ms + dayMs - 1 : ms
  return utc ? toWall(ms) : ms
}

function startsOf(rule: Rule, firstWallMs: number, lastWallMs: number): number[] {
  const starts: number[] = []
  const last = Math.min(lastWallMs, rule.untilWallMs)
  for (let period = 0; period < maxDates && starts.length < Math.min(rule.count, maxDates); period++) {
    const candidates = periodStarts(rule, firstWallMs, period)
    for (const start of candidates.starts) {
      if (start >= firstWallMs && start <= last && starts.length < rule.count) starts.push(start)
    }
    if (candidates.beginsMs > last) break
  }
  return starts
}

/** The dates of one day, week, month or year of the rule, and when that period begins. */
function periodStarts(rule: Rule, firstWallMs: number, period: number): { beginsMs: number; starts: number[] } {
  const first = new Date(firstWallMs)
  const timeMs = firstWallMs % dayMs
  const steps = period * rule.interval
  if (rule.freq === 'DAILY') {
    const start = firstWallMs + steps * dayMs
    return { beginsMs: start, starts: onDays(rule, start) ? [start] : [] }
  }
  if (rule.freq === 'WEEKLY') {
    const monday = firstWallMs - ((first.getUTCDay() + 6) % 7) * dayMs + steps * 7 * dayMs
    const wanted = rule.days.length > 0 ? rule.days.map(({ weekday }) => weekday) : [first.getUTCDay()]
    return {
      beginsMs: monday,
      starts: wanted.map((weekday) => monday + ((weekday + 6) % 7) * dayMs).sort((a, b) => a - b),
    }
  }
  const monthIndex = rule.freq === 'MONTHLY' ? first.getUTCMonth() + steps : first.getUTCMonth() + steps * 12
  const beginsMs = Date.UTC(first.getUTCFullYear(), monthIndex, 1) + timeMs
  const days = new Date(Date.UTC(first.getUTCFullYear(), monthIndex + 1, 0)).getUTCDate()
  const wanted = monthDaysOf(rule, beginsMs, days, first.getUTCDate())
  return { beginsMs, starts: wanted.sort((a, b) => a - b).map((day) => beginsMs + (day - 1) * dayMs) }
}

function onDays(rule: Rule, startMs: number): boolean {
  return rule.days.length === 0 || rule.days.some(({ weekday }) => weekday === new Date(startMs).getUTCDay())
}

/** The days of a month that the rule names, 1 to 31. */
function monthDaysOf(rule: Rule, beginsMs: number, days: number, usualDay: number): number[] {
  const all = Array.from({ length: days }, (_, index) => index + 1)
  if (rule.days.length > 0) {
    return rule.days.flatMap(({ weekday, ordinal }) => {
      const these = all.filter((day) => new Date(beginsMs + (day - 1) * dayMs).getUTCDay() === weekday)
      if (ordinal === 0) return these
      const [one] = these.slice(ordinal < 0 ? ordinal : ordinal - 1)
      return one === undefined ? [] : [one]
    })
  }
  const wanted = rule.monthDays.length > 0 ? rule.monthDays : [usualDay]
  return wanted.map((day) => (day < 0 ? days + 1 + day : day)).filter((day) => day >= 1 && day <= days)
}
