// Any service that speaks OpenAI's chat/completions, e.g. a self-hosted vLLM, Ollama or llama.cpp, asked without a client of its own.
import type { GuardedFetch } from '../platform/guarded-fetch.js'
import { withAttempts } from './attempts.js'
import {
  type ModelAccess,
  type ModelEvent,
  ModelFailure,
  type ModelInfo,
  type ModelRequest,
  type ModelVendor,
} from './model.js'
import { ask, failureOf } from './model-service.js'
import { type CompletionChunk, OpenAiAnswer } from './openai-answer.js'
import { openAiRefusal, refusalInStream } from './openai-failures.js'
import { messagesOf, ToolNames, toolsOf } from './openai-messages.js'

/** Models of one service that are listed. */
const maxModels = 500
const maxIdLength = 200

/** A self-hosted model may have to be loaded, and read a long room slowly, before it says its first word; in milliseconds. */
const patientMs = 5 * 60_000

/** Its newer models refuse the older name of the limit, which is the only one that many others know. */
const openAiHost = 'api.openai.com'

export class OpenAiCompatible implements ModelVendor {
  readonly id = 'openai-compatible'
  readonly title = 'OpenAI-compatible'
  readonly keyName = 'API key'
  readonly keyNeeded = false
  readonly baseUrlNeeded = true

  constructor(private readonly fetch: Pick<GuardedFetch, 'stream'>) {}

  suggest([first]: readonly ModelInfo[]): string | undefined {
    return first?.id
  }

  stream(access: ModelAccess, request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    return withAttempts(request.signal, (signal) => this.answer(access, { ...request, signal }))
  }

  async listModels(access: ModelAccess, signal: AbortSignal): Promise<ModelInfo[]> {
    const response = await this.ask(access, 'models', signal)
    const text = await response.text().catch((error: unknown) => {
      throw failureOf(error)
    })
    return modelsIn(text)
  }

  private async *answer(access: ModelAccess, request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    const names = new ToolNames(request)
    const response = await this.ask(access, 'chat/completions', request.signal, bodyOf(access, request, names))
    const answer = new OpenAiAnswer(names)
    for await (const data of eventsIn(response)) {
      const chunk = chunkIn(data)
      const refused = refusalInStream(chunk, access.apiKey)
      if (refused) throw refused
      yield* answer.add(chunk)
    }
    yield* answer.end()
  }

  private ask(
    { apiKey, baseUrl = '' }: ModelAccess,
    path: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<Response> {
    return ask(this.fetch, {
      url: `${baseUrl.replace(/\/+$/, '')}/${path}`,
      headers: {
        ...(apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      signal,
      idleMs: patientMs,
      refusalOf: (refusal) => openAiRefusal(refusal, apiKey),
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  }
}

function bodyOf({ baseUrl = '' }: ModelAccess, request: ModelRequest, names: ToolNames): object {
  const { model, system, messages, tools, maxOutputTokens } = request
  const isOpenAi = URL.parse(baseUrl)?.hostname === openAiHost
  return {
    model,
    messages: [...(system === '' ? [] : [{ role: 'system', content: system }]), ...messagesOf(messages, names)],
    ...(tools.length === 0 ? {} : { tools: toolsOf(tools, names) }),
    [isOpenAi ? 'max_completion_tokens' : 'max_tokens']: maxOutputTokens,
    stream: true,
    stream_options: { include_usage: true },
  }
}

/** The data of each server-sent event, up to the one that says that there are no more. */
async function* eventsIn(response: Response): AsyncGenerator<string, void, undefined> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('text/event-stream')) {
    await response.body?.cancel()
    throw new ModelFailure('bad-request', `the answer is no stream of events but ${type.slice(0, 100)}`)
  }
  let data: string[] = []
  for await (const line of linesIn(response)) {
    if (line.startsWith('data:')) data.push(line.slice('data:'.length).trimStart())
    if (line !== '' || data.length === 0) continue
    const event = data.join('\n')
    if (event === '[DONE]') return
    yield event
    data = []
  }
  if (data.length > 0 && data.join('') !== '[DONE]') yield data.join('\n')
}

async function* linesIn(response: Response): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/)
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    throw failureOf(error)
  }
  if (rest !== '') yield rest
}

function chunkIn(data: string): CompletionChunk {
  try {
    const chunk: unknown = JSON.parse(data)
    if (typeof chunk === 'object' && chunk !== null) return chunk
  } catch (error) {
    throw new ModelFailure('cut', 'a chunk of the answer is no JSON', { cause: error })
  }
  throw new ModelFailure('cut', 'a chunk of the answer is no object')
}

/** The window has a name of its own at each: vLLM, OpenRouter, others. */
interface ListedModel {
  id?: unknown
  max_model_len?: unknown
  context_length?: unknown
  context_window?: unknown
}

/** Throws ModelFailure bad-request when it is no list of models. */
function modelsIn(text: string): ModelInfo[] {
  const list = listIn(text)
  if (!Array.isArray(list)) throw new ModelFailure('bad-request', 'the answer is no list of models')
  return (list as ListedModel[])
    .flatMap((listed): ModelInfo[] => {
      const { id, max_model_len, context_length, context_window } = listed ?? {}
      if (typeof id !== 'string' || id === '' || id.length > maxIdLength) return []
      const limit = [max_model_len, context_length, context_window].find(
        (one) => Number.isSafeInteger(one) && Number(one) > 0,
      )
      return [{ id, title: id, ...(limit === undefined ? {} : { inputTokenLimit: Number(limit) }) }]
    })
    .slice(0, maxModels)
    .sort((one, other) => one.id.localeCompare(other.id))
}

function listIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { data?: unknown } | null)?.data
  } catch {
    return undefined
  }
}
