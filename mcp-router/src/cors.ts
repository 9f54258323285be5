// What pages of an allowed origin may send and read (Fetch standard, CORS); everyone else's get no header at all.
import type { IncomingHttpHeaders } from 'node:http'
import type { Gate } from './gate.js'

const allowed: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'x-request-id',
])
/** Headers that mirror a tool's arguments; the name's end is the tool's (MCP 2026-07-28, Custom Headers). */
const mirrored = /^mcp-param-[\w!#$%&'*+.^`|~-]{1,64}$/
const exposed = 'WWW-Authenticate, Mcp-Session-Id, X-Request-Id, Retry-After'
const preflightSeconds = 600

/** The headers to put on the answer to a request, a preflight included. */
export function corsHeaders(
  method: string | undefined,
  headers: IncomingHttpHeaders,
  gate: Gate,
): Record<string, string> {
  const { origin } = headers
  if (origin === undefined) return {}
  const own = { Vary: 'Origin' }
  if (!gate.allowsOrigin(origin)) return own
  const readable = { ...own, 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': exposed }
  if (method !== 'OPTIONS') return readable
  const wanted = (headers['access-control-request-headers'] ?? '').toLowerCase().split(/\s*,\s*/)
  return {
    ...readable,
    'Access-Control-Allow-Methods': 'POST, GET',
    'Access-Control-Allow-Headers': wanted.filter((name) => allowed.has(name) || mirrored.test(name)).join(', '),
    'Access-Control-Max-Age': String(preflightSeconds),
  }
}
