// notion.list_blocks: the blocks of a page with their ids, to change one of them.
import { z } from 'zod'
import { pageOutput as pagedOutput, pageInput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { excerpt } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { markdownOf, treeOf } from './blocks-to-markdown.js'
import { type Json, notionOf, textOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'
import { cursorOf, startOf } from './paging.js'

const maxText = 300

const blockOutput = z.object({
  id: z.string(),
  type: z.string().describe('Its kind, e.g. paragraph, to_do or child_page.'),
  text: z.string().describe('The beginning of it, as Markdown.'),
  has_children: z.boolean().describe('Whether others are in it: call again with its id as page_id.'),
})

export const listBlocksTool = defineTool({
  name: 'notion.list_blocks',
  title: 'List the blocks of a page',
  description:
    'Lists the blocks of a page, or those within a block, with their ids: for notion.update_block, notion.delete_block and the after_block_id of notion.append_content. To read a page use notion.get_page.',
  scope: 'notion:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    page_id: notionId('The page, or a block that holds others.'),
    ...pageInput,
    ...connectionInput,
  }),
  output: z.object({ blocks: z.array(blockOutput).describe('In the order of the page.'), ...pagedOutput }),
  async run({ page_id, limit, cursor }, call) {
    const { results, next } = await notionOf(call).children(requireId(page_id), startOf(cursor), limit)
    return { blocks: results.map(shown), next_cursor: cursorOf(next) }
  },
})

function shown(block: Json): z.input<typeof blockOutput> {
  const { text, next } = excerpt(markdownOf([treeOf(block, [], false)]), { max: maxText })
  return {
    id: textOf(block.id),
    type: textOf(block.type),
    text: next === null ? text : `${text}…`,
    has_children: block.has_children === true,
  }
}
