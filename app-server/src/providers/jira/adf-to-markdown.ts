// Writes a document of Jira's (ADF) as Markdown; what Markdown has no sign for becomes a «placeholder» that says what it was.
import { oneLine, plainText } from '../foreign-text.js'
import { type MarkdownNode, type MarkdownTree, printMarkdown } from '../markdown.js'
import { type AdfNode, alerts } from './adf.js'
import {
  cardOf,
  childrenOf,
  type Inline,
  inlinesOf,
  isInline,
  isNode,
  mediaOf,
  placeholder,
  wordsOfText,
  wordsOfUnknown,
} from './adf-inlines.js'

/** Nodes within one another; deeper ones are left out. */
const maxDepth = 60

type Block = MarkdownTree['children'][number]
type ListItem = Extract<MarkdownNode, { type: 'listItem' }>
type Row = Extract<MarkdownNode, { type: 'tableRow' }>

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
          value: childrenOf(node).map(wordsOfText).join(''),
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
