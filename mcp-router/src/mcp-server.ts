// The one factory of MCP servers, for both eras: it frames, and has the door answer whatever concerns tools.
import { readFileSync } from 'node:fs'
import { Server } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Exchange } from './exchange.js'
import { faultOf, isForwarded } from './forwarded.js'

/** The revisions with an initialize handshake that are served, newest first. */
export const legacyRevisions = ['2025-11-25', '2025-06-18', '2025-03-26']
/** What a request without a version header speaks (MCP 2025-06-18, transports). */
export const unnamedRevision = '2025-03-26'

const { version } = z
  .object({ version: z.templateLiteral([z.number(), '.', z.number(), '.', z.number()]) })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** What the router calls itself, to MCP clients and to its host. */
export const identity = { name: 'sekisho', title: 'Sekisho', version }

/**
 * Makes the server for one exchange. It is asked only what its SDK has found well framed.
 *
 * Forwarded methods go through the fallback handler, because a registered handler parses results by the SDK's own
 * schemas, and a gateway must not drop the members it does not know. For any other method there is no handler at all,
 * so that the SDK answers "method not found" with the HTTP status its era wants.
 */
export function createMcpServer(exchange: Exchange): Server {
  const server = new Server(identity, {
    capabilities: { tools: { listChanged: false } },
    supportedProtocolVersions: legacyRevisions,
  })
  if (exchange.method === undefined || isForwarded(exchange.method)) {
    server.fallbackRequestHandler = async (request, context) => {
      const fault = faultOf(request)
      if (fault) {
        await exchange.settle()
        throw fault
      }
      const { id, _meta, notify } = context.mcpReq
      return exchange.ask(id, async ({ method, params }) => {
        // Nothing else belongs into this stream, and a token of someone else's never.
        if (method !== 'notifications/progress' || params?.progressToken === undefined) return
        if (params.progressToken === _meta?.progressToken) await notify({ method, params })
      })
    }
  }
  return server
}
