// The words within a line of Jira's documents (ADF) as Markdown: marks, mentions, links, and placeholders for all else.
import { oneLine, plainText } from '../foreign-text.js'
import type { MarkdownNode } from '../markdown.js'
import { type AdfMark, type AdfNode, mentionScheme, webAddress } from './adf.js'

export type Inline = Extract<MarkdownNode, { type: 'paragraph' }>['children'][number]

/** Marks that Markdown has, the outer ones first where they go on equally long. */
const markTypes = ['link', 'strong', 'em', 'strike']

export function isNode(value: unknown): value is AdfNode {
  return typeof value === 'object' && value !== null && typeof (value as AdfNode).type === 'string'
}

export function childrenOf(node: AdfNode): AdfNode[] {
  return Array.isArray(node.content) ? node.content.filter(isNode) : []
}

/** The words of a text node as they may be shown. */
export function wordsOfText({ text }: AdfNode): string {
  return typeof text === 'string' ? plainText(text) : ''
}

export function isInline({ type }: AdfNode): boolean {
  return [
    'text',
    'hardBreak',
    'mention',
    'emoji',
    'inlineCard',
    'date',
    'status',
    'mediaInline',
    'placeholder',
    'inlineExtension',
  ].includes(type)
}

export function inlinesOf(nodes: readonly AdfNode[]): Inline[] {
  return marked(nodes.flatMap(inlineOf))
}

/** A piece of a line with the marks that are still to be put around it. */
interface Piece {
  readonly inline: Inline
  readonly marks: readonly AdfMark[]
}

function inlineOf(node: AdfNode): Piece[] {
  const attrs = node.attrs ?? {}
  const plain = (inline: Inline): Piece[] => [{ inline, marks: [] }]
  switch (node.type) {
    case 'text':
      return textPieces(wordsOfText(node), Array.isArray(node.marks) ? node.marks.filter(isNode) : [])
    case 'hardBreak':
      return plain({ type: 'break' })
    case 'mention': {
      const name = oneLine(String(attrs.text ?? ''), 100).replace(/^@/, '') || 'somebody'
      const id = typeof attrs.id === 'string' && /^[\w:.-]{1,128}$/.test(attrs.id) ? attrs.id : undefined
      const text: Inline = { type: 'text', value: `@${name}` }
      return plain(id === undefined ? text : { type: 'link', url: mentionScheme + id, children: [text] })
    }
    case 'emoji':
      return plain({ type: 'text', value: oneLine(String(attrs.text ?? attrs.shortName ?? ''), 60) })
    case 'inlineCard':
      return plain(cardOf(node))
    case 'date': {
      const date = new Date(Number(attrs.timestamp))
      return plain({ type: 'text', value: Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10) })
    }
    case 'status':
      return plain(placeholder(`status: ${oneLine(String(attrs.text ?? ''), 60)}`))
    case 'mediaInline':
      return plain(mediaOf(node))
    default:
      return plain(placeholder(wordsOfUnknown(node)))
  }
}

/** A text in pieces: blanks at its edges may come to stand outside its marks. */
function textPieces(text: string, marks: readonly AdfMark[]): Piece[] {
  const shown = marks.filter(({ type }) => markTypes.includes(type))
  if (marks.some(({ type }) => type === 'code')) {
    return text === '' ? [] : [{ inline: { type: 'inlineCode', value: text }, marks: shown }]
  }
  const parts = shown.length === 0 ? [text] : (/^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? []).slice(1)
  return parts.flatMap((value) => (value === '' ? [] : [{ inline: { type: 'text' as const, value }, marks: shown }]))
}

/** Puts the marks around the pieces, the one outside that goes on the longest. */
function marked(pieces: readonly Piece[], done: readonly string[] = []): Inline[] {
  const result: Inline[] = []
  for (let start = 0; start < pieces.length; ) {
    const runs = markTypes
      .filter((type) => !done.includes(type))
      .flatMap((type) => {
        const key = keyOfMark(pieces[start], type)
        return key === undefined ? [] : [{ type, key, end: endOfRun(pieces, start, type, key) }]
      })
    const outer = runs.reduce<(typeof runs)[number] | undefined>(
      (best, run) => (best && best.end >= run.end ? best : run),
      undefined,
    )
    const piece = pieces[start]
    if (!outer || !piece || isBlank(piece)) {
      if (piece) result.push(piece.inline)
      start++
      continue
    }
    let { end } = outer
    while (end - 1 > start && isBlank(pieces[end - 1])) end--
    result.push(wrapped(outer.type, outer.key, marked(pieces.slice(start, end), [...done, outer.type])))
    start = end
  }
  return result
}

/** `** bold**` would be no bold text: marks neither begin nor end with a blank. */
function isBlank(piece: Piece | undefined): boolean {
  return piece?.inline.type === 'text' && piece.inline.value.trim() === ''
}

function endOfRun(pieces: readonly Piece[], start: number, type: string, key: string): number {
  let end = start + 1
  while (end < pieces.length && keyOfMark(pieces[end], type) === key) end++
  return end
}

/** Says which mark of a type a piece has; undefined when none. */
function keyOfMark(piece: Piece | undefined, type: string): string | undefined {
  const mark = piece?.marks.find((one) => one.type === type)
  return mark && (type === 'link' ? webAddress(mark.attrs?.href) : type)
}

function wrapped(type: string, key: string, children: Inline[]): Inline {
  if (type === 'link') return { type: 'link', url: key, children: children as never }
  if (type === 'strong') return { type: 'strong', children }
  return type === 'em' ? { type: 'emphasis', children } : { type: 'delete', children }
}

export function cardOf({ attrs }: AdfNode): Inline {
  const url = webAddress(attrs?.url)
  return url
    ? { type: 'link', url, children: [{ type: 'text', value: url }] }
    : placeholder('a card without an address')
}

export function mediaOf({ attrs = {} }: AdfNode): Inline {
  const name = oneLine(String(attrs.alt ?? ''), 100)
  const url = attrs.type === 'external' ? webAddress(attrs.url) : undefined
  return url ? { type: 'image', url, alt: name } : placeholder(`media${name ? `: ${name}` : ''}`)
}

export function placeholder(what: string): Inline {
  return { type: 'text', value: `«${what}»` }
}

export function wordsOfUnknown({ type, attrs }: AdfNode): string {
  const key = attrs?.extensionKey
  return oneLine(typeof key === 'string' ? `${type}: ${key}` : type, 80)
}
