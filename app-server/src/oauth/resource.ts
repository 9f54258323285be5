// The one protected resource there is: our MCP endpoint (RFC 8707), and the scopes a program can ask for there.
import type { ProviderRegistry } from '../providers/provider-registry.js'

/** Ask for no access by themselves: who a person is we do not tell, and refresh tokens everybody gets. */
const protocolScopes = new Set(['openid', 'offline_access'])

/** The spellings of the resource that clients send; the first is the one in tokens. */
export function resourceNames(mcpUrl: string): readonly string[] {
  return [mcpUrl, `${mcpUrl}/`]
}

/**
 * The scopes an authorization request asks for, of those there are, in our order; unknown ones are ignored.
 * Who names none asks for all (RFC 6749, section 3.3): the person narrows it. Undefined when only unknown ones are named.
 */
export function requestedScopes(scope: string | undefined, registry: ProviderRegistry): string[] | undefined {
  const asked = new Set((scope ?? '').split(' ').filter((name) => name !== '' && !protocolScopes.has(name)))
  const all = [...registry.scopes.keys()]
  if (asked.size === 0) return all
  const known = all.filter((name) => asked.has(name))
  return known.length > 0 ? known : undefined
}
