// Who calls over plain HTTP: a program by its bearer, or a person by the session of their browser; never a page in between.
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request } from 'express'
import { requireFormToken } from '../accounts/session.guard.js'
import { Sessions } from '../accounts/session.js'
import type { Access } from '../oauth/access.js'
import { BearerGuard } from '../oauth/bearer.guard.js'
import { RefusedAccess } from '../oauth/challenge.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { accessOfSession } from './session-access.js'

const safeMethods = new Set(['GET', 'HEAD'])
const accessOf = Symbol('access of an API call')
type RequestWithAccess = Request & { [accessOf]?: Access }

@Injectable()
export class ApiGuard implements CanActivate {
  constructor(
    private readonly bearers: BearerGuard,
    private readonly sessions: Sessions,
    private readonly registry: ProviderRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Throws RefusedAccess for a bearer that does not do, Problem sign-in-required without any, form-expired. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestWithAccess>()
    request[accessOf] = await this.requireAccess(request)
    return true
  }

  /** Whoever sends a bearer means it: a bad one is refused, also when a good cookie comes with it. */
  private async requireAccess(request: Request): Promise<Access> {
    if (request.headers.authorization === undefined) {
      const session = await this.sessions.find(request)
      if (session) {
        if (!safeMethods.has(request.method)) requireFormToken(request, session)
        return accessOfSession(session, this.registry, this.settings)
      }
    }
    try {
      return await this.bearers.requireAccess(request)
    } catch (error) {
      if (!(error instanceof RefusedAccess) || error.reason !== 'token-missing') throw error
      throw new Problem(
        'sign-in-required',
        'Send an access token as "Authorization: Bearer <token>", or call from a browser in which you are signed in.',
        {},
        { headers: { ...error.headers } },
      )
    }
  }
}

/** The caller of a request that passed ApiGuard. */
export const ApiAccess = createParamDecorator((_data: unknown, context: ExecutionContext): Access => {
  const access = context.switchToHttp().getRequest<RequestWithAccess>()[accessOf]
  if (!access) throw new Error('ApiAccess is for routes behind ApiGuard')
  return access
})
