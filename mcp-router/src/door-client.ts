// Knocking at the app server's door: one message in, its answer out, within bounds of time and size.
import { isJSONRPCResultResponse } from '@modelcontextprotocol/server'
import {
  DOOR_PATH,
  type DoorError,
  type DoorNotification,
  type DoorRequest,
  type DoorResult,
  doorHeaders,
  doorLimits,
  type Era,
  Problem,
} from '@sekisho/contracts'
import type { Span } from '@sekisho/telemetry'
import { type Dispatcher, Pool } from 'undici'
import { brokenOff, faultyAnswer, problemOfAnswer, tooLate, unreachable } from './door-problems.js'
import { readEvents } from './event-stream.js'
import { Knock, smallAnswerBytes } from './knock.js'
import { Refusal } from './refusal.js'
import { startDoorSpan } from './spans.js'
import { spreadLookup } from './spread-lookup.js'

/** How long a connection to the app server may take, whichever of its addresses is tried first and may be away. */
const connectTimeoutMs = 4_000
/** JSON-RPC messages in one streamed answer. */
const maxStreamedMessages = 10_000

/** Whose HTTP request it is, in either lane. */
export interface From {
  /** The client's own token, as it came. */
  bearer: string
  /** The id of the request in both processes' logs. */
  requestId: string
  /** The span of the client's message, where somebody collects traces. */
  span?: Span | undefined
}

/** Who sends a message: what every request of one client message says to the door. */
export interface Sender extends From {
  era: Era
  protocolVersion: string
  sessionLabel: string | undefined
}

export interface DoorOptions {
  /** Closes the connection, which cancels the call. */
  signal: AbortSignal
  /** For the whole exchange, from the connection to the last byte. */
  timeoutMs: number
  /** The door has taken the bearer and is answering: what follows is an answer, no challenge. */
  onAnswering?: () => void
  /** A notification of this request, before its response. */
  onNotification?: (notification: DoorNotification) => Promise<void>
}

export class DoorClient {
  private readonly pool: Pool
  private readonly appServer: URL
  private readonly basePath: string
  private readonly doorPath: string

  /** @param appServerUrl without a trailing slash; `connections` is how many requests can be under way at once. */
  constructor(appServerUrl: string, connections: number) {
    this.appServer = new URL(appServerUrl)
    const { origin, pathname } = this.appServer
    this.basePath = pathname === '/' ? '' : pathname
    this.doorPath = this.basePath + DOOR_PATH
    this.pool = new Pool(origin, {
      // Now and then a connection is made anew, so that a replica that has come back gets its share again.
      maxRequestsPerClient: 1_000,
      connections,
      pipelining: 1,
      allowH2: false,
      connect: { timeout: connectTimeoutMs, lookup: spreadLookup },
      // The time of an exchange is bounded by its own timer, from beginning to end.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /**
   * Has one request answered.
   * Throws Refusal for everything that is no JSON-RPC response: challenges, problems, faults of the connection, lateness.
   */
  async ask(message: DoorRequest, sender: Sender, options: DoorOptions): Promise<DoorResult | DoorError> {
    if (progressTokenOf(message) !== undefined) return this.askForStream(message, sender, options)
    const { signal, timeoutMs, onAnswering } = options
    const knock = this.knock(JSON.stringify(message), sender, timeoutMs)
    const hangUp = () => knock.hangUp()
    if (signal.aborted) hangUp()
    signal.addEventListener('abort', hangUp, { once: true })
    try {
      const answer = await knock.answer
      onAnswering?.()
      return responseTo(message, answer)
    } finally {
      signal.removeEventListener('abort', hangUp)
    }
  }

  /** Sends one request as it is; the answer is to be had from the knock, as bytes that nobody has looked at yet. */
  knock(message: string | Buffer, sender: Sender, timeoutMs: number): Knock {
    const knock = new Knock(timeoutMs)
    const span = sender.span && startDoorSpan(sender.span, this.appServer, this.doorPath)
    const headers = headersOf(sender, 'application/json', span)
    this.pool.dispatch({ path: this.doorPath, method: 'POST', headers, body: message }, knock)
    if (span) void endWith(span, knock.answer)
    return knock
  }

  /** As `ask`, when the client wants to hear of its progress. */
  private async askForStream(
    message: DoorRequest,
    sender: Sender,
    options: DoorOptions,
  ): Promise<DoorResult | DoorError> {
    return this.send(message, sender, options, 'application/json, text/event-stream', async (response) => {
      const type = String(response.headers['content-type'] ?? '')
      if (response.statusCode === 200) options.onAnswering?.()
      if (response.statusCode === 200 && type.startsWith('application/json')) {
        return responseTo(message, await readBytes(response.body, doorLimits.responseBytes))
      }
      if (response.statusCode === 200 && type.startsWith('text/event-stream')) {
        return this.readStream(message, response.body, options)
      }
      throw new Refusal(
        problemOfAnswer(response.statusCode, response.headers, await readText(response.body, smallAnswerBytes)),
      )
    })
  }

  /** Hands over a notification. Throws Refusal when the door does not take it. */
  async notify(message: DoorNotification, sender: Sender, options: DoorOptions): Promise<void> {
    await this.send(message, sender, options, 'application/json', async (response) => {
      const text = await readText(response.body, smallAnswerBytes)
      if (response.statusCode !== 202) {
        throw new Refusal(problemOfAnswer(response.statusCode, response.headers, text))
      }
    })
  }

  /** Gets a small document of the app server. Throws Refusal when it cannot be had. */
  async getDocument(path: string, timeoutMs: number): Promise<{ status: number; text: string }> {
    return this.within(timeoutMs, undefined, async (signal) => {
      const response = await this.pool.request({
        path: this.basePath + path,
        method: 'GET',
        headers: { accept: 'application/json' },
        signal,
      })
      return { status: response.statusCode, text: await readText(response.body, smallAnswerBytes) }
    })
  }

  /** Breaks off whatever is still under way. */
  async destroy(): Promise<void> {
    await this.pool.destroy(new Error('the router is stopping'))
  }

  private async send<Answer>(
    message: DoorRequest | DoorNotification,
    sender: Sender,
    { signal, timeoutMs }: DoorOptions,
    accept: string,
    read: (response: Dispatcher.ResponseData) => Promise<Answer>,
  ): Promise<Answer> {
    const span = sender.span && startDoorSpan(sender.span, this.appServer, this.doorPath)
    const answer = this.within(timeoutMs, signal, async (bounded) => {
      const headers = headersOf(sender, accept, span)
      const body = JSON.stringify(message)
      return read(await this.pool.request({ path: this.doorPath, method: 'POST', headers, body, signal: bounded }))
    })
    if (span) void endWith(span, answer)
    return answer
  }

  /** Runs an exchange under a time limit and turns what goes wrong on the way into a Refusal. */
  private async within<Answer>(
    timeoutMs: number,
    outer: AbortSignal | undefined,
    exchange: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    try {
      return await exchange(outer === undefined ? deadline.signal : AbortSignal.any([outer, deadline.signal]))
    } catch (error) {
      if (error instanceof Refusal) throw error
      if (outer?.aborted) throw new Refusal(new Problem('cancelled', 'The client has gone.', {}, { cause: error }))
      if (deadline.signal.aborted) throw new Refusal(tooLate(timeoutMs, error))
      throw new Refusal(unreachable(error) ?? brokenOff(error))
    } finally {
      clearTimeout(timer)
    }
  }

  private async readStream(
    request: DoorRequest,
    body: AsyncIterable<Uint8Array>,
    { onNotification }: DoorOptions,
  ): Promise<DoorResult | DoorError> {
    let count = 0
    for await (const data of readEvents(body, doorLimits.responseBytes)) {
      if (++count > maxStreamedMessages) break
      const message = parse(data)
      if (!isNotification(message)) return responseIn(request, message)
      await onNotification?.(message)
    }
    throw new Refusal(brokenOff(new Error('the stream ended without a response')))
  }
}

/** What a message to the door says of its sender: names and values in turn, the form undici is quickest with. */
/** Ends the span of a request to the door with its answer, which somebody else waits for. */
async function endWith(span: Span, answer: Promise<unknown>): Promise<void> {
  try {
    await answer
  } catch (error) {
    if (error instanceof Refusal) {
      span.set({ 'sekisho.problem': error.problem.code })
      if (error.status >= 500) span.fail(error.problem.code)
    }
  } finally {
    span.end()
  }
}

function headersOf(sender: Sender, accept: string, span: Span | undefined): string[] {
  const headers = [
    'content-type',
    'application/json',
    'accept',
    accept,
    'authorization',
    `Bearer ${sender.bearer}`,
    doorHeaders.requestId,
    sender.requestId,
    doorHeaders.era,
    sender.era,
    doorHeaders.protocolVersion,
    sender.protocolVersion,
  ]
  if (span) for (const [name, value] of Object.entries(span.context)) headers.push(name, value)
  if (sender.sessionLabel !== undefined) headers.push(doorHeaders.sessionLabel, sender.sessionLabel)
  return headers
}

/** The token under which a request wants to hear of its progress (MCP, utilities/progress). */
export function progressTokenOf(message: {
  params?: Record<string, unknown> | undefined
}): string | number | undefined {
  const meta = message.params?._meta
  if (typeof meta !== 'object' || meta === null || !('progressToken' in meta)) return undefined
  const token = meta.progressToken
  return typeof token === 'string' || typeof token === 'number' ? token : undefined
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  return (await readBytes(body, maxBytes)).toString()
}

async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Refusal(faultyAnswer(new Error(`an answer of more than ${maxBytes} bytes`)))
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(faultyAnswer(error))
  }
}

function isNotification(message: unknown): message is DoorNotification {
  return isObject(message) && typeof message.method === 'string' && !('id' in message)
}

/** The bytes of an answer as the response to exactly this request. Throws Refusal when they are anything else. */
export function responseTo(request: DoorRequest, answer: Buffer): DoorResult | DoorError {
  return responseIn(request, parse(answer.toString()))
}

/** The message as the response to exactly this request; an answer that belongs to another must never get further. */
function responseIn(request: DoorRequest, message: unknown): DoorResult | DoorError {
  if (isObject(message) && message.id === request.id) {
    const { result, error } = message
    if (isObject(result)) {
      const response = { jsonrpc: '2.0', id: request.id, result } as const
      // A result that the SDK does not know for one would never be sent, and the client wait in vain.
      if (isJSONRPCResultResponse(response)) return response
    }
    if (isObject(error) && Number.isSafeInteger(error.code) && typeof error.message === 'string') {
      return {
        jsonrpc: '2.0',
        id: request.id,
        error: { code: error.code as number, message: error.message, data: error.data },
      }
    }
  }
  throw new Refusal(faultyAnswer(new Error('no JSON-RPC response to the request')))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
