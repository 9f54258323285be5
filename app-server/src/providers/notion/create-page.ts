// notion.create_page: a new page, under another one or in a database.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { contentInput } from './content-input.js'
import { asChildren, requireWritable, shortfall, writeBlocks } from './content-writer.js'
import { requireSource } from './databases.js'
import { iconInput, iconOf } from './icon.js'
import { blocksOf } from './markdown-to-blocks.js'
import { type NotionApi, notionOf, textOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'
import { referenceOf, referenceOutput } from './pages.js'
import { propertiesInput, propertiesOfInput, titleProperty } from './property-input.js'
import type { PropertyValue } from './property-values.js'

export const createPageTool = defineTool({
  name: 'notion.create_page',
  title: 'Create a page',
  description:
    'Creates a page under another page, or in a database: give parent_page_id or database_id, one of them. Get the names and types of properties from notion.get_database first. Options of select properties that are new are made. Find parents with notion.search.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    parent_page_id: notionId('The page to put it under.').optional(),
    database_id: notionId('The database (or data source of one) to put it in.').optional(),
    title: text({ min: 1, max: 2_000 }).describe('What it is called. Plain text.'),
    properties: propertiesInput.optional(),
    content: contentInput.optional(),
    icon: iconInput.optional(),
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['content', 'properties'],
  output: z.object({
    page: referenceOutput.describe('The new page.'),
    complete: z.boolean().describe('Whether all of the content is there.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  async run({ parent_page_id, database_id, title, properties = {}, content = '', icon }, call) {
    if ((parent_page_id === undefined) === (database_id === undefined)) {
      throw new Problem('invalid-arguments', 'Give parent_page_id or database_id, one of them.')
    }
    const api = notionOf(call)
    const blocks = blocksOf(content)
    requireWritable(blocks)
    const place =
      database_id === undefined
        ? underPage(requireId(parent_page_id ?? ''), title, properties)
        : await inDatabase(api, requireId(database_id), title, properties)
    const children = asChildren(blocks)
    return call.onceUpstream(async () => {
      const page = await api.post('/v1/pages', {
        ...place,
        ...(icon === undefined ? {} : { icon: iconOf(icon) }),
        ...(children ? { children } : {}),
      })
      // Once there is a page, nothing that follows may make a repeated call create another.
      const written = children
        ? undefined
        : await writeBlocks(api, textOf(page.id), blocks, { begun: true, onProgress: call.reportProgress })
      const missing = written && shortfall(written)
      return {
        page: referenceOf(page),
        complete: missing === undefined,
        message:
          missing === undefined ? 'The page is there.' : `The page is there, but not all of its content. ${missing}`,
      }
    })
  },
})

function underPage(id: string, title: string, properties: Readonly<Record<string, PropertyValue>>) {
  if (Object.keys(properties).length > 0) {
    throw new Problem(
      'invalid-arguments',
      'A page under a page has no properties but its title. Leave properties out, or give database_id.',
    )
  }
  return { parent: { type: 'page_id', page_id: id }, properties: { title: titleProperty(title) } }
}

async function inDatabase(
  api: NotionApi,
  id: string,
  title: string,
  properties: Readonly<Record<string, PropertyValue>>,
) {
  const source = await requireSource(api, id)
  const given = propertiesOfInput(source, properties)
  const name = source.properties.find(({ type }) => type === 'title')?.name ?? 'title'
  return {
    parent: { type: 'data_source_id', data_source_id: source.id },
    properties: { ...given, [name]: titleProperty(title) },
  }
}
