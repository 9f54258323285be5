// Notion's blocks as Markdown. What Markdown has no words for stands there marked, never left out.
import { oneLine, plainText } from '../foreign-text.js'
import { printMarkdown } from '../markdown.js'
import { markerOf } from './callouts.js'
import { fenceOf } from './code-languages.js'
import { type Json, objectOf, textOf } from './notion-api.js'
import { notionUrl } from './notion-ids.js'
import { type Flow, type Inline, inlineOf, type MarkdownOf, safeUrl, wordsOf } from './rich-text.js'

/** A block with what is in it, as far as it was read. */
export interface BlockTree {
  readonly id: string
  readonly type: string
  readonly data: Json
  readonly children: readonly BlockTree[]
  /** Whether it has more children than were read. */
  readonly hasMore: boolean
}

type ListItem = MarkdownOf<'listItem'>

const listTypes = ['bulleted_list_item', 'numbered_list_item', 'to_do']
const maxTitle = 200

export function markdownOf(blocks: readonly BlockTree[]): string {
  return printMarkdown({ type: 'root', children: flowOf(blocks) })
}

function flowOf(blocks: readonly BlockTree[]): Flow[] {
  const flow: Flow[] = []
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at] as BlockTree
    if (block.type === 'table_row') {
      // Rows without their table: the rest of one that was too long.
      const after = blocks.findIndex(({ type }, index) => index > at && type !== 'table_row')
      const end = after < 0 ? blocks.length : after
      flow.push(...tableOf({ ...block, type: 'table', data: {}, children: blocks.slice(at, end), hasMore: false }))
      at = end - 1
      continue
    }
    if (!listTypes.includes(block.type)) {
      flow.push(...flowOfBlock(block))
      continue
    }
    const ordered = block.type === 'numbered_list_item'
    const items: ListItem[] = []
    for (; at < blocks.length; at++) {
      const item = blocks[at] as BlockTree
      if (!listTypes.includes(item.type) || (item.type === 'numbered_list_item') !== ordered) break
      items.push(listItemOf(item))
    }
    at--
    flow.push({ type: 'list', ordered, start: ordered ? 1 : null, spread: false, children: items })
  }
  return flow
}

function listItemOf(block: BlockTree): ListItem {
  const { data, type } = block
  const inside = within(block)
  return {
    type: 'listItem',
    // Without empty lines, what follows a quotation or a list would go on in it.
    spread: inside.some((node) => node.type !== 'list') || inside.length > 1,
    checked: type === 'to_do' ? data.checked === true : null,
    children: [paragraph(inlineOf(data.rich_text)), ...inside] as ListItem['children'],
  }
}

/** What is in a block, and a mark where there is more than was read. */
function within({ id, children, hasMore }: BlockTree): Flow[] {
  const inside = flowOf(children)
  return hasMore ? [...inside, words(`[more inside: call notion.get_page with block_id ${id}]`)] : inside
}

function flowOfBlock(block: BlockTree): Flow[] {
  const { type, data } = block
  switch (type) {
    case 'paragraph': {
      const inline = inlineOf(data.rich_text)
      // An empty line is only room between paragraphs, which Markdown has anyway.
      return [...(inline.length > 0 ? [paragraph(inline)] : []), ...within(block)]
    }
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4': {
      const depth = Number(type.at(-1)) as 1 | 2 | 3 | 4
      const inline = inlineOf(data.rich_text)
      if (data.is_toggleable === true) return toggle([raw(`${'#'.repeat(depth)} `), ...inline], within(block))
      return [{ type: 'heading', depth, children: inline }, ...within(block)]
    }
    case 'toggle':
      return toggle(inlineOf(data.rich_text), within(block))
    case 'quote':
      return [quotation([paragraph(inlineOf(data.rich_text)), ...within(block)])]
    case 'callout': {
      const emoji = textOf(objectOf(data.icon).emoji) || undefined
      const inline = inlineOf(data.rich_text)
      const first = inline.length > 0 ? [raw(`${markerOf(emoji)}\n`), ...inline] : [raw(markerOf(emoji))]
      return [quotation([paragraph(first), ...within(block)])]
    }
    case 'code':
      return [
        { type: 'code', lang: fenceOf(textOf(data.language)), value: wordsOf(data.rich_text) },
        ...captionOf(data),
      ]
    case 'equation':
      return [{ type: 'code', lang: 'math', value: plainText(textOf(data.expression)) }]
    case 'divider':
      return [{ type: 'thematicBreak' }]
    case 'table':
      return tableOf(block)
    case 'child_page':
    case 'child_database': {
      const label = type === 'child_page' ? 'child page' : 'child database'
      return [marked(label, oneLine(textOf(data.title), maxTitle) || 'Untitled', notionUrl(block.id))]
    }
    case 'link_to_page': {
      const id = textOf(data.page_id) || textOf(data.database_id)
      return [marked('link to page', id || 'unknown', id ? notionUrl(id) : undefined)]
    }
    case 'bookmark':
    case 'embed':
    case 'link_preview': {
      const url = safeUrl(data.url)
      return [marked(type === 'embed' ? 'embed' : 'bookmark', wordsOf(data.caption) || url || 'unknown', url)]
    }
    case 'image':
    case 'video':
    case 'file':
    case 'pdf':
    case 'audio':
      return [mediaOf(type, data)]
    case 'column_list':
    case 'column':
    case 'synced_block':
    case 'tab':
      return within(block)
    default:
      return [
        words(`[${type === 'unsupported' ? 'block that Notion does not show' : 'block'}: ${kindOf(block)}]`),
        ...within(block),
      ]
  }
}

function kindOf({ type, data }: BlockTree): string {
  const kind = type === 'unsupported' ? textOf(data.block_type) || 'unknown' : type
  return oneLine(kind.replaceAll('_', ' '), 60)
}

function mediaOf(type: string, data: Json): Flow {
  const external = safeUrl(objectOf(data.external).url)
  const caption = wordsOf(data.caption).replaceAll(/\s+/g, ' ').trim()
  if (type === 'image' && external !== undefined) {
    return paragraph([{ type: 'image', url: external, alt: caption }])
  }
  const url = external ?? safeUrl(objectOf(data.file).url)
  const name = caption || oneLine(textOf(data.name), maxTitle) || nameOf(url)
  // Files that Notion keeps have addresses that end within the hour, so they are not images one could put elsewhere.
  return marked(external === undefined ? `${type} in Notion` : type, name, url)
}

function nameOf(url: string | undefined): string {
  const path = url === undefined ? '' : (URL.parse(url)?.pathname.split('/').at(-1) ?? '')
  return oneLine(path, maxTitle) || 'unnamed'
}

function tableOf({ data, children, id, hasMore }: BlockTree): Flow[] {
  const rows = children.filter(({ type }) => type === 'table_row').map((row) => rowOf(row.data))
  const width = Math.max(1, ...rows.map((cells) => cells.length))
  if (data.has_column_header !== true) rows.unshift([])
  const filled = rows.map((cells) => ({
    type: 'tableRow' as const,
    children: Array.from({ length: width }, (_, index) => ({
      type: 'tableCell' as const,
      children: (cells[index] ?? []) as MarkdownOf<'tableCell'>['children'],
    })),
  }))
  const more = hasMore ? [words(`[more rows: call notion.get_page with block_id ${id}]`)] : []
  return [{ type: 'table', children: filled }, ...more]
}

function rowOf(data: Json): Inline[][] {
  return (Array.isArray(data.cells) ? data.cells : []).map((cell) => inlineOf(cell).flatMap(withoutBreaks))
}

/** A cell is one line: a break in it is written as HTML, which every reader of Markdown takes there. */
function withoutBreaks(node: Inline): Inline[] {
  if (node.type === 'text') {
    return node.value
      .split('\n')
      .flatMap((value, index): Inline[] => [...(index > 0 ? [raw('<br>')] : []), { type: 'text', value }])
  }
  if (!('children' in node)) return [node]
  return [{ ...node, children: (node.children as Inline[]).flatMap(withoutBreaks) } as Inline]
}

function toggle(title: Inline[], inside: Flow[]): Flow[] {
  const summary = [raw('<details>\n<summary>'), ...title, raw('</summary>')]
  return [paragraph(summary), ...inside, { type: 'html', value: '</details>' }]
}

function captionOf(data: Json): Flow[] {
  const inline = inlineOf(data.caption)
  return inline.length > 0 ? [paragraph(inline)] : []
}

/** A link whose words say what kind of thing it leads to; only words where it leads nowhere safe. */
function marked(kind: string, name: string, url: string | undefined): Flow {
  const text = `${kind}: ${name}`
  return url === undefined
    ? words(`[${text}]`)
    : paragraph([{ type: 'link', url, children: [{ type: 'text', value: text }] }])
}

const raw = (value: string): Inline => ({ type: 'html', value })
const words = (value: string): Flow => paragraph([{ type: 'text', value }])
const paragraph = (children: Inline[]): Flow => ({ type: 'paragraph', children })
const quotation = (children: Flow[]): Flow => ({
  type: 'blockquote',
  children: children as MarkdownOf<'blockquote'>['children'],
})

export function treeOf(block: Json, children: readonly BlockTree[], hasMore: boolean): BlockTree {
  const type = textOf(block.type)
  return { id: textOf(block.id), type, data: objectOf(block[type]), children, hasMore }
}
