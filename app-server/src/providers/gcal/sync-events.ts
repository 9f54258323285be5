// gcal.sync_events: what has changed in a calendar since the last time.
import { z } from 'zod'
import { fromCursor, pageOutput, toCursor } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool, upstreamOf } from '../provider.js'
import { timeZone } from '../time-input.js'
import { calendarInput } from './calendar-inputs.js'
import { dateOrTime, rangeStart } from './event-times.js'
import { eventOutput, listedFields, noSuchCalendar, showEvent, zoneOfCalendar } from './events.js'
import { askGoogle, isAnswer } from './google-calendar-api.js'
import { googlePageInput, googleToken } from './google-pages.js'

const maxSyncToken = 2_000

/** What the pages belong to: the sync token or the beginning of a fresh start, and Google's page. */
const position = z.tuple([
  z.string().max(maxSyncToken).nullable(),
  z.int().nullable(),
  googleToken.nullable(),
  z.boolean(),
])
type Position = z.output<typeof position>

export const syncEventsTool = defineTool({
  name: 'gcal.sync_events',
  title: 'See what changed in a calendar',
  description:
    'Tells what was added, changed or deleted in a calendar since a sync_token. Without one it gives all events, page by page, and the last page has the first sync_token; keep it for the next time. Series come whole, with their changed dates. When Google has dropped a token, this starts anew by itself and says so.',
  scope: 'gcal:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    ...calendarInput,
    sync_token: text({ min: 1, max: maxSyncToken })
      .optional()
      .describe('sync_token of the last page of the time before. Left out: a fresh start.'),
    from: dateOrTime('For a fresh start: leave out what ended before this date or time.').optional(),
    time_zone: timeZone('IANA time zone of the answer; that of the calendar when left out.').optional(),
    ...googlePageInput,
    ...connectionInput,
  }),
  output: z.object({
    events: z.array(eventOutput).describe('Events that are new or changed, or all of them after a fresh start.'),
    deleted_ids: z.array(z.string()).describe('Ids of events that were deleted.'),
    fresh_start: z.boolean().describe('True when these are all events: forget what was kept before.'),
    sync_token: z.string().nullable().describe('For the next time; null until the last page.'),
    time_zone: z.string().describe('The time zone of all times here.'),
    message: z.string().describe('What this is and what to do next.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const upstream = upstreamOf(call)
    const { calendar_id: calendarId } = input
    const zone = input.time_zone ?? (await zoneOfCalendar(upstream, calendarId))
    const fromMs = input.from === undefined ? null : rangeStart(input.from, zone)
    const fresh: Position = [null, fromMs, null, false]
    const asked: Position =
      fromCursor(input.cursor, position) ??
      (input.sync_token === undefined ? fresh : [input.sync_token, null, null, false])

    const read = ([syncToken, startMs, pageToken]: Position) =>
      askGoogle(upstream, (api) =>
        api.events.list({
          calendarId,
          maxResults: input.limit,
          maxAttendees: 100,
          fields: `nextPageToken,nextSyncToken,items(${listedFields})`,
          ...(syncToken === null ? {} : { syncToken }),
          ...(startMs === null ? {} : { timeMin: new Date(startMs).toISOString() }),
          ...(pageToken === null ? {} : { pageToken }),
        }),
      )
    let used = asked
    const answer = await read(asked).catch((error: unknown) => {
      if (isAnswer(error, 404)) throw noSuchCalendar(calendarId)
      // Tokens end after some weeks, and when much has changed.
      if (!isAnswer(error, 410) || asked[0] === null) throw error
      used = [null, fromMs, null, true]
      return read(used)
    })
    const items = answer.items ?? []
    const [syncToken, startMs, , expired] = used
    const next = answer.nextPageToken
    return {
      events: items.filter(({ status }) => status !== 'cancelled').map((event) => showEvent(event, calendarId, zone)),
      deleted_ids: items.filter(({ status }) => status === 'cancelled').map(({ id }) => id ?? ''),
      fresh_start: syncToken === null,
      sync_token: answer.nextSyncToken ?? null,
      time_zone: zone,
      message: messageOf(expired, next ? 'more' : 'done'),
      next_cursor: next ? toCursor([syncToken, startMs, next, expired]) : null,
    }
  },
})

function messageOf(expired: boolean, state: 'more' | 'done'): string {
  const anew = expired
    ? 'The sync_token had expired, so this is a fresh start with all events: forget what was kept before. '
    : ''
  return state === 'more'
    ? `${anew}There is more: call again with next_cursor, until there is a sync_token.`
    : `${anew}That is all. Keep sync_token, and give it the next time.`
}
