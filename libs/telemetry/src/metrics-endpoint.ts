// GET /metrics on an address of its own, so that figures are never served where the public calls come in.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
import { collectDefaultMetrics, type Registry } from 'prom-client'

/** Connections at once; a handful of scrapers is plenty. */
const maxConnections = 16
const requestTimeoutMs = 5_000

export interface MetricsEndpoint {
  /** Where the figures are, e.g. http://127.0.0.1:9464/metrics. */
  url: string
  close(): Promise<void>
}

export interface MetricsAddress {
  host: string
  /** 0 takes any free one. */
  port: number
  /** Names it goes by besides addresses and names without a dot, which nobody outside can make lead here. */
  allowedHosts: readonly string[]
}

/**
 * Serves a registry, with the figures of the process itself added to it: CPU, memory, handles, event loop, collector.
 * Those are watched only from here on, so a process nobody asks pays nothing for them.
 * Rejects with the system's error (EADDRINUSE …) when it cannot listen.
 */
export async function serveMetrics(registry: Registry, address: MetricsAddress): Promise<MetricsEndpoint> {
  collectDefaultMetrics({ register: registry })
  const allowed = new Set(address.allowedHosts)
  const server = createServer((request, response) => {
    answer(registry, allowed, request, response).catch(() => response.destroy())
  })
  server.maxConnections = maxConnections
  server.headersTimeout = requestTimeoutMs
  server.requestTimeout = requestTimeoutMs
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, resolve)
  })
  // The figures of a process that ends are its last word, not a reason to stay.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  registry: Registry,
  allowed: ReadonlySet<string>,
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number, words: string) =>
    void response.writeHead(status, { 'content-type': 'text/plain' }).end(`${words}\n`)
  if (!isOwnName(headers.host, allowed)) return refuse(403, 'This address does not go by that name; see ALLOWED_HOSTS.')
  if (url?.split('?')[0] !== '/metrics') return refuse(404, 'The figures are at /metrics.')
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'Figures are for reading.')
  const text = await registry.metrics()
  response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' })
  response.end(method === 'HEAD' ? undefined : text)
}

/** A page whose own name was made to lead here (DNS rebinding) comes by a name with a dot in it. */
function isOwnName(host: string | undefined, allowed: ReadonlySet<string>): boolean {
  const name = URL.parse(`http://${host}`)?.hostname
  if (name === undefined) return false
  return !name.includes('.') || isIP(name) !== 0 || allowed.has(name)
}
