// Markdown (CommonMark with GFM's tables, task lists and strikethrough) read into a tree and written from one.
import { Problem } from '@sekisho/contracts'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown, gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown } from 'mdast-util-to-markdown'
import { gfm } from 'micromark-extension-gfm'

/** A whole text (mdast, github.com/syntax-tree/mdast). */
export type MarkdownTree = ReturnType<typeof fromMarkdown>
export type MarkdownNode = Parameters<typeof toMarkdown>[0]
type Definition = Extract<MarkdownNode, { type: 'definition' }>

/** Containers (lists, quotations) within one another. */
const maxDepth = 40

/** Signs of one paragraph that can begin or end emphasis or a link: the time to pair them grows with their square. */
const maxSignsOfParagraph = 2_000

/** Columns of a table. */
const maxColumns = 200

/** A container's beginning, so often on one line. */
const tooDeep = new RegExp(`^(?:[ \\t]*(?:>|[-*+](?=[ \\t])|\\d{1,9}[.)](?=[ \\t]))){${maxDepth}}`)
const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/
const newBlock = /^ {0,3}(?:[-*+] |#{1,6} )|^[ \t]*$/

/**
 * Reads Markdown. HTML in it is plain text, and so are indented lines and footnotes; references are links and images.
 * Throws Problem invalid-arguments for text made to take very long.
 */
export function parseMarkdown(markdown: string): MarkdownTree {
  requireBounded(markdown)
  const tree = fromMarkdown(markdown, {
    extensions: [gfm(), { disable: { null: ['htmlFlow', 'htmlText', 'codeIndented'] } }],
    mdastExtensions: [gfmFromMarkdown()],
  })
  const definitions = new Map<string, Definition>()
  collectDefinitions(tree, definitions)
  return resolved(tree, definitions) as MarkdownTree
}

/** Writes Markdown; signs that would mean something else are escaped. */
export function printMarkdown(tree: MarkdownNode): string {
  return toMarkdown(tree, {
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
    bullet: '-',
    rule: '-',
    listItemIndent: 'one',
    resourceLink: true,
  }).trimEnd()
}

function collectDefinitions(node: MarkdownNode, definitions: Map<string, Definition>): void {
  // The first of several with one name counts (CommonMark, link reference definitions).
  if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
  if ('children' in node) for (const child of node.children) collectDefinitions(child, definitions)
}

/** The tree without references, definitions and footnotes, so that nobody has to look anything up in it. */
function resolved(node: MarkdownNode, definitions: ReadonlyMap<string, Definition>): MarkdownNode {
  if (node.type === 'footnoteReference') return { type: 'text', value: `[^${node.label ?? node.identifier}]` }
  if (node.type === 'imageReference') {
    const { url = '' } = definitions.get(node.identifier) ?? {}
    return { type: 'image', url, alt: node.alt ?? null }
  }
  if (!('children' in node)) return node
  const children = node.children.flatMap((child: MarkdownNode): MarkdownNode[] => {
    if (child.type === 'definition') return []
    const inner = resolved(child, definitions)
    if (inner.type !== 'footnoteDefinition') return [inner]
    const mark: MarkdownNode = { type: 'text', value: `[^${inner.label ?? inner.identifier}]: ` }
    const [first, ...rest] = inner.children
    return first?.type === 'paragraph'
      ? [{ ...first, children: [mark, ...first.children] }, ...rest]
      : [{ type: 'paragraph', children: [mark] }, ...inner.children]
  })
  if (node.type === 'linkReference') {
    return { type: 'link', url: definitions.get(node.identifier)?.url ?? '', children: children as never }
  }
  return { ...node, children: children as never }
}

/** What parses in bounded time; a thousand quotations within one another, e.g., would end the stack. */
function requireBounded(markdown: string): void {
  let signs = 0
  let closing: RegExp | undefined
  for (const line of markdown.split(/\r\n?|\n/)) {
    if (closing) {
      if (closing.test(line)) closing = undefined
      continue
    }
    const opened = fence.exec(line)?.[1]
    if (opened !== undefined) {
      closing = new RegExp(`^ {0,3}\\${opened[0]}{${opened.length},}[ \\t]*$`)
      signs = 0
      continue
    }
    if (newBlock.test(line)) signs = 0
    signs += line.match(/[*_~[]/g)?.length ?? 0
    if (signs > maxSignsOfParagraph) throw tooMuch(`one paragraph has more than ${maxSignsOfParagraph} of * _ ~ [`)
    if (tooDeep.test(line)) throw tooMuch(`lists or quotations are more than ${maxDepth} deep`)
    if ((line.match(/\|/g)?.length ?? 0) > maxColumns + 1) throw tooMuch(`a line has more than ${maxColumns} columns`)
  }
}

function tooMuch(what: string): Problem {
  return new Problem(
    'invalid-arguments',
    `This Markdown is not taken: ${what}. Put it into a code block or shorten it.`,
  )
}
