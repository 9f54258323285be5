// Reads the chunks of an answer of Gemini's into events, and knows at the end how it ended.
import { randomUUID } from 'node:crypto'
import { maxCalls, requireShort } from './call-limits.js'
import { emptyAnswer, type ModelEnd, type ModelEvent, ModelFailure, type ModelUsage } from './model.js'

/** The part of a GenerateContentResponse that is read; every member may be missing. */
export interface GeminiChunk {
  candidates?: {
    content?: { parts?: GeminiAnswerPart[] }
    finishReason?: string
  }[]
  promptFeedback?: { blockReason?: string }
  usageMetadata?: Partial<
    Record<
      | 'promptTokenCount'
      | 'toolUsePromptTokenCount'
      | 'candidatesTokenCount'
      | 'thoughtsTokenCount'
      | 'cachedContentTokenCount',
      number
    >
  >
}

interface GeminiAnswerPart {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  functionCall?: { id?: string; name?: string; args?: Record<string, unknown> }
}

/** Reasons that mean: the service would not let this be said. */
const safetyReasons = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
])

export class GeminiAnswer {
  private calls = 0
  private said = false
  private finishReason: string | undefined
  private usage: ModelUsage = { inputTokens: 0, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 }

  /** Throws ModelFailure blocked when the question was refused, cut when there is too much of it. */
  add({ candidates, promptFeedback, usageMetadata }: GeminiChunk): ModelEvent[] {
    if (usageMetadata) this.usage = usageOf(usageMetadata)
    const blocked = promptFeedback?.blockReason
    if (blocked) throw new ModelFailure('blocked', `the prompt was blocked: ${blocked}`, { detail: wordOf(blocked) })
    const [candidate] = candidates ?? []
    this.finishReason = candidate?.finishReason ?? this.finishReason
    const events = (candidate?.content?.parts ?? []).flatMap((part) => this.eventOf(part) ?? [])
    return usageMetadata ? [...events, { kind: 'usage', usage: this.usage }] : events
  }

  /** Throws ModelFailure cut when it did not come to its end. */
  end(): ModelEnd {
    const { finishReason, usage } = this
    if (finishReason === undefined) throw new ModelFailure('cut', 'the answer ended without a reason')
    const detail = wordOf(finishReason)
    switch (finishReason) {
      case 'STOP':
        if (this.calls > 0) return { kind: 'end', reason: 'calls', usage }
        if (!this.said) return { kind: 'end', reason: 'other', detail: emptyAnswer, usage }
        return { kind: 'end', reason: 'stop', usage }
      case 'MAX_TOKENS':
        return { kind: 'end', reason: 'length', usage }
      default:
        return { kind: 'end', reason: safetyReasons.has(finishReason) ? 'safety' : 'other', detail, usage }
    }
  }

  private eventOf({ text = '', thought, thoughtSignature, functionCall }: GeminiAnswerPart): ModelEvent | undefined {
    const signature = thoughtSignature ? { signature: thoughtSignature } : {}
    if (functionCall) {
      const { id, name = '', args = {} } = functionCall
      if (++this.calls > maxCalls) throw new ModelFailure('cut', `more than ${maxCalls} calls in one answer`)
      requireShort(JSON.stringify(args))
      const known = id || `call-${randomUUID()}`
      return { kind: 'call', call: { kind: 'call', id: known, name, arguments: args, ...signature } }
    }
    if (text === '' && !thoughtSignature) return undefined
    if (!thought && text.trim() !== '') this.said = true
    return { kind: thought ? 'thinking' : 'text', text, ...signature }
  }
}

function usageOf(counts: NonNullable<GeminiChunk['usageMetadata']>): ModelUsage {
  return {
    inputTokens: (counts.promptTokenCount ?? 0) + (counts.toolUsePromptTokenCount ?? 0),
    outputTokens: counts.candidatesTokenCount ?? 0,
    thinkingTokens: counts.thoughtsTokenCount ?? 0,
    cachedTokens: counts.cachedContentTokenCount ?? 0,
  }
}

/** A reason is one word of theirs or nothing. */
function wordOf(reason: string): string {
  return /^\w{1,60}$/.test(reason) ? reason : 'OTHER'
}
