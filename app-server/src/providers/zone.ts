// Time zone arithmetic: between instants (milliseconds since 1970) and what a clock on the wall shows somewhere.
// A wall time is held as the milliseconds that clock would show if it stood at UTC.

const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** Zones whose format is kept; there are some 600, but each can be written in many cases. */
const maxFormats = 1_000

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. Throws RangeError for an unknown zone. */
export function offsetMsAt(zone: string, instantMs: number): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    if (formats.size >= maxFormats) formats.clear()
    formats.set(zone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1000) * 1000
}

/** True for the name of a zone that this machine knows; an offset is no zone. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(name)) return false
  try {
    offsetMsAt(name, 0)
    return true
  } catch {
    return false
  }
}

/** What the clocks of a zone show at an instant. */
export function wallMsAt(zone: string, instantMs: number): number {
  return instantMs + offsetMsAt(zone, instantMs)
}

/** Days since 1970-01-01 on the calendar of a zone at an instant. */
export function dayAt(zone: string, instantMs: number): number {
  return Math.floor(wallMsAt(zone, instantMs) / dayMs)
}

/** All instants at which the clocks of a zone show a wall time: none in a gap, two where an hour is repeated. */
export function instantsOf(zone: string, wallMs: number): number[] {
  const candidates = new Set([dayMs, -dayMs].map((aside) => wallMs - offsetMsAt(zone, wallMs + aside)))
  return [...candidates].filter((instantMs) => wallMsAt(zone, instantMs) === wallMs).sort((a, b) => a - b)
}

/**
 * The first instant at which the clocks of a zone show a wall time or have gone past it.
 * For a time that is skipped, that is the moment the clocks are put forward.
 */
export function firstInstantAt(zone: string, wallMs: number): number {
  const [exact] = instantsOf(zone, wallMs)
  if (exact !== undefined) return exact
  // The change lies between these two: before it clocks show less than wallMs, after it more.
  let before = wallMs - offsetMsAt(zone, wallMs + dayMs) - 1
  let after = wallMs - offsetMsAt(zone, wallMs - dayMs)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (wallMsAt(zone, middle) < wallMs) before = middle
    else after = middle
  }
  return after
}

/** ISO 8601 local time with its offset, e.g. 2026-11-30T10:00:00+09:00. */
export function toLocalIso(zone: string, instantMs: number): string {
  const offsetMs = offsetMsAt(zone, instantMs)
  const [local] = new Date(instantMs + offsetMs).toISOString().split('.')
  const minutes = Math.abs(offsetMs) / 60_000
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${local}${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}

/** The date of a day number, as YYYY-MM-DD. */
export function toDate(day: number): string {
  const [date = ''] = new Date(day * dayMs).toISOString().split('T')
  return date
}

/** The day number of a date written as YYYY-MM-DD. */
export function toDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs
}
