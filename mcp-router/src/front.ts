// Every request that comes in: its id, its route, its line in the log, and the last net under unexpected failures.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from '@sekisho/contracts'
import type { Span } from '@sekisho/telemetry'
import type { Gate } from './gate.js'
import { answerJson, answerProblem } from './http-answer.js'
import type { Log } from './log.js'
import type { McpEndpoint, RequestNotes } from './mcp-endpoint.js'
import { Metrics } from './metrics.js'
import { requestIdOf } from './request-id.js'
import type { ResourceMetadata } from './resource-metadata.js'

const metadataPath = '/.well-known/oauth-protected-resource'
const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz'])
const knownPaths: ReadonlySet<string> = new Set([...healthPaths, '/mcp', metadataPath, `${metadataPath}/mcp`])

export interface FrontParts {
  gate: Gate
  metadata: ResourceMetadata
  endpoint: McpEndpoint
  appServerIsReady: () => Promise<boolean>
  log: Log
}

export class Front {
  private readonly underWay = new Set<ServerResponse>()
  /** The figures of all requests. */
  readonly metrics = new Metrics(() => this.load)
  private ending = false
  private whenIdle: (() => void) | undefined

  constructor(private readonly parts: FrontParts) {}

  /** How many requests are being worked on. */
  get load(): number {
    return this.underWay.size
  }

  /** From now on every connection is closed after its answer, and we are not ready any more. */
  prepareToEnd(): void {
    this.ending = true
    for (const outgoing of this.underWay) closeConnectionAfter(outgoing)
  }

  /** Waits until nothing is being worked on, or for so many milliseconds. */
  async idleWithin(ms: number): Promise<void> {
    if (this.load === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.whenIdle = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Answers one request, whatever it is. Never rejects. */
  async serve(incoming: IncomingMessage, outgoing: ServerResponse, path: string): Promise<void> {
    const startedAt = performance.now()
    const requestId = requestIdOf(incoming.headers['x-request-id'])
    const notes: RequestNotes = {}
    this.underWay.add(outgoing)
    outgoing.setHeader('x-request-id', requestId)
    outgoing.setHeader('x-content-type-options', 'nosniff')
    if (this.ending) closeConnectionAfter(outgoing)
    try {
      if (path === '/mcp') await this.parts.endpoint.serve(incoming, outgoing, requestId, notes)
      else await this.answer(incoming, outgoing, path)
    } catch (error) {
      const problem = error instanceof Problem ? error : this.unexpected(error, requestId)
      if (problem === error) notes.cause = problem.cause
      notes.problem = problem.code
      answerFailure(outgoing, problem)
    } finally {
      this.underWay.delete(outgoing)
      if (this.load === 0) this.whenIdle?.()
      this.noteEnd(path, requestId, outgoing, startedAt, notes)
    }
  }

  /** Answers whatever is not MCP. Throws Problem. */
  private async answer(incoming: IncomingMessage, outgoing: ServerResponse, path: string): Promise<void> {
    const { gate, metadata, appServerIsReady } = this.parts
    // Orchestrators ask for health by address, so that alone is answered under any Host; it tells nothing.
    const foreign = healthPaths.has(path) ? undefined : gate.refusal(incoming.headers)
    if (foreign) throw foreign
    if (!knownPaths.has(path)) throw new Problem('not-found', 'There is nothing here. The MCP endpoint is /mcp.')
    requireGet(incoming)
    if (path === '/healthz') {
      answerJson(outgoing, 200, { status: 'ok' })
    } else if (path === '/readyz') {
      if (this.ending) throw unavailable('This router is ending.')
      if (!(await appServerIsReady())) throw unavailable('The app server is not ready.')
      answerJson(outgoing, 200, { status: 'ready' })
    } else {
      answerJson(outgoing, 200, await metadata.requireDocument(), { 'cache-control': 'public, max-age=30' })
    }
  }

  private unexpected(error: unknown, requestId: string): Problem {
    this.parts.log.error({ err: error, requestId }, 'unexpected failure')
    return new Problem(
      'internal',
      `This is our fault and has been written down. Try again; if it stays, tell the operator the reference ${requestId}.`,
      { reference: requestId },
    )
  }

  private noteEnd(
    path: string,
    requestId: string,
    outgoing: ServerResponse,
    startedAt: number,
    { method, era, cause, problem, span }: RequestNotes,
  ): void {
    const status = outgoing.writableEnded ? outgoing.statusCode : 499
    const durationMs = performance.now() - startedAt
    if (span) endSpan(span, status, problem)
    const known = knownPaths.has(path)
    this.metrics.ended({ path: known ? path : undefined, method, era, status, durationMs, problem })
    const line = {
      requestId,
      path: known ? path : '(unknown)',
      // A method is whatever the client wrote; only one that could be a name is worth a line.
      ...(method === undefined ? {} : { method: /^[\w/.-]{1,64}$/.test(method) ? method : '(unknown)' }),
      ...(era === undefined ? {} : { era }),
      status,
      durationMs: Math.round(durationMs * 10) / 10,
      ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {}),
    }
    if (healthPaths.has(path)) this.parts.log.debug(line, 'request')
    else if (status >= 500) this.parts.log.warn(line, 'request')
    else this.parts.log.info(line, 'request')
  }
}

/** Only a fault of ours, or of the app server, is an error of the span; a refusal is told in words. */
function endSpan(span: Span, status: number, problem: string | undefined): void {
  span.set({ 'http.response.status_code': status, 'sekisho.problem': problem })
  if (status >= 499) span.fail(problem ?? 'cancelled')
  span.end()
}

function requireGet({ method }: IncomingMessage): void {
  if (method === 'GET' || method === 'HEAD') return
  throw new Problem('method-not-allowed', 'This address takes GET only.', {}, { headers: { Allow: 'GET, HEAD' } })
}

function unavailable(detail: string): Problem {
  return new Problem('unavailable', detail, {}, { headers: { 'Retry-After': '2' } })
}

function answerFailure(outgoing: ServerResponse, problem: Problem): void {
  // Half an answer is on its way; cutting it is the only honest signal left.
  if (outgoing.headersSent) outgoing.destroy()
  else answerProblem(outgoing, problem)
}

function closeConnectionAfter(outgoing: ServerResponse): void {
  if (!outgoing.headersSent) outgoing.setHeader('connection', 'close')
}
