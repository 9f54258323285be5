// What a turn is made of: a person's message, and the parts of the answer in the order in which they came.
import type { ProblemDetails } from '@sekisho/contracts'

/** running: a replica works on it. waiting: for a person to decide on a call. The others are ends; stopped can go on. */
export type TurnStatus = 'running' | 'waiting' | 'done' | 'stopped' | 'failed'

/**
 * Why a turn ended where it did.
 * - done: `answered`, or cut by the model: `length`, `safety`, `other`
 * - stopped: `person`, or for lack of allowance: `rounds`, `tokens`, `cost`, `time`
 * - failed: see `failure`
 */
export type EndReason =
  | 'answered'
  | 'length'
  | 'safety'
  | 'other'
  | 'person'
  | 'rounds'
  | 'tokens'
  | 'cost'
  | 'time'
  | 'failure'

/** Why a turn failed, or was cut; the page has the words. Model failures are those of `models/model.ts`. */
export interface TurnFailure {
  readonly code: string
  /** What the service of the model says of it: one short line of its own, never with the key. */
  readonly detail?: string
  /** When it makes sense to try again; ISO 8601. */
  readonly retryAt?: string
  /** Of an unexpected failure, for whoever looks into the log. */
  readonly reference?: string
}

export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly thinkingTokens: number
  readonly cachedTokens: number
  /** Millionths of a US dollar; null when nobody told what the model costs. */
  readonly costMicros: number | null
}

export interface Turn extends Usage {
  readonly id: string
  readonly roomId: string
  /** From 1, in the order of the room. */
  readonly seq: number
  /** Null: the person is no longer here. */
  readonly authorId: string | null
  readonly authorName: string
  /** Whose accounts its tools use: the author, or the member who lends theirs. */
  readonly actsFor: string | null
  readonly prompt: string
  readonly language: string
  /** IANA name. */
  readonly timeZone: string
  readonly status: TurnStatus
  readonly endReason: EndReason | null
  readonly failure: TurnFailure | null
  readonly model: string | null
  /** Rounds of the model so far. */
  readonly rounds: number
  readonly createdAt: Date
  readonly endedAt: Date | null
  /** From 1: how often its message was reworded or answered anew before. */
  readonly version: number
  /** Another turn stands in its place, or in the place of one before it. */
  readonly replacedAt: Date | null
  /** That turn; null also of some that were replaced before this was kept. */
  readonly replacedBy: string | null
}

/**
 * - asked: by the model, not begun
 * - running: at the router
 * - approval: waits for the person
 * - done, failed: `result` says what came of it; of a failed one `problem` too, when it was one of ours
 * - denied: the person said no, or did not say yes in time
 * - stopped: the turn was stopped before it ended
 */
export type CallState = 'asked' | 'running' | 'approval' | 'done' | 'failed' | 'denied' | 'stopped'

export interface CallData {
  /** As the model calls it. */
  readonly callId: string
  readonly tool: string
  readonly title: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly state: CallState
  /** What the tool gave, as text; null while there is none. */
  readonly result: string | null
  /** Characters of the result before it was cut to what is stored. */
  readonly resultLength: number
  readonly problem: ProblemDetails | null
  /** Of a call that waits, or waited. */
  readonly approvalId: string | null
  readonly approvalUntil: string | null
  readonly startedAt: string | null
  readonly durationMs: number | null
}

interface PartPlace {
  /** From 0, in the order in which the parts came. */
  readonly idx: number
  /** Of the model, from 1. */
  readonly round: number
}

export interface TextPart extends PartPlace {
  readonly kind: 'text' | 'thinking'
  /** Markdown; thinking is plain. */
  readonly text: string
  /** What the vendor wants back with it. */
  readonly signature: string | null
}

export interface CallPart extends PartPlace {
  readonly kind: 'call'
  readonly signature: string | null
  readonly data: CallData
}

/**
 * Something that happened to the answer, by its code:
 * - `retrying` (data: code, seconds): the model did not take it at once
 * - `resumed`: the server was restarted, and the answer went on
 * - `summarised` (data: turns): earlier turns went to the model as a summary
 * - `tools-left-out` (data: providers): tools that could not be offered
 */
export interface NotePart extends PartPlace {
  readonly kind: 'note'
  readonly data: Readonly<Record<string, unknown>> & { readonly code: string }
}

export type Part = TextPart | CallPart | NotePart

/** An attachment, without its bytes. */
export interface Attachment {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly size: number
}

/** A turn as it stands at one moment. */
export interface TurnSnapshot {
  readonly turn: Turn
  readonly attachments: readonly Attachment[]
  readonly parts: readonly Part[]
}

export function isOpen({ status }: Pick<Turn, 'status'>): boolean {
  return status === 'running' || status === 'waiting'
}
