// notion.replace_content: new content for a page in place of what is there; what Markdown cannot carry stays.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool, type ToolCall } from '../provider.js'
import type { BlockTree } from './blocks-to-markdown.js'
import { contentInput } from './content-input.js'
import { readTree } from './content-reader.js'
import { requireWritable, shortfall, writeBlocks } from './content-writer.js'
import { blocksOf } from './markdown-to-blocks.js'
import { type NotionApi, notionOf } from './notion-api.js'
import { notionId, requireId } from './notion-ids.js'

/** Each block is deleted by a request of its own, and Notion takes about three a second. */
const maxOldBlocks = 80

/** Kinds that can be written anew from what notion.get_page shows of them. */
const rewritable = new Set([
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
  'code',
  'equation',
  'divider',
  'table',
  'table_row',
  'bookmark',
  'embed',
])

/** Requests that look into blocks for what must stay; blocks that could not be looked into stay. */
const maxLooks = 25

export const replaceContentTool = defineTool({
  name: 'notion.replace_content',
  title: 'Rewrite a page',
  description:
    'Replaces what is written in a page. Read the page with notion.get_page first. The new content is written at the end, then the old blocks are deleted, so nothing is lost if it breaks off. Child pages, child databases, files and other things that Markdown cannot carry stay. For a small change use notion.update_block, which keeps comments and colours.',
  scope: 'notion:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    page_id: notionId('The page.'),
    content: contentInput,
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['content'],
  output: z.object({
    deleted: z.number().int().describe('How many of the old blocks are gone.'),
    kept: z.number().int().describe('How many stay because Markdown cannot carry them.'),
    complete: z.boolean().describe('Whether all of it was done.'),
    message: z.string().describe('What happened and what can be done next.'),
  }),
  async run({ page_id, content }, call) {
    const api = notionOf(call)
    const id = requireId(page_id)
    const blocks = blocksOf(content)
    if (blocks.length === 0)
      throw new Problem('invalid-arguments', 'content is empty. Delete a page with notion.delete_page.')
    requireWritable(blocks)
    const old = await childrenOf(api, id)
    const going = old.filter(isRewritable)
    const kept = old.length - going.length
    return call.onceUpstream(async () => {
      const written = await writeBlocks(api, id, blocks, { onProgress: call.reportProgress })
      const missing = shortfall(written)
      if (missing !== undefined) {
        return {
          deleted: 0,
          kept: old.length,
          complete: false,
          message: `Nothing old was deleted, because the new content is not whole. ${missing} Then delete the old blocks with notion.delete_block.`,
        }
      }
      const { deleted, problem } = await deleteAll(api, going, call)
      const stay = kept > 0 ? ` ${kept} blocks that Markdown cannot carry stay before it.` : ''
      return {
        deleted,
        kept,
        complete: problem === undefined,
        message: problem
          ? `The new content is there, but ${going.length - deleted} old blocks before it may be left. ${problem.detail} Look with notion.list_blocks and delete them with notion.delete_block.`
          : `The new content is there.${stay}`,
      }
    })
  },
})

async function childrenOf(api: NotionApi, id: string): Promise<readonly BlockTree[]> {
  const { results, next } = await api.children(id, undefined, 100)
  if (next !== null || results.length > maxOldBlocks) {
    throw new Problem(
      'invalid-arguments',
      `This page has more than ${maxOldBlocks} blocks, too many to rewrite at once. Nothing was done: change parts of it with notion.update_block, notion.delete_block and notion.append_content.`,
    )
  }
  const budget = { requests: maxLooks, characters: Number.POSITIVE_INFINITY }
  const trees: BlockTree[] = []
  for (const block of results) trees.push(await readTree(api, block, budget))
  return trees
}

/** A block goes with all that is in it, so nothing within may be of the kind that stays. */
function isRewritable({ type, data, children, hasMore }: BlockTree): boolean {
  // An image that Notion keeps has no lasting address to write it anew with.
  const isKind = type === 'image' ? data.type === 'external' : rewritable.has(type)
  return isKind && !hasMore && children.every(isRewritable)
}

async function deleteAll(
  api: NotionApi,
  blocks: readonly BlockTree[],
  call: ToolCall,
): Promise<{ deleted: number; problem?: Problem }> {
  let deleted = 0
  for (const block of blocks) {
    try {
      await api.delete(`/v1/blocks/${block.id}`)
    } catch (error) {
      // One that somebody else has deleted meanwhile is gone as well.
      if (!(error instanceof Problem)) throw error
      if (error.code !== 'not-found') return { deleted, problem: error }
    }
    deleted++
    call.reportProgress(deleted, blocks.length)
  }
  return { deleted }
}
