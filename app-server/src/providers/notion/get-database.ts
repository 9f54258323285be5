// notion.get_database: the properties of a database.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { findSource, optionsOf, type Property } from './databases.js'
import { notionOf, textOf } from './notion-api.js'
import { notionId, notionUrl, requireId } from './notion-ids.js'
import { safeUrl } from './rich-text.js'

const maxProperties = 200
const maxOptions = 100

const propertyOutput = z.object({
  name: z.string(),
  type: z.string().describe('Its type, e.g. rich_text, number, select, date, people or relation.'),
  options: z.array(z.string()).optional().describe('The options to choose from.'),
  related_database_id: z.string().optional().describe('The data source that a relation leads to.'),
})

export const getDatabaseTool = defineTool({
  name: 'notion.get_database',
  title: 'Look at a database',
  description:
    'Gives the properties of a database with their types and options, which notion.query_database, notion.create_page and notion.update_page need. A database may hold several data sources: then it gives their ids; call it again with one of them.',
  scope: 'notion:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    database_id: notionId('The database, or a data source of one.'),
    ...connectionInput,
  }),
  output: z.object({
    id: z.string().describe('The id to give as database_id from now on.'),
    title: z.string(),
    url: z.string(),
    properties: z
      .array(propertyOutput)
      .describe('Its properties; empty when one of several data sources must be chosen.'),
    data_sources: z
      .array(
        z.object({
          id: z.string().describe('Its id, to give as database_id.'),
          name: z.string(),
        }),
      )
      .describe('What to choose from, when there are several.'),
  }),
  async run({ database_id }, call) {
    const id = requireId(database_id)
    const found = await findSource(notionOf(call), id)
    if ('sources' in found) {
      const { title, url, sources } = found
      return { id, title, url: safeUrl(url) ?? notionUrl(id), properties: [], data_sources: [...sources] }
    }
    return {
      id: found.id,
      title: found.title,
      url: safeUrl(found.url) ?? notionUrl(found.id),
      properties: found.properties.slice(0, maxProperties).map(shown),
      data_sources: [],
    }
  },
})

function shown(property: Property): z.input<typeof propertyOutput> {
  const options = optionsOf(property)
  const related = property.type === 'relation' ? textOf(property.config.data_source_id) : ''
  return {
    name: oneLine(property.name, 200),
    type: oneLine(property.type, 40),
    ...(options ? { options: options.slice(0, maxOptions).map((name) => oneLine(name, 100)) } : {}),
    ...(related ? { related_database_id: related } : {}),
  }
}
