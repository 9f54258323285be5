// How the answer to a form leads on to a page.
import type { Response } from 'express'

/** 303: whatever the browser sent before, it now GETs (RFC 9110, section 15.4.4). */
export function goTo(response: Response, url: string): void {
  response.setHeader('Cache-Control', 'no-store')
  response.redirect(303, url)
}
