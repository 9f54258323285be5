// Tells people from programs: who is answered with a page and who with JSON.
import type { Request } from 'express'

/** A browser that navigates asks for HTML first; programs ask for JSON or for anything. */
export function wantsPage(request: Request): boolean {
  return request.accepts(['application/problem+json', 'application/json', 'text/html']) === 'text/html'
}
