// The short way for a text that grows by plain words: nothing is read again, they are put behind what is shown already.
import { escaped } from './escaped.js'
import type { MarkdownNode, RenderedMarkdown } from './markdown-blocks.js'
import { readableLength } from './markdown-limits.js'

/** Letters, digits and signs that begin, end or turn nothing in Markdown, wherever they stand behind one another. */
const plain = /^[\p{L}\p{M}\p{N} ,'"?\u2010-\u2027\u3001-\u303f\uff01-\uff5e]*$/u
const plainEnd = /[\p{L}\p{M}\p{N},'"?\u2010-\u2027\u3001-\u303f\uff01-\uff5e] *$/u
const closers = /(?:<\/[a-z0-9]+>)+$/

/** The longer text as HTML, or undefined where it has to be read. */
export function grown(before: RenderedMarkdown, text: string): RenderedMarkdown | undefined {
  const added = text.slice(before.text.length)
  const block = before.blocks.at(-1)
  const html = before.html.at(-1)
  // Footnotes stand behind the last block.
  if (!block?.nodes || html === undefined || before.html.length !== before.blocks.length) return undefined
  if (text.length > readableLength(text) || !text.startsWith(before.text)) return undefined
  const behind = wordsBehind(block.source, block.nodes, added)
  const end = closers.exec(html)
  if (behind === undefined || !end) return undefined
  return {
    ...before,
    text,
    blocks: [...before.blocks.slice(0, -1), { ...block, source: block.source + added }],
    html: [...before.html.slice(0, -1), html.slice(0, end.index) + escaped(behind) + end[0]],
  }
}

/** What is to be seen behind the block's last words; undefined when that is not all that happens. */
function wordsBehind(source: string, nodes: readonly MarkdownNode[], added: string): string | undefined {
  const last = nodes.at(-1)
  if (last?.type === 'code') return nodes.length === 1 ? codeBehind(source, added) : undefined
  // Words may end the title of a definition.
  if (!last || source.includes(']:') || !endsInWords(last)) return undefined
  if (!plain.test(added) || !plainEnd.test(source)) return undefined
  // Spaces at the end of a line are not shown until something follows them.
  const words = (/ *$/.exec(source)?.[0] ?? '') + added
  return words.trimEnd()
}

/** Whether the last thing in a node is plain words of its own. */
function endsInWords(node: MarkdownNode): boolean {
  switch (node.type) {
    case 'paragraph':
    case 'heading':
      return areWords(node.children.at(-1), node.children.at(-2))
    case 'list':
    case 'listItem':
    case 'blockquote': {
      const last = node.children.at(-1)
      return last !== undefined && endsInWords(last)
    }
    default:
      return false
  }
}

/** What follows an address without a space may become part of it. */
function areWords(last: MarkdownNode | undefined, before: MarkdownNode | undefined): boolean {
  return last?.type === 'text' && (before?.type !== 'link' || /\s/.test(last.value))
}

/** Code goes on until a line of fence signs; what has none of them is code. */
function codeBehind(source: string, added: string): string | undefined {
  const isOpen = /^(?:`{3,}|~{3,})[^\n]*\n/.test(source) && !/\n[ \t]*[`~][^\n]*\s*$/.test(source)
  if (!isOpen || /[`~\r]/.test(added) || source.includes('\r')) return undefined
  const body = source.slice(source.indexOf('\n') + 1)
  const before = shownCode(body)
  return shownCode(body + added).slice(before.length)
}

/** The line end before the closing fence is none of the code's. */
function shownCode(body: string): string {
  return body.endsWith('\n') ? body.slice(0, -1) : body
}
