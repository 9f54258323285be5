// Markdown cut into the blocks it is made of, so that of a text that still grows only its end is read again.
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { emphasisBesideCjk } from './markdown-cjk.js'
import { formulas, formulasFromMarkdown } from './markdown-formulas.js'
import { readableLength, regionsOf } from './markdown-limits.js'

/** Characters of definitions that are read again beside blocks, of all blocks together; a block itself counts as a hundred. */
const maxReadBeside = 200_000

/** A node of Markdown (mdast, github.com/syntax-tree/mdast). */
export type MarkdownNode = ReturnType<typeof fromMarkdown>['children'][number]
export type MarkdownNodeOf<Type extends MarkdownNode['type']> = Extract<MarkdownNode, { type: Type }>
type Definition = MarkdownNodeOf<'definition' | 'footnoteDefinition'>

/** Some top-level nodes of a text, with a blank line before them. */
export interface MarkdownBlock {
  readonly source: string
  /** Undefined where reading would take too long: then the source is shown as it is. */
  readonly nodes: readonly MarkdownNode[] | undefined
  /** The definitions it was read beside. */
  readonly beside: string
}

/** A text in its blocks. The last of them may become another when the text grows. */
export interface MarkdownBlocks {
  readonly text: string
  readonly blocks: readonly MarkdownBlock[]
  /** What the text defines for its links and footnotes. */
  readonly definitions: readonly Definition[]
}

/** A text as HTML, block by block; footnotes are one more block at the end. */
export interface RenderedMarkdown extends MarkdownBlocks {
  readonly html: readonly string[]
  /** What all blocks have in common that shows in their HTML. */
  readonly frame: string
}

const github = gfm({ singleTilde: false })
/** HTML is text like any other, and so are indented lines: code stands between fences. */
const fewer = { disable: { null: ['htmlFlow', 'htmlText', 'codeIndented'] } }
const extensions = [github, emphasisBesideCjk(github), formulas, fewer]
// Without the second search for addresses, whose time grows with the square of a text.
const mdastExtensions = [gfmFromMarkdown().map(({ transforms: _, ...rest }) => rest), formulasFromMarkdown]

function parse(text: string): MarkdownNode[] {
  return fromMarkdown(text, { extensions, mdastExtensions }).children
}

/**
 * The blocks of a text; together they are what the whole text is, read at once.
 * @param before the same text when it was shorter: what cannot have changed since is taken from it
 */
export function markdownBlocks(text: string, before?: MarkdownBlocks): MarkdownBlocks {
  const kept = before && text.startsWith(before.text) ? before.blocks.slice(0, -1) : []
  const keptLength = kept.reduce((sum, { source }) => sum + source.length, 0)
  const end = Math.max(keptLength, readableLength(text))
  const fresh = regionsOf(text.slice(keptLength, end)).flatMap(({ source, readable }) =>
    readable ? cut(source) : [{ source, nodes: undefined, beside: '' }],
  )
  if (text.length > end) fresh.push({ source: text.slice(end), nodes: undefined, beside: '' })
  const blocks = [...kept, ...fresh]
  const definitions = definitionsIn(blocks)
  return { text, blocks: readBeside(definitions, blocks), definitions }
}

/**
 * Cuts before nodes that stand behind a blank line: what such a line has closed is closed for good. Only of a line without
 * its end the kind is still open, e.g. `2` may become the next item of a list.
 */
function cut(text: string): MarkdownBlock[] {
  const nodes = parse(text)
  const blocks: MarkdownBlock[] = []
  let from = 0
  let taken = 0
  nodes.forEach((node, index) => {
    const offset = offsetOf(node)
    const start = text.lastIndexOf('\n', offset - 1) + 1
    // What follows a formula in its last line begins behind it.
    if (index === 0 || text.slice(start, offset).trim() !== '') return
    if (!text.includes('\n', start) || !isBlankBefore(text, start)) return
    blocks.push({ source: text.slice(from, start), nodes: nodes.slice(taken, index), beside: '' })
    from = start
    taken = index
  })
  if (from < text.length) blocks.push({ source: text.slice(from), nodes: nodes.slice(taken), beside: '' })
  return blocks
}

function isBlankBefore(text: string, lineStart: number): boolean {
  const former = text.lastIndexOf('\n', lineStart - 2) + 1
  return former < lineStart && text.slice(former, lineStart).trim() === ''
}

/** Reads blocks that may refer to a definition of another block again, beside all definitions. */
function readBeside(definitions: readonly Definition[], blocks: readonly MarkdownBlock[]): readonly MarkdownBlock[] {
  const refers = ({ nodes, source }: MarkdownBlock) =>
    source.includes('[') && nodes?.some(({ type }) => type !== 'definition') === true
  const all = definitions.length === 0 ? '' : `${definitions.map(shortest).join('\n\n')}\n\n---\n\n`
  // Read once more each: a text that would make that long has brackets instead of links.
  const beside = (all.length + 100) * blocks.filter(refers).length > maxReadBeside ? '' : all
  return blocks.map((block) => {
    if (block.beside === beside || !refers(block)) return block
    const nodes = parse(beside + block.source).filter((node) => offsetOf(node) >= beside.length)
    return { ...block, nodes, beside }
  })
}

/** In the order of the text; of several with one name the first counts (CommonMark, link reference definitions). */
function definitionsIn(blocks: readonly MarkdownBlock[]): Definition[] {
  const found = new Map<string, Definition>()
  const look = (node: MarkdownNode) => {
    if (node.type === 'definition' || node.type === 'footnoteDefinition') {
      const key = `${node.type} ${node.identifier}`
      if (!found.has(key)) found.set(key, node)
    }
    if ('children' in node) for (const child of node.children) look(child)
  }
  for (const { nodes, source } of blocks) if (source.includes(']:')) nodes?.forEach(look)
  return [...found.values()]
}

/** A definition without more than it takes to be known. */
function shortest({ type, label, identifier }: Definition): string {
  const name = (label ?? identifier).replaceAll(/[[\]\\]/g, '\\$&')
  return type === 'footnoteDefinition' ? `[^${name}]: x` : `[${name}]: x`
}

function offsetOf({ position }: MarkdownNode): number {
  return position?.start.offset ?? 0
}
