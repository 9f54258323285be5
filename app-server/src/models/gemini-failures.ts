// What Google means by an answer that says no (google.rpc.Status with its details).
import { ModelFailure, type ModelFailureKind } from './model.js'
import type { Refusal } from './model-service.js'
import { retryAfterMs, shownWords } from './service-words.js'

interface Status {
  code?: unknown
  message?: unknown
  status?: unknown
  details?: unknown
}

interface Detail {
  '@type'?: unknown
  reason?: unknown
  retryDelay?: unknown
  violations?: { quotaId?: unknown; quotaValue?: unknown }[]
}

export function geminiRefusal({ status, headers, text }: Refusal, apiKey: string): ModelFailure {
  return failureOf(status, errorIn(text), apiKey, retryAfterMs(headers))
}

/** An error that came as a chunk of the answer, which the client throws with the chunk in its message; undefined for others. */
export function refusalInStream(error: unknown, apiKey: string): ModelFailure | undefined {
  if (!(error instanceof Error) || error.name !== 'ApiError' || !('status' in error)) return undefined
  const at = error.message.indexOf('{')
  return failureOf(Number(error.status), errorIn(at < 0 ? '' : error.message.slice(at)), apiKey)
}

function failureOf(status: number, error: Status, apiKey: string, headerMs?: number): ModelFailure {
  const details = (Array.isArray(error.details) ? error.details : []) as Detail[]
  const words = typeof error.message === 'string' ? error.message : ''
  const kind = kindOf(status, words, details)
  const named = typeof error.status === 'string' && /^\w{1,60}$/.test(error.status) ? ` ${error.status}` : ''
  return new ModelFailure(kind, `Gemini answered ${status}${named}`, {
    // About a wrong key it may quote the key.
    detail: kind === 'key-refused' ? undefined : shownWords(words, apiKey),
    retryAfterMs: retryDelayMs(details) ?? headerMs,
  })
}

function kindOf(status: number, words: string, details: readonly Detail[]): ModelFailureKind {
  const reasons = details.map(({ reason }) => reason)
  if (reasons.includes('API_KEY_INVALID')) return 'key-refused'
  switch (status) {
    case 400:
      if (/token count.*exceeds|exceeds the maximum number of tokens/i.test(words)) return 'too-long'
      return /location is not supported/i.test(words) ? 'no-permission' : 'bad-request'
    case 401:
      return 'key-refused'
    case 403:
      return 'no-permission'
    case 404:
      return 'model-gone'
    case 413:
      return 'too-long'
    case 429:
      return isUsedUp(words, details) ? 'quota' : 'rate-limited'
    case 408:
    case 499:
      return 'timeout'
    default:
      return status >= 500 ? 'overloaded' : 'bad-request'
  }
}

/** A limit of a day, one of nothing at all, or money that is spent: none of them comes back within a minute. */
function isUsedUp(words: string, details: readonly Detail[]): boolean {
  const violations = details.flatMap((detail) => (Array.isArray(detail.violations) ? detail.violations : []))
  if (violations.some(({ quotaId, quotaValue }) => /PerDay/i.test(String(quotaId)) || quotaValue === '0')) return true
  return violations.length === 0 && retryDelayMs(details) === undefined && /credit|billing|spend/i.test(words)
}

/** google.rpc.RetryInfo: seconds as a text, e.g. `21.5s`. */
function retryDelayMs(details: readonly Detail[]): number | undefined {
  const told = details.find(({ retryDelay }) => typeof retryDelay === 'string')?.retryDelay
  const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(String(told))?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

function errorIn(text: string): Status {
  try {
    const body = JSON.parse(text) as unknown
    // A stream's refusal can come as a list of one.
    const [answer] = Array.isArray(body) ? body : [body]
    const error = (answer as { error?: unknown } | null)?.error
    return typeof error === 'object' && error !== null ? error : {}
  } catch {
    return {}
  }
}
