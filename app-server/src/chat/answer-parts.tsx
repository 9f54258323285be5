// The parts of an answer as pieces of HTML, each of which the stream of a room can renew by itself.
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { listed } from '../platform/html/language.js'
import type { RenderedMarkdown } from '../platform/html/markdown-blocks.js'
import { CallCard, type Titles } from './call-card.js'
import type { Onlooker } from './onlooker.js'
import { partElement } from './paths.js'
import { t } from './t.js'
import type { NotePart, Part, TextPart, Turn } from './turn.js'

/** One part. Of a text that grows the blocks are told one by one. */
export interface Piece {
  readonly id: string
  /** Everything, from the opening tag to the closing one. */
  readonly html: string
  /** What stands in the element with the id `<id>-blocks`. */
  readonly blocks?: readonly string[]
}

/** Renders text that was rendered before in less time. */
export type TextRenderer = (key: string, text: string) => Pick<RenderedMarkdown, 'html'>

export interface PieceOptions {
  readonly turn: Turn
  readonly onlooker: Onlooker
  readonly actsForName: string | undefined
  readonly texts: TextRenderer
  readonly titles: Titles
}

export function pieceOf(part: Part, { turn, onlooker, actsForName, texts, titles }: PieceOptions): Piece {
  const id = partElement(turn.id, part.idx)
  switch (part.kind) {
    case 'text': {
      const blocks = texts(id, part.text).html
      return { id, blocks, html: String(<TextShell id={id} blocks={blocks} />) }
    }
    case 'thinking': {
      const blocks = paragraphsOf(part)
      return { id, blocks, html: String(<ThinkingShell id={id} blocks={blocks} />) }
    }
    case 'call':
      return { id, html: String(<CallCard {...{ turn, part, onlooker, actsForName, titles }} />) }
    case 'note':
      return { id, html: noteHtml(id, part, titles) }
  }
}

interface ShellProps {
  id: string
  blocks: readonly string[]
}

function TextShell({ id, blocks }: ShellProps) {
  return (
    <div class="part" id={id}>
      <Blocks id={id} blocks={blocks} />
    </div>
  )
}

function ThinkingShell({ id, blocks }: ShellProps) {
  return (
    <details class="part thinking" id={id}>
      <summary>{t('What the model thought')}</summary>
      <Blocks id={id} blocks={blocks} />
    </details>
  )
}

function Blocks({ id, blocks }: ShellProps) {
  return (
    <div class="prose" id={`${id}-blocks`}>
      {blocks.map((html) => (
        <div class="block" dir="auto">
          {raw(html)}
        </div>
      ))}
    </div>
  )
}

function paragraphsOf({ text }: TextPart): string[] {
  return text.split(/\n{2,}/).map((paragraph) => String(<p class="prose-plain">{paragraph}</p>))
}

/** Nothing for a note of a newer server, of which nobody here could make sense. */
function noteHtml(id: string, part: NotePart, titles: Titles): string {
  const words = noteWords(part, titles)
  if (words === undefined) return ''
  return String(
    <p class="part note" id={id}>
      {words}
    </p>,
  )
}

function noteWords({ data }: NotePart, titles: Titles): Child | undefined {
  const count = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
  switch (data.code) {
    case 'retrying':
      return data.why === 'unreachable'
        ? t(
            'The service of the model did not answer. It is asked again after {count, plural, one {# second} other {# seconds}}.',
            { count: count(data.seconds) },
          )
        : t(
            'The service of the model is busy. It is asked again after {count, plural, one {# second} other {# seconds}}.',
            { count: count(data.seconds) },
          )
    case 'resumed':
      return t('The server was restarted. The answer went on where it was.')
    case 'summarised':
      return t(
        'The room is longer than the model can read. {count, plural, one {The oldest message went} other {The oldest # messages went}} to it as a summary.',
        { count: count(data.turns) },
      )
    case 'tools-left-out':
      return t('Some tools of the room could not be offered: {names}.', {
        names: Array.isArray(data.providers) ? listed(data.providers.map((id) => titles.titleOf(String(id)))) : '',
      })
    default:
      return undefined
  }
}
