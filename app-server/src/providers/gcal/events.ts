// An event as a model reads it: in short for lists and after changes, in full for gcal.get_event.
// All words in it were written by strangers: they are cleaned of hidden signs, bounded, and handed on as data.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Upstream } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { isZone } from '../zone.js'
import { showTimes } from './event-times.js'
import { askGoogle, type GoogleEvent, isAnswer } from './google-calendar-api.js'

/** Characters of a title and of a place. */
const maxTitle = 200
const maxPlace = 300

/** What is asked of Google for a list: everything that is shown, and no descriptions. */
export const listedFields =
  'id,status,summary,visibility,location,start,end,recurrence,recurringEventId,attendees(self,responseStatus),attendeesOmitted,hangoutLink,conferenceData(entryPoints),transparency,eventType'

export const eventOutput = z.object({
  id: z.string(),
  calendar_id: z.string(),
  title: z.string().describe('Its title; (busy) where only that may be seen.'),
  start: z.string().optional().describe('Start with offset; a date for whole days.'),
  end: z.string().optional().describe('End with offset; for whole days the last day, included.'),
  all_day: z.boolean().optional(),
  status: z.string().optional().describe('tentative or cancelled; confirmed when left out.'),
  location: z.string().optional(),
  my_response: z.string().optional().describe('The person’s answer to the invitation.'),
  guests: z.number().optional(),
  meeting_url: z.string().optional().describe('Where to join by video.'),
  series_id: z.string().optional().describe('The id of its whole series.'),
  recurrence: z.array(z.string()).optional().describe('How it repeats, for a whole series.'),
  free: z.boolean().optional().describe('True when the time does not count as taken.'),
  etag: z.string().optional().describe('Names this state of the event.'),
})

export type ShownEvent = z.input<typeof eventOutput>

const responses: Readonly<Record<string, string>> = { needsAction: 'needs_action' }

export function showEvent(event: GoogleEvent, calendarId: string, zone: string): ShownEvent {
  const { status, location, attendees, recurringEventId, recurrence, transparency, eventType } = event
  const own = attendees?.find(({ self }) => self)
  const meeting = meetingUrlOf(event)
  return {
    id: event.id ?? '',
    calendar_id: calendarId,
    title: titleOf(event),
    ...showTimes(event, zone),
    ...(status && status !== 'confirmed' ? { status } : {}),
    ...(location ? { location: oneLine(location, maxPlace) } : {}),
    ...(own?.responseStatus ? { my_response: responses[own.responseStatus] ?? own.responseStatus } : {}),
    ...(attendees && !event.attendeesOmitted ? { guests: attendees.length } : {}),
    ...(meeting ? { meeting_url: meeting } : {}),
    ...(recurringEventId ? { series_id: recurringEventId } : {}),
    ...(recurrence ? { recurrence } : {}),
    ...(transparency === 'transparent' || eventType === 'workingLocation' ? { free: true } : {}),
    ...(event.etag ? { etag: event.etag } : {}),
  }
}

export function titleOf({ summary, status, visibility }: GoogleEvent): string {
  const title = oneLine(summary ?? '', maxTitle)
  if (title) return title
  return visibility === 'private' || status === 'cancelled' ? '(busy)' : '(no title)'
}

/** The address of the video meeting, when it is one that may be shown. */
export function meetingUrlOf({ hangoutLink, conferenceData }: GoogleEvent): string | undefined {
  const video = conferenceData?.entryPoints?.find(({ entryPointType }) => entryPointType === 'video')?.uri
  const url = URL.parse(video ?? hangoutLink ?? '')
  return url?.protocol === 'https:' && url.href.length <= 1_000 ? url.href : undefined
}

/** The zone an event is shown in when nobody asked for one: its own. */
export function zoneOfEvent({ start }: GoogleEvent, asked?: string): string {
  return asked ?? knownZone(start?.timeZone)
}

/** A zone of Google's; UTC for one that this machine has not heard of. */
export function knownZone(zone: string | null | undefined): string {
  return zone && isZone(zone) ? zone : 'UTC'
}

export interface EventPlace {
  readonly calendarId: string
  readonly eventId: string
}

/** Throws Problem not-found, with what to do, for an event that is not there or was deleted. */
export async function requireEvent(upstream: Upstream, { calendarId, eventId }: EventPlace): Promise<GoogleEvent> {
  const event = await askGoogle(upstream, (api) => api.events.get({ calendarId, eventId })).catch((error: unknown) => {
    throw isAnswer(error, 404) ? noSuchEvent(eventId, calendarId) : error
  })
  if (event.status === 'cancelled') {
    throw new Problem('not-found', `The event ${eventId} has been deleted. Look for others with gcal.list_events.`)
  }
  return event
}

function noSuchEvent(eventId: string, calendarId: string): Problem {
  return new Problem(
    'not-found',
    `There is no event ${oneLine(eventId, 100)} in the calendar ${oneLine(calendarId, 100)}, or the account may not see it. Call gcal.list_events for the ids, and give the calendar_id they come with.`,
    { upstream_status: 404 },
  )
}

/** The time zone of a calendar. It comes with its events, so that no further permission is needed. */
export async function zoneOfCalendar(upstream: Upstream, calendarId: string): Promise<string> {
  const answer = await askGoogle(upstream, (api) =>
    api.events.list({ calendarId, maxResults: 1, fields: 'timeZone' }),
  ).catch((error: unknown) => {
    throw isAnswer(error, 404) ? noSuchCalendar(calendarId) : error
  })
  return knownZone(answer.timeZone)
}

export function noSuchCalendar(calendarId: string): Problem {
  return new Problem(
    'not-found',
    `There is no calendar ${oneLine(calendarId, 100)}, or the account may not see it. Call gcal.list_calendars for the ids.`,
    { upstream_status: 404 },
  )
}
