// What a service that speaks like OpenAI means by an answer that says no, in the several shapes such answers have.
import { ModelFailure, type ModelFailureKind } from './model.js'
import type { Refusal } from './model-service.js'
import { retryAfterMs, shownWords } from './service-words.js'

interface Fault {
  readonly words: string
  readonly code: string
}

export function openAiRefusal({ status, headers, text }: Refusal, apiKey: string): ModelFailure {
  return failureOf(status, faultIn(text), apiKey, retryAfterMs(headers))
}

/** An error that came as a chunk of the answer; undefined for chunks that are none. */
export function refusalInStream(chunk: { error?: unknown }, apiKey: string): ModelFailure | undefined {
  if (!chunk.error) return undefined
  const { code } = chunk.error as { code?: unknown }
  const status = typeof code === 'number' ? code : 500
  return failureOf(status, faultOf(chunk), apiKey)
}

function failureOf(status: number, fault: Fault, apiKey: string, afterMs?: number): ModelFailure {
  const kind = kindOf(status, fault)
  const named = /^[\w.-]{1,60}$/.test(fault.code) ? ` ${fault.code}` : ''
  return new ModelFailure(kind, `the service answered ${status}${named}`, {
    // About a wrong key it quotes a part of the key.
    detail: kind === 'key-refused' ? undefined : shownWords(fault.words, apiKey),
    retryAfterMs: afterMs,
  })
}

function kindOf(status: number, { code, words }: Fault): ModelFailureKind {
  if (code === 'insufficient_quota') return 'quota'
  if (code === 'context_length_exceeded') return 'too-long'
  if (code === 'content_filter' || code === 'content_policy_violation') return 'blocked'
  switch (status) {
    case 400:
    case 422:
      return /(maximum|exceeds?).{0,40}(context|token)|context (length|window|size)/i.test(words)
        ? 'too-long'
        : 'bad-request'
    case 401:
      return 'key-refused'
    case 402:
      return 'quota'
    case 403:
      return 'no-permission'
    case 404:
      return 'model-gone'
    case 408:
      return 'timeout'
    case 413:
      return 'too-long'
    case 429:
      return 'rate-limited'
    default:
      return status >= 500 ? 'overloaded' : 'bad-request'
  }
}

function faultIn(text: string): Fault {
  try {
    return faultOf(JSON.parse(text))
  } catch {
    return { words: '', code: '' }
  }
}

/** `{error: {message, code}}`, `{error: "…"}`, `{message, code}` or `{detail}`. */
function faultOf(body: unknown): Fault {
  const { error, message, detail, code } = (body ?? {}) as Record<string, unknown>
  const inner = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {}
  const words = [inner.message, error, message, detail].find((one) => typeof one === 'string')
  const named = [inner.code, inner.type, code].find((one) => typeof one === 'string')
  return { words: String(words ?? ''), code: String(named ?? '') }
}
