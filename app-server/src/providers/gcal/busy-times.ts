// When calendars are taken, as Google tells it without telling why.
import { Problem } from '@sekisho/contracts'
import type { Upstream } from '../connect.js'
import { askGoogle } from './google-calendar-api.js'

/** Days one question may cover; Google takes about three months. */
export const maxBusyDays = 62

export const maxBusyCalendars = 20

export interface BusyCalendar {
  readonly id: string
  /** Taken times, in order, apart from each other, in milliseconds since 1970. */
  readonly busy: readonly (readonly [startMs: number, endMs: number])[]
  /** Why they cannot be told. */
  readonly unknown: string | undefined
}

const reasons: Readonly<Record<string, string>> = {
  notFound: 'There is no such calendar or person, or they do not share when they are busy.',
  tooManyCalendarsRequested: 'Too many calendars at once.',
  groupTooBig: 'The group has too many members.',
}

export async function busyTimes(
  upstream: Upstream,
  ids: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<BusyCalendar[]> {
  const days = (toMs - fromMs) / 86_400_000
  if (days <= 0) throw new Problem('invalid-arguments', 'to lies before from. Give them in order.')
  // An hour more, for ranges over a change of the clocks.
  if (days > maxBusyDays + 1 / 24) {
    throw new Problem('invalid-arguments', `That is more than ${maxBusyDays} days; ask for fewer at a time.`)
  }
  const { calendars = {} } = await askGoogle(upstream, (api) =>
    api.freebusy.query({
      requestBody: {
        timeMin: new Date(fromMs).toISOString(),
        timeMax: new Date(toMs).toISOString(),
        calendarExpansionMax: maxBusyCalendars,
        items: ids.map((id) => ({ id })),
      },
    }),
  )
  return ids.map((id) => {
    const found = calendars?.[id]
    const reason = found ? found.errors?.[0]?.reason : 'notFound'
    const busy = (found?.busy ?? [])
      .map(({ start, end }) => [Date.parse(start ?? ''), Date.parse(end ?? '')] as const)
      .filter(([start, end]) => end > start)
    return { id, busy: united(busy), unknown: reason ? (reasons[reason] ?? 'Google does not tell.') : undefined }
  })
}

/** Times in order, with those that touch or overlap made one. */
export function united(times: readonly (readonly [number, number])[]): [number, number][] {
  const result: [number, number][] = []
  for (const [start, end] of [...times].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

/** What is left of a time when taken ones are cut out; `busy` is in order. */
export function freeParts(
  [fromMs, toMs]: readonly [number, number],
  busy: readonly (readonly [number, number])[],
): [number, number][] {
  const free: [number, number][] = []
  let start = fromMs
  for (const [busyStart, busyEnd] of busy) {
    if (busyEnd <= start) continue
    if (busyStart >= toMs) break
    if (busyStart > start) free.push([start, busyStart])
    start = busyEnd
  }
  if (start < toMs) free.push([start, toMs])
  return free
}
