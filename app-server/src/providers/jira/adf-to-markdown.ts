// Writes a document of Jira's (ADF) as Markdown; what Markdown has no sign for becomes a «placeholder» that says what it was.
import { oneLine, plainText } from '../foreign-text.js'
import { type MarkdownNode, type MarkdownTree, printMarkdown } from '../markdown.js'
import { type AdfMark, type AdfNode, alerts, mentionScheme, webAddress } from './adf.js'

/** Nodes within one another; deeper ones are left out. */
const maxDepth = 60

type Inline = Extract<MarkdownNode, { type: 'paragraph' }>['children'][number]
type Block = MarkdownTree['children'][number]
type ListItem = Extract<MarkdownNode, { type: 'listItem' }>
type Row = Extract<MarkdownNode, { type: 'tableRow' }>

/** Marks that Markdown has, the outer ones first where they go on equally long. */
const markTypes = ['link', 'strong', 'em', 'strike']

/** Markdown of a document; empty for anything that is none. */
export function adfToMarkdown(document: unknown): string {
  if (!isNode(document)) return typeof document === 'string' ? plainText(document) : ''
  return printMarkdown({ type: 'root', children: blocksOf(document, 0) })
}

/** What a document has that writing its Markdown back would lose, in words. */
export function lostByMarkdown(document: unknown, depth = 0): string[] {
  if (!isNode(document) || depth > maxDepth) return []
  const kinds: Readonly<Record<string, string>> = { media: 'a picture or file', mediaInline: 'a picture or file' }
  const kind = kinds[document.type] ?? (/extension/i.test(document.type) ? 'a part of an app' : undefined)
  const inner = (document.content ?? []).flatMap((child) => lostByMarkdown(child, depth + 1))
  return [...new Set([...(kind ? [kind] : []), ...inner])]
}

function isNode(value: unknown): value is AdfNode {
  return typeof value === 'object' && value !== null && typeof (value as AdfNode).type === 'string'
}

function childrenOf(node: AdfNode): AdfNode[] {
  return Array.isArray(node.content) ? node.content.filter(isNode) : []
}

function blocksOf(node: AdfNode, depth: number): Block[] {
  if (depth > maxDepth) return [paragraph([placeholder('deeper parts left out')])]
  const blocks: Block[] = []
  // Inline nodes where blocks belong are put into a paragraph together.
  let loose: AdfNode[] = []
  const flush = () => {
    const inlines = inlinesOf(loose)
    if (inlines.length > 0) blocks.push(paragraph(inlines))
    loose = []
  }
  for (const child of childrenOf(node)) {
    if (isInline(child)) {
      loose.push(child)
      continue
    }
    flush()
    blocks.push(...blockOf(child, depth + 1))
  }
  flush()
  return blocks
}

function isInline({ type }: AdfNode): boolean {
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

function blockOf(node: AdfNode, depth: number): Block[] {
  const attrs = node.attrs ?? {}
  switch (node.type) {
    case 'paragraph':
    case 'caption': {
      const inlines = inlinesOf(childrenOf(node))
      return inlines.length === 0 ? [] : [paragraph(inlines)]
    }
    case 'heading': {
      const level = Math.min(Math.max(Math.trunc(Number(attrs.level)) || 1, 1), 6) as 1 | 2 | 3 | 4 | 5 | 6
      return [{ type: 'heading', depth: level, children: inlinesOf(childrenOf(node)) }]
    }
    case 'bulletList':
      return listOf(childrenOf(node).map((item) => itemOf(item, depth)))
    case 'orderedList':
      return listOf(
        childrenOf(node).map((item) => itemOf(item, depth)),
        Math.max(Math.trunc(Number(attrs.order ?? 1)) || 0, 0),
      )
    case 'taskList':
    case 'decisionList':
      return listOf(taskItems(node, depth))
    case 'blockquote':
      return [{ type: 'blockquote', children: blocksOf(node, depth) as never }]
    case 'panel': {
      const sign = alerts[String(attrs.panelType)] ?? alerts.info
      const opening = paragraph([{ type: 'html', value: `[!${sign}]` }])
      return [{ type: 'blockquote', children: [opening, ...blocksOf(node, depth)] as never }]
    }
    case 'codeBlock': {
      const lang = typeof attrs.language === 'string' && /^[\w+#.-]{1,40}$/.test(attrs.language) ? attrs.language : null
      return [
        {
          type: 'code',
          lang,
          value: childrenOf(node)
            .map(({ text }) => plainText(text ?? ''))
            .join(''),
        },
      ]
    }
    case 'rule':
      return [{ type: 'thematicBreak' }]
    case 'table':
      return tableOf(node, depth)
    case 'expand':
    case 'nestedExpand': {
      const title = oneLine(String(attrs.title ?? ''), 200)
      const heading: Block[] = title
        ? [paragraph([{ type: 'strong', children: [{ type: 'text', value: title }] }])]
        : []
      return [...heading, ...blocksOf(node, depth)]
    }
    case 'mediaSingle':
    case 'mediaGroup':
    case 'layoutSection':
    case 'layoutColumn':
    case 'doc':
      return blocksOf(node, depth)
    case 'media':
      return [paragraph([mediaOf(node)])]
    case 'blockCard':
    case 'embedCard':
      return [paragraph([cardOf(node)])]
    default: {
      const inner = blocksOf(node, depth)
      return inner.length > 0 ? inner : [paragraph([placeholder(wordsOfUnknown(node))])]
    }
  }
}

function paragraph(children: Inline[]): Block {
  return { type: 'paragraph', children }
}

function listOf(children: ListItem[], start?: number): Block[] {
  if (children.length === 0) return []
  return [{ type: 'list', ordered: start !== undefined, start: start ?? null, spread: false, children }]
}

function itemOf(item: AdfNode, depth: number): ListItem {
  return { type: 'listItem', spread: false, children: blocksOf(item, depth + 1) as never }
}

/** Tasks, and the lists of tasks below them, which the format has beside them. */
function taskItems(list: AdfNode, depth: number): ListItem[] {
  const items: ListItem[] = []
  for (const child of childrenOf(list)) {
    if (child.type === 'taskList' && depth < maxDepth) {
      const inner = listOf(taskItems(child, depth + 1))
      const last = items.at(-1)
      if (last) last.children.push(...(inner as never[]))
      else items.push(...taskItems(child, depth + 1))
      continue
    }
    const checked = child.type === 'taskItem' ? child.attrs?.state === 'DONE' : null
    const said = child.type === 'decisionItem' ? [placeholder('decision'), { type: 'text', value: ' ' } as const] : []
    items.push({
      type: 'listItem',
      spread: false,
      checked,
      children: [paragraph([...said, ...inlinesOf(childrenOf(child))])] as never,
    })
  }
  return items
}

function tableOf(table: AdfNode, depth: number): Block[] {
  const rows = childrenOf(table).map((row): Row => {
    const cells = childrenOf(row).flatMap((cell) => {
      const spanned = Math.min(Math.max(Math.trunc(Number(cell.attrs?.colspan ?? 1)) || 1, 1), 50)
      const empty = Array.from({ length: spanned - 1 }, () => ({ type: 'tableCell' as const, children: [] }))
      return [{ type: 'tableCell' as const, children: cellOf(blocksOf(cell, depth + 1)) }, ...empty]
    })
    return { type: 'tableRow', children: cells }
  })
  return rows.length === 0 ? [] : [{ type: 'table', children: rows }]
}

/** A cell of Markdown has one line: blocks are joined by breaks, lists by their signs. */
function cellOf(blocks: readonly MarkdownNode[]): Inline[] {
  const lines = blocks.flatMap((block): Inline[][] => {
    if (block.type === 'list') {
      return block.children.map((item, index) => {
        const box = typeof item.checked === 'boolean' ? (item.checked ? '☑' : '☐') : undefined
        const sign = box ?? (block.ordered ? `${(block.start ?? 1) + index}.` : '•')
        return [{ type: 'text', value: `${sign} ` }, ...cellOf(item.children)]
      })
    }
    if (block.type === 'code') return [[{ type: 'inlineCode', value: block.value.replaceAll('\n', ' ') }]]
    if (block.type === 'paragraph' || block.type === 'heading') return [block.children.map(withoutBreak)]
    return 'children' in block ? [cellOf(block.children)] : []
  })
  return lines.flatMap((line, index) => (index === 0 ? line : [breakInCell, ...line]))
}

const breakInCell: Inline = { type: 'html', value: '<br>' }

function withoutBreak(inline: Inline): Inline {
  return inline.type === 'break' ? breakInCell : inline
}

function inlinesOf(nodes: readonly AdfNode[]): Inline[] {
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
      return textPieces(plainText(node.text ?? ''), Array.isArray(node.marks) ? node.marks : [])
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

function cardOf({ attrs }: AdfNode): Inline {
  const url = webAddress(attrs?.url)
  return url
    ? { type: 'link', url, children: [{ type: 'text', value: url }] }
    : placeholder('a card without an address')
}

function mediaOf({ attrs = {} }: AdfNode): Inline {
  const name = oneLine(String(attrs.alt ?? ''), 100)
  const url = attrs.type === 'external' ? webAddress(attrs.url) : undefined
  return url ? { type: 'image', url, alt: name } : placeholder(`media${name ? `: ${name}` : ''}`)
}

function placeholder(what: string): Inline {
  return { type: 'text', value: `«${what}»` }
}

function wordsOfUnknown({ type, attrs }: AdfNode): string {
  const key = attrs?.extensionKey
  return oneLine(typeof key === 'string' ? `${type}: ${key}` : type, 80)
}
