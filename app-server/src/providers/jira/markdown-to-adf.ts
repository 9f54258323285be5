// Makes a document of Jira's (ADF) from Markdown; what may not stand where the Markdown has it is put another way there.
import { randomUUID } from 'node:crypto'
import { type MarkdownNode, parseMarkdown } from '../markdown.js'
import { type AdfDocument, type AdfMark, type AdfNode, alerts, mentionScheme, webAddress } from './adf.js'

/** What blocks are put into: Jira refuses documents with blocks where they may not stand. */
type Place = 'doc' | 'listItem' | 'blockquote' | 'panel' | 'cell'

const textBlocks = ['paragraph', 'codeBlock', 'bulletList', 'orderedList']
const allowed: Readonly<Record<Place, readonly string[]>> = {
  doc: [...textBlocks, 'taskList', 'heading', 'rule', 'blockquote', 'panel', 'table'],
  listItem: [...textBlocks, 'taskList'],
  blockquote: textBlocks,
  panel: [...textBlocks, 'taskList', 'heading', 'rule'],
  cell: [...textBlocks, 'taskList', 'heading', 'rule', 'blockquote', 'panel'],
}

type Children = readonly MarkdownNode[]
type List = Extract<MarkdownNode, { type: 'list' }>
type ListItem = Extract<MarkdownNode, { type: 'listItem' }>

/** Throws Problem invalid-arguments for Markdown made to take very long. */
export function markdownToAdf(markdown: string): AdfDocument {
  return { type: 'doc', version: 1, content: blocksOf(parseMarkdown(markdown).children, 'doc') }
}

function blocksOf(nodes: Children, place: Place): AdfNode[] {
  return nodes.flatMap((node) => blockOf(node, place))
}

function blockOf(node: MarkdownNode, place: Place): AdfNode[] {
  switch (node.type) {
    case 'paragraph':
      return [paragraph(inlinesOf(node.children))]
    case 'heading': {
      const inlines = inlinesOf(node.children)
      if (allowed[place].includes('heading'))
        return [{ type: 'heading', attrs: { level: node.depth }, content: inlines }]
      return [paragraph(inlinesOf(node.children, [{ type: 'strong' }]))]
    }
    case 'list':
      return listOf(node, place)
    case 'blockquote':
      return quoteOf(node.children, place)
    case 'code':
      return [codeOf(node.value, node.lang)]
    case 'thematicBreak':
      return allowed[place].includes('rule') ? [{ type: 'rule' }] : [paragraph([text('———')])]
    case 'table':
      return tableOf(node.children, place)
    default:
      // Nothing else comes out of the parser as a block; its words are kept all the same.
      return 'children' in node
        ? blocksOf(node.children, place)
        : 'value' in node
          ? [paragraph([text(node.value)])]
          : []
  }
}

function paragraph(content: readonly AdfNode[]): AdfNode {
  return { type: 'paragraph', content }
}

function text(value: string, marks: readonly AdfMark[] = []): AdfNode {
  return marks.length === 0 ? { type: 'text', text: value } : { type: 'text', text: value, marks }
}

function codeOf(value: string, language: string | null | undefined): AdfNode {
  const attrs = language ? { attrs: { language } } : {}
  return { type: 'codeBlock', ...attrs, content: value === '' ? [] : [text(value)] }
}

function quoteOf(children: Children, place: Place): AdfNode[] {
  const [first, ...rest] = children
  const start = first?.type === 'paragraph' ? first.children[0] : undefined
  const sign = start?.type === 'text' ? /^\[!([A-Z]+)\](?:\n|$)/.exec(start.value) : null
  const kind = sign && Object.entries(alerts).find(([, name]) => name === sign[1])?.[0]
  if (sign && kind && first?.type === 'paragraph' && start?.type === 'text') {
    const value = start.value.slice(sign[0].length)
    const remaining = [...(value === '' ? [] : [{ ...start, value }]), ...first.children.slice(1)]
    const opening: Children = remaining.length === 0 ? [] : [{ ...first, children: remaining }]
    if (!allowed[place].includes('panel')) return blocksOf([...opening, ...rest], place)
    return [{ type: 'panel', attrs: { panelType: kind }, content: filled(blocksOf([...opening, ...rest], 'panel')) }]
  }
  if (!allowed[place].includes('blockquote')) return blocksOf(children, place)
  return [{ type: 'blockquote', content: filled(blocksOf(children, 'blockquote')) }]
}

function filled(content: AdfNode[]): AdfNode[] {
  return content.length === 0 ? [paragraph([])] : content
}

function listOf(list: List, place: Place): AdfNode[] {
  if (isTaskList(list) && allowed[place].includes('taskList')) return [taskListOf(list)]
  const items = list.children.map((item) => {
    const content = blocksOf(withBox(item), 'listItem')
    const begins = ['paragraph', 'codeBlock'].includes(content[0]?.type ?? '')
    return { type: 'listItem', content: begins ? content : [paragraph([]), ...content] }
  })
  if (!list.ordered) return [{ type: 'bulletList', content: items }]
  return [{ type: 'orderedList', attrs: { order: list.start ?? 1 }, content: items }]
}

/** A list whose every item is a task of one paragraph, with nothing below but such lists. */
function isTaskList({ children }: List): boolean {
  return children.every(({ checked, children: inner }) => {
    const [first, ...rest] = inner
    const fits = first === undefined || first.type === 'paragraph'
    return typeof checked === 'boolean' && fits && rest.every((node) => node.type === 'list' && isTaskList(node))
  })
}

function taskListOf({ children }: List): AdfNode {
  const content = children.flatMap((item): AdfNode[] => {
    const [first, ...rest] = item.children
    const task = {
      type: 'taskItem',
      attrs: { localId: randomUUID(), state: item.checked ? 'DONE' : 'TODO' },
      content: first?.type === 'paragraph' ? inlinesOf(first.children) : [],
    }
    return [task, ...rest.flatMap((node) => (node.type === 'list' ? [taskListOf(node)] : []))]
  })
  return { type: 'taskList', attrs: { localId: randomUUID() }, content }
}

/** A task where no list of tasks may stand keeps its box as a sign. */
function withBox({ checked, children }: ListItem): Children {
  if (typeof checked !== 'boolean') return children
  const box = { type: 'text' as const, value: checked ? '☑ ' : '☐ ' }
  const [first, ...rest] = children
  if (first?.type === 'paragraph') return [{ ...first, children: [box, ...first.children] }, ...rest]
  return [{ type: 'paragraph', children: [box] }, ...children]
}

function tableOf(rows: Children, place: Place): AdfNode[] {
  const cells = rows.map((row) =>
    'children' in row ? row.children.map((cell) => ('children' in cell ? inlinesOf(cell.children) : [])) : [],
  )
  if (!allowed[place].includes('table')) {
    return cells.map((row) => paragraph(row.flatMap((cell, at) => (at === 0 ? cell : [text(' | '), ...cell]))))
  }
  const width = Math.max(...cells.map((row) => row.length))
  const content = cells.map((row, at) => {
    const type = at === 0 ? 'tableHeader' : 'tableCell'
    const full = Array.from({ length: width }, (_, column) => row[column] ?? [])
    return { type: 'tableRow', content: full.map((cell) => ({ type, attrs: {}, content: [paragraph(cell)] })) }
  })
  return [{ type: 'table', attrs: { isNumberColumnEnabled: false, layout: 'default' }, content }]
}

function inlinesOf(nodes: Children, marks: readonly AdfMark[] = []): AdfNode[] {
  return nodes.flatMap((node) => inlineOf(node, marks))
}

function inlineOf(node: MarkdownNode, marks: readonly AdfMark[]): AdfNode[] {
  switch (node.type) {
    case 'text':
      return linesOf(node.value, marks)
    case 'strong':
      return inlinesOf(node.children, withMark(marks, { type: 'strong' }))
    case 'emphasis':
      return inlinesOf(node.children, withMark(marks, { type: 'em' }))
    case 'delete':
      return inlinesOf(node.children, withMark(marks, { type: 'strike' }))
    case 'inlineCode':
      // Code may be a link and nothing else besides.
      return [text(node.value, [{ type: 'code' }, ...marks.filter(({ type }) => type === 'link')])]
    case 'break':
      return [{ type: 'hardBreak' }]
    case 'link':
      return linkOf(node.url, node.children, marks)
    case 'image': {
      const alt = node.alt || node.url
      return linkOf(node.url, [{ type: 'text', value: alt === '' ? 'image' : alt }], marks)
    }
    default:
      return 'children' in node ? inlinesOf(node.children, marks) : 'value' in node ? linesOf(node.value, marks) : []
  }
}

/** A line break that somebody wrote stays one, and so does the `<br>` of a table's cell. */
function linesOf(value: string, marks: readonly AdfMark[]): AdfNode[] {
  const lines = value.split(/\n|<br ?\/?>/i)
  return lines.flatMap((line, at) => [
    ...(at === 0 ? [] : [{ type: 'hardBreak' }]),
    ...(line === '' ? [] : [text(line, marks)]),
  ])
}

function linkOf(url: string, children: Children, marks: readonly AdfMark[]): AdfNode[] {
  if (url.startsWith(mentionScheme)) {
    const id = url.slice(mentionScheme.length)
    const name = wordsOf(children).replace(/^@?/, '@')
    if (/^[\w:.-]{1,128}$/.test(id)) return [{ type: 'mention', attrs: { id, text: name } }]
  }
  const href = webAddress(url)
  const inner = inlinesOf(children, href ? withMark(marks, { type: 'link', attrs: { href } }) : marks)
  if (href) return inner.length > 0 ? inner : [text(href, [{ type: 'link', attrs: { href } }])]
  // An address nobody may follow stays readable.
  return url === '' || wordsOf(children) === url ? inner : [...inner, ...linesOf(` (${url})`, marks)]
}

function withMark(marks: readonly AdfMark[], mark: AdfMark): readonly AdfMark[] {
  return marks.some(({ type }) => type === mark.type) ? marks : [...marks, mark]
}

function wordsOf(nodes: Children): string {
  return nodes.map((node) => ('value' in node ? node.value : 'children' in node ? wordsOf(node.children) : '')).join('')
}
