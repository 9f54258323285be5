// The one file that knows the OpenTelemetry SDK; loaded only where a collector is set.
import {
  type Context,
  createTraceState,
  DiagLogLevel,
  diag,
  SpanKind as Kind,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { TraceSampler } from './settings.js'
import type { Span, SpanAttributes, SpanKind, SpanStart, Tracing } from './span.js'
import { parseTraceparent, type TraceContext } from './trace-context.js'

/** Spans that wait for the collector; more are dropped rather than kept. */
const maxQueueSize = 4_096
const sendEveryMs = 2_000
const sendTimeoutMs = 5_000
const lastSendMs = 2_000

const kinds: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  internal: Kind.INTERNAL,
}

export interface OpenTelemetryOptions {
  /** Base URL of the OTLP/HTTP collector. */
  endpoint: string
  sampler: TraceSampler
  /** Share of traces the ratio samplers keep, 0 to 1. */
  samplerRatio: number
  serviceName: string
  serviceVersion: string
  /** Told when the collector does not take what it is sent. */
  onFault(message: string): void
}

/** Starts the SDK. Headers, compression and resource attributes are its own OTEL_… variables. */
export function startOpenTelemetry(options: OpenTelemetryOptions): Tracing {
  const quiet = () => undefined
  const loud = (message: string) => options.onFault(message)
  diag.setLogger(
    { error: loud, warn: loud, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint}/v1/traces`,
    timeoutMillis: sendTimeoutMs,
  })
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': options.serviceName, 'service.version': options.serviceVersion }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(options),
    // Nothing we set is longer, and what a client names itself must not grow a span without bounds.
    spanLimits: { attributeValueLengthLimit: 256, attributeCountLimit: 32 },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize,
        scheduledDelayMillis: sendEveryMs,
        exportTimeoutMillis: sendTimeoutMs,
      }),
    ],
  })
  const tracer = provider.getTracer('sekisho', options.serviceVersion)
  return {
    start: (name, start) => startSpan(tracer, name, start, contextOf(start.parent)),
    async close() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, lastSendMs)
      })
      await Promise.race([provider.shutdown().catch((error: unknown) => loud(String(error))), late])
      clearTimeout(timer)
    },
  }
}

function startSpan(tracer: Tracer, name: string, { kind, link, attributes }: SpanStart, context: Context): Span {
  const linked = link && spanContextOf(link)
  const span = tracer.startSpan(
    name,
    { kind: kinds[kind], attributes: attributes ?? {}, links: linked ? [{ context: linked }] : [] },
    context,
  )
  return new LiveSpan(tracer, span)
}

class LiveSpan implements Span {
  constructor(
    private readonly tracer: Tracer,
    private readonly span: OtelSpan,
  ) {}

  get context(): TraceContext {
    const { traceId, spanId, traceFlags, traceState } = this.span.spanContext()
    const tracestate = traceState?.serialize()
    const flags = (traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')
    return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(tracestate ? { tracestate } : {}) }
  }

  child(name: string, start: Pick<SpanStart, 'kind' | 'attributes'>): Span {
    return startSpan(this.tracer, name, start, trace.setSpan(ROOT_CONTEXT, this.span))
  }

  rename(name: string): void {
    this.span.updateName(name)
  }

  set(attributes: SpanAttributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.span.setAttribute(name, value)
    }
  }

  fail(type: string): void {
    this.span.setAttribute('error.type', type)
    this.span.setStatus({ code: SpanStatusCode.ERROR })
  }

  end(): void {
    this.span.end()
  }
}

function contextOf(parent: TraceContext | undefined): Context {
  const remote = parent && spanContextOf(parent)
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT
}

function spanContextOf({ traceparent, tracestate }: TraceContext): SpanContext | undefined {
  const parts = parseTraceparent(traceparent)
  if (!parts) return undefined
  return { ...parts, isRemote: true, ...(tracestate ? { traceState: createTraceState(tracestate) } : {}) }
}

function samplerOf({ sampler, samplerRatio }: OpenTelemetryOptions): Sampler {
  const root = sampler.endsWith('always_on')
    ? new AlwaysOnSampler()
    : sampler.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(samplerRatio)
  return sampler.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root
}
