// A pretended Gemini: lists its models, checks what it is sent, and streams what a script or the pretended model says.
// Shapes: Gemini API v1beta, models.list, models.streamGenerateContent.
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { CutHere, type FakeAnswer, type FakeRequest, FakeService } from '../fake-service.js'
import { pretendedAnswer } from '../model/pretended-model.js'
import {
  type PretendedRequest,
  type Script,
  type ScriptedAnswer,
  Scripts,
  type SpokenPiece,
  usageOf,
} from '../model/script.js'
import { checkedRequest } from './gemini-check.js'
import { GeminiRefusal, geminiErrors } from './gemini-errors.js'
import { type GeminiModel, geminiModels, modelAnswer } from './gemini-models.js'

/** A path for `misbehave`: every answer that is streamed. */
export const geminiStream = /:streamGenerateContent$/

type Json = Record<string, unknown>

export class GeminiFake extends FakeService {
  /** Keys that are good; take one out, and it is revoked. */
  readonly keys = new Set<string>()
  readonly models = geminiModels()
  /** What was asked of a model, in order, checked. */
  readonly asked: PretendedRequest[] = []
  private readonly scripts = new Scripts(pretendedAnswer)
  private readonly signed = new Set<string>()

  /** @param apiKey as Google's look: 39 signs */
  constructor(readonly apiKey = `AIza${randomBytes(26).toString('base64url').slice(0, 35)}`) {
    super()
    this.keys.add(apiKey)
    this.route('GET', '/v1beta/models', (request) => this.answered(request, () => this.list(request)))
    this.route('GET', '/v1beta/models/{id}', (request) =>
      this.answered(request, () => ({ body: modelAnswer(this.requireModel(request.params.id ?? '')) })),
    )
    this.route('POST', '/v1beta/models/{id}:streamGenerateContent', (request) =>
      this.answered(request, () => this.stream(request)),
    )
    this.route('POST', '/v1beta/models/{id}:generateContent', (request) =>
      this.answered(request, () => this.generate(request)),
    )
    this.route('POST', '/v1beta/models/{id}:countTokens', (request) =>
      this.answered(request, () => ({ body: { totalTokens: Math.ceil(request.text.length / 4) } })),
    )
  }

  /** The app server's settings that lead here, with a key for everybody. */
  get env(): Record<string, string> {
    return {
      GEMINI_API_URL: this.url,
      GEMINI_API_KEY: this.apiKey,
      GEMINI_MODEL: 'gemini-2.5-flash',
      OUTBOUND_ALLOWED_HOSTS: this.host,
    }
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
    const key = request.headers['x-goog-api-key'] ?? request.query.get('key')
    if (typeof key !== 'string' || key === '') return geminiErrors.noKey()
    if (!this.keys.has(key)) return geminiErrors.keyInvalid()
    try {
      return answer()
    } catch (error) {
      if (error instanceof GeminiRefusal) return error.answer
      throw error
    }
  }

  private list({ query }: FakeRequest): FakeAnswer {
    const size = Math.min(Number(query.get('pageSize') ?? 50), 1000)
    const from = Number(query.get('pageToken') ?? 0)
    const models = [...this.models.values()].map(modelAnswer)
    const next = from + size < models.length ? { nextPageToken: String(from + size) } : {}
    return { body: { models: models.slice(from, from + size), ...next } }
  }

  private requireModel(id: string): GeminiModel {
    const model = this.models.get(id)
    if (!model?.methods.includes('generateContent')) throw new GeminiRefusal(geminiErrors.modelGone(id))
    return model
  }

  private next(request: FakeRequest) {
    const model = this.requireModel(request.params.id ?? '')
    const asked = checkedRequest(request.json, model, this.signed)
    this.asked.push(asked)
    return { model, asked, answer: this.scripts.answerTo(asked) }
  }

  private stream(request: FakeRequest): FakeAnswer {
    const { model, asked, answer } = this.next(request)
    const config = (request.json as { generationConfig?: { thinkingConfig?: { includeThoughts?: boolean } } })
      .generationConfig
    const shown = config?.thinkingConfig?.includeThoughts === true
    return { body: this.chunks(answer, model, asked, shown) }
  }

  private generate(request: FakeRequest): FakeAnswer {
    const { model, asked, answer } = this.next(request)
    if (answer.blocked) return { body: this.blocked(answer.blocked, model, asked, answer) }
    const sign = this.signer(model)
    const parts = answer.pieces.flatMap((piece) =>
      'waitMs' in piece || 'raw' in piece ? [] : [this.partOf(piece, sign)],
    )
    return { body: this.chunk(model, asked, answer, parts, finishOf(answer)) }
  }

  private async *chunks(
    answer: ScriptedAnswer,
    model: GeminiModel,
    asked: PretendedRequest,
    thoughtsShown: boolean,
  ): AsyncGenerator<string> {
    if (answer.blocked) return yield sse(this.blocked(answer.blocked, model, asked, answer))
    const sign = this.signer(model)
    for (const [at, piece] of answer.pieces.entries()) {
      if (at > 0 && answer.pauseMs) await wait(answer.pauseMs)
      if ('waitMs' in piece) await wait(piece.waitMs)
      else if ('raw' in piece) yield `data: ${piece.raw}\r\n\r\n`
      else if (thoughtsShown || !('thinking' in piece)) {
        yield sse(this.chunk(model, asked, answer, [this.partOf(piece, sign)]))
      }
    }
    if (answer.end === 'cut') throw new CutHere()
    if (answer.end === 'hang') await new Promise(() => undefined)
    if (answer.end === 'unfinished') return
    // A text is signed by a part of its own, which says nothing, at the end.
    const signs = model.thinking && !answer.pieces.some((piece) => 'call' in piece)
    const parts = signs ? [{ text: '', thoughtSignature: this.newSignature() }] : []
    yield sse(this.chunk(model, asked, answer, parts, finishOf(answer)))
  }

  private blocked(reason: string, model: GeminiModel, asked: PretendedRequest, answer: ScriptedAnswer): Json {
    const { input } = usageOf(answer, asked)
    return {
      promptFeedback: { blockReason: reason },
      usageMetadata: { promptTokenCount: input, totalTokenCount: input },
      modelVersion: model.id,
      responseId: randomUUID(),
    }
  }

  private chunk(
    model: GeminiModel,
    asked: PretendedRequest,
    answer: ScriptedAnswer,
    parts: Json[],
    finish?: string,
  ): Json {
    const { input, output, thinking, cached } = usageOf(answer, asked)
    return {
      candidates: [
        {
          ...(parts.length > 0 ? { content: { parts, role: 'model' } } : {}),
          ...(finish ? { finishReason: finish } : {}),
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: input,
        ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
        ...(finish ? { candidatesTokenCount: output } : {}),
        ...(thinking > 0 ? { thoughtsTokenCount: thinking } : {}),
        totalTokenCount: input + output + thinking,
      },
      modelVersion: model.id,
      responseId: 'pretended',
    }
  }

  private partOf(piece: SpokenPiece, sign: () => string | undefined): Json {
    if ('thinking' in piece) return { text: piece.thinking, thought: true }
    if ('text' in piece) return { text: piece.text }
    const { name, arguments: args = {}, id = randomUUID().slice(0, 8) } = piece.call
    const signature = sign()
    return {
      functionCall: { ...(id === null ? {} : { id }), name, args },
      ...(signature === undefined ? {} : { thoughtSignature: signature }),
    }
  }

  /** A thinking model signs the first call of an answer, and no other. */
  private signer(model: GeminiModel): () => string | undefined {
    let used = !model.thinking
    return () => {
      if (used) return undefined
      used = true
      return this.newSignature()
    }
  }

  private newSignature(): string {
    const signature = randomBytes(48).toString('base64')
    this.signed.add(signature)
    return signature
  }
}

function finishOf({ finish }: ScriptedAnswer): string {
  return finish ?? 'STOP'
}

function sse(chunk: Json): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`
}
