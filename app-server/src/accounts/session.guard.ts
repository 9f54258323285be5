// Lets a request through only with a session, and a write only from a form of that session.
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { isToken } from './cookies.js'
import { signInLink } from './own-path.js'
import { type Session, Sessions } from './session.js'
import { t } from './t.js'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const sessionOf = Symbol('session')

type RequestWithSession = Request & { [sessionOf]?: Session }

@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Throws Problem forbidden (a write from another site), sign-in-required, form-expired.
   * Whoever wants to see a page is sent to sign in and comes back to where it was; only who asks for JSON is not.
   */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp()
    const request = http.getRequest<RequestWithSession>()
    const writes = !safeMethods.has(request.method)
    if (writes) this.requireOwnOrigin(request)
    const session = await this.sessions.find(request)
    if (!session) {
      if (!writes && request.accepts(['text/html', 'application/json']) === 'text/html') {
        const response = http.getResponse<Response>()
        response.setHeader('Cache-Control', 'no-store')
        response.redirect(302, signInLink(request.originalUrl))
      }
      throw new Problem('sign-in-required', t('You are not signed in here, or no longer. Sign in and try again.'))
    }
    if (writes) requireFormToken(request, session)
    request[sessionOf] = session
    return true
  }

  /** Browsers name the page a write comes from (Fetch standard, `Origin`); only our own may write. */
  private requireOwnOrigin(request: Request): void {
    const { origin } = request.headers
    if (origin !== undefined && origin !== new URL(this.settings.publicUrl).origin) {
      throw new Problem(
        'forbidden',
        t('This form was sent from another address. Open {address} and do it there.', {
          address: this.settings.publicUrl,
        }),
      )
    }
  }
}

/** The session of a request that passed SessionGuard: for guards that come after it. */
export function requireSession(request: Request): Session {
  const session = (request as RequestWithSession)[sessionOf]
  if (!session) throw new Error('this is for routes behind SessionGuard')
  return session
}

/** The session of a request that passed SessionGuard, as a parameter of its route. */
export const CurrentSession = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Session => requireSession(context.switchToHttp().getRequest<Request>()),
)

/** Throws Problem form-expired unless the write carries the token of its session. */
export function requireFormToken(request: Request, session: Session): void {
  const body: unknown = request.body
  const field = typeof body === 'object' && body !== null && '_csrf' in body ? body._csrf : undefined
  if (!isToken(field ?? request.get('x-csrf-token'), session.csrfToken)) {
    throw new Problem(
      'form-expired',
      t('This page was made for an earlier session. Go back, reload it and send the form again.'),
    )
  }
}
