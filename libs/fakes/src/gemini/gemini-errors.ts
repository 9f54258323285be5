// Errors as the Gemini API sends them (google.rpc.Status in JSON), also for `misbehave`.
import type { FakeAnswer } from '../fake-service.js'

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** Thrown by whatever answers a request; the fake answers with it. */
export class GeminiRefusal extends Error {
  constructor(readonly answer: FakeAnswer) {
    super('refused')
  }
}

export function geminiError(code: number, message: string, details?: unknown[], status = statuses[code]): FakeAnswer {
  return { status: code, body: { error: { code, message, status, ...(details ? { details } : {}) } } }
}

export function refuse(code: number, message: string): never {
  throw new GeminiRefusal(geminiError(code, message))
}

export const geminiErrors = {
  keyInvalid: (): FakeAnswer =>
    geminiError(400, 'API key not valid. Please pass a valid API key.', [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
      {
        '@type': 'type.googleapis.com/google.rpc.LocalizedMessage',
        locale: 'en-US',
        message: 'API key not valid. Please pass a valid API key.',
      },
    ]),
  noKey: (): FakeAnswer =>
    geminiError(
      403,
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    ),
  /** The API is not switched on in the key's project. */
  serviceDisabled: (): FakeAnswer =>
    geminiError(403, 'Generative Language API has not been used in project 1 before or it is disabled.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', domain: 'googleapis.com' },
    ]),
  place: (): FakeAnswer =>
    geminiError(400, 'User location is not supported for the API use.', undefined, 'FAILED_PRECONDITION'),
  modelGone: (model: string): FakeAnswer =>
    geminiError(
      404,
      `models/${model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.`,
    ),
  /** The limit of a minute, back after this many seconds. */
  rateLimited: (seconds: number): FakeAnswer => quotaError('PerMinute', '10', seconds),
  /** The limit of a day; the seconds it names are of no use. */
  dayQuota: (): FakeAnswer => quotaError('PerDay', '250', 34),
  overloaded: (): FakeAnswer =>
    geminiError(503, 'This model is currently experiencing high demand. Spikes in demand are usually temporary.'),
  internal: (): FakeAnswer => geminiError(500, 'An internal error has occurred. Please retry or report in the forum.'),
  tooLong: (): FakeAnswer =>
    geminiError(400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'),
}

function quotaError(per: 'PerMinute' | 'PerDay', quotaValue: string, seconds: number): FakeAnswer {
  const words =
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.'
  return geminiError(429, `${words}\nPlease retry in ${seconds}s.`, [
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [
        {
          quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
          quotaId: `GenerateRequests${per}PerProjectPerModel-FreeTier`,
          quotaDimensions: { location: 'global', model: 'gemini-3.8-flash' },
          quotaValue,
        },
      ],
    },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` },
  ])
}
