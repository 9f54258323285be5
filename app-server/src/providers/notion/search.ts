// notion.search: pages and databases by their titles.
import { z } from 'zod'
import { pageOutput as pagedOutput, pageInput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { type Json, listOf, notionOf, textOf } from './notion-api.js'
import { notionUrl } from './notion-ids.js'
import { parentOf, referenceOf, referenceOutput } from './pages.js'
import { cursorOf, startOf } from './paging.js'
import { safeUrl, wordsOf } from './rich-text.js'

const found = referenceOutput.extend({
  kind: z.enum(['page', 'database']).describe('What it is.'),
})

export const searchTool = defineTool({
  name: 'notion.search',
  title: 'Search Notion',
  description:
    'Finds pages and databases by words of their title; without a query it lists all that were shared with the connection, the last edited first. It does not search what is written in pages. Read a page with notion.get_page and a database with notion.get_database or notion.query_database. What was made a moment ago may be missing.',
  scope: 'notion:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    query: text({ max: 200 }).default('').describe('Words of the title. Leave out to list everything.'),
    kind: z.enum(['any', 'page', 'database']).default('any').describe('What to look for.'),
    ...pageInput,
    ...connectionInput,
  }),
  output: z.object({ results: z.array(found).describe('What was found.'), ...pagedOutput }),
  async run({ query, kind, limit, cursor }, call) {
    const value = kind === 'database' ? 'data_source' : kind
    const start = startOf(cursor)
    const body = {
      // With words, Notion's own order has the best matches first.
      ...(query === '' ? { sort: { timestamp: 'last_edited_time', direction: 'descending' } } : { query }),
      ...(kind === 'any' ? {} : { filter: { property: 'object', value } }),
      page_size: limit,
      ...(start === undefined ? {} : { start_cursor: start }),
    }
    const { results, next } = listOf(await notionOf(call).post('/v1/search', body))
    return { results: results.map(foundOf), next_cursor: cursorOf(next) }
  },
})

function foundOf(one: Json): z.input<typeof found> {
  if (one.object !== 'data_source') return { kind: 'page', ...referenceOf(one) }
  const id = textOf(one.id)
  return {
    kind: 'database',
    id,
    title: oneLine(wordsOf(one.title), 300) || 'Untitled',
    url: safeUrl(one.url) ?? notionUrl(id),
    parent: parentOf(one.database_parent),
    last_edited_time: oneLine(textOf(one.last_edited_time), 40),
  }
}
