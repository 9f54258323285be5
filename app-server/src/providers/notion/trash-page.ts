// notion.delete_page and notion.restore_page: into the trash and out of it.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { notionOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'
import { referenceOf, referenceOutput } from './pages.js'

const input = z.strictObject({ page_id: notionId('The page.'), ...connectionInput, ...idempotencyInput })

export const deletePageTool = defineTool({
  name: 'notion.delete_page',
  title: 'Delete a page',
  description:
    'Moves a page, with everything in it, to the trash of Notion. It can be brought back with notion.restore_page or in Notion for 30 days. Ask the person before you delete what you did not make.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input,
  output: z.object({ page: referenceOutput.describe('The page that is in the trash now.') }),
  run({ page_id }, call) {
    const path = `/v1/pages/${requireId(page_id)}`
    return call.onceUpstream(async () => ({ page: referenceOf(await notionOf(call).patch(path, { in_trash: true })) }))
  },
})

export const restorePageTool = defineTool({
  name: 'notion.restore_page',
  title: 'Restore a page',
  description: 'Brings a page back from the trash of Notion, to where it was, with everything in it.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input,
  output: z.object({ page: referenceOutput.describe('The page that is back.') }),
  run({ page_id }, call) {
    const path = `/v1/pages/${requireId(page_id)}`
    return call.onceUpstream(async () => ({ page: referenceOf(await notionOf(call).patch(path, { in_trash: false })) }))
  },
})
