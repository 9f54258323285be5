// The W3C Trace Context of a message: which trace it belongs to and which span of it comes before.

/** As it travels: in HTTP headers, or unprefixed in an MCP message's `_meta` (SEP-414). */
export interface TraceContext {
  traceparent: string
  tracestate?: string
}

/** Version 00 and later ones, which begin alike (Trace Context, section 3.2.4); ids of zeros alone mean nothing. */
const wellFormed =
  /^(?!ff)[\da-f]{2}-(?!0{32})(?<traceId>[\da-f]{32})-(?!0{16})(?<spanId>[\da-f]{16})-(?<flags>[\da-f]{2})(?<rest>-.*)?$/
/** What section 3.3.1.5 asks to be carried at least; longer ones are dropped whole. */
const maxStateLength = 512
const maxParentLength = 256

/** The trace context a carrier holds; undefined when there is none or it is malformed, and then a new trace begins. */
export function findTraceContext(carrier: unknown): TraceContext | undefined {
  if (typeof carrier !== 'object' || carrier === null) return undefined
  const { traceparent, tracestate } = carrier as { traceparent?: unknown; tracestate?: unknown }
  if (typeof traceparent !== 'string' || !parseTraceparent(traceparent)) return undefined
  const isState = typeof tracestate === 'string' && tracestate !== '' && tracestate.length <= maxStateLength
  return { traceparent, ...(isState ? { tracestate } : {}) }
}

/** The parts of a traceparent; undefined when it is malformed. */
export function parseTraceparent(
  traceparent: string,
): { traceId: string; spanId: string; traceFlags: number } | undefined {
  if (traceparent.length > maxParentLength) return undefined
  const parts = wellFormed.exec(traceparent)?.groups
  if (!parts || (traceparent.startsWith('00') && parts.rest !== undefined)) return undefined
  return {
    traceId: parts.traceId as string,
    spanId: parts.spanId as string,
    traceFlags: Number.parseInt(parts.flags as string, 16) & 1,
  }
}
