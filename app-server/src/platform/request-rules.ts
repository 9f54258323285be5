// What every request must satisfy before anything looks at it, and what every answer carries.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from '@sekisho/contracts'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { mayCrossOrigin } from './cross-origin.js'
import { t } from './html/t.js'
import type { Log } from './log.js'
import type { ProblemFilter } from './problem.filter.js'
import type { Settings } from './settings.js'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/** Why a request is refused before anything looks at it; undefined when it is not. */
type Rule = (request: IncomingMessage) => Problem | undefined

/**
 * Refuses a foreign Host: a page whose name was pointed at this machine (DNS rebinding) gets nothing.
 * Ours are the public URL's, loopback names on our own port (health checks, the router beside us) and ALLOWED_HOSTS.
 */
export function foreignHost(settings: Settings): Rule {
  const publicHost = new URL(settings.publicUrl).host
  const allowedNames = new Set(settings.allowedHosts)
  return ({ headers, socket }) => {
    const host = headers.host?.toLowerCase() ?? ''
    const known =
      host === publicHost ||
      loopbackNames.some((name) => host === `${name}:${socket.localPort}`) ||
      allowedNames.has(host.replace(/:\d+$/, ''))
    if (known) return undefined
    return new Problem(
      'forbidden',
      t(
        'This server does not go by the name in the Host header. Use {address}, or have the operator add the name to ALLOWED_HOSTS.',
        { address: settings.publicUrl },
      ),
    )
  }
}

/** Refuses writes that a foreign web page sends (Origin, Fetch standard): only our own pages write here. */
export function foreignOrigin(settings: Settings): Rule {
  const own = new URL(settings.publicUrl).origin
  return (request) => {
    const { origin } = request.headers
    if (origin === undefined || origin === own || safeMethods.has(request.method ?? '')) return undefined
    if (mayCrossOrigin(settings, request)) return undefined
    return new Problem(
      'forbidden',
      t('This request came from another web site. Open {address} and try again there.', {
        address: settings.publicUrl,
      }),
    )
  }
}

/** Express middleware that answers what a rule refuses. */
export function check(faultOf: Rule, filter: ProblemFilter): RequestHandler {
  return (request, response, next) => {
    const fault = faultOf(request)
    if (fault === undefined) return next()
    filter.answer(fault, request, response)
  }
}

/** Security headers of every answer; a page that must allow more says so itself. */
export function securityHeaders(settings: Settings): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // Not no-referrer: with that, browsers send `Origin: null` from our own forms.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: settings.secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  })
}

/** One log line for each request when it is over; the query is left out because it can carry codes and tokens. */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    if (request.path !== '/healthz' && request.path !== '/readyz') {
      logRequest(log, request.method, request.originalUrl.split('?')[0]?.slice(0, 300) ?? '', response)
    }
    next()
  }
}

/** Writes the line of one request when it is over. */
export function logRequest(log: Log, method: string, path: string, response: ServerResponse): void {
  const startedAt = performance.now()
  response.on('close', () => {
    const status = response.writableFinished ? response.statusCode : 499
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
    log.request({ method, path, status, durationMs })
  })
}

/** Answers what the body parsers refuse, in the same words as everything else. */
export function bodyFaults(filter: ProblemFilter) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    filter.answer(error, request, response)
  }
}
