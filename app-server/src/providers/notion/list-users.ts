// notion.list_users: the people of the workspace, for properties that name them.
import { z } from 'zod'
import { pageOutput as pagedOutput, pageInput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { listOf, notionOf, objectOf, textOf } from './notion-api.js'
import { cursorOf, startOf } from './paging.js'

export const listUsersTool = defineTool({
  name: 'notion.list_users',
  title: 'List people',
  description:
    'Lists the people and bots of the workspace with their ids, which properties of the type people and filters on them take. Guests are not among them.',
  scope: 'notion:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ ...pageInput, ...connectionInput }),
  output: z.object({
    users: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          email: z.string().nullable().describe('Their e-mail address; null where the connection may not see it.'),
          type: z.enum(['person', 'bot']).describe('Whether it is a person or a bot.'),
        }),
      )
      .describe('The people and bots.'),
    ...pagedOutput,
  }),
  async run({ limit, cursor }, call) {
    const query = { page_size: String(limit), start_cursor: startOf(cursor) }
    const { results, next } = listOf(await notionOf(call).get('/v1/users', query))
    const users = results.map((user) => ({
      id: textOf(user.id),
      name: oneLine(textOf(user.name), 200),
      email: oneLine(textOf(objectOf(user.person).email), 320) || null,
      type: user.type === 'bot' ? ('bot' as const) : ('person' as const),
    }))
    return { users, next_cursor: cursorOf(next) }
  },
})
