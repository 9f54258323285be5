// Reads the content of a page, bounded in length and requests, with a position to go on from.
import { excerpt } from '../foreign-text.js'
import { type BlockTree, markdownOf, treeOf } from './blocks-to-markdown.js'
import { type Json, type NotionApi, textOf } from './notion-api.js'

/** Characters of Markdown in one answer, at which the next top-level block waits for the next one. */
const enoughCharacters = 20_000
/** Characters after which what is within a single block is left for a call of its own. */
const maxCharacters = 60_000
/** Characters of one part of a single block that is longer than that. */
const maxPart = 40_000
/** Requests of one call, and those at the same time: Notion takes about three a second of a connection. */
const maxRequests = 40
const atOnce = 3
const maxDepth = 8
const pageSize = 50

/**
 * Where content goes on: the cursor of a page of top-level blocks, how many of them were shown, and how many characters
 * of the next one, when that is long.
 */
export type ContentPosition = readonly [cursor: string | null, shown: number, characters: number]

export interface Content {
  readonly markdown: string
  readonly next: ContentPosition | null
}

/** Holds pages and databases of their own; what is in them is not content of this page. */
const closed = new Set(['child_page', 'child_database'])

/** Throws Problem. */
export async function readContent(api: NotionApi, id: string, from: ContentPosition = [null, 0, 0]): Promise<Content> {
  const budget = { requests: maxRequests, characters: maxCharacters }
  const trees: BlockTree[] = []
  let characters = 0
  let [cursor, shown, cut] = from
  const until = (next: ContentPosition | null): Content => ({ markdown: markdownOf(trees), next })
  for (;;) {
    budget.requests--
    const { results, next } = await api.children(id, cursor ?? undefined, pageSize)
    while (shown < results.length) {
      const group = results.slice(shown, shown + (cut > 0 ? 1 : atOnce))
      const read = await Promise.all(group.map((block) => readTree(api, block, budget)))
      for (const tree of read) {
        const markdown = markdownOf([tree])
        const enough = characters + markdown.length > enoughCharacters || (budget.requests <= 0 && hasGaps(tree))
        // What is too much for this answer comes with the next one, unless it is too much for any.
        if (trees.length > 0 && enough) return until([cursor, shown, 0])
        if (markdown.length > maxPart) {
          const part = excerpt(markdown, { from: cut, max: maxPart })
          const end =
            shown + 1 < results.length
              ? ([cursor, shown + 1, 0] as const)
              : next === null
                ? null
                : ([next, 0, 0] as const)
          return { markdown: part.text, next: part.next === null ? end : [cursor, shown, part.next] }
        }
        trees.push(tree)
        characters += markdown.length
        shown++
      }
    }
    if (next === null) return until(null)
    cursor = next
    shown = 0
    if (budget.requests <= 0 || characters > enoughCharacters) return until([cursor, 0, 0])
  }
}

export interface Budget {
  requests: number
  characters: number
}

/** A block with what is in it, as far as the budget goes. */
export async function readTree(api: NotionApi, block: Json, budget: Budget, depth = 1): Promise<BlockTree> {
  if (block.has_children !== true || closed.has(textOf(block.type))) return treeOf(block, [], false)
  const children: BlockTree[] = []
  let cursor: string | undefined
  for (;;) {
    if (budget.requests <= 0 || budget.characters <= 0 || depth > maxDepth) return treeOf(block, children, true)
    budget.requests--
    const { results, next } = await api.children(textOf(block.id), cursor, 100)
    budget.characters -= JSON.stringify(results).length / 8
    for (const child of results) children.push(await readTree(api, child, budget, depth + 1))
    if (next === null) return treeOf(block, children, false)
    cursor = next
  }
}

function hasGaps({ hasMore, children }: BlockTree): boolean {
  return hasMore || children.some(hasGaps)
}
