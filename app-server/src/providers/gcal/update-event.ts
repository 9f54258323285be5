// gcal.update_event: changes what is given of an event, and nothing else.
import { randomUUID } from 'node:crypto'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool, upstreamOf } from '../provider.js'
import { isTime, timeZone } from '../time-input.js'
import { beforeWriting } from '../upstream.js'
import { wallMsAt } from '../zone.js'
import {
  applyToInput,
  describingInputs,
  etagInput,
  eventInput,
  guestsInput,
  notifyInput,
  shapingInputs,
} from './calendar-inputs.js'
import { meetRequest } from './create-event.js'
import {
  dateOrTime,
  dayMs,
  findSpan,
  googleTimes,
  requireSpan,
  type Span,
  shifted,
  wallShiftMs,
} from './event-times.js'
import { knownZone, zoneOfCalendar } from './events.js'
import { askGoogle, type GoogleAttendee, type GoogleEvent, isAnswer } from './google-calendar-api.js'
import { changedMeanwhile, requireEtag, requireTarget, type Target } from './series.js'
import { googleMembers, mailSentence, sendUpdates, written, writtenOutput } from './write-parts.js'

export const updateEventTool = defineTool({
  name: 'gcal.update_event',
  title: 'Change an event',
  description:
    'Changes the given parts of an event and leaves the rest. With only a new start it keeps its length. For an event that repeats, one date or the whole series. Guests are e-mailed unless notify says otherwise.',
  scope: 'gcal:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    ...eventInput,
    ...applyToInput,
    title: text({ min: 1, max: 500 }).optional().describe('The new title.'),
    start: dateOrTime('The new start: a time, or a date for whole days.').optional(),
    end: dateOrTime('The new end: a time, or the last date, included.').optional(),
    time_zone: timeZone('IANA time zone of times without an offset; that of the event when left out.').optional(),
    ...describingInputs,
    add_guests: guestsInput('Whom to invite besides.').default([]),
    remove_guests: guestsInput('Whom to take off the list.').default([]),
    meet: z.boolean().optional().describe('True adds a Google Meet, false takes it away.'),
    ...shapingInputs,
    ...etagInput,
    ...notifyInput,
    ...idempotencyInput,
    ...connectionInput,
  }),
  redact: ['description'],
  output: z.object(writtenOutput),
  run: (input, call) =>
    call.onceUpstream(async () => {
      const upstream = upstreamOf(call)
      const { calendar_id: calendarId, notify } = input
      const place = { calendarId, eventId: input.event_id }
      const target = await beforeWriting(() => requireTarget(upstream, place, input.apply_to))
      requireEtag(target, input.etag)
      const { event } = target
      const own = event.start?.timeZone
      const zone = input.time_zone ?? (own ? knownZone(own) : await zoneWhenNeeded())
      const patch: GoogleEvent = {
        ...googleMembers(input),
        ...timesOf(target, input, zone),
        ...guestsOf(event, input.add_guests, input.remove_guests),
        ...(input.meet === undefined
          ? {}
          : { conferenceData: input.meet ? meetRequest(randomUUID()) : (null as never) }),
      }
      if (Object.keys(patch).length === 0) {
        throw new Problem('invalid-arguments', 'Nothing to change was given. Give at least one new part of the event.')
      }
      const changed = await askGoogle(upstream, (api) =>
        api.events.patch(
          {
            calendarId,
            eventId: target.eventId,
            sendUpdates: sendUpdates(notify),
            conferenceDataVersion: 1,
            requestBody: patch,
          },
          // Nobody's change in between is overwritten.
          { headers: { 'If-Match': event.etag ?? '*' } },
        ),
      ).catch((error: unknown) => {
        throw isAnswer(error, 412) ? changedMeanwhile() : error
      })
      const what = changed.recurrence ? 'The whole series is changed.' : 'The event is changed.'
      return written(changed, calendarId, `${what}${mailSentence(changed.attendees, notify)}`, zone)

      /** A whole-day event tells no zone; only a new time without an offset needs one. */
      async function zoneWhenNeeded(): Promise<string> {
        return [input.start, input.end].some((time) => time && isTime(time))
          ? beforeWriting(() => zoneOfCalendar(upstream, calendarId))
          : 'UTC'
      }
    }),
})

interface NewTimes {
  readonly start?: string | undefined
  readonly end?: string | undefined
}

function timesOf({ named, event }: Target, { start, end }: NewTimes, zone: string): Partial<GoogleEvent> {
  if (start === undefined && end === undefined) return {}
  const span = requireSpan({ start, end }, zone, findSpan(named))
  return googleTimes(named === event ? span : movedSeries(named, event, span, zone), zone)
}

/**
 * The times of a series when one of its dates was given new ones: the clock times move, the days stay.
 * Throws Problem invalid-arguments when the days would move, since its rule names them.
 */
function movedSeries(named: GoogleEvent, series: GoogleEvent, span: Span, zone: string): Span {
  const [date, first] = [findSpan(named), findSpan(series)]
  if (date?.kind !== 'times' || first?.kind !== 'times' || span.kind !== 'times') throw giveTheSeries()
  const shift = wallShiftMs(zone, date.startMs, span.startMs)
  const startMs = shifted(zone, first.startMs, shift)
  const sameDay = (a: number, b: number) => Math.floor(a / dayMs) === Math.floor(b / dayMs)
  const wall = (ms: number) => wallMsAt(zone, ms)
  if (!sameDay(wall(date.startMs), wall(span.startMs)) || !sameDay(wall(first.startMs), wall(startMs))) {
    throw giveTheSeries()
  }
  return { kind: 'times', startMs, endMs: startMs + (span.endMs - span.startMs) }
}

function giveTheSeries(): Problem {
  return new Problem(
    'invalid-arguments',
    'From one of its dates only the clock times of a whole series can be changed. To move its days, give the series_id as event_id, with the start of its first date and a recurrence that fits.',
  )
}

/** The new list of guests: those who stay keep their answers. */
function guestsOf(event: GoogleEvent, add: readonly string[], remove: readonly string[]): Partial<GoogleEvent> {
  if (add.length === 0 && remove.length === 0) return {}
  if (event.attendeesOmitted) {
    throw new Problem('conflict', 'Google does not show the whole list of guests, so it cannot be changed from here.')
  }
  const same = (email: string) => email.toLowerCase()
  const leaving = new Set(remove.map(same))
  const staying = (event.attendees ?? []).filter(({ email }) => !leaving.has(same(email ?? '')))
  const here = new Set(staying.map(({ email }) => same(email ?? '')))
  const coming: GoogleAttendee[] = add.filter((email) => !here.has(same(email))).map((email) => ({ email }))
  return { attendees: [...staying, ...coming] }
}
