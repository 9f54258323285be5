// A pretended service with OpenAI's chat/completions: lists models, checks what it is sent, and streams what a script says.
// Shapes: OpenAI API, chat.completion.chunk; `reasoning_content` as DeepSeek, vLLM and llama.cpp send it.
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { CutHere, type FakeAnswer, type FakeRequest, FakeService } from '../fake-service.js'
import { pretendedAnswer } from '../model/pretended-model.js'
import {
  type PretendedRequest,
  type Script,
  type ScriptedAnswer,
  type ScriptedCall,
  Scripts,
  usageOf,
} from '../model/script.js'
import { checkedRequest } from './openai-check.js'
import { OpenAiRefusal, openAiErrors } from './openai-errors.js'

/** A path for `misbehave`: every answer of a model. */
export const openAiCompletions = '/v1/chat/completions'

type Json = Record<string, unknown>

export interface OpenAiFakeOptions {
  /** Undefined takes everybody, as a model on one's own machine does. */
  apiKey?: string | undefined
  /** Pieces a call's arguments come in. */
  argumentPieces?: number
}

export class OpenAiFake extends FakeService {
  readonly keys = new Set<string>()
  /** With the window of each, as vLLM tells it. */
  readonly models = new Map<string, number | undefined>([
    ['llama-4-scout', 131_072],
    ['qwen3-32b', undefined],
  ])
  /** What was asked of a model, in order, checked. */
  readonly asked: PretendedRequest[] = []
  private readonly scripts = new Scripts(pretendedAnswer)

  constructor(readonly options: OpenAiFakeOptions = { apiKey: `sk-${randomBytes(24).toString('base64url')}` }) {
    super()
    if (options.apiKey !== undefined) this.keys.add(options.apiKey)
    this.route('GET', '/v1/models', (request) => this.answered(request, () => ({ body: this.list() })))
    this.route('POST', openAiCompletions, (request) => this.answered(request, () => this.complete(request)))
  }

  /** As it is entered where the service is set up. */
  get baseUrl(): string {
    return `${this.url}/v1`
  }

  /** The answers of the next requests, in order; after them the pretended model speaks again. */
  script(...scripts: Script[]): void {
    this.scripts.add(...scripts)
  }

  override behave(): void {
    super.behave()
    this.scripts.clear()
    this.asked.length = 0
  }

  private answered(request: FakeRequest, answer: () => FakeAnswer): FakeAnswer {
    const key = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (this.options.apiKey !== undefined && !this.keys.has(key)) return openAiErrors.keyInvalid(key)
    try {
      return answer()
    } catch (error) {
      if (error instanceof OpenAiRefusal) return error.answer
      throw error
    }
  }

  private list(): Json {
    const data = [...this.models].map(([id, window]) => ({
      id,
      object: 'model',
      created: 1_780_000_000,
      owned_by: 'pretended',
      ...(window === undefined ? {} : { max_model_len: window }),
    }))
    return { object: 'list', data }
  }

  private complete(request: FakeRequest): FakeAnswer {
    const asked = checkedRequest(request.json)
    if (!this.models.has(asked.model)) throw new OpenAiRefusal(openAiErrors.modelGone(asked.model))
    this.asked.push(asked)
    const answer = this.scripts.answerTo(asked)
    if (answer.blocked) throw new OpenAiRefusal(openAiErrors.blocked())
    if (!asked.stream) return { body: this.whole(answer, asked) }
    return { body: this.chunks(answer, asked, asked.usageWanted) }
  }

  private whole(answer: ScriptedAnswer, asked: PretendedRequest): Json {
    const text = answer.pieces.map((piece) => ('text' in piece ? piece.text : '')).join('')
    const calls = callsOf(answer).map((call, index) => toolCall(call, index, JSON.stringify(call.arguments ?? {})))
    const message = { role: 'assistant', content: text, ...(calls.length > 0 ? { tool_calls: calls } : {}) }
    const choice = { index: 0, message, finish_reason: finishOf(answer) }
    return {
      id: 'chatcmpl-pretended',
      object: 'chat.completion',
      model: asked.model,
      choices: [choice],
      usage: usageBody(answer, asked),
    }
  }

  private async *chunks(answer: ScriptedAnswer, asked: PretendedRequest, usageWanted: boolean): AsyncGenerator<string> {
    const chunk = (choices: Json[], rest: Json = {}) =>
      `data: ${JSON.stringify({ id: 'chatcmpl-pretended', object: 'chat.completion.chunk', created: 1_780_000_000, model: asked.model, choices, ...rest })}\n\n`
    const delta = (given: Json) => chunk([{ index: 0, delta: given, finish_reason: null }])
    yield delta({ role: 'assistant', content: '' })
    let calls = 0
    for (const [at, piece] of answer.pieces.entries()) {
      if (at > 0 && answer.pauseMs) await wait(answer.pauseMs)
      if ('waitMs' in piece) await wait(piece.waitMs)
      else if ('raw' in piece) yield `data: ${piece.raw}\n\n`
      else if ('thinking' in piece) yield delta({ reasoning_content: piece.thinking })
      else if ('text' in piece) yield delta({ content: piece.text })
      else for (const tool_call of this.callPieces(piece.call, calls++)) yield delta({ tool_calls: [tool_call] })
    }
    if (answer.end === 'cut') throw new CutHere()
    if (answer.end === 'hang') await new Promise(() => undefined)
    if (answer.end !== 'unfinished') yield chunk([{ index: 0, delta: {}, finish_reason: finishOf(answer) }])
    if (usageWanted) yield chunk([], { usage: usageBody(answer, asked) })
    yield 'data: [DONE]\n\n'
  }

  /** The name comes first, the arguments in pieces after it. */
  private callPieces(call: ScriptedCall, index: number): Json[] {
    const text = JSON.stringify(call.arguments ?? {})
    const size = Math.ceil(text.length / (this.options.argumentPieces ?? 3))
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    return [toolCall(call, index, ''), ...pieces.map((piece) => ({ index, function: { arguments: piece } }))]
  }
}

function toolCall({ name, id }: ScriptedCall, index: number, text: string): Json {
  const known = id === null ? {} : { id: id ?? `call_${randomBytes(9).toString('base64url')}` }
  return { index, ...known, type: 'function', function: { name, arguments: text } }
}

function callsOf(answer: ScriptedAnswer): ScriptedCall[] {
  return answer.pieces.flatMap((piece) => ('call' in piece ? [piece.call] : []))
}

function finishOf(answer: ScriptedAnswer): string {
  return answer.finish ?? (callsOf(answer).length > 0 ? 'tool_calls' : 'stop')
}

function usageBody(answer: ScriptedAnswer, asked: PretendedRequest): Json {
  const { input, output, thinking, cached } = usageOf(answer, asked)
  return {
    prompt_tokens: input,
    completion_tokens: output + thinking,
    total_tokens: input + output + thinking,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: thinking },
  }
}
