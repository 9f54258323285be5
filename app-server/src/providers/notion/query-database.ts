// notion.query_database: the pages of a database, filtered and sorted.
import { z } from 'zod'
import { pageOutput as pagedOutput, pageInput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { requireProperty, requireSource } from './databases.js'
import { listOf, notionOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'
import { pageOf, pageOutput } from './pages.js'
import { cursorOf, startOf } from './paging.js'
import { filterInput, filterOf, sortInput, sortsOf } from './query-filter.js'

const maxPropertyText = 300

export const queryDatabaseTool = defineTool({
  name: 'notion.query_database',
  title: 'Query a database',
  description:
    'Lists pages of a database with their properties, filtered and sorted. Get the names and types of properties from notion.get_database first. Long text is cut; read a page whole with notion.get_page.',
  scope: 'notion:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    database_id: notionId('The database (or data source of one).'),
    filters: filterInput.default([]).describe('Conditions on properties. None: all pages.'),
    match: z.enum(['all', 'any']).default('all').describe('Whether all conditions must hold, or any of them.'),
    sorts: sortInput.default([]).describe('What to sort by, the most important first.'),
    properties: z
      .array(text({ min: 1, max: 200 }))
      .max(50)
      .optional()
      .describe('Names of the properties to give. Leave out for all.'),
    ...pageInput,
    ...connectionInput,
  }),
  output: z.object({
    pages: z.array(pageOutput.omit({ in_trash: true, parent: true })).describe('The pages that were found.'),
    ...pagedOutput,
  }),
  async run({ database_id, filters, match, sorts, properties, limit, cursor }, call) {
    const start = startOf(cursor)
    const api = notionOf(call)
    const source = await requireSource(api, requireId(database_id))
    const filter = filterOf(source, filters, match)
    const wanted = properties && new Set(properties.map((name) => requireProperty(source, name).name))
    const body = {
      ...(filter ? { filter } : {}),
      ...(sorts.length > 0 ? { sorts: sortsOf(source, sorts) } : {}),
      page_size: limit,
      ...(start === undefined ? {} : { start_cursor: start }),
    }
    const { results, next } = listOf(await api.post(`/v1/data_sources/${source.id}/query`, body))
    const pages = results
      .filter(({ object }) => object === 'page')
      .map((one) => {
        const { parent: _parent, in_trash: _trash, ...page } = pageOf(one, maxPropertyText)
        if (!wanted) return page
        const chosen = Object.entries(page.properties).filter(([name]) => wanted.has(name))
        return { ...page, properties: Object.fromEntries(chosen) }
      })
    return { pages, next_cursor: cursorOf(next) }
  },
})
