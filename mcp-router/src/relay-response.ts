// Carrying an answer of the SDK, a web Response, over to the raw response.
import type { ServerResponse } from 'node:http'
import { eventStreamType, jsonType } from './http-answer.js'

/**
 * Writes status, headers and body, a stream as it comes.
 * When the client goes, the body is cancelled if `cancelWhenGone`, otherwise read to its end and thrown away.
 */
export async function relayResponse(
  response: Response,
  outgoing: ServerResponse,
  cancelWhenGone: boolean,
): Promise<void> {
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (!streams) {
    const body = Buffer.from(await response.arrayBuffer())
    if (outgoing.headersSent || outgoing.destroyed) return
    const headers = Object.fromEntries(response.headers)
    if (headers['content-type'] === 'application/json') headers['content-type'] = jsonType
    outgoing.writeHead(response.status, { 'cache-control': 'no-store', ...headers, 'content-length': body.length })
    outgoing.end(body)
    return
  }
  const headers = Object.fromEntries(response.headers)
  // The connection is the host's business, and a proxy must not hold events back (MCP 2026-07-28, Receiving Messages).
  delete headers.connection
  if (!outgoing.destroyed) {
    outgoing.writeHead(response.status, { ...headers, 'content-type': eventStreamType, 'x-accel-buffering': 'no' })
    outgoing.flushHeaders()
  }
  for await (const chunk of response.body ?? []) {
    if (outgoing.destroyed) {
      if (cancelWhenGone) break
      continue
    }
    if (!outgoing.write(chunk)) await writableOrGone(outgoing)
  }
  outgoing.end()
}

function writableOrGone(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done)
      resolve()
    }
    outgoing.on('drain', done).on('close', done)
  })
}
