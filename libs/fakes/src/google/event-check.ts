// What Google's Calendar finds wrong with an event before it keeps it.
import type { CalendarStore } from './calendar-store.js'
import type { EventResource, FakeCalendar } from './calendar-types.js'
import { refuse } from './google-errors.js'
import { seriesStarts } from './recurrence.js'
import { dayMs, isKnownZone, rfc3339 } from './wall-clock.js'

/** Refuses an event as Google does; gives its times their offsets, as Google keeps them. */
export function checkEvent(store: CalendarStore, event: EventResource, calendar: FakeCalendar): void {
  const { start, end, attendees = [], recurrence } = event
  if (!start || !(start.date || start.dateTime)) refuse(400, 'required', 'Missing start time.')
  if (!end || !(end.date || end.dateTime)) refuse(400, 'required', 'Missing end time.')
  if (Boolean(start.date) !== Boolean(end.date) || (start.date && start.dateTime)) {
    refuse(400, 'invalid', 'Start and end times must either both be date or both be dateTime.')
  }
  for (const [name, time] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (time.timeZone && !isKnownZone(time.timeZone))
      refuse(400, 'invalid', `Invalid time zone definition for ${name} time.`)
    const local = time.dateTime && !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(time.dateTime)
    if ((local || (time.dateTime && recurrence)) && !time.timeZone) {
      refuse(400, 'required', `Missing time zone definition for ${name} time.`)
    }
    if (Number.isNaN(store.msOf(time, calendar.timeZone))) refuse(400, 'badRequest', 'Bad Request')
  }
  const lengthMs = store.msOf(end, calendar.timeZone) - store.msOf(start, calendar.timeZone)
  if (lengthMs < 0 || (start.date && lengthMs === 0))
    refuse(400, 'timeRangeEmpty', 'The specified time range is empty.')
  if (attendees.some(({ email }) => !/^[^\s@]+@[^\s@]+$/.test(email ?? '')))
    refuse(400, 'invalid', 'Invalid attendee email.')
  if (recurrence) {
    try {
      seriesStarts(recurrence, 0, dayMs, (ms) => ms)
    } catch {
      refuse(400, 'invalid', 'Invalid recurrence rule.')
    }
  }
  for (const attendee of attendees) attendee.responseStatus ??= 'needsAction'
  // Google keeps a time with its offset, whatever was sent.
  for (const time of [start, end]) {
    if (!time.dateTime) continue
    const zone = time.timeZone ?? calendar.timeZone
    time.dateTime = rfc3339(zone, store.msOf(time, zone))
    time.timeZone = zone
  }
}
