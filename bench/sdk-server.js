// A bare server of the official SDK, as its documentation shows it, with one tool and nothing else: no authorization, no database.
import { createServer } from 'node:http'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { listening } from './child.js'

const answer = JSON.parse(process.env.BENCH_ANSWER ?? '')

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'bare', version: '1.0.0' })
  server.registerTool(
    'product.get',
    { description: 'Shows one product.', inputSchema: z.object({ product_id: z.string() }) },
    async () => ({ content: answer.content, structuredContent: answer.structuredContent }),
  )
  return server
})

const server = createServer((incoming, outgoing) => {
  /** @type {Buffer[]} */
  const chunks = []
  incoming.on('data', (chunk) => chunks.push(chunk))
  incoming.on('end', async () => {
    const response = await handler.fetch(
      new Request(`http://${incoming.headers.host}${incoming.url}`, {
        method: 'POST',
        headers: /** @type {Record<string, string>} */ (incoming.headers),
        body: Buffer.concat(chunks),
      }),
    )
    const body = Buffer.from(await response.arrayBuffer())
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), 'content-length': body.length })
    outgoing.end(body)
  })
})
listening(server)
