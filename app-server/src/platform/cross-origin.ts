// Which pages of other web sites may use the direct API (Fetch standard, CORS): those of ALLOWED_ORIGINS, with a bearer.
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import type { Settings } from './settings.js'

/** The only place of the app server meant for other origins, besides the authorization server's endpoints, which are for all. */
const apiPath = /^\/api\/(?!docs(?:[/?]|$))/
const sendable = 'Authorization, Content-Type, X-Request-Id'
const readable = 'WWW-Authenticate, X-Request-Id, Retry-After'
const preflightSeconds = 600

type Allowed = Pick<Settings, 'allowedOrigins'>

/** Whether a request is one that an allowed page may make: to the API, by a token it was given and never by a cookie. */
export function mayCrossOrigin({ allowedOrigins }: Allowed, { url = '', headers }: IncomingMessage): boolean {
  const { origin, authorization } = headers
  return origin !== undefined && authorization !== undefined && apiPath.test(url) && allowedOrigins.includes(origin)
}

/** Express middleware: answers preflights for the API, and lets allowed pages read its answers. Cookies are never asked for. */
export function crossOrigin({ allowedOrigins }: Allowed): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers
    if (origin === undefined || !apiPath.test(request.url)) return next()
    response.vary('Origin')
    if (!allowedOrigins.includes(origin)) return next()
    response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': readable })
    if (request.method !== 'OPTIONS') return next()
    response
      .set({
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': sendable,
        'Access-Control-Max-Age': String(preflightSeconds),
      })
      .status(204)
      .end()
  }
}
