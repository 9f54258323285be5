// The figures of the router for Prometheus: counted where requests end, in words that are few and known beforehand.
import { doorMethods, doorNotifications } from '@sekisho/contracts'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** From a refusal of our own to the longest call, in seconds. */
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 70]
/** A method is whatever the client wrote; these are called by their names. */
const knownMethods: ReadonlySet<string> = new Set([
  ...doorMethods,
  ...doorNotifications,
  'initialize',
  'notifications/initialized',
  'server/discover',
])

/** What is known of a request when it is over. */
export interface EndedRequest {
  /** One of the paths the router serves, or undefined for any other. */
  path: string | undefined
  /** The MCP method; undefined for what is no single MCP message. */
  method: string | undefined
  era: string | undefined
  status: number
  durationMs: number
  /** The code of the problem it was answered with, if it was. */
  problem: string | undefined
}

/** The method, when it is one of those that a client of ours may well use; 'other' for the rest, which anybody can make up. */
export function wordOfMethod(method: string): string {
  return knownMethods.has(method) ? method : 'other'
}

export class Metrics {
  /** One for each router, so that two in one process (tests) count for themselves. */
  readonly registry = new Registry()

  private readonly requests = new Histogram({
    name: 'sekisho_router_request_duration_seconds',
    help: 'Requests by path, MCP method, era and status; 499 is a client that left. _count is the number of requests.',
    labelNames: ['path', 'method', 'era', 'status'] as const,
    buckets: durationBuckets,
    registers: [this.registry],
  })
  private readonly refusals = new Counter({
    name: 'sekisho_router_refusals_total',
    help: 'Requests answered with a problem, by its code; what the app server refuses is among them.',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  })

  /** @param load how many requests are being worked on */
  constructor(load: () => number) {
    new Gauge({
      name: 'sekisho_router_requests_in_flight',
      help: 'Requests being worked on.',
      registers: [this.registry],
      collect() {
        this.set(load())
      },
    })
  }

  /** Counts a request that is over. */
  ended({ path, method, era, status, durationMs, problem }: EndedRequest): void {
    const named = method === undefined ? 'none' : wordOfMethod(method)
    this.requests.observe({ path: path ?? 'none', method: named, era: era ?? 'none', status }, durationMs / 1000)
    if (problem !== undefined) this.refusals.inc({ reason: problem })
  }
}
