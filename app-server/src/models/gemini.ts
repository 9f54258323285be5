// Gemini by Google's own client, whose every request goes out through the guarded fetch.
import { type GenerateContentParameters, type GenerateContentResponse, GoogleGenAI, type Model } from '@google/genai'
import type { GuardedFetch } from '../platform/guarded-fetch.js'
import { withAttempts } from './attempts.js'
import { GeminiAnswer, type GeminiChunk } from './gemini-answer.js'
import { geminiRefusal, refusalInStream } from './gemini-failures.js'
import { contentsOf, toolsOf } from './gemini-messages.js'
import { isForChat, suggestGemini, thinks, versionOf } from './gemini-models.js'
import {
  type ModelAccess,
  type ModelEvent,
  ModelFailure,
  type ModelInfo,
  type ModelRequest,
  type ModelVendor,
} from './model.js'
import { ask, failureOf } from './model-service.js'

/** Headers of the client that go out; the rest would tell Google about this machine. */
const sentHeaders = ['content-type', 'x-goog-api-key']

/** Longest answer in all, also when the client takes a broken one up again where the service lets it. */
const answerMs = 10 * 60_000

/** Models of one key; there are some sixty. */
const maxModels = 1000

export class Gemini implements ModelVendor {
  readonly id = 'gemini'
  readonly title = 'Google Gemini'
  readonly keyName = 'API key'
  readonly keyUrl = 'https://aistudio.google.com/apikey'
  readonly keyNeeded = true
  readonly baseUrlNeeded = false

  /** @param baseUrl without a slash at the end */
  constructor(
    private readonly fetch: Pick<GuardedFetch, 'stream'>,
    private readonly baseUrl: string,
  ) {}

  suggest(models: readonly ModelInfo[]): string | undefined {
    return suggestGemini(models)
  }

  stream(access: ModelAccess, request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    return withAttempts(request.signal, (signal) => this.answer(access, { ...request, signal }))
  }

  async listModels(access: ModelAccess, signal: AbortSignal): Promise<ModelInfo[]> {
    const models: ModelInfo[] = []
    const pages = await this.asked(access, signal, (client) => client.models.list({ config: { pageSize: maxModels } }))
    for (const model of pages.page) {
      const info = infoOf(model)
      if (info) models.push(info)
    }
    return models.sort((one, other) => versionOf(other.id) - versionOf(one.id) || one.id.localeCompare(other.id))
  }

  private async *answer(access: ModelAccess, request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), answerMs)
    const signal = AbortSignal.any([request.signal, late.signal])
    try {
      const chunks = await this.asked(access, signal, (client) =>
        client.models.generateContentStream(parametersOf(request)),
      )
      const answer = new GeminiAnswer()
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          throw brokenBy(error, access)
        })
        if (next.done) break
        yield* answer.add(next.value as GenerateContentResponse & GeminiChunk)
      }
      yield answer.end()
    } finally {
      clearTimeout(timer)
    }
  }

  /** What the client brings. Its own words for what went wrong say less than what was thrown on the way. */
  private async asked<Answer>(
    { apiKey }: ModelAccess,
    signal: AbortSignal,
    request: (client: GoogleGenAI) => Promise<Answer>,
  ): Promise<Answer> {
    const client = new GoogleGenAI({
      apiKey,
      vertexai: false,
      httpOptions: {
        baseUrl: this.baseUrl,
        fetch: (input, init = {}) =>
          ask(this.fetch, {
            url: input instanceof Request ? input.url : String(input),
            headers: headersOf(init.headers),
            signal,
            refusalOf: (refusal) => geminiRefusal(refusal, apiKey),
            ...(typeof init.body === 'string' ? { body: init.body } : {}),
          }),
      },
    })
    try {
      return await request(client)
    } catch (error) {
      throw failureOf(error)
    }
  }
}

function headersOf(given: RequestInit['headers']): Record<string, string> {
  const headers = new Headers(given)
  return Object.fromEntries(
    sentHeaders.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value] as const]
    }),
  )
}

function parametersOf({ model, system, messages, tools, maxOutputTokens }: ModelRequest): GenerateContentParameters {
  return {
    model,
    contents: contentsOf(messages),
    config: {
      maxOutputTokens,
      ...(system === '' ? {} : { systemInstruction: system }),
      ...(tools.length === 0 ? {} : { tools: toolsOf(tools) }),
      ...(thinks(model) ? { thinkingConfig: { includeThoughts: true } } : {}),
    },
  }
}

/** What broke off an answer: the way, the service in the middle of it, or something the client could not read. */
function brokenBy(error: unknown, { apiKey }: ModelAccess): unknown {
  const failure = failureOf(error)
  if (failure instanceof ModelFailure) return failure
  return refusalInStream(error, apiKey) ?? new ModelFailure('cut', 'the answer could not be read', { cause: error })
}

function infoOf({ name = '', displayName, inputTokenLimit, outputTokenLimit, supportedActions }: Model) {
  const id = name.replace(/^models\//, '')
  if (!supportedActions?.includes('generateContent') || !isForChat(id)) return undefined
  return {
    id,
    title: displayName ?? id,
    ...(inputTokenLimit === undefined ? {} : { inputTokenLimit }),
    ...(outputTokenLimit === undefined ? {} : { outputTokenLimit }),
  } satisfies ModelInfo
}
