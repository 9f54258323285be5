// The spans of the request being served: who works on it adds to them, and where nobody collects them there are none.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Problem } from '@sekisho/contracts'
import { findTraceContext, type Span, type Tracing } from '@sekisho/telemetry'
import type { RequestHandler } from 'express'
import { routeOf } from './metrics.js'
import { currentRequestId } from './request-context.js'

const storage = new AsyncLocalStorage<Span>()

/** The span to add to; undefined where no traces are collected, and outside of requests. */
export function currentSpan(): Span | undefined {
  return storage.getStore()
}

/** Does `work`, and whatever it starts, under a span. */
export function inSpan<Result>(span: Span, work: () => Result): Result {
  return storage.run(span, work)
}

/** Tells the span of the request what it was answered with. Only a fault of ours is an error (semantic conventions, HTTP). */
export function noteProblem(problem: Problem): void {
  const span = currentSpan()
  span?.set({ 'sekisho.problem': problem.code })
  if (problem.status >= 500) span?.fail(problem.code)
}

export interface TracedRequest {
  request: IncomingMessage
  response: ServerResponse
  /** The template it is routed by, once that is known; 'none' for no route. */
  route: () => string
  /** What may name the trace where no header does: `_meta` of an MCP message (SEP-414). */
  meta?: () => unknown
}

/** Begins spans of requests; without a tracing it does nothing but the work. */
export class Spans {
  constructor(private readonly tracing: Tracing | undefined) {}

  /** Does `work` under the span of a request, below the one its traceparent names (W3C Trace Context). */
  ofRequest<Result>({ request, response, route, meta }: TracedRequest, work: () => Result): Result {
    if (!this.tracing) return work()
    const { method = '', headers, httpVersion } = request
    const span = this.tracing.start(method, {
      kind: 'server',
      parent: findTraceContext(headers) ?? findTraceContext(meta?.()),
      attributes: {
        'http.request.method': method,
        'network.protocol.version': httpVersion,
        'sekisho.request_id': currentRequestId(),
      },
    })
    response.on('close', () => {
      const template = route()
      if (template !== 'none') {
        span.rename(`${method} ${template}`)
        span.set({ 'http.route': template })
      }
      if (response.writableFinished) span.set({ 'http.response.status_code': response.statusCode })
      else span.fail('cancelled')
      span.end()
    })
    return inSpan(span, work)
  }

  /**
   * Express middleware.
   * @param unroutedPaths whole paths that are answered without a route of Express
   */
  middleware(unroutedPaths: ReadonlySet<string>): RequestHandler {
    return (request, response, next) =>
      this.ofRequest({ request, response, route: () => routeOf(request, unroutedPaths) }, next)
  }
}
