// notion.update_block and notion.delete_block: one block of a page.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { markdownOf, treeOf } from './blocks-to-markdown.js'
import { blocksOf } from './markdown-to-blocks.js'
import { type Json, notionOf, textOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'

/** Kinds with words of their own: plain words change the words and leave the kind. */
const withWords = new Set([
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'heading_4',
  'bulleted_list_item',
  'numbered_list_item',
  'to_do',
  'toggle',
  'quote',
  'callout',
])

/** Kinds whose whole content a request may replace. */
const changeable = new Set([...withWords, 'code', 'equation', 'bookmark', 'embed', 'image'])

const output = z.object({
  id: z.string(),
  text: z.string().describe('What it says now, as Markdown.'),
})

export const updateBlockTool = defineTool({
  name: 'notion.update_block',
  title: 'Change a block',
  description:
    'Changes the words of one block, or ticks a to-do; what is within the block stays. The kind of a block cannot be changed: delete it and write another. Get block ids from notion.list_blocks.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    block_id: notionId('The block.'),
    content: text({ min: 1, max: 20_000 })
      .optional()
      .describe('The new words as Markdown, one block: plain words keep its kind; code in a ``` fence.'),
    checked: z.boolean().optional().describe('For a to-do: whether it is done.'),
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['content'],
  output,
  async run({ block_id, content, checked }, call) {
    const api = notionOf(call)
    const path = `/v1/blocks/${requireId(block_id)}`
    const type = textOf((await api.get(path)).type)
    if (checked !== undefined && type !== 'to_do') {
      throw new Problem('invalid-arguments', `This block is a ${type}, so it cannot be checked.`)
    }
    const data = {
      ...(content === undefined ? {} : dataOf(content, type)),
      ...(checked === undefined ? {} : { checked }),
    }
    if (Object.keys(data).length === 0) {
      throw new Problem('invalid-arguments', 'Nothing is to be changed: give content or checked.')
    }
    return call.onceUpstream(async () => shown(await api.patch(path, { [type]: data })))
  },
})

export const deleteBlockTool = defineTool({
  name: 'notion.delete_block',
  title: 'Delete a block',
  description:
    'Deletes one block of a page with everything in it; a child page goes to the trash. Get block ids from notion.list_blocks. Ask the person before you delete what you did not write.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ block_id: notionId('The block.'), ...connectionInput, ...idempotencyInput }),
  output: z.object({ id: z.string().describe('The id of the block that is gone.') }),
  run({ block_id }, call) {
    const id = requireId(block_id)
    return call.onceUpstream(async () => {
      await notionOf(call).delete(`/v1/blocks/${id}`)
      return { id }
    })
  },
})

/** What a block of this type is to hold. Throws Problem invalid-arguments for content of another kind. */
function dataOf(content: string, type: string): Json {
  if (!changeable.has(type)) {
    throw new Problem('invalid-arguments', `This block is a ${type}, whose content cannot be changed here.`)
  }
  const [block, second] = blocksOf(content)
  if (!block || second || block.children.length > 0) {
    throw new Problem('invalid-arguments', 'content must be one block. Add others with notion.append_content.')
  }
  if (block.type === type) return block.data
  if (block.type === 'paragraph' && withWords.has(type)) return { rich_text: block.data.rich_text }
  throw new Problem(
    'invalid-arguments',
    `content is a ${block.type}, but the block is a ${type}. Give plain words, or delete the block and write another.`,
  )
}

function shown(block: Json): z.input<typeof output> {
  return { id: textOf(block.id), text: markdownOf([treeOf(block, [], false)]) }
}
