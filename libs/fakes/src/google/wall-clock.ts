// Time zones for the fake calendar: instants, and what a clock on the wall shows somewhere.
// A wall time is held as the milliseconds that clock would show if it stood at UTC.

export const dayMs = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of a zone show at an instant. Throws RangeError for an unknown zone. */
export function wallAt(zone: string, instantMs: number): number {
  const format = formats.get(zone) ?? formatOf(zone)
  formats.set(zone, format)
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(instantMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const [number, hourCycle] = ['numeric', 'h23'] as const
  const date = { year: number, month: number, day: number }
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle,
    ...date,
    hour: number,
    minute: number,
    second: number,
  })
}

/** The instant a wall time means; a skipped one is read with the offset before the change, as calendars do. */
export function instantOf(zone: string, wallMs: number): number {
  const offset = (instantMs: number) => wallAt(zone, instantMs) - Math.floor(instantMs / 1000) * 1000
  const before = wallMs - offset(wallMs - dayMs)
  const after = wallMs - offset(wallMs + dayMs)
  return wallAt(zone, before) === wallMs || wallAt(zone, after) !== wallMs ? before : after
}

/** RFC 3339 with the zone's offset. */
export function rfc3339(zone: string, instantMs: number): string {
  const wallMs = wallAt(zone, instantMs)
  const minutes = Math.round((wallMs - instantMs) / 60_000)
  const local = new Date(wallMs).toISOString().slice(0, 19)
  if (minutes === 0) return `${local}Z`
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

export function isKnownZone(zone: string): boolean {
  try {
    wallAt(zone, 0)
    return true
  } catch {
    return false
  }
}
