// Which Host and Origin may speak to the router: the defence against DNS rebinding and cross-site requests.
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '@sekisho/contracts'
import { isLoopback, loopbackNames } from './settings.js'

export interface Gate {
  /** The problem to answer with, or undefined when the request may pass (MCP 2026-07-28, Security & Endpoint). */
  refusal(headers: IncomingHttpHeaders): Problem | undefined
  /** Whether pages of this origin may call the router; the same answer CORS gives. */
  allowsOrigin(origin: string): boolean
}

/**
 * Builds the gate for one public URL.
 *
 * Host names are compared without their port: which name a browser was tricked into resolving is the attack, the port
 * is not, and a published container port differs from the inner one.
 * While the public URL is this machine itself, pages of any local port are let in, because that is where a developer's
 * own tools run (MCP Inspector picks its port). A foreign page cannot claim such an Origin, and one that rebinds its
 * name to 127.0.0.1 is stopped by the Host check.
 */
export function createGate(options: {
  mcpUrl: string
  allowedHosts: readonly string[]
  allowedOrigins: readonly string[]
}): Gate {
  const own = new URL(options.mcpUrl)
  const local = isLoopback(own.hostname)
  const hosts = new Set([own.hostname, ...options.allowedHosts, ...(local ? loopbackNames : [])])
  const origins = new Set([own.origin, ...options.allowedOrigins])

  const allowsOrigin = (origin: string) => {
    const url = URL.parse(origin)
    if (!url || !/^https?:$/.test(url.protocol)) return false
    return origins.has(url.origin) || (local && isLoopback(url.hostname))
  }

  // Of many requests most name the host in the same words.
  let lastAllowed: string | undefined

  const allowsHost = (header: string | undefined) => {
    if (header !== undefined && header === lastAllowed) return true
    const host = hostnameOf(header)
    if (host === undefined || !hosts.has(host)) return false
    lastAllowed = header
    return true
  }

  return {
    allowsOrigin,
    refusal(headers) {
      if (!allowsHost(headers.host)) {
        return new Problem(
          'forbidden',
          `This router does not answer for that Host. Use ${options.mcpUrl}, or have the operator add the name to ALLOWED_HOSTS.`,
        )
      }
      if (headers.origin !== undefined && !allowsOrigin(headers.origin)) {
        return new Problem(
          'forbidden',
          'Pages of that Origin may not call this router. Have the operator add it to ALLOWED_ORIGINS.',
        )
      }
      return undefined
    },
  }
}

/** The host name of a Host header in lower case, IPv6 in brackets; undefined when it is no authority at all. */
function hostnameOf(header: string | undefined): string | undefined {
  if (!header || !/^[a-z0-9.:[\]_-]+$/i.test(header)) return undefined
  return URL.parse(`http://${header}`)?.hostname
}
