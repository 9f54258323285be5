// Writes down what the authorization server does by itself: programs that register, and authorizations ended by a theft.
import { Injectable } from '@nestjs/common'
import type { Request } from 'express'
import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { addressOf } from '../accounts/session.js'
import { AuditLog } from '../audit/audit-log.js'
import { AuditedRefusals } from '../audit/refusals.js'
import type { ClientMetadata } from './clients.js'
import type { Grant } from './grants.js'
import { programName } from './program-name.js'
import { redirectTargetOf } from './redirect-target.js'

@Injectable()
export class AuthorizationAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly refusals: AuditedRefusals,
  ) {}

  /** Hears of registrations that are refused, from now on. The writing never throws, so nobody needs to wait for it. */
  listen(provider: Provider): void {
    provider.on('registration_create.error', (ctx, error) => void this.registrationRefused(ctx, error))
  }

  /** A program that registered itself. */
  async registered(metadata: ClientMetadata): Promise<void> {
    const { client_id: clientId, client_name: name, redirect_uris: redirectUris } = metadata
    await this.audit.record({
      kind: 'client',
      action: 'register',
      outcome: 'ok',
      clientId,
      target: { type: 'client', id: clientId },
      details: { name: programName(name), returns_to: (redirectUris ?? []).map((uri) => redirectTargetOf(uri).name) },
    })
  }

  private async registrationRefused(ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): Promise<void> {
    const { error: fault, error_description: description } = error
    await this.refusals.record(`register ${addressOf(ctx.req as Request)}`, {
      kind: 'client',
      action: 'register',
      outcome: 'refused',
      reason: fault.replaceAll('_', '-'),
      details: { said: description },
    })
  }

  /**
   * An authorization that was ended because a code or refresh token came a second time; for nothing else does
   * oidc-provider end one by itself.
   * @param grantType of the token request that brought it
   */
  async stolen({ id, userId, clientId }: Pick<Grant, 'id' | 'userId' | 'clientId'>, grantType: unknown): Promise<void> {
    await this.audit.record({
      kind: 'grant',
      action: 'end',
      outcome: 'ok',
      reason: grantType === 'refresh_token' ? 'refresh-reuse' : 'code-reuse',
      clientId,
      grantId: id,
      target: { type: 'user', id: userId },
    })
  }
}
