// What the two processes say of a piece of work that is traced; who collects it they do not know.
import type { TraceContext } from './trace-context.js'

export type SpanKind = 'server' | 'client' | 'internal'
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>

export interface SpanStart {
  kind: SpanKind
  /** The span before it in another process. */
  parent?: TraceContext | undefined
  /** A context that also led here, but is not the parent. */
  link?: TraceContext | undefined
  /** Names of the OpenTelemetry semantic conventions; never a secret, an argument or an output. */
  attributes?: SpanAttributes
}

export interface Span {
  /** What to send along so that the receiver's spans continue this one. */
  readonly context: TraceContext
  /** Starts a span below this one. */
  child(name: string, start: Pick<SpanStart, 'kind' | 'attributes'>): Span
  /** Names it once its name is known, e.g. by the route that was taken. */
  rename(name: string): void
  set(attributes: SpanAttributes): void
  /** Marks it as failed. @param type a short, closed word: a problem's code, an HTTP status, a JSON-RPC error code. */
  fail(type: string): void
  /** Ends it; what is said of it later is lost. */
  end(): void
}

export interface Tracing {
  start(name: string, start: SpanStart): Span
  /** Sends what is still waiting, within two seconds. */
  close(): Promise<void>
}
