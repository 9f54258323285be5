// The input members that the calendar tools share.
import { z } from 'zod'
import { text } from '../inputs.js'
import { dateOrTime } from './event-times.js'

/** An id of Google's. */
export function googleId(description: string, max = 1_024) {
  return text({ min: 1, max })
    .refine((value) => !/^\.{1,2}$/.test(value), 'must be an id that a tool gave you')
    .describe(description)
}

export function calendarId(description: string) {
  return googleId(description, 300)
}

export const calendarInput = {
  calendar_id: calendarId('The calendar, from gcal.list_calendars; primary is the person’s own.').default('primary'),
}

export const eventInput = {
  ...calendarInput,
  event_id: googleId('The id of the event, from gcal.list_events.'),
}

export const notifyInput = {
  notify: z
    .enum(['all', 'external_only', 'none'])
    .default('all')
    .describe('Which guests Google e-mails about it; external_only: those outside Google Calendar.'),
}

export const applyToInput = {
  apply_to: z
    .enum(['this_event', 'whole_series'])
    .default('this_event')
    .describe('For an event that repeats: this one date, or every date of its series.'),
}

export const etagInput = {
  etag: text({ min: 1, max: 200 })
    .optional()
    .describe('etag as last read: refused when somebody changed the event since.'),
}

export const guestsInput = (what: string) =>
  z
    .array(
      text({ min: 3, max: 254 })
        .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'must be an e-mail address')
        .meta({ description: 'An e-mail address.', format: 'email', pattern: undefined }),
    )
    .max(100)
    .describe(what)

export const describingInputs = {
  description: text({ max: 8_000 }).optional().describe('What it is about, as plain text.'),
  location: text({ max: 1_000 }).optional().describe('Where it is.'),
}

export const shapingInputs = {
  recurrence: z
    .array(
      text({ min: 5, max: 1_000 })
        .regex(/^(RRULE|RDATE|EXDATE)[:;]\S+$/, 'must be a line such as RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10')
        .meta({ description: 'One line.', pattern: undefined }),
    )
    .max(20)
    .optional()
    .describe('How it repeats, in lines of RFC 5545, e.g. RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10.'),
  reminders_minutes: z
    .array(z.number().int().min(0).max(40_320).describe('Minutes.'))
    .max(5)
    .optional()
    .describe('How many minutes before to remind the person; [] for never. Left out: as usual for the calendar.'),
  visibility: z.enum(['default', 'public', 'private']).optional().describe('Who sees the details.'),
  show_as: z.enum(['busy', 'free']).optional().describe('Whether the time counts as taken.'),
}

export const rangeInput = {
  from: dateOrTime('From when: a date or a time. Today when left out.').optional(),
  to: dateOrTime('Until when: a date, included, or a time.').optional(),
}
