// notion.append_content: more content in a page, without touching what is there.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { contentInput } from './content-input.js'
import { type Place, requireWritable, shortfall, writeBlocks } from './content-writer.js'
import { blocksOf } from './markdown-to-blocks.js'
import { notionOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'

export const appendContentTool = defineTool({
  name: 'notion.append_content',
  title: 'Add content to a page',
  description:
    'Adds content to a page, at its end unless told, and touches nothing that is there. To put it within a list item or a toggle, give the id of that block as page_id (from notion.list_blocks). Long content is written in several requests, in order; if one fails, the answer says how far it came.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    page_id: notionId('The page, or a block that holds others.'),
    content: contentInput,
    position: z.enum(['end', 'start']).default('end').describe('Where to put it.'),
    after_block_id: notionId('Put it behind this block instead (from notion.list_blocks).').optional(),
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['content'],
  output: z.object({
    blocks_written: z.number().int().describe('How many blocks are there for sure.'),
    complete: z.boolean().describe('Whether all of the content is there.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  async run({ page_id, content, position, after_block_id }, call) {
    const id = requireId(page_id)
    const blocks = blocksOf(content)
    if (blocks.length === 0) throw new Problem('invalid-arguments', 'content is empty.')
    requireWritable(blocks)
    const place: Place | undefined =
      after_block_id !== undefined
        ? { type: 'after_block', after_block: { id: requireId(after_block_id) } }
        : position === 'start'
          ? { type: 'start' }
          : undefined
    return call.onceUpstream(async () => {
      const written = await writeBlocks(notionOf(call), id, blocks, { place, onProgress: call.reportProgress })
      const missing = shortfall(written)
      return {
        blocks_written: written.blocks,
        complete: missing === undefined,
        message: missing ?? 'All of it is there.',
      }
    })
  },
})
