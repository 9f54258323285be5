// gcal.list_events: what is in one or several calendars between two times, also searched by words.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { fromCursor, pageOutput, toCursor } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool, upstreamOf } from '../provider.js'
import { timeZone } from '../time-input.js'
import { dayAt, toLocalIso } from '../zone.js'
import { calendarId, rangeInput } from './calendar-inputs.js'
import { EventSource, earliest, placeSchema } from './event-sources.js'
import { rangeEnd, rangeStart, startOfDay } from './event-times.js'
import { eventOutput, listedFields, showEvent, zoneOfCalendar } from './events.js'
import { googlePageInput } from './google-pages.js'

const maxCalendars = 10
const usualDays = 7

/**
 * The range and the places of the page before, and how much was asked of Google at once. The range, because "today" moves on;
 * the size, because a place is one on Google's pages, which `limit` may be changed without changing.
 */
const position = z.tuple([z.int(), z.int(), z.array(placeSchema).max(maxCalendars), z.int().min(1).max(100)])

export const listEventsTool = defineTool({
  name: 'gcal.list_events',
  title: 'List or search events',
  description:
    'Lists the events of one or several calendars that touch a range of time, earliest first, also searched by words. The next 7 days when no range is given. Each date of a series is listed by itself unless expand_series is false. Descriptions are left out: read one event with gcal.get_event.',
  scope: 'gcal:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    calendar_ids: z
      .array(calendarId('The id of a calendar.'))
      .min(1)
      .max(maxCalendars)
      .default(['primary'])
      .describe('The calendars, from gcal.list_calendars; primary is the person’s own.'),
    ...rangeInput,
    query: text({ min: 1, max: 200 })
      .optional()
      .describe('Words to look for in titles, descriptions, places and guests.'),
    time_zone: timeZone(
      'IANA time zone of the answer and of times without an offset. That of the first calendar when left out.',
    ).optional(),
    expand_series: z.boolean().default(true).describe('False: a series is listed once, with its rule.'),
    ...googlePageInput,
    ...connectionInput,
  }),
  output: z.object({
    events: z.array(eventOutput).describe('The events, earliest first.'),
    from: z.string().describe('Beginning of the range.'),
    to: z.string().describe('End of the range.'),
    time_zone: z.string().describe('The time zone of all times here.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const upstream = upstreamOf(call)
    const calendars = [...new Set(input.calendar_ids)]
    const zone = input.time_zone ?? (await zoneOfCalendar(upstream, calendars[0] ?? 'primary'))
    const before = fromCursor(input.cursor, position)
    const [fromMs, toMs] = before ?? rangeOf(input, zone)
    const pageSize = before?.[3] ?? input.limit
    const places = before?.[2] ?? calendars.map((_id, index) => [index, null, null, 0] as const)
    const question = {
      fromMs,
      toMs,
      words: input.query,
      expand: input.expand_series,
      zone,
      fields: listedFields,
    }
    const sources = places.map(
      (place) =>
        new EventSource(upstream, requireCalendar(calendars, place[0]), place[0], question, pageSize, [...place]),
    )
    await Promise.all(sources.map((source) => source.open()))
    const found = await earliest(sources, input.limit)
    return {
      events: found.events.map(({ event, calendarId }) => showEvent(event, calendarId, zone)),
      from: toLocalIso(zone, fromMs),
      to: toLocalIso(zone, toMs),
      time_zone: zone,
      next_cursor: found.places.length > 0 ? toCursor([fromMs, toMs, found.places, pageSize]) : null,
    }
  },
})

function requireCalendar(calendars: readonly string[], index: number): string {
  const id = calendars[index]
  if (id === undefined) {
    throw new Problem('invalid-arguments', 'cursor belongs to other calendar_ids. Repeat those of the first page.')
  }
  return id
}

/** Throws Problem invalid-arguments when the range is empty. */
function rangeOf({ from, to }: { from?: string | undefined; to?: string | undefined }, zone: string): [number, number] {
  const fromMs = from === undefined ? startOfDay(zone, dayAt(zone, Date.now())) : rangeStart(from, zone)
  const toMs = to === undefined ? startOfDay(zone, dayAt(zone, fromMs) + usualDays) : rangeEnd(to, zone)
  if (toMs <= fromMs) throw new Problem('invalid-arguments', 'to lies before from. Give them in order.')
  return [fromMs, toMs]
}
