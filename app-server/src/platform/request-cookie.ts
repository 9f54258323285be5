// Reads one cookie of a request.
import type { IncomingMessage } from 'node:http'

/** The cookie's value as it was sent; the first when there are several of that name. */
export function findRequestCookie(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}
