// Time zones for the fake calendar: instants, and what a clock on the wall shows somewhere.
// A wall time is held as the milliseconds that clock would show if it stood at UTC.

export const dayMs = 86_400_000

/** What the clocks of a zone show at an instant. */
export function wallAt(zone: string, instantMs: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
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
