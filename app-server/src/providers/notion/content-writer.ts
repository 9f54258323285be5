// Writes blocks into a page, in order, in requests that Notion takes; tells how far it came when one fails.
import { Problem } from '@sekisho/contracts'
import { oneLine } from '../foreign-text.js'
import { countOf, type NewBlock } from './markdown-to-blocks.js'
import { type Json, listOf, type NotionApi, textOf } from './notion-api.js'
import { wordsOf } from './rich-text.js'

/** What one request may hold: developers.notion.com/reference/patch-block-children, /request-limits. */
const maxChildren = 100
const maxLevels = 2
const maxElements = 900
const maxBytes = 400_000

/** Requests of one call: Notion takes about three a second, and a call may run for a minute. */
const maxRequests = 60

/** How far a text came. */
export interface Written {
  readonly blocks: number
  readonly of: number
  /** What ended it early. */
  readonly problem?: Problem
  /** The words of the first block that is not there for sure. */
  readonly restBeginsWith?: string
}

/** Where the first block goes, as Notion writes it; undefined for the end. */
export type Place = { readonly type: 'start' } | { readonly type: 'after_block'; readonly after_block: { id: string } }

/** Blocks that go in one request, and what comes after the last of them has its id. */
interface Batch {
  readonly blocks: readonly NewBlock[]
  /** Children of the last block that did not fit in with it. */
  readonly later: readonly NewBlock[]
}

/** Refuses, before anything is done, what would take too many requests. Throws Problem invalid-arguments. */
export function requireWritable(blocks: readonly NewBlock[]): void {
  if (requestsFor(blocks) > maxRequests) {
    throw new Problem(
      'invalid-arguments',
      'This content is nested too deeply in too many places to be written in one call. Nothing was written: write it in parts, or with fewer levels.',
    )
  }
}

/** The children for a request that makes a page, when all fit in it. */
export function asChildren(blocks: readonly NewBlock[]): Json[] | undefined {
  const [first, second] = batchesOf(blocks)
  return first && !second && first.later.length === 0 ? first.blocks.map((one) => requestOf(one)) : undefined
}

/**
 * Writes blocks into a page or a block: whatever is there at the end is a beginning of the text.
 * Throws Problem when the first request fails; later failures are told.
 */
export async function writeBlocks(
  api: NotionApi,
  parentId: string,
  blocks: readonly NewBlock[],
  options: { place?: Place | undefined; onProgress?: (done: number, of: number) => void; begun?: boolean } = {},
): Promise<Written> {
  const of = countOf(blocks)
  let done = 0
  let next: NewBlock | undefined
  const write = async (id: string, list: readonly NewBlock[], place: Place | undefined): Promise<void> => {
    let at = place
    for (const { blocks: batch, later } of batchesOf(list)) {
      next = batch[0]
      const body = { children: batch.map((one) => requestOf(one)), ...(at ? { position: at } : {}) }
      const { results } = listOf(await api.patch(`/v1/blocks/${id}/children`, body))
      done += countOf(batch) - (later.length > 0 ? countOf(later) : 0)
      options.onProgress?.(done, of)
      const lastId = textOf(results.at(-1)?.id)
      if (lastId === '') throw new Problem('upstream-failed', 'Notion does not say which blocks it made.')
      if (later.length > 0) await write(lastId, later, undefined)
      if (at) at = { type: 'after_block', after_block: { id: lastId } }
    }
  }
  try {
    await write(parentId, blocks, options.place)
  } catch (error) {
    if (!(error instanceof Problem) || (done === 0 && !options.begun)) throw error
    return { blocks: done, of, problem: error, restBeginsWith: next ? firstWords(next) : '' }
  }
  return { blocks: done, of }
}

/** What to tell about a text that did not come to its end. */
export function shortfall({ blocks, of, problem, restBeginsWith }: Written): string | undefined {
  if (!problem) return undefined
  const unsure = ['timeout', 'upstream-failed', 'cancelled', 'unavailable'].includes(problem.code)
  const about = unsure
    ? 'Read the page to see what is there: the next blocks may have been written too.'
    : 'What comes after them was not written.'
  return `Only the first ${blocks} of ${of} blocks are there for sure. ${problem.detail} ${about} The rest begins with "${restBeginsWith}": add it with notion.append_content.`
}

function batchesOf(list: readonly NewBlock[]): Batch[] {
  const batches: Batch[] = []
  let blocks: NewBlock[] = []
  let elements = 0
  let bytes = 0
  const flush = (later: readonly NewBlock[] = []) => {
    if (blocks.length > 0) batches.push({ blocks, later })
    blocks = []
    elements = 0
    bytes = 0
  }
  for (const one of list) {
    const size = JSON.stringify(one).length * 2
    const whole = fits(one)
    const count = whole ? 1 + countOf(one.children) : maxChildren + 1
    if (blocks.length === maxChildren || elements + count > maxElements || bytes + size > maxBytes) flush()
    blocks.push(one)
    elements += count
    bytes += size
    if (!whole) flush(laterOf(one))
  }
  flush()
  return batches
}

function fits(block: NewBlock): boolean {
  return depthOf(block) <= maxLevels && isNarrow(block) && JSON.stringify(block).length * 2 <= maxBytes
}

function depthOf({ children }: NewBlock): number {
  return children.length === 0 ? 0 : 1 + Math.max(...children.map(depthOf))
}

function isNarrow({ children }: NewBlock): boolean {
  return children.length <= maxChildren && countOf(children) < maxElements && children.every(isNarrow)
}

/** Children that do not go with their block. A table needs rows to be made. */
function laterOf({ type, children }: NewBlock): readonly NewBlock[] {
  return type === 'table' ? children.slice(maxChildren) : children
}

function requestOf(block: NewBlock): Json {
  const { type, data, children } = block
  const now = fits(block) ? children : type === 'table' ? children.slice(0, maxChildren) : []
  return {
    object: 'block',
    type,
    [type]: now.length > 0 ? { ...data, children: now.map((one) => requestOf(one)) } : data,
  }
}

function requestsFor(list: readonly NewBlock[]): number {
  return batchesOf(list).reduce((sum, { later }) => sum + 1 + (later.length > 0 ? requestsFor(later) : 0), 0)
}

function firstWords({ data, children }: NewBlock): string {
  const rich = (Array.isArray(data.rich_text) ? data.rich_text : []) as Json[]
  const text = wordsOf(rich.map((item) => ({ plain_text: textOf((item.text as Json | undefined)?.content) })))
  const [child] = children
  return oneLine(text, 80) || (child ? firstWords(child) : '…')
}
