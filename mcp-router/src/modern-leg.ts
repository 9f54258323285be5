// The 2026-07-28 leg: the SDK checks headers, envelope and method, and frames what the door answers.
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Exchange } from './exchange.js'
import { createMcpServer } from './mcp-server.js'

export const modernRevision = '2026-07-28'

export interface ModernLeg {
  /** Answers one parsed message. The request carries the headers the SDK checks, and no token. */
  serve(request: Request, body: unknown, exchange: Exchange): Promise<Response>
  close(): Promise<void>
}

/** @param onError what the SDK has to say about requests it turns down; never part of an answer. */
export function createModernLeg(onError: (error: Error) => void): ModernLeg {
  const exchanges = new WeakMap<Request, Exchange>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const exchange = requestInfo && exchanges.get(requestInfo)
      if (!exchange) throw new Error('a request that came by no exchange')
      return createMcpServer(exchange)
    },
    { legacy: 'reject', onerror: onError },
  )
  return {
    serve(request, body, exchange) {
      exchanges.set(request, exchange)
      return handler.fetch(request, { parsedBody: body })
    },
    close: () => handler.close(),
  }
}
