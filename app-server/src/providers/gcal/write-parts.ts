// What the tools that change events share: from a model's arguments to Google's members, and what is said afterwards.
import { z } from 'zod'
import { eventOutput, showEvent, zoneOfEvent } from './events.js'
import type { GoogleAttendee, GoogleEvent } from './google-calendar-api.js'

export interface Described {
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly location?: string | undefined
  readonly recurrence?: readonly string[] | undefined
  readonly reminders_minutes?: readonly number[] | undefined
  readonly visibility?: string | undefined
  readonly show_as?: 'busy' | 'free' | undefined
}

/** Google's members for what was given; what was not given is not there. */
export function googleMembers(given: Described): GoogleEvent {
  const { title, description, location, recurrence, reminders_minutes, visibility, show_as } = given
  return {
    ...(title === undefined ? {} : { summary: title }),
    ...(description === undefined ? {} : { description }),
    ...(location === undefined ? {} : { location }),
    ...(recurrence === undefined ? {} : { recurrence: [...recurrence] }),
    ...(reminders_minutes === undefined
      ? {}
      : {
          reminders: {
            useDefault: false,
            overrides: reminders_minutes.map((minutes) => ({ method: 'popup', minutes })),
          },
        }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(show_as === undefined ? {} : { transparency: show_as === 'free' ? 'transparent' : 'opaque' }),
  }
}

export type Notify = 'all' | 'external_only' | 'none'

/** Google's word for who is e-mailed. */
export function sendUpdates(notify: Notify): string {
  return notify === 'external_only' ? 'externalOnly' : notify
}

/** What happened to the guests' mail, in a sentence; nothing when there are no guests. */
export function mailSentence(guests: readonly GoogleAttendee[] | undefined, notify: Notify): string {
  const others = (guests ?? []).filter(({ self }) => !self).length
  if (others === 0) return ''
  const who = `${others} ${others === 1 ? 'guest' : 'guests'}`
  if (notify === 'none') return ` ${who}, and Google sends them no mail.`
  return notify === 'all'
    ? ` Google e-mails the ${who}.`
    : ` Google e-mails those of the ${who} who do not use Google Calendar.`
}

/** An event as it is shown after a change: what may matter for the next step. */
const writtenEvent = eventOutput.omit({ status: true, location: true, free: true, guests: true })

export const writtenOutput = {
  event: writtenEvent.describe('The event as it is now.'),
  time_zone: z.string().describe('The time zone of its times.'),
  message: z.string().describe('What happened, who is e-mailed, and what can be done next.'),
}

export function written(event: GoogleEvent, calendarId: string, message: string, zone?: string) {
  const shownIn = zoneOfEvent(event, zone)
  return { event: writtenEvent.parse(showEvent(event, calendarId, shownIn)), time_zone: shownIn, message }
}
