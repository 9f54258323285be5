// The HTTP server behind an address, when it runs in this process: for tests of its limits, with clocks that run faster.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:http'
import { connect } from 'node:net'

const requestChannel = 'http.server.request.start'
const answerTimeoutMs = 15_000

/** The server in this process that answers at this address. Throws when it is in another process, or there is none. */
export async function requireServer(url: string): Promise<Server> {
  const { port } = new URL(url)
  let found: Server | undefined
  const onRequest = (message: unknown) => {
    const { server } = message as { server: Server }
    const address = server.address()
    if (typeof address === 'object' && String(address?.port) === port) found = server
  }
  subscribe(requestChannel, onRequest)
  try {
    await (await fetch(new URL('/healthz', url))).arrayBuffer()
  } finally {
    unsubscribe(requestChannel, onRequest)
  }
  if (!found) throw new Error(`no server of this process answers at ${url}`)
  return found
}

/** Gives a server these limits, in milliseconds, and makes it look at its connections often enough to keep them. */
export function shortenLimits(server: Server, limits: { headersTimeout: number; requestTimeout: number }): void {
  Object.assign(server, limits, { connectionsCheckingInterval: 50 })
  // Node reads the interval only where it begins to listen, and a second beginning replaces the first (http.Server).
  server.emit('listening')
}

export interface RawExchange {
  /** Everything the server sent before it closed the connection. */
  text: string
  /** How long the connection lived, in milliseconds. */
  livedMs: number
}

/** Sends these bytes as they are, then says nothing more, until the server closes the connection. Rejects after 15 s. */
export function sendUntilClosed(url: string, bytes: string): Promise<RawExchange> {
  const { port } = new URL(url)
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1')
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection was still open after ${answerTimeoutMs} ms`))
    }, answerTimeoutMs)
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      text += chunk
    })
    // A server that cuts may do it with a reset; what it said before counts.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve({ text, livedMs: performance.now() - begun })
    })
    socket.write(bytes, 'latin1')
  })
}
