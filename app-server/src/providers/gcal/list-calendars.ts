// gcal.list_calendars: the calendars in the account's list.
import { z } from 'zod'
import { pageOutput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { defineTool, upstreamOf } from '../provider.js'
import { knownZone } from './events.js'
import { askGoogle } from './google-calendar-api.js'
import { fromGooglePage, googlePageInput, toGooglePage } from './google-pages.js'

export const listCalendarsTool = defineTool({
  name: 'gcal.list_calendars',
  title: 'List calendars',
  description:
    'Lists the calendars of the connected Google account: its own, shared ones and subscribed ones, each with its id, time zone and what the account may do there. Use the ids with every other tool.',
  scope: 'gcal:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ ...googlePageInput, ...connectionInput }),
  output: z.object({
    calendars: z
      .array(
        z.object({
          id: z.string(),
          name: z.string().describe('Its name, as the person sees it.'),
          primary: z.boolean().describe('Whether it is the account’s own.'),
          access: z.string().describe('What may be done: free_busy, read, write or own.'),
          time_zone: z.string(),
          description: z.string().optional(),
        }),
      )
      .describe('The calendars, in Google’s order.'),
    ...pageOutput,
  }),
  async run({ limit, cursor }, call) {
    const pageToken = fromGooglePage(cursor)
    const answer = await askGoogle(upstreamOf(call), (api) =>
      api.calendarList.list({ maxResults: limit, ...(pageToken ? { pageToken } : {}) }),
    )
    const calendars = (answer.items ?? []).map((item) => ({
      id: item.id ?? '',
      name: oneLine(item.summaryOverride ?? item.summary ?? '', 200),
      primary: item.primary === true,
      access: accessWords[item.accessRole ?? ''] ?? 'read',
      time_zone: knownZone(item.timeZone),
      ...(item.description ? { description: oneLine(item.description, 300) } : {}),
    }))
    return { calendars, next_cursor: toGooglePage(answer.nextPageToken) }
  },
})

const accessWords: Readonly<Record<string, string>> = {
  freeBusyReader: 'free_busy',
  reader: 'read',
  writer: 'write',
  owner: 'own',
}
