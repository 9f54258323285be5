// A turn that is being worked on: its parts as they grow, and which of them are not stored yet.
import type { AssistantPart } from '../models/model.js'
import type { CallData, CallPart, NotePart, Part, TextPart, Turn, TurnSnapshot } from './turn.js'

/** Parts of one turn; a model that goes round in circles ends here at the latest. */
export const maxParts = 2_000
/** Characters of all text of one turn. */
export const maxTextLength = 2_000_000

export class LiveTurn {
  readonly dirty = new Set<number>()
  private readonly byIdx = new Map<number, Part>()
  private nextIdx: number
  private textLength = 0
  private open: TextPart | undefined

  /** @param onChange is called after every change, before it is stored */
  constructor(
    public turn: Turn,
    private readonly attachments: TurnSnapshot['attachments'],
    parts: readonly Part[],
    private readonly onChange: (live: LiveTurn) => void,
  ) {
    for (const part of parts) this.byIdx.set(part.idx, part)
    this.nextIdx = (parts.at(-1)?.idx ?? -1) + 1
  }

  get parts(): Part[] {
    return [...this.byIdx.values()]
  }

  get isFull(): boolean {
    return this.nextIdx >= maxParts || this.textLength >= maxTextLength
  }

  snapshot(): TurnSnapshot {
    return { turn: this.turn, attachments: this.attachments, parts: this.parts }
  }

  partsToStore(): Part[] {
    return [...this.dirty].flatMap((idx) => this.byIdx.get(idx) ?? [])
  }

  /** Says that the turn itself is different. */
  change(change: Partial<Turn>): void {
    this.turn = { ...this.turn, ...change }
    this.onChange(this)
  }

  /** Adds to the text that is being written, or begins a new part when something else came between. */
  write(kind: TextPart['kind'], text: string, signature?: string): void {
    this.textLength += text.length
    const open = this.open
    // A signature belongs to what it came with: nothing is added behind it.
    if (open && open.kind === kind && open.round === this.turn.rounds && open.signature === null) {
      this.put({ ...open, text: open.text + text, signature: signature ?? null })
    } else {
      this.put({ ...this.place(), kind, text, signature: signature ?? null })
    }
  }

  addCall(call: Extract<AssistantPart, { kind: 'call' }>, title: string, more: Partial<CallData> = {}): void {
    const data: CallData = {
      callId: call.id,
      tool: call.name,
      title,
      arguments: call.arguments,
      state: 'asked',
      result: null,
      resultLength: 0,
      problem: null,
      approvalId: null,
      approvalUntil: null,
      startedAt: null,
      durationMs: null,
      ...more,
    }
    this.put({ ...this.place(), kind: 'call', signature: call.signature ?? null, data })
  }

  changeCall(idx: number, change: Partial<CallData>): void {
    const part = this.byIdx.get(idx)
    if (part?.kind !== 'call') throw new Error(`part ${idx} is no call`)
    this.put({ ...part, data: { ...part.data, ...change } })
  }

  addNote(data: NotePart['data']): void {
    this.put({ ...this.place(), kind: 'note', data })
  }

  /** The calls that are in one of these states, in their order. */
  calls(...states: CallData['state'][]): CallPart[] {
    return this.parts.filter((part) => part.kind === 'call').filter(({ data }) => states.includes(data.state))
  }

  private put(part: Part): void {
    this.open = part.kind === 'text' || part.kind === 'thinking' ? part : undefined
    this.byIdx.set(part.idx, part)
    this.dirty.add(part.idx)
    this.onChange(this)
  }

  private place(): { idx: number; round: number } {
    return { idx: this.nextIdx++, round: Math.max(1, this.turn.rounds) }
  }
}
