// Who may renew an account's tokens, in the database: a lease in their row, and writes that count on what was seen.
import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { notify } from '../platform/database/notices.js'
import { placeIn } from '../platform/sealed-values.js'
import { SecretBox } from '../platform/secret-box.js'
import type { ConnectionStatus } from './connections.js'
import { sealedAccessTokens, sealedRefreshTokens } from './sealed-columns.js'
import { type TokenEndpointFailure, type Tokens, tokenRequestMs } from './token-endpoint.js'

/** A lease outlives the request that is made under it, so that two are never under way. */
export const leaseMs = tokenRequestMs + 5_000

/** Told when a renewal ended, however: its body is the id of the connection. */
export const renewalEnded = 'vault-renewal-ended'

/** Seconds to the next renewal after the first failure; each further one doubles it. */
const firstPauseSeconds = 5
const longestPauseSeconds = 300
/** Longest pause that a service can ask for. */
const longestToldPauseSeconds = 3_600

/** The right to renew one account's tokens, for a while. */
export interface Lease {
  readonly id: string
  readonly connectionId: string
  /** The renewal that this one follows. */
  readonly generation: number
  /** Sealed. */
  readonly refreshToken: Buffer
  /** When the last renewal began whose end nobody knows: its holder died, or the service's answer never came. */
  readonly unsureSince: Date | null
}

/** How an account's tokens are at this moment. */
export interface TokenState {
  readonly generation: number
  readonly accessToken: Buffer
  readonly status: ConnectionStatus
  readonly statusReason: string | null
  readonly statusAt: Date
  /** Nobody asks the service before; null: anybody may. */
  readonly retryAt: Date | null
  readonly failure: string | null
  /** Whether somebody is renewing them. */
  readonly leased: boolean
}

@Injectable()
export class RenewalLeases {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /**
   * The lease, unless the tokens have been renewed since they were seen, somebody has it, or it is too early to try again.
   */
  async take(connectionId: string, generation: number): Promise<Lease | undefined> {
    const id = randomUUID()
    const [row] = await this.database.query<{ refreshToken: Buffer; unsureSince: Date | null }>(
      `UPDATE oauth_tokens t
          SET lease_id = $3, lease_until = now() + $4 * interval '1 millisecond', renewal_began_at = now()
         FROM connections c
        WHERE t.connection_id = $1 AND t.generation = $2 AND t.refresh_token IS NOT NULL
          AND c.id = t.connection_id AND c.status = 'connected'
          AND (t.lease_until IS NULL OR t.lease_until <= now()) AND (t.retry_at IS NULL OR t.retry_at <= now())
       RETURNING t.refresh_token AS "refreshToken", old.renewal_began_at AS "unsureSince"`,
      [connectionId, generation, id, leaseMs],
    )
    return row && { id, connectionId, generation, ...row }
  }

  /** Holds the lease for another request. False when it has ended meanwhile. */
  async extend({ id, connectionId }: Lease): Promise<boolean> {
    const extended = await this.database.query(
      `UPDATE oauth_tokens SET lease_until = now() + $3 * interval '1 millisecond'
        WHERE connection_id = $1 AND lease_id = $2 AND lease_until > now() RETURNING 1`,
      [connectionId, id, leaseMs],
    )
    return extended.length > 0
  }

  /**
   * Keeps new tokens and ends the lease, in one statement. A refresh token that was not sent back stays the old one.
   * False when other tokens have been kept since the lease was taken: then these count for nothing.
   */
  async store({ connectionId, generation }: Lease, tokens: Tokens): Promise<boolean> {
    const { accessToken, refreshToken, expiresAt } = tokens
    const stored = await this.database.query(
      `UPDATE oauth_tokens
          SET access_token = $3, refresh_token = coalesce($4, refresh_token), expires_at = $5, refreshed_at = now(),
              generation = generation + 1, lease_id = NULL, lease_until = NULL, renewal_began_at = NULL,
              failures = 0, failure = NULL, retry_at = NULL
        WHERE connection_id = $1 AND generation = $2 RETURNING 1`,
      [
        connectionId,
        generation,
        this.box.seal(accessToken, placeIn(sealedAccessTokens, connectionId)),
        refreshToken === undefined ? null : this.box.seal(refreshToken, placeIn(sealedRefreshTokens, connectionId)),
        expiresAt ?? null,
      ],
    )
    await this.tell(connectionId)
    return stored.length > 0
  }

  /**
   * Ends the lease after a renewal that brought nothing, and makes all replicas pause: longer each time.
   * @param unsure when the request began of which nobody knows whether the service renewed the tokens, if there was one
   */
  async giveUp({ id, connectionId }: Lease, failure: TokenEndpointFailure, unsure: Date | null): Promise<void> {
    await this.database.query(
      `UPDATE oauth_tokens
          SET lease_id = NULL, lease_until = NULL, renewal_began_at = $6, failures = failures + 1, failure = $5,
              retry_at = now() + interval '1 second'
                * greatest(least($3 * 2 ^ least(failures, 10), ${longestPauseSeconds}), $4)
        WHERE connection_id = $1 AND lease_id = $2`,
      [
        connectionId,
        id,
        firstPauseSeconds,
        Math.min(failure.retryAfterSeconds ?? 0, longestToldPauseSeconds),
        `${failure.kind}:${failure.error}`.slice(0, 100),
        unsure,
      ],
    )
    await this.tell(connectionId)
  }

  /** How the tokens are now; undefined when the account is not there any more. */
  async look(connectionId: string): Promise<TokenState | undefined> {
    const [row] = await this.database.query<TokenState>(
      `SELECT t.generation, t.access_token AS "accessToken", c.status, c.status_reason AS "statusReason",
              c.status_at AS "statusAt", CASE WHEN t.retry_at > now() THEN t.retry_at END AS "retryAt", t.failure,
              coalesce(t.lease_until > now(), false) AS leased
         FROM oauth_tokens t JOIN connections c ON c.id = t.connection_id WHERE t.connection_id = $1`,
      [connectionId],
    )
    return row
  }

  /** Those who wait look again at once; who does not hear it looks by itself. */
  private async tell(connectionId: string): Promise<void> {
    await notify(this.database, renewalEnded, connectionId).catch(() => undefined)
  }
}
