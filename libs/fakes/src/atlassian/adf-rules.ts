// Which nodes of the Atlassian Document Format may stand in which, and with which marks: what Jira refuses, the fake refuses.
// After the document structure pages of developer.atlassian.com and the format's published JSON schema.

interface Node {
  type?: unknown
  text?: unknown
  content?: unknown
  marks?: unknown
  attrs?: unknown
  version?: unknown
}

const inlines = ['text', 'hardBreak', 'mention', 'emoji', 'inlineCard', 'date', 'status', 'mediaInline', 'placeholder']
const lists = ['bulletList', 'orderedList', 'taskList', 'decisionList']
const media = ['mediaSingle', 'mediaGroup']
const plain = ['paragraph', 'codeBlock', ...lists, ...media]
const top = [
  ...plain,
  'heading',
  'rule',
  'blockquote',
  'panel',
  'table',
  'expand',
  'blockCard',
  'embedCard',
  'extension',
]

/** The children each node may have; a node that is not named here is not known. */
const children: Readonly<Record<string, readonly string[]>> = {
  doc: top,
  paragraph: inlines,
  heading: inlines,
  blockquote: ['paragraph', 'bulletList', 'orderedList', 'codeBlock', ...media],
  panel: ['paragraph', 'heading', 'rule', 'codeBlock', 'blockCard', ...lists, ...media],
  codeBlock: ['text'],
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: ['paragraph', 'bulletList', 'orderedList', 'taskList', 'codeBlock', 'mediaSingle'],
  taskList: ['taskItem', 'taskList'],
  taskItem: inlines,
  decisionList: ['decisionItem'],
  decisionItem: inlines,
  table: ['tableRow'],
  tableRow: ['tableCell', 'tableHeader'],
  tableCell: [...plain, 'heading', 'rule', 'blockquote', 'panel', 'blockCard', 'nestedExpand'],
  tableHeader: [...plain, 'heading', 'rule', 'blockquote', 'panel', 'blockCard', 'nestedExpand'],
  expand: top,
  nestedExpand: plain,
  mediaSingle: ['media', 'caption'],
  mediaGroup: ['media'],
  caption: inlines,
}
const leaves = new Set([...inlines, 'rule', 'media', 'blockCard', 'embedCard', 'extension'])
const filled = new Set([
  'bulletList',
  'orderedList',
  'listItem',
  'taskList',
  'table',
  'tableRow',
  'blockquote',
  'panel',
])
const requiredAttributes: Readonly<Record<string, readonly string[]>> = {
  heading: ['level'],
  panel: ['panelType'],
  mention: ['id'],
  emoji: ['shortName'],
  taskList: ['localId'],
  taskItem: ['localId', 'state'],
  status: ['text', 'color'],
  date: ['timestamp'],
  inlineCard: ['url'],
}
const marks = new Set([
  'strong',
  'em',
  'strike',
  'code',
  'link',
  'underline',
  'subsup',
  'textColor',
  'backgroundColor',
  'border',
])
const panelTypes = ['info', 'note', 'warning', 'success', 'error', 'custom', 'tip']

/** What is wrong with a document, with the path to it; undefined when Jira would take it. */
export function faultOfDocument(document: unknown): string | undefined {
  const doc = document as Node | null
  if (typeof doc !== 'object' || doc?.type !== 'doc' || doc.version !== 1) return 'doc: no document of version 1'
  return faultOf(doc, 'doc')
}

function faultOf(node: Node, path: string): string | undefined {
  const type = String(node.type)
  const attrs = (node.attrs ?? {}) as Record<string, unknown>
  for (const name of requiredAttributes[type] ?? []) {
    if (attrs[name] === undefined || attrs[name] === '') return `${path}: no ${name}`
  }
  if (type === 'panel' && !panelTypes.includes(String(attrs.panelType))) return `${path}: no such panel`
  if (type === 'heading' && ![1, 2, 3, 4, 5, 6].includes(attrs.level as number)) return `${path}: no such level`
  if (type === 'text') return faultOfText(node, path)
  if (leaves.has(type)) return node.content === undefined ? undefined : `${path}: has content`
  const allowed = children[type]
  if (!allowed) return `${path}: unknown node`
  const content = node.content ?? []
  if (!Array.isArray(content)) return `${path}: content is no list`
  if (filled.has(type) && content.length === 0) return `${path}: empty`
  for (const [index, child] of (content as Node[]).entries()) {
    const inner = `${path}/${index}:${String(child?.type)}`
    if (!allowed.includes(String(child?.type))) return `${inner}: not within ${type}`
    if (type === 'codeBlock' && child.marks !== undefined) return `${inner}: marks within code`
    const fault = faultOf(child, inner)
    if (fault) return fault
  }
  const first = (content as Node[])[0]?.type
  if (type === 'listItem' && !['paragraph', 'codeBlock', 'mediaSingle'].includes(String(first))) {
    return `${path}: begins with ${String(first)}`
  }
  return undefined
}

function faultOfText({ text, marks: given }: Node, path: string): string | undefined {
  if (typeof text !== 'string' || text === '') return `${path}: no text`
  const list = (given ?? []) as { type: string; attrs?: Record<string, unknown> }[]
  const types = list.map(({ type }) => type)
  if (types.some((type) => !marks.has(type))) return `${path}: unknown mark`
  if (new Set(types).size !== types.length) return `${path}: a mark twice`
  if (types.includes('code') && types.some((type) => type !== 'code' && type !== 'link')) {
    return `${path}: code with other marks`
  }
  const link = list.find(({ type }) => type === 'link')
  if (link && !/^(https?:|mailto:|tel:|\/|#)/i.test(String(link.attrs?.href))) return `${path}: a link to nowhere`
  return undefined
}

/** The words of a document, for searches. */
export function wordsOf(node: unknown): string {
  if (typeof node !== 'object' || node === null) return ''
  const { text, content } = node as Node
  if (typeof text === 'string') return text
  return Array.isArray(content) ? content.map(wordsOf).join(' ') : ''
}

/** A document of plain paragraphs. */
export function documentOf(...paragraphs: string[]): Record<string, unknown> {
  const content = paragraphs.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] }))
  return { type: 'doc', version: 1, content }
}
