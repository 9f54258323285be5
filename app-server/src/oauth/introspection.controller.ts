// Introspection by an administrator, with a bearer or a session; clients are answered by the authorization server itself.
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { requireFormToken } from '../accounts/session.guard.js'
import { Sessions } from '../accounts/session.js'
import { BearerGuard } from './bearer.guard.js'
import { IssuedTokens } from './issued-tokens.js'
import { routes } from './provider-configuration.js'

/** By problem, the error code of RFC 6749, section 5.2, and RFC 6750, section 3.1. */
const errorCodes: Readonly<Record<string, string>> = {
  'invalid-request': 'invalid_request',
  'invalid-token': 'invalid_token',
  'sign-in-required': 'invalid_client',
  forbidden: 'access_denied',
  'form-expired': 'access_denied',
}

@Controller()
export class IntrospectionController {
  constructor(
    private readonly bearers: BearerGuard,
    private readonly sessions: Sessions,
    private readonly tokens: IssuedTokens,
  ) {}

  /** Only requests with a bearer or a session's form token come here: see AuthorizationServer.handle. */
  @Post(routes.introspection)
  @HttpCode(200)
  async introspect(
    @Body() body: Record<string, unknown> | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    response.setHeader('Cache-Control', 'no-store')
    try {
      await this.requireAdministrator(request)
      const token = body?.token
      if (typeof token !== 'string' || token === '') {
        throw new Problem('invalid-request', 'Send the token to look at as the form field "token".')
      }
      response.json(await this.tokens.introspect(token, 'administrator'))
    } catch (error) {
      const code = error instanceof Problem ? errorCodes[error.code] : undefined
      if (!(error instanceof Problem) || code === undefined) throw error
      response.status(error.status).set(error.headers).json({ error: code, error_description: error.detail })
    }
  }

  private async requireAdministrator(request: Request): Promise<void> {
    if (await this.isAdministrator(request)) return
    throw new Problem('forbidden', 'Only administrators may look at the tokens of others.')
  }

  private async isAdministrator(request: Request): Promise<boolean> {
    if (request.headers.authorization !== undefined) return (await this.bearers.requireAccess(request)).administrator
    const session = await this.sessions.find(request)
    if (!session) throw new Problem('sign-in-required', 'You are not signed in here, or no longer.')
    requireFormToken(request, session)
    return session.viewer.administrator
  }
}
