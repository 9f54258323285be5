// The one door for MCP messages, before Express: the router knocks here with a client's message and the client's own bearer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Inject, Injectable } from '@nestjs/common'
import { DOOR_PATH, doorHeaders, doorLimits, type Era, Problem } from '@sekisho/contracts'
import { BearerGuard } from '../oauth/bearer.guard.js'
import { Log } from '../platform/log.js'
import { Metrics } from '../platform/metrics.js'
import { toProblem } from '../platform/problem.js'
import { withRequestContext } from '../platform/request-context.js'
import { foreignHost, foreignOrigin, logRequest } from '../platform/request-rules.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { noteProblem, Spans } from '../platform/spans.js'
import { DoorMessages } from './door-messages.js'
import { DoorStream } from './door-stream.js'

const jsonType = /^application\/json *(?:;|$)/i
const sessionLabel = /^[\x21-\x7e]{1,128}$/

/**
 * Every call passes here, so it is plain Node: what Express and its middleware do for a request takes longer than the call
 * itself. The rules are those of every other address.
 */
@Injectable()
export class Door {
  private readonly faultOfHost: (request: IncomingMessage) => Problem | undefined
  private readonly faultOfOrigin: (request: IncomingMessage) => Problem | undefined

  constructor(
    private readonly guard: BearerGuard,
    private readonly messages: DoorMessages,
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly spans: Spans,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.faultOfHost = foreignHost(settings)
    this.faultOfOrigin = foreignOrigin(settings)
  }

  /** Whether a request is for the door. */
  isFor({ method, url = '' }: IncomingMessage): boolean {
    return method === 'POST' && (url === DOOR_PATH || url.startsWith(`${DOOR_PATH}?`))
  }

  /** Answers a request for the door. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    // The peer is the router, so its address says nothing about the caller.
    withRequestContext(request, response, {}, () => {
      this.metrics.timeRequest('POST', response, () => DOOR_PATH)
      logRequest(this.log, 'POST', DOOR_PATH, response)
      this.answer(request, response).catch((error: unknown) => this.refuse(error, response))
    })
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.faultOfHost(request) ?? this.faultOfOrigin(request)
    if (fault) throw fault
    const body = await readBody(request)
    await this.spans.ofRequest({ request, response, route: () => DOOR_PATH, meta: () => metaOf(body) }, () =>
      this.act(request, response, body).catch((error: unknown) => this.refuse(error, response)),
    )
  }

  private async act(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const access = await this.guard.requireAccess(request)
    await this.messages.answer(access, parse(request, body), {
      era: eraOf(request),
      label: labelOf(request),
      stream: new DoorStream(request, response),
    })
  }

  /** Tells as problem+json why there is no answer, or cuts one that is on its way already. */
  private refuse(error: unknown, response: ServerResponse): void {
    const problem = toProblem(error, (cause, reference) =>
      this.log.error({ error: cause, reference, path: DOOR_PATH }, 'unexpected failure'),
    )
    this.metrics.refusal(problem)
    noteProblem(problem)
    if (response.headersSent) {
      response.destroy()
      return
    }
    const text = JSON.stringify(problem)
    response.writeHead(problem.status, {
      ...problem.headers,
      ...plainHeaders,
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    })
    response.end(text)
  }
}

const plainHeaders = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

/** Throws Problem payload-too-large, cancelled. */
function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= doorLimits.requestBytes) {
        chunks.push(chunk)
        return
      }
      // What still comes is read and dropped, so that the caller gets to reading the answer.
      chunks.length = 0
      reject(
        new Problem('payload-too-large', `A message may have ${doorLimits.requestBytes} bytes. Send less at once.`),
      )
    })
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8') ?? ''))
    request.on('error', (cause) => reject(new Problem('cancelled', 'The caller hung up.', {}, { cause })))
  })
}

/** Throws Problem invalid-request, unsupported-media-type. */
function parse({ headers }: IncomingMessage, text: string): unknown {
  if (!jsonType.test(headers['content-type'] ?? '')) {
    throw new Problem('invalid-request', 'Send one JSON-RPC message as application/json.')
  }
  if (headers['content-encoding'] !== undefined) {
    throw new Problem('unsupported-media-type', 'Send the message as it is, not compressed.')
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem(
      'invalid-request',
      'The body could not be read. Send one well-formed JSON text, in UTF-8.',
      {},
      { cause },
    )
  }
}

/** What a message says beside its arguments; undefined when it is none, which is told to the caller elsewhere. */
function metaOf(body: string): unknown {
  try {
    return JSON.parse(body)?.params?._meta
  } catch {
    return undefined
  }
}

function eraOf({ headers }: IncomingMessage): Era {
  return headers[doorHeaders.era] === 'modern' ? 'modern' : 'legacy'
}

function labelOf({ headers }: IncomingMessage): string | undefined {
  const label = headers[doorHeaders.sessionLabel]
  return typeof label === 'string' && sessionLabel.test(label) ? label : undefined
}
