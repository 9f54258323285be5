// Where an answer goes when it leaves us, in words for the person, and what the browser must be allowed for it.
import { isLoopback } from './client-metadata.js'

export interface RedirectTarget {
  /** computer: a program on this computer. app: an application that owns a URL scheme. site: a web site. */
  readonly kind: 'computer' | 'app' | 'site'
  /** The host (in its ASCII form, so that look-alike letters show), or the scheme of an application. */
  readonly name: string
}

/** Reads a registered redirect URI. */
export function redirectTargetOf(redirectUri: string): RedirectTarget {
  const uri = new URL(redirectUri)
  if (uri.protocol !== 'http:' && uri.protocol !== 'https:') return { kind: 'app', name: uri.protocol }
  return { kind: isLoopback(uri) ? 'computer' : 'site', name: uri.host }
}

/**
 * The page's policy with the forms of the consent page let through: Chromium applies `form-action` to every redirect
 * that follows a form, so the client's address must be in it, and so must wherever its site goes on to.
 */
export function consentPolicy(policy: string, redirectUri: string): string {
  const { protocol, hostname, host } = new URL(redirectUri)
  const sources = ["'self'", 'https:']
  // A policy cannot name an IPv6 address, so there only the scheme is left to name.
  if (protocol === 'http:') sources.push(hostname.startsWith('[') ? 'http:' : `http://${host}`)
  const others = policy
    .split(';')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '' && !/^(?:form-action|frame-ancestors)(?: |$)/i.test(directive))
  return [...others, `form-action ${sources.join(' ')}`, "frame-ancestors 'none'"].join(';')
}
