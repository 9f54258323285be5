// Notion's rich text as Markdown's inline nodes, and back.

import { plainText } from '../foreign-text.js'
import type { MarkdownNode } from '../markdown.js'
import { type Json, objectOf, objectsOf, textOf } from './notion-api.js'
import { notionUrl } from './notion-ids.js'

export type MarkdownOf<Type extends MarkdownNode['type']> = Extract<MarkdownNode, { type: Type }>
export type Inline = MarkdownOf<'paragraph'>['children'][number]
export type Flow = MarkdownOf<'root'>['children'][number]

/** What Notion takes: developers.notion.com/reference/request-limits. */
const maxContent = 2_000
const maxExpression = 1_000
const maxUrl = 2_000
export const maxRichTexts = 100

const marks = ['bold', 'italic', 'strikethrough'] as const

/** A piece of rich text with its marks. */
interface Run {
  readonly kind: 'text' | 'equation'
  readonly text: string
  readonly link: string | undefined
  readonly bold: boolean
  readonly italic: boolean
  readonly strikethrough: boolean
  readonly code: boolean
}

/** An address people may follow: http(s) or mailto, of a length that Notion takes. */
export function safeUrl(url: unknown): string | undefined {
  const parsed = typeof url === 'string' && url.length <= maxUrl ? URL.parse(url) : null
  return parsed && ['http:', 'https:', 'mailto:'].includes(parsed.protocol) ? parsed.href : undefined
}

/** The words alone. */
export function wordsOf(rich: unknown): string {
  return plainText(
    objectsOf(rich)
      .map((item) => textOf(item.plain_text))
      .join(''),
  )
}

export function inlineOf(rich: unknown): Inline[] {
  return nested(
    objectsOf(rich)
      .map(runOf)
      .filter(({ text }) => text !== ''),
    0,
  )
}

function runOf(item: Json): Run {
  const annotations = objectOf(item.annotations)
  const flags = {
    bold: annotations.bold === true,
    italic: annotations.italic === true,
    strikethrough: annotations.strikethrough === true,
    code: annotations.code === true,
  }
  if (item.type === 'equation') {
    return { kind: 'equation', text: plainText(textOf(objectOf(item.equation).expression)), link: undefined, ...flags }
  }
  const mention = objectOf(item.mention)
  const mentioned = textOf(objectOf(mention.page).id) || textOf(objectOf(mention.database).id)
  const href = textOf(item.href)
  const link = mentioned ? notionUrl(mentioned) : href.startsWith('/') ? `https://www.notion.so${href}` : safeUrl(href)
  return { kind: 'text', text: plainText(textOf(item.plain_text)), link, ...flags }
}

/** Runs within links within bold within italic within strikethrough; spaces at the ends of a mark stand outside it. */
function nested(runs: readonly Run[], level: number): Inline[] {
  if (level > marks.length) return runs.flatMap(leafOf)
  const mark = marks[level - 1]
  return groups(runs, (run) => (mark === undefined ? run.link : run[mark])).flatMap((group): Inline[] => {
    const [first] = group
    if (!first) return []
    if (mark === undefined) {
      const children = nested(group, 1)
      return first.link === undefined ? children : [{ type: 'link', url: first.link, children } as Inline]
    }
    if (!first[mark]) return nested(group, level + 1)
    const whole = group.map(({ text }) => text).join('')
    if (whole.trim() === '')
      return nested(
        group.map((run) => ({ ...run, [mark]: false })),
        level + 1,
      )
    const { before, inside, after } = trimmed(group)
    const type = mark === 'bold' ? 'strong' : mark === 'italic' ? 'emphasis' : 'delete'
    return [...spaces(before), { type, children: nested(inside, level + 1) } as Inline, ...spaces(after)]
  })
}

function leafOf(run: Run): Inline[] {
  if (run.kind === 'equation') {
    // Written as it is: the signs of an expression are no Markdown.
    return run.text.includes('`')
      ? [{ type: 'text', value: `$${run.text}$` }]
      : [{ type: 'html', value: `$\`${run.text.replaceAll('\n', ' ')}\`$` }]
  }
  if (run.code && run.text.trim() !== '') return [{ type: 'inlineCode', value: run.text.replaceAll('\n', ' ') }]
  return [{ type: 'text', value: run.text }]
}

const spaces = (value: string): Inline[] => (value === '' ? [] : [{ type: 'text', value }])

/** Runs without the spaces before the first word and after the last; code keeps its own. */
function trimmed(runs: readonly Run[]): { before: string; inside: Run[]; after: string } {
  const inside = [...runs]
  let before = ''
  let after = ''
  for (let first = inside[0]; first && !first.code && first.kind === 'text'; first = inside[0]) {
    const text = first.text.trimStart()
    before += first.text.slice(0, first.text.length - text.length)
    if (text !== '') {
      inside[0] = { ...first, text }
      break
    }
    inside.shift()
  }
  for (let last = inside.at(-1); last && !last.code && last.kind === 'text'; last = inside.at(-1)) {
    const text = last.text.trimEnd()
    after = last.text.slice(text.length) + after
    if (text !== '') {
      inside[inside.length - 1] = { ...last, text }
      break
    }
    inside.pop()
  }
  return { before, inside, after }
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): Item[][] {
  const result: Item[][] = []
  let key: unknown
  for (const item of items) {
    const last = result.at(-1)
    if (last && keyOf(item) === key) last.push(item)
    else result.push([item])
    key = keyOf(item)
  }
  return result
}

interface Style {
  readonly link?: string
  readonly bold?: true
  readonly italic?: true
  readonly strikethrough?: true
  readonly code?: true
}

/** Rich text for a request, in pieces that Notion takes. There may be more than `maxRichTexts` of them. */
export function richTextOf(nodes: readonly Inline[]): Json[] {
  const pieces: { text: string; style: Style; equation?: true }[] = []
  const add = (text: string, style: Style) => {
    const last = pieces.at(-1)
    if (last && !last.equation && sameStyle(last.style, style)) last.text += text
    else if (text !== '') pieces.push({ text, style })
  }
  const walk = (list: readonly Inline[], style: Style): void => {
    for (const [index, node] of list.entries()) {
      switch (node.type) {
        case 'text':
          add(node.value, style)
          break
        case 'break':
          add('\n', style)
          break
        case 'inlineCode': {
          const next = list[index + 1]
          const last = pieces.at(-1)
          const isEquation = last?.text.endsWith('$') && next?.type === 'text' && next.value.startsWith('$')
          if (last && isEquation && node.value.length <= maxExpression) {
            last.text = last.text.slice(0, -1)
            if (last.text === '') pieces.pop()
            pieces.push({ text: node.value, style, equation: true })
            list = list.with(index + 1, { ...next, value: next.value.slice(1) })
            walk(list.slice(index + 1), style)
            return
          }
          add(node.value, { ...style, code: true })
          break
        }
        case 'strong':
          walk(node.children, { ...style, bold: true })
          break
        case 'emphasis':
          walk(node.children, { ...style, italic: true })
          break
        case 'delete':
          walk(node.children, { ...style, strikethrough: true })
          break
        case 'link': {
          const url = safeUrl(node.url)
          walk(node.children, url === undefined ? style : { ...style, link: url })
          break
        }
        case 'image': {
          const url = safeUrl(node.url)
          add(node.alt || node.url, url === undefined ? style : { ...style, link: url })
          break
        }
        default:
          if ('children' in node) walk(node.children as Inline[], style)
          else if ('value' in node) add(node.value, style)
      }
    }
  }
  walk(nodes, {})
  return pieces.flatMap(({ text, style, equation }) => (equation ? [equationOf(text, style)] : textsOf(text, style)))
}

/** Rich text of plain words. */
export function plainRichText(text: string): Json[] {
  return textsOf(text, {})
}

function equationOf(expression: string, style: Style): Json {
  return { type: 'equation', equation: { expression }, ...annotationsOf(style) }
}

function textsOf(text: string, style: Style): Json[] {
  return chunksOf(text).map((content) => ({
    type: 'text',
    text: { content, ...(style.link === undefined ? {} : { link: { url: style.link } }) },
    ...annotationsOf(style),
  }))
}

function annotationsOf({ link, ...flags }: Style): Json {
  return Object.keys(flags).length > 0 ? { annotations: flags } : {}
}

/** Text in pieces of at most 2,000 UTF-16 units, none of which ends within a sign. */
export function chunksOf(text: string): string[] {
  const chunks: string[] = []
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + maxContent, text.length)
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? '')) end--
    chunks.push(text.slice(at, end))
    at = end
  }
  return chunks
}

function sameStyle(a: Style, b: Style): boolean {
  return (['link', 'bold', 'italic', 'strikethrough', 'code'] as const).every((name) => a[name] === b[name])
}
