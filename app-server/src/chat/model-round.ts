// One round of the model: asks it with all that was said, and writes what it says into the turn as it comes.
import { counted } from '../models/counted.js'
import {
  type ModelAccess,
  type ModelEnd,
  ModelFailure,
  type ModelRequest,
  type ModelUsage,
  type ModelVendor,
} from '../models/model.js'
import { readMore } from './history.js'
import type { LiveTurn } from './live-turn.js'
import type { OfferedTool } from './tool-session.js'

/** Calls that are made of one round; of the rest, person and model are told that they were not. */
export const maxCallsPerRound = 32
const tooMany = `Not made: ${maxCallsPerRound} calls are made at a time at most. Ask for this one again in the next step.`
const notMade = { state: 'failed', result: tooMany, resultLength: tooMany.length } as const

/** Millionths of a US dollar for a million tokens is a US dollar for each of them; null: nobody told. */
export interface Prices {
  readonly inputPerMillion: number
  readonly outputPerMillion: number
}

export interface Round {
  readonly live: LiveTurn
  readonly vendor: ModelVendor
  readonly access: ModelAccess
  readonly request: ModelRequest
  readonly tools: ReadonlyMap<string, OfferedTool>
  /** What the round took is the turn's to pay for, also when it broke off. */
  onUsage(usage: ModelUsage): void
}

/** Runs the round to its end and gives why it ended. Throws ModelFailure; the signal's reason when that was aborted. */
export async function runModelRound({ live, vendor, access, request, tools, onUsage }: Round): Promise<ModelEnd> {
  let calls = 0
  for await (const event of counted(vendor.stream(access, request), onUsage)) {
    switch (event.kind) {
      case 'text':
      case 'thinking':
        live.write(event.kind, event.text, event.signature)
        if (live.isFull) throw new ModelFailure('bad-request', 'the answer is longer than is kept')
        break
      case 'call': {
        const { call } = event
        live.addCall(call, titleOf(call.name, tools), ++calls > maxCallsPerRound ? notMade : {})
        break
      }
      case 'waiting':
        live.addNote({ code: 'retrying', why: event.failure.kind, seconds: Math.ceil(event.forMs / 1000) })
        break
      case 'end':
        return calls > 0 && event.reason === 'stop' ? { ...event, reason: 'calls' } : event
    }
  }
  throw new ModelFailure('cut', 'the stream ended without an end')
}

function titleOf(name: string, tools: ReadonlyMap<string, OfferedTool>): string {
  return name === readMore.name ? 'Read on' : (tools.get(name)?.title ?? name)
}

/** What a turn has used after this as well; whatever the model was asked for. */
export function withUsage({ turn }: LiveTurn, usage: ModelUsage, prices: Prices | null) {
  // Thinking is paid for like what is written.
  const cost =
    prices &&
    usage.inputTokens * prices.inputPerMillion + (usage.outputTokens + usage.thinkingTokens) * prices.outputPerMillion
  return {
    inputTokens: turn.inputTokens + usage.inputTokens,
    outputTokens: turn.outputTokens + usage.outputTokens,
    thinkingTokens: turn.thinkingTokens + usage.thinkingTokens,
    cachedTokens: turn.cachedTokens + usage.cachedTokens,
    costMicros: cost === null ? turn.costMicros : (turn.costMicros ?? 0) + cost,
  }
}
