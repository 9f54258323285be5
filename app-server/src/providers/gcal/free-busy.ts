// gcal.free_busy: when calendars or people are taken, without telling why.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { defineTool, upstreamOf } from '../provider.js'
import { timeZone } from '../time-input.js'
import { toLocalIso } from '../zone.js'
import { busyTimes, maxBusyCalendars, maxBusyDays } from './busy-times.js'
import { calendarId } from './calendar-inputs.js'
import { dateOrTime, rangeEnd, rangeStart } from './event-times.js'
import { zoneOfCalendar } from './events.js'

/** Times of one calendar in one answer. */
const maxTimes = 100

export const freeBusyTool = defineTool({
  name: 'gcal.free_busy',
  title: 'See when people are busy',
  description: `Tells when calendars are taken, without telling why: the person’s own, and those of colleagues by their e-mail addresses. At most ${maxBusyDays} days at a time. To look for a time that suits everybody, use gcal.find_free_slots.`,
  scope: 'gcal:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    calendar_ids: z
      .array(calendarId('The id of a calendar or an e-mail address.'))
      .min(1)
      .max(maxBusyCalendars)
      .default(['primary'])
      .describe('Whose times to look at.'),
    from: dateOrTime('From when: a date or a time.'),
    to: dateOrTime('Until when: a date, included, or a time.'),
    time_zone: timeZone(
      'IANA time zone of the answer and of times without an offset; that of the person when left out.',
    ).optional(),
    ...connectionInput,
  }),
  output: z.object({
    calendars: z
      .array(
        z.object({
          id: z.string().describe('The calendar or person.'),
          busy: z
            .array(z.object({ start: z.string().describe('Taken from.'), end: z.string().describe('Taken until.') }))
            .describe('Taken times in order.'),
          more_from: z.string().nullable().describe('Where to ask on when there are more; null when that is all.'),
          unknown: z.string().nullable().describe('Why it cannot be told; then no time here counts as free.'),
        }),
      )
      .describe('One entry for each that was asked for.'),
    time_zone: z.string().describe('The time zone of all times here.'),
  }),
  async run(input, call) {
    const upstream = upstreamOf(call)
    const zone = input.time_zone ?? (await zoneOfCalendar(upstream, 'primary'))
    const [fromMs, toMs] = [rangeStart(input.from, zone), rangeEnd(input.to, zone)]
    const found = await busyTimes(upstream, [...new Set(input.calendar_ids)], fromMs, toMs)
    const iso = (ms: number) => toLocalIso(zone, ms)
    return {
      calendars: found.map(({ id, busy, unknown }) => ({
        id: oneLine(id, 300),
        busy: busy.slice(0, maxTimes).map(([start, end]) => ({ start: iso(start), end: iso(end) })),
        more_from: busy[maxTimes] ? iso(busy[maxTimes][0]) : null,
        unknown: unknown ?? null,
      })),
      time_zone: zone,
    }
  },
})
