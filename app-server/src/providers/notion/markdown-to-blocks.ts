// Markdown as new blocks of Notion, in requests' shape.
import { Problem } from '@sekisho/contracts'
import { parseMarkdown } from '../markdown.js'
import { findMarker } from './callouts.js'
import { languageOf } from './code-languages.js'
import type { Json } from './notion-api.js'
import {
  type Flow,
  type Inline,
  type MarkdownOf,
  maxRichTexts,
  plainRichText,
  richTextOf,
  safeUrl,
} from './rich-text.js'

/** A block to make. */
export interface NewBlock {
  readonly type: string
  readonly data: Json
  readonly children: readonly NewBlock[]
}

/** Blocks of one text. */
export const maxBlocks = 1_000

const media = ['bookmark', 'embed', 'video', 'file', 'pdf', 'audio']
const mediaText = new RegExp(`^(${media.join('|')}): ([\\s\\S]*)$`)
const opening = /^<details(?: open)?>\s*<summary>/
const closing = '</details>'

/** Throws Problem invalid-arguments for more than `maxBlocks` blocks and for text made to take very long. */
export function blocksOf(markdown: string): NewBlock[] {
  const blocks = new Reading(markdown).blocksOf(parseMarkdown(markdown).children)
  const count = countOf(blocks)
  if (count > maxBlocks) {
    throw new Problem(
      'invalid-arguments',
      `This content has ${count} blocks, and ${maxBlocks} are taken at once. Write it in several calls, e.g. with notion.append_content.`,
    )
  }
  return blocks
}

export function countOf(blocks: readonly NewBlock[]): number {
  return blocks.reduce((sum, { children }) => sum + 1 + countOf(children), 0)
}

/** The rich text of one line or paragraph of Markdown, e.g. a comment; blocks follow one another by line breaks. */
export function richTextOfMarkdown(markdown: string): Json[] {
  const paragraphs = parseMarkdown(markdown).children.map((node) =>
    node.type === 'paragraph' || node.type === 'heading' ? node.children : undefined,
  )
  // Lists and code have no place in a line: then the text is taken as it is written.
  if (paragraphs.includes(undefined)) return plainRichText(markdown)
  const inline = paragraphs.flatMap((children = [], index): Inline[] => [
    ...(index > 0 ? [{ type: 'text', value: '\n\n' } as const] : []),
    ...children,
  ])
  const rich = richTextOf(inline)
  return rich.length > maxRichTexts ? plainRichText(markdown) : rich
}

class Reading {
  constructor(private readonly source: string) {}

  blocksOf(nodes: readonly Flow[]): NewBlock[] {
    const blocks: NewBlock[] = []
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at] as Flow
      const title = node.type === 'paragraph' ? this.findSummary(node) : undefined
      if (!title) {
        blocks.push(...this.blocksOfNode(node))
        continue
      }
      const inside: Flow[] = title.rest.length > 0 ? [{ type: 'paragraph', children: title.rest }] : []
      let depth = title.closed ? 0 : 1
      while (depth > 0 && ++at < nodes.length) {
        const next = nodes[at] as Flow
        if (this.startsRaw(next, /^<details/)) depth++
        if (this.isClosing(next)) depth--
        if (depth > 0) inside.push(next)
      }
      blocks.push(...this.toggleOf(title.inline, this.blocksOf(inside)))
    }
    return blocks
  }

  private blocksOfNode(node: Flow): NewBlock[] {
    switch (node.type) {
      case 'paragraph':
        return this.paragraphOf(node)
      case 'heading':
        return textBlocks(`heading_${Math.min(node.depth, 4)}`, richTextOf(node.children))
      case 'list':
        return node.children.flatMap((item) => this.itemOf(item, node.ordered === true))
      case 'blockquote':
        return this.quotationOf(node)
      case 'code':
        if (node.lang === 'math') return [block('equation', { expression: node.value.slice(0, 1_000) })]
        return [block('code', { language: languageOf(node.lang), rich_text: plainRichText(node.value) })]
      case 'thematicBreak':
        return [block('divider', {})]
      case 'table':
        return [tableOf(node)]
      default:
        return 'children' in node
          ? this.blocksOf(node.children as Flow[])
          : textBlocks('paragraph', plainRichText(this.sourceOf(node)))
    }
  }

  private paragraphOf(node: MarkdownOf<'paragraph'>): NewBlock[] {
    const [only, second] = node.children
    if (only?.type === 'image' && !second) {
      const url = webUrl(only.url)
      if (url !== undefined) {
        return [block('image', { type: 'external', external: { url }, caption: plainRichText(only.alt ?? '') })]
      }
    }
    if (only?.type === 'link' && !second && only.children.length === 1 && only.children[0]?.type === 'text') {
      const [, kind = '', name = ''] = mediaText.exec(only.children[0].value) ?? []
      const url = webUrl(only.url)
      if (kind !== '' && url !== undefined) return [mediaOf(kind, url, name)]
    }
    return textBlocks('paragraph', richTextOf(node.children))
  }

  private itemOf(item: MarkdownOf<'listItem'>, ordered: boolean): NewBlock[] {
    const [first, ...rest] = item.children
    const isText = first?.type === 'paragraph' && !this.findSummary(first)
    const rich = isText ? richTextOf(first.children) : []
    const inside = this.blocksOf((isText ? rest : item.children) as Flow[])
    const isTask = item.checked === true || item.checked === false
    const type = isTask ? 'to_do' : ordered ? 'numbered_list_item' : 'bulleted_list_item'
    return holder(type, rich, inside, isTask ? { checked: item.checked } : {})
  }

  private quotationOf(node: MarkdownOf<'blockquote'>): NewBlock[] {
    const [first, ...rest] = node.children
    if (first?.type !== 'paragraph') return holder('quote', [], this.blocksOf(node.children as Flow[]))
    const inside = this.blocksOf(rest as Flow[])
    const text = first.children[0]
    const marker = text?.type === 'text' && this.startsRaw(first, /^\[!/) ? findMarker(text.value) : undefined
    if (!marker || text?.type !== 'text') return holder('quote', richTextOf(first.children), inside)
    const inline = [{ ...text, value: text.value.slice(marker.length) }, ...first.children.slice(1)]
    const icon = marker.emoji === undefined ? {} : { icon: { type: 'emoji', emoji: marker.emoji } }
    return holder('callout', richTextOf(inline), inside, icon)
  }

  private toggleOf(title: readonly Inline[], inside: readonly NewBlock[]): NewBlock[] {
    const [first, ...rest] = title
    const heading = first?.type === 'text' ? /^(#{1,4}) /.exec(first.value) : null
    if (!heading || first?.type !== 'text') return holder('toggle', richTextOf(title), inside)
    const inline = [{ ...first, value: first.value.slice(heading[0].length) }, ...rest]
    return holder(`heading_${heading[1]?.length}`, richTextOf(inline), inside, { is_toggleable: true })
  }

  /** The title of a toggle that this paragraph begins (`<details><summary>…</summary>`), and what stands behind it. */
  private findSummary(
    node: MarkdownOf<'paragraph'>,
  ): { inline: Inline[]; rest: Inline[]; closed: boolean } | undefined {
    const [first] = node.children
    if (first?.type !== 'text' || !opening.test(first.value) || !this.startsRaw(node, /^<details/)) return undefined
    const children = [{ ...first, value: first.value.replace(opening, '') }, ...node.children.slice(1)]
    const end = children.findIndex((child) => child.type === 'text' && child.value.includes('</summary>'))
    const last = children[end]
    if (last?.type !== 'text') return undefined
    const [title = '', ...behind] = last.value.split('</summary>')
    const inline = [...children.slice(0, end), { ...last, value: title }]
    const rest: Inline[] = [{ ...last, value: behind.join('</summary>').trimStart() }, ...children.slice(end + 1)]
    const tail = rest.at(-1)
    const closed = tail?.type === 'text' && tail.value.trimEnd().endsWith(closing)
    if (closed) rest[rest.length - 1] = { ...tail, value: tail.value.trimEnd().slice(0, -closing.length).trimEnd() }
    return { inline, rest: rest.filter((one) => one.type !== 'text' || one.value !== ''), closed }
  }

  private isClosing(node: Flow): boolean {
    return node.type === 'paragraph' && this.sourceOf(node).trim() === closing
  }

  /** Whether a node begins with these very signs: escaped ones are text. */
  private startsRaw(node: Flow, begins: RegExp): boolean {
    return begins.test(this.sourceOf(node))
  }

  private sourceOf({ position }: Flow): string {
    return position ? this.source.slice(position.start.offset, position.end.offset) : ''
  }
}

function block(type: string, data: Json, children: readonly NewBlock[] = []): NewBlock {
  return { type, data, children }
}

/** A block of text. What Notion does not take in one goes on in paragraphs. */
function textBlocks(type: string, rich: readonly Json[]): NewBlock[] {
  const [first, ...more] = piecesOf(rich)
  if (first === undefined) return type === 'paragraph' ? [] : [block(type, { rich_text: [] })]
  return [block(type, { rich_text: first }), ...more.map((piece) => block('paragraph', { rich_text: piece }))]
}

/** A block of text with others in it. */
function holder(type: string, rich: readonly Json[], inside: readonly NewBlock[], data: Json = {}): NewBlock[] {
  const [first = [], ...more] = piecesOf(rich)
  const rest = more.map((piece) => block('paragraph', { rich_text: piece }))
  return [block(type, { rich_text: first, ...data }, [...rest, ...inside])]
}

function piecesOf(rich: readonly Json[]): Json[][] {
  return Array.from({ length: Math.ceil(rich.length / maxRichTexts) }, (_, index) =>
    rich.slice(index * maxRichTexts, (index + 1) * maxRichTexts),
  )
}

function tableOf(node: MarkdownOf<'table'>): NewBlock {
  const width = Math.max(1, ...node.children.map(({ children }) => children.length))
  const rows = node.children.map(({ children }) =>
    Array.from({ length: width }, (_, index) => cellOf((children[index]?.children ?? []) as Inline[])),
  )
  // A table without titles is written with an empty first row, for Markdown knows no other.
  const hasTitles = rows[0]?.some((cell) => cell.length > 0) === true
  const shown = hasTitles || rows.length === 1 ? rows : rows.slice(1)
  return block(
    'table',
    { table_width: width, has_column_header: hasTitles, has_row_header: false },
    shown.map((cells) => block('table_row', { cells })),
  )
}

function cellOf(inline: readonly Inline[]): Json[] {
  const rich = richTextOf(inline.map(withBreaks))
  return rich.length > maxRichTexts ? rich.slice(0, maxRichTexts) : rich
}

function withBreaks(node: Inline): Inline {
  if (node.type === 'text') return { ...node, value: node.value.replaceAll(/<br ?\/?>/g, '\n') }
  return 'children' in node ? ({ ...node, children: (node.children as Inline[]).map(withBreaks) } as Inline) : node
}

function mediaOf(kind: string, url: string, name: string): NewBlock {
  const isLink = kind === 'bookmark' || kind === 'embed'
  const caption = plainRichText(isLink && name === url ? '' : name)
  return block(kind, isLink ? { url, caption } : { type: 'external', external: { url }, caption })
}

function webUrl(url: string): string | undefined {
  return /^https?:/i.test(url) ? safeUrl(url) : undefined
}
