// fastmcp as the host: its listener and its Hono app carry every request to our own handler; its MCP endpoint is parked.
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, type RequestListener, Server, type ServerResponse } from 'node:http'
import { FastMCP } from 'fastmcp'
import { errorCodeOf } from './error-code.js'
import { identity } from './mcp-server.js'

export interface Host {
  /** The listening server, for its limits and for draining. */
  server: Server
  /** Lets go of the listener; connections that are still open after a second are cut. */
  stop(): Promise<void>
}

export interface HostOptions {
  host: string
  port: number
  /** Headers for every answer, a preflight's included, which fastmcp itself answers with 204. */
  headersFor: (incoming: IncomingMessage) => Readonly<Record<string, string>>
  /** Answers one request on the raw objects. Must have sent the head of an answer, or lost the client, when it resolves. */
  serve: (incoming: IncomingMessage, outgoing: ServerResponse, path: string) => Promise<void>
  /** The path whose POSTs do not go through fastmcp and Hono, which would only hand them on; undefined for none. */
  shortcut: string | undefined
  onDebug: (message: string) => void
}

/** Where fastmcp's own MCP endpoint lies: nobody is told, and whoever finds it is answered 404. */
const parkedPath = '/.parked'

/** Told to fastmcp for every request we have answered: anything but 404, which it would answer a second time. */
const answered = new Response(null, { status: 204 })

/** Starts listening. Rejects with the system's error (EADDRINUSE …) when it cannot. */
export async function startHost({ host, port, headersFor, serve, shortcut, onDebug }: HostOptions): Promise<Host> {
  const debug = (...words: unknown[]) => onDebug(words.map(String).join(' '))
  const fastmcp = new FastMCP({
    name: identity.name,
    version: identity.version,
    // fastmcp serves its own tools at its own endpoint (and at /sse). We have none there, and nobody gets in.
    authenticate: () => Promise.reject(new Response(null, { status: 404 })),
    health: { enabled: false },
    logger: { debug, info: debug, log: debug, warn: debug, error: debug },
  })
  fastmcp.getApp().all('*', async ({ env, req }) => {
    const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse }
    await serve(incoming, outgoing, req.path)
    return answered
  })
  const server = await serverListeningDuring(() =>
    fastmcp.start({
      transportType: 'httpStream',
      httpStream: {
        host,
        port,
        endpoint: parkedPath,
        stateless: true,
        // Its own way of telling origins apart writes an error to stderr for each that is no URL.
        cors: false,
      },
    }),
  )
  const hosted = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request').on('request', (incoming, outgoing) => {
    const headers = headersFor(incoming)
    for (const name in headers) outgoing.setHeader(name, headers[name] as string)
    // Paths are compared as they came: one that is written in another way goes the usual way and means the same there.
    if (shortcut !== undefined && incoming.url === shortcut && incoming.method === 'POST') {
      void serve(incoming, outgoing, shortcut)
    } else {
      for (const listener of hosted) listener.call(server, incoming, outgoing)
    }
  })
  return {
    server,
    stop: () =>
      fastmcp.stop().catch((error: unknown) => {
        // We have closed the server ourselves in order to drain it.
        if (errorCodeOf(error) !== 'ERR_SERVER_NOT_RUNNING') throw error
      }),
  }
}

const starting = new AsyncLocalStorage<{ server?: Server }>()

/**
 * The server that begins to listen while `start` runs.
 * fastmcp keeps its server to itself, but time limits, the port that was given and draining need it; Node tells of every
 * server that listens (diagnostics_channel, tracing:net.server.listen), and the async context says which one is ours.
 */
async function serverListeningDuring(start: () => Promise<void>): Promise<Server> {
  const channel = 'tracing:net.server.listen:asyncStart'
  const seen: { server?: Server } = {}
  const onListen = (message: unknown) => {
    const { server } = message as { server?: unknown }
    const ours = starting.getStore()
    if (ours === seen && server instanceof Server) ours.server = server
  }
  subscribe(channel, onListen)
  try {
    await starting.run(seen, start)
  } finally {
    unsubscribe(channel, onListen)
  }
  if (!seen.server) throw new Error('fastmcp has started without a server that listens')
  return seen.server
}
