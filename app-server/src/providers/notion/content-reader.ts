// Reads the content of a page, bounded in length and requests, with a position to go on from.
import { type BlockTree, markdownOf, treeOf } from './blocks-to-markdown.js'
import { type Json, type NotionApi, textOf } from './notion-api.js'

/** Characters of Markdown in one answer, at which the next top-level block waits for the next one. */
const enoughCharacters = 20_000
/** Characters after which what is within a single block is left for a call of its own. */
const maxCharacters = 60_000
/** Requests of one call, and those at the same time: Notion takes about three a second of a connection. */
const maxRequests = 40
const atOnce = 3
const maxDepth = 8
const pageSize = 50

/** Where content goes on: the cursor of a page of top-level blocks, and how many of them were shown. */
export type ContentPosition = readonly [cursor: string | null, shown: number]

export interface Content {
  readonly markdown: string
  readonly next: ContentPosition | null
}

/** Holds pages and databases of their own; what is in them is not content of this page. */
const closed = new Set(['child_page', 'child_database'])

/** Throws Problem. */
export async function readContent(api: NotionApi, id: string, from: ContentPosition = [null, 0]): Promise<Content> {
  const budget = { requests: maxRequests, characters: maxCharacters }
  const trees: BlockTree[] = []
  let characters = 0
  let [cursor, shown] = from
  for (;;) {
    budget.requests--
    const { results, next } = await api.children(id, cursor ?? undefined, pageSize)
    for (; shown < results.length; ) {
      const group = results.slice(shown, shown + atOnce)
      const read = await Promise.all(group.map((block) => readTree(api, block, budget, 1)))
      for (const tree of read) {
        const length = markdownOf([tree]).length
        const enough = characters + length > enoughCharacters || (budget.requests <= 0 && hasGaps(tree))
        // What is too much for this answer comes with the next one, unless it is too much for any.
        if (trees.length > 0 && enough) return { markdown: markdownOf(trees), next: [cursor, shown] }
        trees.push(tree)
        characters += length
        shown++
      }
      if (characters > enoughCharacters && shown < results.length)
        return { markdown: markdownOf(trees), next: [cursor, shown] }
    }
    if (next === null) return { markdown: markdownOf(trees), next: null }
    cursor = next
    shown = 0
    if (budget.requests <= 0 || characters > enoughCharacters) return { markdown: markdownOf(trees), next: [cursor, 0] }
  }
}

interface Budget {
  requests: number
  characters: number
}

async function readTree(api: NotionApi, block: Json, budget: Budget, depth: number): Promise<BlockTree> {
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
