// Errors as OpenAI sends them, and as services that only speak like it do; also for `misbehave`.
import type { FakeAnswer } from '../fake-service.js'

/** Thrown by whatever answers a request; the fake answers with it. */
export class OpenAiRefusal extends Error {
  constructor(readonly answer: FakeAnswer) {
    super('refused')
  }
}

interface OpenAiFault {
  message: string
  type?: string
  code?: string | null
  param?: string | null
}

export function openAiError(
  status: number,
  { message, type = 'invalid_request_error', code = null, param = null }: OpenAiFault,
  headers: Record<string, string> = {},
): FakeAnswer {
  return { status, headers, body: { error: { message, type, param, code } } }
}

export function refuse(message: string, rest: Partial<OpenAiFault> = {}): never {
  throw new OpenAiRefusal(openAiError(400, { message, ...rest }))
}

export const openAiErrors = {
  keyInvalid: (key: string): FakeAnswer =>
    openAiError(401, { message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key' }),
  noPermission: (): FakeAnswer =>
    openAiError(403, {
      message: 'You have insufficient permissions for this operation.',
      code: 'insufficient_permissions',
    }),
  modelGone: (model: string): FakeAnswer =>
    openAiError(404, {
      message: `The model \`${model}\` does not exist or you do not have access to it.`,
      code: 'model_not_found',
    }),
  rateLimited: (seconds: number): FakeAnswer =>
    openAiError(
      429,
      { message: 'Rate limit reached for requests.', type: 'requests', code: 'rate_limit_exceeded' },
      { 'retry-after': String(seconds) },
    ),
  quota: (): FakeAnswer =>
    openAiError(429, {
      message: 'You exceeded your current quota, please check your plan and billing details.',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    }),
  tooLong: (): FakeAnswer =>
    openAiError(400, {
      message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 12000 tokens.",
      code: 'context_length_exceeded',
      param: 'messages',
    }),
  blocked: (): FakeAnswer =>
    openAiError(400, { message: 'The response was filtered.', code: 'content_filter', param: 'prompt' }),
  internal: (): FakeAnswer =>
    openAiError(500, { message: 'The server had an error while processing your request.', type: 'server_error' }),
  /** As vLLM, Ollama and FastAPI say it. */
  flat: (status: number, message: string): FakeAnswer => ({ status, body: { object: 'error', message, code: status } }),
  bare: (status: number, message: string): FakeAnswer => ({ status, body: { error: message } }),
  detail: (status: number, message: string): FakeAnswer => ({ status, body: { detail: message } }),
}
