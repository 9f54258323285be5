// What we can tell of a token that we gave out (RFC 7662), and the ending of one that its client gives back (RFC 7009).
import { Inject, Injectable } from '@nestjs/common'
import { decodeJwt } from 'jose'
import { AuditLog } from '../audit/audit-log.js'
import { Database } from '../platform/database/database.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { digestOf } from './artifacts.js'
import { Standings } from './standing.js'
import { TokenFault, TokenVerifier } from './token-verifier.js'

/** Who asks: a client, told of its own tokens only, or an administrator, told of any. */
export type Asker = { readonly clientId: string } | 'administrator'

/** The answer by the names of RFC 7662, section 2.2. Nothing is said of a token that is not active. */
export type Introspection =
  | { active: false }
  | {
      active: true
      scope: string
      client_id: string
      username: string
      sub: string
      iss: string
      /** Seconds since 1970, as `iat`. */
      exp: number
      iat: number
      /** Access tokens alone are used as bearers, for one audience; a refresh token has none of these. */
      token_type?: 'Bearer'
      aud?: string
      jti?: string
    }

interface RefreshTokenRow {
  clientId: string
  userId: string
  email: string
  scopes: string[]
  exp: number
  iat: number
}

const inactive = { active: false } as const

/** By their form the two kinds cannot be taken for each other: our refresh tokens have no dots. */
const signed = /^[^.]+\.[^.]+\.[^.]+$/

@Injectable()
export class IssuedTokens {
  constructor(
    private readonly database: Database,
    private readonly verifier: TokenVerifier,
    private readonly standings: Standings,
    private readonly audit: AuditLog,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl' | 'mcpUrl'>,
  ) {}

  /** Whether a token would be taken at this moment, and what it is good for: the same look-ups as when it is used. */
  async introspect(token: string, asker: Asker): Promise<Introspection> {
    const found = signed.test(token) ? await this.accessToken(token) : await this.refreshToken(token)
    return found.active && (asker === 'administrator' || asker.clientId === found.client_id) ? found : inactive
  }

  /**
   * Ends the authorization of a client's own token, and with it every token of that authorization (RFC 7009, section 2.1:
   * an access token takes its refresh token with it). Says whether it ended one; an unknown, expired or foreign token is
   * no error (section 2.2).
   */
  async revoke(token: string, clientId: string): Promise<boolean> {
    const grantId = signed.test(token) ? await this.grantOfAccessToken(token) : await this.grantOfRefreshToken(token)
    if (grantId === undefined) return false
    const [ended] = await this.database.query<{ userId: string }>(
      'DELETE FROM oauth_grants WHERE id = $1 AND client_id = $2 RETURNING user_id AS "userId"',
      [grantId, clientId],
    )
    if (!ended) return false
    await this.audit.record({
      kind: 'grant',
      action: 'end',
      outcome: 'ok',
      reason: 'given-back',
      clientId,
      grantId,
      target: { type: 'user', id: ended.userId },
    })
    return true
  }

  private async accessToken(token: string): Promise<Introspection> {
    const verified = await this.findVerified(token)
    const standing = verified && (await this.standings.find(verified))
    if (!verified || standing === undefined || typeof standing === 'string') return inactive
    return {
      active: true,
      scope: [...standing.scopes].join(' '),
      client_id: verified.clientId,
      username: standing.email,
      token_type: 'Bearer',
      exp: Math.floor(verified.expiresAt.getTime() / 1000),
      iat: decodeJwt(token).iat ?? 0,
      sub: verified.userId,
      aud: this.settings.mcpUrl,
      iss: this.settings.publicUrl,
      jti: verified.tokenId,
    }
  }

  /** A replaced refresh token is not active, although its grace may still forgive one use more. */
  private async refreshToken(token: string): Promise<Introspection> {
    const [row] = await this.database.query<RefreshTokenRow>(
      `SELECT g.client_id AS "clientId", g.user_id AS "userId", u.email, g.scopes,
              extract(epoch FROM a.expires_at)::int AS exp, (a.payload ->> 'iat')::int AS iat
         FROM oauth_artifacts a
         JOIN oauth_grants g ON g.id = a.grant_id AND g.expires_at > now()
         JOIN users u ON u.id = g.user_id AND u.status = 'active'
        WHERE a.model = 'RefreshToken' AND a.digest = $1 AND a.expires_at > now() AND a.consumed_at IS NULL`,
      [digestOf(token)],
    )
    if (!row) return inactive
    return {
      active: true,
      scope: row.scopes.join(' '),
      client_id: row.clientId,
      username: row.email,
      exp: row.exp,
      iat: row.iat,
      sub: row.userId,
      iss: this.settings.publicUrl,
    }
  }

  private async grantOfAccessToken(token: string): Promise<string | undefined> {
    return (await this.findVerified(token))?.grantId
  }

  /** Also of a replaced one, as long as we remember it: whoever gives it back wants the authorization ended. */
  private async grantOfRefreshToken(token: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ grantId: string }>(
      `SELECT grant_id AS "grantId" FROM oauth_artifacts
        WHERE model = 'RefreshToken' AND digest = $1 AND expires_at > now()`,
      [digestOf(token)],
    )
    return row?.grantId
  }

  private async findVerified(token: string) {
    try {
      return await this.verifier.verify(token)
    } catch (error) {
      if (error instanceof TokenFault) return undefined
      throw error
    }
  }
}
