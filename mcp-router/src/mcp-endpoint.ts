// POST /mcp, step by step: what is turned away here, what the SDK frames, what the door decides.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import {
  classifyInboundRequest,
  type InboundClassificationOutcome,
  isJsonContentType,
} from '@modelcontextprotocol/server'
import { type Era, Problem, type ProblemCode, rpcErrors } from '@sekisho/contracts'
import type { Span, Tracing } from '@sekisho/telemetry'
import { bearerOf } from './bearer.js'
import type { DoorClient, From } from './door-client.js'
import { Exchange } from './exchange.js'
import type { Gate } from './gate.js'
import { answerRefusal } from './http-answer.js'
import { requireBatch, serveLegacy, sessionLabelOf } from './legacy-leg.js'
import { legacyRevisions, unnamedRevision } from './mcp-server.js'
import { parseMessage, readMessageBytes } from './message-body.js'
import { type ModernLeg, modernRevision } from './modern-leg.js'
import type { PlainLane } from './plain-lane.js'
import type { PlainRequest } from './plain-request.js'
import { Refusal } from './refusal.js'
import { relayResponse } from './relay-response.js'
import type { ResourceMetadata } from './resource-metadata.js'
import { startSpan, type TracedMessage } from './spans.js'

/** What the log says of a request; filled in as it becomes known. */
export interface RequestNotes {
  method?: string | undefined
  era?: Era
  /** Where somebody collects traces. */
  span?: Span | undefined
  /** The code of the problem it was answered with. */
  problem?: ProblemCode
  /** Why it was turned away, for the operator. */
  cause?: unknown
}

export interface EndpointParts {
  mcpUrl: string
  gate: Gate
  door: DoorClient
  metadata: ResourceMetadata
  modern: ModernLeg
  /** Without it every request takes the SDK's lane. */
  plainLane: PlainLane | undefined
  /** Undefined where nobody collects traces. */
  tracing: Tracing | undefined
  maxConcurrentCalls: number
  callTimeoutMs: number
  /** Told what the SDK has to say about requests it turns down. */
  onError: (error: Error) => void
}

/** One request whose body has been read: which era it belongs to, and its way to the door. */
interface Opened {
  era: Era
  outcome: InboundClassificationOutcome
  body: unknown
  exchange: Exchange
  /** Aborted when the client's hanging up cancels. */
  gone: AbortSignal
}

/** The headers the SDK looks at. Authorization is not among them: it never sees a token. */
const framingHeaders = ['content-type', 'accept', 'mcp-protocol-version', 'mcp-method', 'mcp-name'] as const

export class McpEndpoint {
  private running = 0

  constructor(private readonly parts: EndpointParts) {}

  /** Answers one request on the endpoint, whatever it is. */
  async serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    requestId: string,
    notes: RequestNotes,
  ): Promise<void> {
    let id: string | number | null = null
    try {
      const foreign = this.parts.gate.refusal(incoming.headers)
      if (foreign) throw new Refusal(foreign)
      requirePost(incoming)
      const bearer = await this.requireBearer(incoming.headers)
      requireJson(incoming.headers)
      const bytes = await readMessageBytes(incoming)
      const from: From = { bearer, requestId }
      const plain = this.parts.plainLane?.find(incoming, bytes)
      if (plain) {
        notes.era = plain.era
        notes.method = plain.method
        id = plain.id
        notes.span = from.span = this.startSpan(incoming.headers, requestId, plain)
        await this.withinCapacity(() => this.answerPlain(plain, incoming.headers, outgoing, from))
        return
      }
      const opened = this.open(incoming.headers, outgoing, parseMessage(bytes), from)
      notes.span = opened.exchange.sender.span
      notes.era = opened.era
      notes.method = opened.exchange.method
      id = opened.exchange.id
      await this.withinCapacity(() => this.answer(opened, incoming.headers, outgoing))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      notes.cause = error.problem.cause
      notes.problem = error.problem.code
      answerRefusal(outgoing, error, id)
    }
  }

  /** Passes the bytes on; an answer that is not plain is framed by the SDK, as if it had asked the door itself. */
  private async answerPlain(
    plain: PlainRequest,
    headers: IncomingHttpHeaders,
    outgoing: ServerResponse,
    from: From,
  ): Promise<void> {
    const answer = await this.parts.plainLane?.pass(plain, from, outgoing)
    if (answer) await this.answer(this.open(headers, outgoing, plain.message, from, answer), headers, outgoing)
  }

  /** Tells the era of a message by the SDK's own rules, and prepares its way to the door. */
  private open(
    headers: IncomingHttpHeaders,
    outgoing: ServerResponse,
    body: unknown,
    from: From,
    known?: Buffer,
  ): Opened {
    const named = {
      protocolVersionHeader: textOf(headers['mcp-protocol-version']),
      mcpMethodHeader: textOf(headers['mcp-method']),
      mcpNameHeader: textOf(headers['mcp-name']),
    }
    const outcome = classifyInboundRequest({
      httpMethod: 'POST',
      body,
      ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    })
    const era = outcome.kind === 'legacy' ? 'legacy' : 'modern'
    const messages = (Array.isArray(body) ? body : [body]).filter(isObject)
    if (era === 'legacy' && Array.isArray(body)) requireBatch(messages, named.protocolVersionHeader ?? unnamedRevision)
    // A legacy client that hangs up has not cancelled; a modern one has (see the door contract).
    const gone = new AbortController()
    if (era === 'modern') {
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) gone.abort()
      })
    }
    const sender = {
      ...from,
      era,
      protocolVersion:
        era === 'modern'
          ? modernRevision
          : (legacyRevisions.find((revision) => revision === named.protocolVersionHeader) ?? unnamedRevision),
      sessionLabel: era === 'modern' || isInitialize(outcome) ? undefined : sessionLabelOf(headers['mcp-session-id']),
    } as const
    const { door, callTimeoutMs } = this.parts
    const message = Array.isArray(body) ? undefined : messages[0]
    const traced = { ...sender, span: from.span ?? this.startSpan(headers, from.requestId, { ...sender, message }) }
    const exchange = new Exchange(door, traced, messages, Array.isArray(body), gone.signal, callTimeoutMs, known)
    return { era, outcome, body, exchange, gone: gone.signal }
  }

  private startSpan(
    headers: IncomingHttpHeaders,
    requestId: string,
    { message, protocolVersion, sessionLabel }: Pick<TracedMessage, 'message' | 'protocolVersion' | 'sessionLabel'>,
  ): Span | undefined {
    const { tracing } = this.parts
    return tracing && startSpan(tracing, { headers, requestId, message, protocolVersion, sessionLabel })
  }

  /** Has the SDK frame the answer, and lets it out when the door has taken the bearer. */
  private async answer(opened: Opened, headers: IncomingHttpHeaders, outgoing: ServerResponse): Promise<void> {
    const { era, exchange } = opened
    const response = await this.frame(opened, headers)
    const streams = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
    if (streams) await exchange.decided
    // What the SDK calls malformed never gets to the door; all else does, so that nobody is answered without a good bearer.
    else if (response.status < 400 || response.status === 404) await exchange.settle()
    if (exchange.refusal) {
      await response.body?.cancel()
      throw exchange.refusal
    }
    await relayResponse(response, outgoing, era === 'modern')
  }

  private frame({ era, outcome, body, exchange, gone }: Opened, headers: IncomingHttpHeaders): Promise<Response> {
    if (isListen(outcome)) return Promise.resolve(noSuchMethod(exchange.id))
    const framing = new Headers()
    for (const name of framingHeaders) {
      const value = textOf(headers[name])
      if (value !== undefined) framing.set(name, value)
    }
    const request = new Request(this.parts.mcpUrl, { method: 'POST', headers: framing, signal: gone })
    return era === 'legacy'
      ? serveLegacy(request, body, exchange, this.parts.onError)
      : this.parts.modern.serve(request, body, exchange)
  }

  private async requireBearer(headers: IncomingHttpHeaders): Promise<string> {
    const bearer = bearerOf(headers.authorization)
    if (bearer !== undefined) return bearer
    throw new Refusal(
      new Problem(
        'invalid-token',
        'Sign in first: this request carries no bearer token. WWW-Authenticate says where to get one.',
        {},
        { headers: { 'WWW-Authenticate': await this.parts.metadata.challenge() } },
      ),
    )
  }

  private async withinCapacity(work: () => Promise<void>): Promise<void> {
    if (this.running >= this.parts.maxConcurrentCalls) {
      throw new Refusal(
        new Problem(
          'unavailable',
          'This router is working on as many calls as it takes. Nothing was done. Try again in a second.',
          {},
          { headers: { 'Retry-After': '1' } },
        ),
      )
    }
    this.running++
    try {
      await work()
    } finally {
      this.running--
    }
  }
}

function requirePost({ method }: IncomingMessage): void {
  if (method === 'POST') return
  throw new Refusal(
    new Problem(
      'method-not-allowed',
      'Send each JSON-RPC message by POST. There is no stream to GET and no session to DELETE.',
      {},
      { headers: { Allow: 'POST' } },
    ),
  )
}

function requireJson(headers: IncomingHttpHeaders): void {
  if (isJsonContentType(headers['content-type'])) return
  throw new Refusal(new Problem('unsupported-media-type', 'Send the message as Content-Type: application/json.'))
}

/**
 * Whether a modern client wants to be told of changes. We declare none, and a stream that can never carry anything
 * would only hold a connection.
 */
function isListen(outcome: InboundClassificationOutcome): boolean {
  return (
    outcome.kind === 'modern' &&
    outcome.message.method === 'subscriptions/listen' &&
    outcome.messageKind === 'request' &&
    outcome.classification.revision === modernRevision
  )
}

/** MCP 2026-07-28, Protocol Version Header: an RPC method the server does not implement is 404 with -32601. */
function noSuchMethod(id: string | number | null): Response {
  const error = { code: rpcErrors.methodNotFound, message: 'Method not found' }
  return Response.json({ jsonrpc: '2.0', id, error }, { status: 404 })
}

function isInitialize(outcome: InboundClassificationOutcome): boolean {
  return outcome.kind === 'legacy' && outcome.reason === 'initialize'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header
}
