// Whether a genuine token still counts: its person, and its authorization or session, in one SQL round trip.
import { Inject, Injectable } from '@nestjs/common'
import { alive } from '../accounts/session.js'
import { Database } from '../platform/database/database.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { RefusalReason } from './challenge.js'
import type { VerifiedToken } from './token-verifier.js'

/** The present state behind a token. */
export interface Standing {
  readonly email: string
  readonly name: string
  readonly administrator: boolean
  readonly clientName: string | undefined
  /** What the token holds and its authorization still allows. */
  readonly scopes: ReadonlySet<string>
}

interface Row {
  status: 'active' | 'suspended' | 'disabled'
  email: string
  name: string
  administrator: boolean
  /** Null when the authorization or session is gone. */
  scopes: string[] | null
  clientName: string | null
}

@Injectable()
export class Standings {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'sessionIdleMs' | 'sessionMaxMs'>,
  ) {}

  /** The standing of a token, or why it has none. */
  async find(token: VerifiedToken): Promise<Standing | RefusalReason> {
    const [row] = token.grantId === undefined ? await this.ofSession(token) : await this.ofGrant(token)
    if (!row) return 'user-unknown'
    if (row.status !== 'active') return row.status === 'suspended' ? 'user-suspended' : 'user-disabled'
    if (row.scopes === null) return token.grantId === undefined ? 'session-ended' : 'grant-withdrawn'
    const allowed = new Set(row.scopes)
    return {
      email: row.email,
      name: row.name,
      administrator: row.administrator,
      clientName: row.clientName ?? undefined,
      scopes: new Set(token.scopes.filter((scope) => allowed.has(scope))),
    }
  }

  /** Notes the use at most once a minute, and never waits for another call that is just doing so. */
  private ofGrant({ userId, clientId, grantId }: VerifiedToken): Promise<Row[]> {
    return this.database.query<Row>(
      `WITH used AS (
         UPDATE oauth_grants SET last_used_at = now() WHERE id = (
           SELECT id FROM oauth_grants
            WHERE id = $2 AND user_id = $1 AND client_id = $3
              AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
              FOR UPDATE SKIP LOCKED))
       SELECT u.status, u.email, u.name, u.role = 'administrator' AS administrator,
              g.scopes, c.name AS "clientName"
         FROM users u
         LEFT JOIN oauth_grants g
           ON g.id = $2 AND g.user_id = u.id AND g.client_id = $3 AND g.expires_at > now()
         LEFT JOIN oauth_clients c ON c.id = g.client_id
        WHERE u.id = $1`,
      [userId, grantId, clientId],
    )
  }

  /** A session allows whatever was minted for it. */
  private ofSession({ userId, sessionId, scopes }: VerifiedToken): Promise<Row[]> {
    return this.database.query<Row>(
      `SELECT u.status, u.email, u.name, u.role = 'administrator' AS administrator,
              CASE WHEN s.id IS NOT NULL THEN $5::text[] END AS scopes, NULL AS "clientName"
         FROM users u
         LEFT JOIN sessions s ON s.id = $2 AND s.user_id = u.id AND ${alive('$3', '$4')}
        WHERE u.id = $1`,
      [userId, sessionId, this.settings.sessionIdleMs, this.settings.sessionMaxMs, scopes],
    )
  }
}
