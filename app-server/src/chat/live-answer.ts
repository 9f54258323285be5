// An answer as pages on this replica have been shown it, and what must be told them when there is more of it.
import { withLanguage } from '../platform/html/language.js'
import { renderMarkdown } from '../platform/html/markdown.js'
import type { RenderedMarkdown } from '../platform/html/markdown-blocks.js'
import { AnswerEnd } from './answer-end.js'
import { type Piece, pieceOf, type TextRenderer } from './answer-parts.js'
import type { Titles } from './call-card.js'
import { Message } from './message.js'
import type { Onlooker } from './onlooker.js'
import { endElement, partElement } from './paths.js'
import type { Part, TextPart, TurnSnapshot } from './turn.js'

/** What the page does with its data: see assets/chat.js. */
export interface LiveEvent {
  readonly event: 'turn' | 'part' | 'text' | 'gone' | 'end' | 'totals' | 'over'
  readonly data: Readonly<Record<string, unknown>>
}

export interface LiveAnswerOptions {
  /** One of those who look and are shown the same; without a token. */
  readonly onlooker: Onlooker
  /** The name of the person the turn acts for. */
  readonly actsForName: string | undefined
  /** The number of the turn before this one; whatever stands between them was replaced. */
  readonly after: number
  readonly titles: Titles
}

export class LiveAnswer {
  private pieces = new Map<string, Piece>()
  private end = ''
  private parts: readonly Part[] = []
  private readonly texts = new Map<string, RenderedMarkdown>()

  constructor(
    private snapshot: TurnSnapshot,
    private readonly options: LiveAnswerOptions,
  ) {
    this.inLanguage(() => {
      this.pieces = this.render(snapshot)
      this.end = this.renderEnd(snapshot)
    })
    this.parts = snapshot.parts
  }

  /** All of it, for a page that joins. */
  whole(): LiveEvent {
    const { onlooker, after } = this.options
    return wholeEvent(this.snapshot, [...this.pieces.values()], onlooker, after)
  }

  /** What is different from what was told before. */
  update(snapshot: TurnSnapshot): LiveEvent[] {
    const events = this.inLanguage(() => [...this.changesOfParts(snapshot), ...this.changesOfEnd(snapshot)])
    this.snapshot = snapshot
    this.parts = snapshot.parts
    return events
  }

  private changesOfParts(snapshot: TurnSnapshot): LiveEvent[] {
    const { id: turn } = snapshot.turn
    const fresh = this.render(snapshot)
    const events: LiveEvent[] = []
    for (const [id, piece] of fresh) {
      const before = this.pieces.get(id)
      if (before === piece) continue
      if (before?.blocks && piece.blocks) {
        const change = changeOf(before.blocks, piece.blocks)
        if (change) events.push({ event: 'text', data: { turn, id, ...change } })
      } else if (before?.html !== piece.html) {
        const last = piece.blocks?.at(-1)
        events.push({ event: 'part', data: { turn, id, html: piece.html, ...(last === undefined ? {} : { last }) } })
      }
    }
    const gone = [...this.pieces.keys()].filter((id) => !fresh.has(id))
    if (gone.length > 0) events.unshift({ event: 'gone', data: { turn, ids: gone } })
    this.pieces = fresh
    return events
  }

  private changesOfEnd(snapshot: TurnSnapshot): LiveEvent[] {
    const html = this.renderEnd(snapshot)
    const { id: turn, status } = snapshot.turn
    if (html === this.end && status === this.snapshot.turn.status) return []
    this.end = html
    return [{ event: 'end', data: { turn, id: endElement(turn), status, html } }]
  }

  private render(snapshot: TurnSnapshot): Map<string, Piece> {
    const { onlooker, actsForName, titles } = this.options
    const former = new Map(this.parts.map((part) => [part.idx, part]))
    const options = { turn: snapshot.turn, onlooker, actsForName, titles, texts: this.renderer }
    return new Map(
      snapshot.parts.map((part) => {
        const before = former.get(part.idx)
        const known = before && isSame(before, part) ? this.pieces.get(pieceKey(snapshot, part)) : undefined
        const piece = known ?? pieceOf(part, options)
        return [piece.id, piece] as const
      }),
    )
  }

  private renderEnd(snapshot: TurnSnapshot): string {
    return String(AnswerEnd({ snapshot, onlooker: this.options.onlooker }))
  }

  private readonly renderer: TextRenderer = (key, text) => {
    const rendered = renderMarkdown(text, `${key}-`, this.texts.get(key))
    this.texts.set(key, rendered)
    return rendered
  }

  private inLanguage<Result>(work: () => Result): Result {
    return withLanguage(this.options.onlooker.language, work)
  }
}

/** A turn with all that is there of its answer. */
export function wholeEvent(
  snapshot: TurnSnapshot,
  pieces: readonly Piece[],
  onlooker: Onlooker,
  after: number,
): LiveEvent {
  const shown = { ...onlooker, csrfToken: undefined }
  const html = withLanguage(onlooker.language, () => String(Message({ snapshot, pieces, onlooker: shown })))
  // Of a text that grows only the end of its last block is told; this is what that end is put behind.
  const last = Object.fromEntries(pieces.flatMap(({ id, blocks }) => (blocks?.length ? [[id, blocks.at(-1)]] : [])))
  const { id, seq, status } = snapshot.turn
  return { event: 'turn', data: { turn: id, seq, after, status, html, last } }
}

function pieceKey({ turn }: TurnSnapshot, { idx }: Part): string {
  return partElement(turn.id, idx)
}

function isSame(before: Part, now: Part): boolean {
  if (before === now) return true
  const isText = (part: Part): part is TextPart => part.kind === 'text' || part.kind === 'thinking'
  if (isText(before) && isText(now)) return before.kind === now.kind && before.text === now.text
  return JSON.stringify(before) === JSON.stringify(now)
}

/** Blocks that are different; of one that grew, only from where it did. Undefined when none is. */
export function changeOf(before: readonly string[], now: readonly string[]) {
  const last = before.length - 1
  const blocks = now.flatMap((html, index) => {
    const former = before[index]
    // What has become the last one because others went is told whole.
    if (former === html && !(index === now.length - 1 && index < last)) return []
    // The page keeps the text of the last block alone.
    const from = index === last && former !== undefined ? commonLength(former, html) : 0
    return [{ index, from, html: html.slice(from) }]
  })
  return blocks.length === 0 && before.length === now.length ? undefined : { count: now.length, blocks }
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++
  return length
}
