// The figures of the app server for Prometheus: counted as things happen, in words that are few and known beforehand.
import type { ServerResponse } from 'node:http'
import { Injectable } from '@nestjs/common'
import type { Problem } from '@sekisho/contracts'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** From a cached answer to the deadline of a call, in seconds. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]
const knownMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** A pool of database connections, as far as figures go. */
export interface PoolFigures {
  totalCount: number
  idleCount: number
  waitingCount: number
}

@Injectable()
export class Metrics {
  /** One for each app server, so that two in one process (tests) count for themselves. */
  readonly registry = new Registry()

  private readonly toolCalls = new Histogram({
    name: 'sekisho_tool_call_duration_seconds',
    help: 'Tool calls by tool and outcome (ok, refused, failed), audit entry included; _count is the number of calls.',
    labelNames: ['tool', 'outcome'] as const,
    buckets: durationBuckets,
    registers: [this.registry],
  })
  private readonly refusals = new Counter({
    name: 'sekisho_refusals_total',
    help: 'What was refused, by reason: a problem code, or a finer word for tokens.',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  })
  private readonly notifications = new Counter({
    name: 'sekisho_notifications_total',
    help: 'Deliveries of notifications by channel and outcome: delivered, failed (tried again later), given-up, dropped.',
    labelNames: ['channel', 'outcome'] as const,
    registers: [this.registry],
  })
  private readonly turns = new Histogram({
    name: 'sekisho_chat_turn_duration_seconds',
    help: 'Stretches of work on chat turns by how they ended (done, waiting, stopped, failed, handover) and why.',
    labelNames: ['status', 'reason'] as const,
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 1200],
    registers: [this.registry],
  })
  private readonly modelTokens = new Counter({
    name: 'sekisho_chat_tokens_total',
    help: 'Tokens of language models by vendor and kind: input, output, thinking.',
    labelNames: ['vendor', 'kind'] as const,
    registers: [this.registry],
  })
  private readonly refused = new WeakSet<Problem>()
  private readonly requests = new Histogram({
    name: 'sekisho_http_request_duration_seconds',
    help: 'HTTP requests by method, route template and status; 499 is a caller that left.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: durationBuckets,
    registers: [this.registry],
  })
  private readonly inFlight = new Gauge({
    name: 'sekisho_http_requests_in_flight',
    help: 'HTTP requests being worked on.',
    registers: [this.registry],
  })

  /** Counts a tool call. @param tool a name of the catalog; undefined for one that is not in it */
  toolCall(tool: string | undefined, outcome: string, durationMs: number): void {
    this.toolCalls.observe({ tool: tool ?? 'unknown', outcome }, durationMs / 1000)
  }

  /** Counts a refusal; telling of the same one again on its way out changes nothing. A fault of ours is none. */
  refusal(problem: Problem): void {
    if (problem.status >= 500 || this.refused.has(problem)) return
    this.refused.add(problem)
    this.refusals.inc({ reason: 'reason' in problem ? String(problem.reason) : problem.code })
  }

  /** Counts what became of one try to deliver a notification. */
  notification(channel: string, outcome: 'delivered' | 'failed' | 'given-up' | 'dropped'): void {
    this.notifications.inc({ channel, outcome })
  }

  /** Counts a stretch of work on a chat turn. @param reason one of the few words that turns end with */
  turn(status: string, reason: string, durationMs: number): void {
    this.turns.observe({ status, reason }, durationMs / 1000)
  }

  /** Counts what a round of a language model used. */
  tokens(vendor: string, used: { inputTokens: number; outputTokens: number; thinkingTokens: number }): void {
    this.modelTokens.inc({ vendor, kind: 'input' }, used.inputTokens)
    this.modelTokens.inc({ vendor, kind: 'output' }, used.outputTokens)
    this.modelTokens.inc({ vendor, kind: 'thinking' }, used.thinkingTokens)
  }

  /** Tells how many audit entries could not be written so far, or not in time. */
  watchAuditFailures(total: () => number): void {
    new Counter({
      name: 'sekisho_audit_write_failures_total',
      help: 'Audit entries that could not be written to the database, or not in time; each is in the log instead.',
      registers: [this.registry],
      collect() {
        this.reset()
        this.inc(total())
      },
    })
  }

  /** Tells of a database pool from now on. */
  watchPool(max: number, pool: () => PoolFigures): void {
    const read: Record<string, (figures: PoolFigures) => number> = {
      size: ({ totalCount }) => totalCount,
      idle: ({ idleCount }) => idleCount,
      waiting: ({ waitingCount }) => waitingCount,
      max: () => max,
    }
    new Gauge({
      name: 'sekisho_database_pool',
      help: 'The database pool: connections open (size), idle and allowed (max), and statements waiting for one.',
      labelNames: ['figure'] as const,
      registers: [this.registry],
      collect() {
        const figures = pool()
        for (const [figure, of] of Object.entries(read)) this.set({ figure }, of(figures))
      },
    })
  }

  /**
   * Express middleware: times every request. Comes first, so that it sees what the checks refuse as well.
   * @param unroutedPaths whole paths that are answered without a route of Express
   */
  timeRequests(unroutedPaths: ReadonlySet<string>): RequestHandler {
    return (request: Request, response: Response, next: NextFunction): void => {
      const method = knownMethods.has(request.method) ? request.method : 'other'
      this.timeRequest(method, response, () => routeOf(request, unroutedPaths))
      next()
    }
  }

  /** Times one request until it is over. @param route asked then: its template, one of few */
  timeRequest(method: string, response: ServerResponse, route: () => string): void {
    const startedAt = performance.now()
    this.inFlight.inc()
    response.on('close', () => {
      this.inFlight.dec()
      const status = response.writableFinished ? response.statusCode : 499
      this.requests.observe({ method, route: route(), status }, (performance.now() - startedAt) / 1000)
    })
  }
}

/** The template a request was routed by, e.g. /programs/:id/withdraw; never a path that anybody can make up. */
export function routeOf(request: Request, unroutedPaths: ReadonlySet<string>): string {
  const template: unknown = request.route?.path
  if (typeof template === 'string') return template
  return unroutedPaths.has(request.path) ? request.path : 'none'
}
