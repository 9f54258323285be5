// The one place where a bearer becomes a caller: an access token of ours, of an active person, not withdrawn.
import type { IncomingMessage } from 'node:http'
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import type { Request } from 'express'
import { AuditedRefusals } from '../audit/refusals.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import type { Access } from './access.js'
import {
  bearerChallenge,
  type RefusalReason,
  RefusedAccess,
  type RefusedToken,
  resourceMetadataUrl,
} from './challenge.js'
import { Standings } from './standing.js'
import { TokenFault, TokenVerifier } from './token-verifier.js'

const accessOf = Symbol('access')
type RequestWithAccess = Request & { [accessOf]?: Access }

/** Credentials of the Bearer scheme (RFC 6750, section 2.1). */
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i
const bearerScheme = /^Bearer(?: |$)/i

@Injectable()
export class BearerGuard implements CanActivate {
  private readonly metadataUrl: string

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly standings: Standings,
    private readonly registry: ProviderRegistry,
    private readonly refusals: AuditedRefusals,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.metadataUrl = resourceMetadataUrl(settings.mcpUrl)
  }

  /** Throws RefusedAccess; the same answer for every token that does not do, whatever the reason. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestWithAccess>()
    request[accessOf] = await this.requireAccess(request)
    return true
  }

  /** The caller of a request by its bearer. Throws RefusedAccess. */
  async requireAccess(request: IncomingMessage): Promise<Access> {
    try {
      const token = await this.verifier.verify(this.requireBearer(request))
      const standing = await this.standings.find(token)
      if (typeof standing === 'string') throw new TokenFault(standing, token)
      const { tokenId, userId, clientId, grantId, sessionId, expiresAt } = token
      const ownerId = grantId ?? sessionId ?? tokenId
      const resourceMetadataUrl = this.metadataUrl
      return { ...standing, tokenId, userId, clientId, grantId, sessionId, ownerId, expiresAt, resourceMetadataUrl }
    } catch (error) {
      if (!(error instanceof TokenFault)) throw error
      await this.audit(error)
      throw this.refusal(error.reason, error.token)
    }
  }

  /** The token of the one Authorization header; nowhere else is one looked for (OAuth 2.1, section 5.1). */
  private requireBearer({ rawHeaders, headers, url = '' }: IncomingMessage): string {
    const given = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization')
    const query = url.indexOf('?')
    const inQuery = query >= 0 && new URLSearchParams(url.slice(query)).has('access_token')
    if (given.length > 1 || inQuery) throw new TokenFault('token-misplaced')
    const { authorization } = headers
    if (authorization === undefined || !bearerScheme.test(authorization)) throw new TokenFault('token-missing')
    const token = bearer.exec(authorization)?.[1]
    if (token === undefined) throw new TokenFault('token-malformed')
    return token
  }

  /** Only of tokens that were once good: of others there is nobody to name, and anybody can send any number. */
  private async audit({ reason, token }: TokenFault): Promise<void> {
    const { userId, clientId, grantId, tokenId } = token
    if (tokenId === undefined) return
    await this.refusals.record(`${reason} ${grantId ?? tokenId}`, {
      kind: 'access',
      action: 'refuse',
      outcome: 'refused',
      reason,
      actorId: userId,
      clientId,
      grantId,
      details: { bearer_id: tokenId },
    })
  }

  private refusal(reason: RefusalReason, token: RefusedToken): RefusedAccess {
    const parts = { resourceMetadataUrl: this.metadataUrl, scopes: this.registry.scopes.keys() }
    switch (reason) {
      case 'token-missing':
        return new RefusedAccess(
          reason,
          'invalid-token',
          'This needs an access token. Send it as "Authorization: Bearer <token>"; the challenge says where to get one.',
          bearerChallenge(parts),
        )
      case 'token-misplaced':
        return new RefusedAccess(
          reason,
          'invalid-request',
          'Send the access token once, in the Authorization header, and nowhere else.',
          bearerChallenge({
            ...parts,
            error: 'invalid_request',
            description: 'Send the access token in one Authorization header',
          }),
        )
      default:
        return new RefusedAccess(
          reason,
          'invalid-token',
          'The access token is not valid here, or no longer. Get a new one and try again.',
          bearerChallenge({
            ...parts,
            error: 'invalid_token',
            description: 'The access token is not valid here, or no longer',
          }),
          token,
        )
    }
  }
}

/** The caller of a request that passed BearerGuard. */
export const CurrentAccess = createParamDecorator((_data: unknown, context: ExecutionContext): Access => {
  const access = context.switchToHttp().getRequest<RequestWithAccess>()[accessOf]
  if (!access) throw new Error('CurrentAccess is for routes behind BearerGuard')
  return access
})
