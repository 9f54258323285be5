// The leg for 2025-03-26 to 2025-11-25: a handshake without a session behind it, one server object per request.
import { randomUUID } from 'node:crypto'
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { Problem, rpcErrors } from '@sekisho/contracts'
import type { Exchange } from './exchange.js'
import { createMcpServer, unnamedRevision } from './mcp-server.js'
import { Refusal } from './refusal.js'

/** Messages in a batch, which only 2025-03-26 has. */
const maxBatch = 16

/** The labels this router gives out. */
const labelForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether an Mcp-Session-Id header is a label that this router, or another of its kind, can have given out. */
export function isSessionLabel(header: string | string[]): header is string {
  return typeof header === 'string' && labelForm.test(header)
}

/**
 * The client's label from its Mcp-Session-Id header; undefined when it sends none, as it may.
 * Throws Refusal 404 for one that is not ours: then clients begin anew with initialize (MCP 2025-11-25, transports).
 */
export function sessionLabelOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (isSessionLabel(header)) return header
  throw new Refusal(new Problem('not-found', 'That Mcp-Session-Id was not given by this router. Initialize again.'))
}

/** Throws Refusal 400 for a batch that may not be (JSON-RPC 2.0 section 6; MCP 2025-06-18 removed batches). */
export function requireBatch(messages: readonly Record<string, unknown>[], revision: string): void {
  const problem = (detail: string) => new Refusal(new Problem('invalid-request', detail))
  if (revision !== unnamedRevision) throw problem('This revision has no batches. Send one message per request.')
  if (messages.length > maxBatch) throw problem(`A batch may have ${maxBatch} messages. Send fewer at once.`)
  if (messages.some(({ method }) => method === 'initialize')) throw problem('Send initialize alone, not in a batch.')
  const ids = messages.flatMap((message) => ('method' in message && 'id' in message ? [message.id] : []))
  if (new Set(ids).size < ids.length) throw problem('Two requests of the batch have the same id.')
}

/** Answers one parsed message, or a batch. The request carries the headers the SDK checks, and no token. */
export async function serveLegacy(
  request: Request,
  body: unknown,
  exchange: Exchange,
  onError: (error: Error) => void,
): Promise<Response> {
  if (exchange.method === 'initialize' && exchange.id !== null && !isInitializeRequest(body)) {
    // The SDK would answer "internal error" with its validator's words.
    const message =
      'Invalid params for initialize: protocolVersion, capabilities and clientInfo (name, version) are needed'
    return Response.json({ jsonrpc: '2.0', id: exchange.id, error: { code: rpcErrors.invalidParams, message } })
  }
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    // A stream only where there is progress to tell; plain JSON is what every client and proxy handles best.
    enableJsonResponse: !exchange.wantsProgress,
  })
  const server = createMcpServer(exchange)
  server.onerror = onError
  await server.connect(transport)
  const response = await transport.handleRequest(request, { parsedBody: body })
  if (exchange.method === 'initialize' && response.status === 200) response.headers.set('mcp-session-id', randomUUID())
  return response
}
