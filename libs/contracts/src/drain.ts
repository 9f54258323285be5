// How a process stops listening without breaking off anybody's call.
import type { Server as HttpServer } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * How long the app server keeps a connection that nobody uses. It says so to its callers (Keep-Alive: timeout), and those
 * that pool connections let go a little earlier: so the router never writes into a connection that is being closed.
 */
export const idleConnectionMs = 5_000

/**
 * Takes no new connections, and resolves when there are none left, or after `idleMs`.
 * Connections that exist are not closed: whoever sends another request there is answered, and told to go elsewhere
 * (Connection: close). Closing an idle one could cross with a request on its way, and that could not be repeated safely.
 * @param onClosed told as soon as no new connections are taken
 */
export async function stopListening(
  server: HttpServer,
  idleMs: number,
  onClosed: () => void = () => undefined,
): Promise<void> {
  if (idleMs > 0) await afterAccepting()
  // Not http's own close, which closes idle connections at once.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  // Only now: whoever is sent away earlier comes back by a new connection, just when no more are taken.
  onClosed()
  server.prependListener('request', (_request, response) => {
    if (!response.headersSent) response.setHeader('Connection', 'close')
  })
  const enough = new AbortController()
  await Promise.race([closed, wait(idleMs, undefined, { signal: enough.signal }).catch(() => undefined)])
  enough.abort()
}

/** How long a quiet moment is waited for at most, and how short a turn of the event loop counts as one. */
const patienceMs = 500
const quietMs = 1

/**
 * Waits for the end of a short turn of the event loop, in which everybody who had come was let in. Closing the listener
 * breaks connections that the system has taken and we have not yet; after a long turn there can be many.
 */
async function afterAccepting(): Promise<void> {
  const until = performance.now() + patienceMs
  for (let turn = performance.now(), now = turn; ; turn = now) {
    await new Promise((resolve) => setImmediate(resolve))
    now = performance.now()
    if (now - turn < quietMs || now > until) return
  }
}
