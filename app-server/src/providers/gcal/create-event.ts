// gcal.create_event: a new event, once however often it is asked for with the same key.
import { createHash, randomBytes } from 'node:crypto'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput, type Upstream } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { isDate, text } from '../inputs.js'
import { defineTool, type ToolCall, upstreamOf } from '../provider.js'
import { timeZone } from '../time-input.js'
import { calendarInput, describingInputs, guestsInput, notifyInput, shapingInputs } from './calendar-inputs.js'
import { dateOrTime, googleTimes, requireSpan } from './event-times.js'
import { noSuchCalendar, zoneOfCalendar } from './events.js'
import { askGoogle, type GoogleEvent, isAnswer, isUnsure } from './google-calendar-api.js'
import { googleMembers, mailSentence, sendUpdates, written, writtenOutput } from './write-parts.js'

export const createEventTool = defineTool({
  name: 'gcal.create_event',
  title: 'Create an event',
  description:
    'Puts an event into a calendar: a time or whole days, once or repeating, with guests, a Google Meet and reminders if wanted. Guests are e-mailed unless notify says otherwise, so let the person agree first. Look for a free time with gcal.find_free_slots.',
  scope: 'gcal:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    ...calendarInput,
    title: text({ min: 1, max: 500 }).describe('The title.'),
    start: dateOrTime('When it begins: a time, or a date for whole days.'),
    end: dateOrTime('When it ends: a time, or the last date, included. Left out: one hour, or one day.').optional(),
    time_zone: timeZone(
      'IANA time zone of times without an offset, and in which it repeats. That of the calendar when left out.',
    ).optional(),
    ...describingInputs,
    guests: guestsInput('Whom to invite.').default([]),
    meet: z.boolean().default(false).describe('Whether to add a Google Meet.'),
    ...shapingInputs,
    ...notifyInput,
    ...idempotencyInput,
    ...connectionInput,
  }),
  redact: ['description'],
  output: z.object(writtenOutput),
  async run(input, call) {
    const upstream = upstreamOf(call)
    const { calendar_id: calendarId, notify, guests, meet } = input
    const wholeDays = isDate(input.start) && (input.end === undefined || isDate(input.end))
    const zone = input.time_zone ?? (wholeDays ? 'UTC' : await zoneOfCalendar(upstream, calendarId))
    const id = eventIdOf(call, upstream, input.idempotency_key, calendarId)
    const body: GoogleEvent = {
      id,
      ...googleMembers(input),
      ...googleTimes(requireSpan(input, zone), zone),
      ...(guests.length > 0 ? { attendees: guests.map((email) => ({ email })) } : {}),
      ...(meet ? { conferenceData: meetRequest(id) } : {}),
    }
    const event = await createOnce(call, input.idempotency_key, () =>
      insert(upstream, calendarId, body, sendUpdates(notify)),
    )
    const next = `Change it with gcal.update_event, take it out with gcal.delete_event, event_id ${event.id}.`
    return written(
      event,
      calendarId,
      `The event is in the calendar.${mailSentence(event.attendees, notify)} ${next}`,
      zone,
    )
  },
})

/** Google makes the conference at once or a moment later; the id makes a repeat the same request. */
export function meetRequest(requestId: string): NonNullable<GoogleEvent['conferenceData']> {
  return { createRequest: { requestId: requestId.slice(0, 64), conferenceSolutionKey: { type: 'hangoutsMeet' } } }
}

/**
 * The event's id (letters a to v and digits, as Google wants it): the same person, account, calendar and key give the same
 * one, so that Google itself refuses a second event.
 */
function eventIdOf({ caller }: ToolCall, { account }: Upstream, key: string | undefined, calendarId: string): string {
  if (key === undefined) return `sekisho${randomBytes(20).toString('hex')}`
  const digest = createHash('sha256').update(JSON.stringify([caller.userId, account.id, calendarId, key]))
  return `sekisho${digest.digest('hex')}`
}

/**
 * At most once for a key. When nobody knows what became of the first try, it is simply done again: the id makes sure that
 * there is one event.
 */
async function createOnce(
  call: ToolCall,
  key: string | undefined,
  act: () => Promise<GoogleEvent>,
): Promise<GoogleEvent> {
  try {
    return await call.onceUpstream(act)
  } catch (error) {
    const undecided = error instanceof Problem && error.code === 'conflict' && !('upstream_status' in error.members)
    if (key === undefined || !undecided) throw error
    return act()
  }
}

async function insert(upstream: Upstream, calendarId: string, body: GoogleEvent, mail: string): Promise<GoogleEvent> {
  try {
    return await askGoogle(upstream, (api) =>
      api.events.insert({ calendarId, sendUpdates: mail, conferenceDataVersion: 1, requestBody: body }),
    )
  } catch (error) {
    if (isAnswer(error, 404)) throw noSuchCalendar(calendarId)
    if (!isAnswer(error, 409) && !isUnsure(error)) throw error
    const made = await findMade(upstream, calendarId, body.id ?? '')
    if (!made) throw error
    return requireSame(made, body)
  }
}

/** The event of an earlier try, if it came about. */
async function findMade(upstream: Upstream, calendarId: string, eventId: string): Promise<GoogleEvent | undefined> {
  return askGoogle(upstream, (api) => api.events.get({ calendarId, eventId })).catch(() => undefined)
}

/** Throws Problem conflict, idempotency-conflict when the event of this key is gone or another one. */
function requireSame(made: GoogleEvent, wanted: GoogleEvent): GoogleEvent {
  if (made.status === 'cancelled') {
    throw new Problem(
      'conflict',
      'An event was created with this idempotency key before and has been deleted since. Use a new key for a new event.',
      { upstream_status: 409 },
    )
  }
  if (made.summary !== wanted.summary) {
    throw new Problem(
      'idempotency-conflict',
      'Another event was created with this idempotency key before. Use a new key for a new event.',
    )
  }
  return made
}
