// What a language model is to us, whoever serves it: one request, a stream of events, and one kind of failure.

/** Where a model is asked, and with what key. */
export interface ModelAccess {
  /** Id of the vendor, e.g. `gemini`. */
  readonly vendor: string
  readonly apiKey: string
  /** Of vendors that are anywhere, e.g. a self-hosted one. */
  readonly baseUrl?: string
}

export interface ModelTool {
  /** As the catalog has it: dots are allowed, at most 64 characters. */
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ModelFile {
  readonly mediaType: string
  readonly data: Buffer
  readonly name: string
}

/** What a model wrote. A signature is the vendor's own state: kept and sent back unchanged, read by nobody here. */
export type AssistantPart =
  | { readonly kind: 'text'; readonly text: string; readonly signature?: string }
  | { readonly kind: 'thinking'; readonly text: string; readonly signature?: string }
  | ModelCall

/** A tool that the model wants called. */
export interface ModelCall {
  readonly kind: 'call'
  /** Unique within a conversation; ours where the vendor gave none. */
  readonly id: string
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly signature?: string
}

export interface ModelToolResult {
  readonly callId: string
  readonly name: string
  readonly text: string
  readonly isError: boolean
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string; readonly files: readonly ModelFile[] }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  /** The results of all calls of the message before, in their order. */
  | { readonly role: 'tool'; readonly results: readonly ModelToolResult[] }

export interface ModelRequest {
  readonly model: string
  readonly system: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly ModelTool[]
  readonly maxOutputTokens: number
  readonly signal: AbortSignal
}

export interface ModelUsage {
  /** All that was read, cached or not. */
  readonly inputTokens: number
  /** What was written, without thinking. */
  readonly outputTokens: number
  readonly thinkingTokens: number
  /** Of the input tokens, those that were cached. */
  readonly cachedTokens: number
}

/**
 * In the order they come. Texts are pieces to be joined; a signature belongs to the piece it comes with, whose text can be
 * empty. A call comes whole. `waiting` comes before the first piece only, and `end` once, last. `usage` is what was used up to
 * there, where the service tells while it answers: of an answer that breaks off, the last one counts.
 */
export type ModelEvent =
  | { readonly kind: 'text'; readonly text: string; readonly signature?: string }
  | { readonly kind: 'thinking'; readonly text: string; readonly signature?: string }
  | { readonly kind: 'call'; readonly call: ModelCall }
  /** The service refused for now, and is asked again after this time. */
  | { readonly kind: 'waiting'; readonly forMs: number; readonly failure: ModelFailure }
  | { readonly kind: 'usage'; readonly usage: ModelUsage }
  | ModelEnd

/** The detail of an end at which nothing was said and nothing called, in the words the vendors have for such things. */
export const emptyAnswer = 'EMPTY_ANSWER'

export interface ModelEnd {
  readonly kind: 'end'
  /** - stop: it has said what it had to say; calls: it waits for the results of its calls
   *  - length: maxOutputTokens were not enough
   *  - safety: the service would not go on; other: see detail */
  readonly reason: 'stop' | 'calls' | 'length' | 'safety' | 'other'
  /** The vendor's own word for the reason, e.g. `RECITATION`. */
  readonly detail?: string
  readonly usage: ModelUsage
}

export interface ModelInfo {
  readonly id: string
  readonly title: string
  readonly inputTokenLimit?: number
  readonly outputTokenLimit?: number
}

export interface ModelVendor {
  readonly id: string
  readonly title: string
  /** What its key is called there, e.g. `API key`. */
  readonly keyName: string
  /** Where people make one. */
  readonly keyUrl?: string
  /** Whether it is of no use without one; a self-hosted model may take anybody. */
  readonly keyNeeded: boolean
  /** Whether an access must say where the model is. */
  readonly baseUrlNeeded: boolean
  /** The model to offer first among those that a key may use. */
  suggest(models: readonly ModelInfo[]): string | undefined
  /** Throws ModelFailure; the signal's reason when that was aborted. */
  stream(access: ModelAccess, request: ModelRequest): AsyncIterable<ModelEvent>
  /** The models that a key may use for conversations; it costs nothing, so it is also how a key is tried. Throws like stream. */
  listModels(access: ModelAccess, signal: AbortSignal): Promise<ModelInfo[]>
}

/**
 * - key-refused, no-permission: the key is wrong, or may not do this
 * - quota: used up, and not back soon; rate-limited, overloaded: worth trying again
 * - model-gone: there is no such model, or no longer
 * - too-long: more than the model can read; blocked: the service will not answer this
 * - bad-request: it did not take what we sent
 * - cut: the answer broke off; unreachable, timeout: there was none
 */
export type ModelFailureKind =
  | 'key-refused'
  | 'no-permission'
  | 'quota'
  | 'rate-limited'
  | 'overloaded'
  | 'model-gone'
  | 'too-long'
  | 'blocked'
  | 'bad-request'
  | 'cut'
  | 'unreachable'
  | 'timeout'

/** A request that brought no answer, or not a whole one. The message is for the log; `detail` may be shown. */
export class ModelFailure extends Error {
  /** The service's own words: one short line, never with the key. */
  readonly detail: string | undefined
  /** What the service asked to wait. */
  readonly retryAfterMs: number | undefined

  constructor(
    readonly kind: ModelFailureKind,
    message: string,
    options: ErrorOptions & { detail?: string | undefined; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options)
    this.name = 'ModelFailure'
    this.detail = options.detail
    this.retryAfterMs = options.retryAfterMs
  }
}
