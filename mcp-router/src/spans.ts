// The span of an MCP message on its way through the router (OpenTelemetry semantic conventions for MCP).
import type { IncomingHttpHeaders } from 'node:http'
import { findTraceContext, type Span, type Tracing } from '@sekisho/telemetry'
import { wordOfMethod } from './metrics.js'

/** What a client wrote may stand in a span when it could be a name. */
const couldBeName = /^[\w/.:-]{1,128}$/

export interface TracedMessage {
  headers: IncomingHttpHeaders
  requestId: string
  protocolVersion: string
  sessionLabel: string | undefined
  /** A single message; undefined for a batch. */
  message: Record<string, unknown> | undefined
}

/**
 * Starts the span of a message, below the one that its `_meta` names (SEP-414), else its HTTP headers; where both do and
 * differ, the other is linked. Arguments, tokens and who called stay out of it.
 */
export function startSpan(tracing: Tracing, traced: TracedMessage): Span {
  const { headers, message = {}, requestId, protocolVersion, sessionLabel } = traced
  const params = message.params as Record<string, unknown> | undefined
  const method = typeof message.method === 'string' ? message.method : undefined
  const tool = method === 'tools/call' ? nameOf(params?.name) : undefined
  const ofHeaders = findTraceContext(headers)
  const ofMessage = findTraceContext(params?._meta)
  return tracing.start(method === undefined ? 'POST /mcp' : wordOfMethod(method), {
    kind: 'server',
    parent: ofMessage ?? ofHeaders,
    link: ofMessage && ofHeaders?.traceparent !== ofMessage.traceparent ? ofHeaders : undefined,
    attributes: {
      'mcp.method.name': nameOf(method),
      'mcp.protocol.version': protocolVersion,
      'mcp.session.id': sessionLabel,
      'jsonrpc.request.id': nameOf(message.id),
      'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
      'gen_ai.tool.name': tool,
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'sekisho.request_id': requestId,
    },
  })
}

/** Starts the span of a request to the door, below the message's. */
export function startDoorSpan(span: Span, appServer: URL, path: string): Span {
  return span.child(`POST ${path}`, {
    kind: 'client',
    attributes: {
      'http.request.method': 'POST',
      'url.scheme': appServer.protocol.slice(0, -1),
      'server.address': appServer.hostname,
      'server.port': Number(appServer.port || (appServer.protocol === 'http:' ? 80 : 443)),
    },
  })
}

function nameOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && couldBeName.test(text) ? text : undefined
}
