// Reads the chunks of a chat completion into events; calls, which come in pieces, are put together first.
import { randomUUID } from 'node:crypto'
import { maxCalls, requireShort } from './call-limits.js'
import { emptyAnswer, type ModelCall, type ModelEnd, type ModelEvent, ModelFailure, type ModelUsage } from './model.js'
import type { ToolNames } from './openai-messages.js'

/** The part of a chat.completion.chunk that is read; every member may be missing. */
export interface CompletionChunk {
  choices?: { delta?: Delta; finish_reason?: string | null }[]
  usage?: {
    prompt_tokens?: number
    completion_tokens?: number
    prompt_tokens_details?: { cached_tokens?: number } | null
    completion_tokens_details?: { reasoning_tokens?: number } | null
  } | null
  error?: unknown
}

interface Delta {
  /** Mistral's models that think write it in pieces of a kind. */
  content?: string | ContentPiece[] | null
  reasoning_content?: string | null
  /** The same under the name that OpenRouter, and vLLM of late, give it. */
  reasoning?: string | null
  tool_calls?: CallPiece[] | null
}

interface ContentPiece {
  type?: string
  text?: string
  thinking?: { text?: string }[]
}

interface CallPiece {
  index?: number
  id?: string | null
  /** Arguments are a text in pieces; some give the object itself. */
  function?: { name?: string | null; arguments?: string | Record<string, unknown> | null }
}

interface CallSoFar {
  id: string
  name: string
  argumentText: string
}

export class OpenAiAnswer {
  private readonly calls: CallSoFar[] = []
  private readonly byIndex = new Map<number, CallSoFar>()
  private finishReason: string | undefined
  private said = false
  private usage: ModelUsage = { inputTokens: 0, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 }

  constructor(private readonly names: ToolNames) {}

  /** Throws ModelFailure cut when there is too much of it. */
  add({ choices, usage }: CompletionChunk): ModelEvent[] {
    if (usage) this.usage = usageOf(usage)
    const [choice] = choices ?? []
    const { content, reasoning_content, reasoning, tool_calls } = choice?.delta ?? {}
    for (const piece of tool_calls ?? []) this.addPiece(piece)
    // An empty one is none.
    this.finishReason = choice?.finish_reason || this.finishReason
    const pieces = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])
    const thought = (reasoning_content ?? reasoning ?? '') + pieces.map(thoughtIn).join('')
    const text = pieces.map((piece) => (piece.type === 'text' ? (piece.text ?? '') : '')).join('')
    this.said ||= text.trim() !== ''
    return [
      ...(thought ? [{ kind: 'thinking', text: thought } as const] : []),
      ...(text ? [{ kind: 'text', text } as const] : []),
    ]
  }

  /** The calls and the end. Throws ModelFailure cut when it did not come to its end. */
  end(): ModelEvent[] {
    const { finishReason } = this
    if (finishReason === undefined) throw new ModelFailure('cut', 'the answer ended without a reason')
    if (!['stop', 'tool_calls', 'function_call'].includes(finishReason)) return [this.endOf(finishReason)]
    const calls = this.calls.map((call) => this.callOf(call))
    // In the vendor-neutral words of Gemini: the model tried, and what came of it is no call.
    if (calls.includes(undefined)) return [{ ...this.endOf('other'), detail: 'MALFORMED_FUNCTION_CALL' }]
    const whole = calls.filter((call) => call !== undefined)
    if (whole.length === 0 && !this.said) return [{ ...this.endOf('other'), detail: emptyAnswer }]
    return [
      ...whole.map((call): ModelEvent => ({ kind: 'call', call })),
      { kind: 'end', reason: whole.length > 0 ? 'calls' : 'stop', usage: this.usage },
    ]
  }

  private endOf(finishReason: string): ModelEnd {
    const { usage } = this
    if (finishReason === 'length') return { kind: 'end', reason: 'length', usage }
    if (finishReason === 'content_filter') return { kind: 'end', reason: 'safety', detail: finishReason, usage }
    return { kind: 'end', reason: 'other', detail: /^\w{1,60}$/.test(finishReason) ? finishReason : 'other', usage }
  }

  private addPiece({ index, id, function: called }: CallPiece): void {
    const call = this.callFor({ index, id: id || '', name: called?.name || '' })
    call.id ||= id || ''
    call.name ||= called?.name || ''
    const given = called?.arguments ?? ''
    call.argumentText += typeof given === 'string' ? given : JSON.stringify(given)
    requireShort(call.argumentText)
  }

  /**
   * The call a piece belongs to. Who gives no index begins a call with another id, or with a name where there are no ids; who
   * gives all calls the same one, with another id and its name.
   */
  private callFor({ index, id, name }: { index: number | undefined; id: string; name: string }): CallSoFar {
    const known = index === undefined ? this.calls.at(-1) : this.byIndex.get(index)
    const isOther = known !== undefined && id !== '' && known.id !== '' && id !== known.id
    const begins = index === undefined ? isOther || (id === '' && name !== '') : isOther && name !== ''
    if (known && !begins) return known
    if (this.calls.length >= maxCalls) throw new ModelFailure('cut', `more than ${maxCalls} calls in one answer`)
    const call = { id: '', name: '', argumentText: '' }
    this.calls.push(call)
    if (index !== undefined) this.byIndex.set(index, call)
    return call
  }

  /** Undefined when its arguments are no object. */
  private callOf({ id, name, argumentText }: CallSoFar): ModelCall | undefined {
    const given = argumentsIn(argumentText)
    if (given === undefined || name === '') return undefined
    return { kind: 'call', id: id || `call-${randomUUID()}`, name: this.names.oursOf(name), arguments: given }
  }
}

function thoughtIn({ type, thinking }: ContentPiece): string {
  return type === 'thinking' ? (thinking ?? []).map(({ text = '' }) => text).join('') : ''
}

function argumentsIn(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function usageOf(usage: NonNullable<CompletionChunk['usage']>): ModelUsage {
  const thinkingTokens = usage.completion_tokens_details?.reasoning_tokens ?? 0
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    outputTokens: Math.max(0, (usage.completion_tokens ?? 0) - thinkingTokens),
    thinkingTokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  }
}
