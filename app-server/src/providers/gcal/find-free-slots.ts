// gcal.find_free_slots: times at which everybody asked for is free, within working hours of a time zone.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { date, text } from '../inputs.js'
import { defineTool, upstreamOf } from '../provider.js'
import { timeZone } from '../time-input.js'
import { dayAt, firstInstantAt, toDate, toDay, toLocalIso } from '../zone.js'
import { busyTimes, freeParts, maxBusyCalendars, united } from './busy-times.js'
import { calendarId } from './calendar-inputs.js'
import { dayMs } from './event-times.js'
import { zoneOfCalendar } from './events.js'

const maxDays = 31
const usualDays = 7
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const working: (typeof weekdays)[number][] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']

/** The start of the last slot of the page before, and the moment the search began: what is past then is left out. */
const position = z.tuple([z.int(), z.int()])

const clock = (description: string) =>
  text({ max: 5 })
    .regex(/^(?:([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as 09:00')
    .describe(description)

export const findFreeSlotsTool = defineTool({
  name: 'gcal.find_free_slots',
  title: 'Find a time that suits everybody',
  description: `Finds stretches of time in which the person and everybody asked for are free, long enough for a meeting, within working hours, on up to ${maxDays} days. Any start within a stretch will do as long as the meeting ends within it. Then call gcal.create_event.`,
  scope: 'gcal:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    calendar_ids: z
      .array(calendarId('The id of a calendar or an e-mail address.'))
      .min(1)
      .max(maxBusyCalendars)
      .default(['primary'])
      .describe('Who must be free; name primary, too, for the person.'),
    duration_minutes: z.number().int().min(5).max(1_440).describe('How long the meeting is.'),
    from: date('First date to look at. Today when left out.').optional(),
    to: date(`Last date to look at, included. ${usualDays} days when left out.`).optional(),
    day_start: clock('When working hours begin.').default('09:00'),
    day_end: clock('When working hours end.').default('17:00'),
    weekdays: z
      .array(z.enum(weekdays).describe('A day of the week.'))
      .min(1)
      .max(7)
      .default(working)
      .describe('The days that will do. Monday to Friday when left out.'),
    time_zone: timeZone('IANA time zone of dates and working hours; that of the person when left out.').optional(),
    limit: pageInput.limit,
    cursor: pageInput.cursor,
    ...connectionInput,
  }),
  output: z.object({
    slots: z
      .array(
        z.object({
          start: z.string().describe('Free from.'),
          end: z.string().describe('Free until.'),
          minutes: z.number().describe('How long that is.'),
        }),
      )
      .describe('Stretches of time in which everybody is free, in order.'),
    time_zone: z.string().describe('The time zone of all times here.'),
    not_considered: z.array(z.string()).describe('Those whose times cannot be seen: they may be busy.'),
    message: z.string().describe('What was found and what to do next.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const upstream = upstreamOf(call)
    const zone = input.time_zone ?? (await zoneOfCalendar(upstream, 'primary'))
    const [afterMs, nowMs] = fromCursor(input.cursor, position) ?? [undefined, Date.now()]
    const hours = hoursOf(input, zone, nowMs)
    const [first, last] = [hours[0], hours.at(-1)]
    if (!first || !last)
      throw new Problem('invalid-arguments', 'None of these dates falls on one of the weekdays, or all are past.')
    const found = await busyTimes(upstream, [...new Set(input.calendar_ids)], first[0], last[1])
    const unseen = found.filter(({ unknown }) => unknown !== undefined).map(({ id }) => id)
    if (unseen.length === found.length) {
      throw new Problem(
        'not-found',
        `Nobody's times can be seen: ${unseen.join(', ')}. Check the addresses with the person.`,
      )
    }
    const busy = united(found.flatMap((one) => one.busy))
    const long = input.duration_minutes * 60_000
    const free = hours
      .flatMap((window) => freeParts(window, busy))
      .filter(([start, end]) => end - start >= long && (afterMs === undefined || start > afterMs))
    const { items, next_cursor } = toPage(free, input.limit, ([start]) => [start, nowMs])
    return {
      slots: items.map(([start, end]) => ({
        start: toLocalIso(zone, start),
        end: toLocalIso(zone, end),
        minutes: Math.floor((end - start) / 60_000),
      })),
      time_zone: zone,
      not_considered: unseen,
      message: messageOf(items.length, unseen),
      next_cursor,
    }
  },
})

function messageOf(count: number, unseen: readonly string[]): string {
  const found =
    count === 0 ? 'No such time was found: try other dates, longer hours or a shorter meeting.' : `${count} found.`
  return unseen.length === 0 ? found : `${found} The times of ${unseen.join(', ')} cannot be seen; ask them.`
}

interface Wish {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly day_start: string
  readonly day_end: string
  readonly weekdays: readonly string[]
}

/** The working hours of the days asked for, from now on. Throws Problem invalid-arguments. */
function hoursOf(
  { from, to, day_start, day_end, weekdays: wanted }: Wish,
  zone: string,
  nowMs: number,
): [number, number][] {
  const fromDay = from === undefined ? dayAt(zone, nowMs) : toDay(from)
  const toDayIncluded = to === undefined ? fromDay + usualDays - 1 : toDay(to)
  const days = toDayIncluded - fromDay + 1
  if (days < 1) throw new Problem('invalid-arguments', 'to lies before from. Give them in order.')
  if (days > maxDays) {
    throw new Problem(
      'invalid-arguments',
      `${toDate(fromDay)} to ${toDate(toDayIncluded)} are ${days} days; ask for at most ${maxDays}.`,
    )
  }
  if (clockMs(day_end) <= clockMs(day_start))
    throw new Problem('invalid-arguments', 'day_end must come after day_start.')
  return Array.from({ length: days }, (_, index) => fromDay + index)
    .filter((day) => wanted.includes(weekdays[(day + 4) % 7] ?? ''))
    .map((day): [number, number] => [
      Math.max(firstInstantAt(zone, day * dayMs + clockMs(day_start)), nextMinute(nowMs)),
      firstInstantAt(zone, day * dayMs + clockMs(day_end)),
    ])
    .filter(([start, end]) => end > start)
}

function nextMinute(ms: number): number {
  return Math.ceil(ms / 60_000) * 60_000
}

function clockMs(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
