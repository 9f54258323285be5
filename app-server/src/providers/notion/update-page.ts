// notion.update_page: the title, properties and icon of a page.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { requireSource } from './databases.js'
import { iconInput, iconOf } from './icon.js'
import { type Json, type NotionApi, notionOf, objectOf, textOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'
import { pageOf, pageOutput } from './pages.js'
import { propertiesInput, propertiesOfInput, titleProperty } from './property-input.js'
import type { PropertyValue } from './property-values.js'

const maxPropertyText = 500

export const updatePageTool = defineTool({
  name: 'notion.update_page',
  title: 'Change a page',
  description:
    "Changes a page's title, properties or icon; what is left out stays. Lists (people, relations, options, files) are replaced as a whole, so give those that are to stay too. Change what is written in the page with notion.append_content, notion.update_block or notion.replace_content.",
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    page_id: notionId('The page.'),
    title: text({ min: 1, max: 2_000 }).optional().describe('The new title. Plain text.'),
    properties: propertiesInput.optional(),
    icon: iconInput.optional(),
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['properties'],
  output: z.object({ page: pageOutput.describe('The page as it is now.') }),
  async run({ page_id, title, properties = {}, icon }, call) {
    if (title === undefined && icon === undefined && Object.keys(properties).length === 0) {
      throw new Problem('invalid-arguments', 'Nothing is to be changed: give title, properties or icon.')
    }
    const api = notionOf(call)
    const id = requireId(page_id)
    const changes = await changesOf(api, await api.get(`/v1/pages/${id}`), title, properties)
    const body = { properties: changes, ...(icon === undefined ? {} : { icon: iconOf(icon) }) }
    return call.onceUpstream(async () => ({ page: pageOf(await api.patch(`/v1/pages/${id}`, body), maxPropertyText) }))
  },
})

async function changesOf(
  api: NotionApi,
  page: Json,
  title: string | undefined,
  properties: Readonly<Record<string, PropertyValue>>,
): Promise<Record<string, Json>> {
  const titleName = Object.entries(objectOf(page.properties)).find(([, one]) => objectOf(one).type === 'title')?.[0]
  const titled = title === undefined ? {} : { [titleName ?? 'title']: titleProperty(title) }
  if (Object.keys(properties).length === 0) return titled
  const sourceId = textOf(objectOf(page.parent).data_source_id)
  if (sourceId === '') {
    throw new Problem('invalid-arguments', 'This page is in no database, so it has no properties but its title.')
  }
  return { ...propertiesOfInput(await requireSource(api, sourceId), properties), ...titled }
}
