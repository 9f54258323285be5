// What a call needs to know of a person's accounts at one service, in one statement that calls of the same moment share.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { Gathered } from '../platform/database/gathered.js'
import type { ConnectionStatus } from './connections.js'

/** An account with its sealed token, as it is at this moment. */
export interface HeldAccount {
  readonly id: string
  readonly userId: string
  readonly accountId: string
  readonly label: string
  readonly details: Record<string, unknown>
  readonly scopes: readonly string[] | null
  readonly status: ConnectionStatus
  readonly statusReason: string | null
  readonly statusAt: Date
  readonly isDefault: boolean
  readonly credentialId: string
  readonly credentialKind: 'oauth-client' | 'token'
  /** Whether it is the person's own, and not the operator's. */
  readonly credentialIsOwn: boolean
  /** What was given beside a token. */
  readonly fields: Readonly<Record<string, string>>
  /** The sealed token: of the account, or of its credential of kind token. */
  readonly sealedToken: Buffer
  readonly renewable: boolean
  readonly expiresAt: Date | null
  readonly refreshedAt: Date
  /** Counts renewals of the account's tokens; 0 where the token is the credential's. */
  readonly generation: number
  readonly connectedAt: Date
  /** Whether somebody is renewing the token, or it is too early to try again. */
  readonly renewalWaits: boolean
  /** Whether it is time to note that the account is used. */
  readonly unnoted: boolean
}

interface Question {
  readonly userId: string
  readonly provider: string
}

/** Questions looked at by one statement, and most that wait for theirs. */
const limits = { maxBatch: 128, maxWaiting: 4_096 }

@Injectable()
export class HeldAccounts {
  private readonly gathered: Gathered<Question, HeldAccount[]>

  constructor(private readonly database: Database) {
    const read = database.prepare<HeldAccount & { n: number }>(
      'held-accounts',
      `SELECT a.n::int, c.id, c.user_id AS "userId", c.account_id AS "accountId", c.label, c.details, c.scopes, c.status,
              c.status_reason AS "statusReason", c.status_at AS "statusAt", c.is_default AS "isDefault",
              k.id AS "credentialId", k.kind AS "credentialKind",
              k.owner_id IS NOT NULL AS "credentialIsOwn", k.fields,
              CASE k.kind WHEN 'token' THEN k.secret ELSE t.access_token END AS "sealedToken",
              t.refresh_token IS NOT NULL AND k.kind = 'oauth-client' AS renewable, t.expires_at AS "expiresAt",
              coalesce(t.refreshed_at, k.updated_at) AS "refreshedAt",
              coalesce(t.generation, 0) AS generation,
              c.connected_at AS "connectedAt",
              coalesce(t.lease_until > now(), false) OR coalesce(t.retry_at > now(), false) AS "renewalWaits",
              c.last_used_at IS NULL OR c.last_used_at < now() - interval '1 minute' AS unnoted
         FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS a (user_id, provider, n)
         JOIN connections c ON c.user_id = a.user_id AND c.provider = a.provider
         JOIN credentials k ON k.id = c.credential_id
         LEFT JOIN oauth_tokens t ON t.connection_id = c.id
        WHERE k.kind = 'token' OR t.access_token IS NOT NULL
        ORDER BY a.n, c.is_default DESC, c.connected_at, c.id`,
    )
    this.gathered = new Gathered(async (questions) => {
      const answers: HeldAccount[][] = questions.map(() => [])
      const rows = await read([questions.map(({ userId }) => userId), questions.map(({ provider }) => provider)])
      for (const row of rows) answers[row.n - 1]?.push(row)
      return answers
    }, limits)
  }

  /**
   * A person's accounts at one service, the default first, by a statement that begins after this was asked: whatever was
   * committed before, on any replica, counts.
   */
  find(userId: string, provider: string): Promise<HeldAccount[]> {
    return this.gathered.add({ userId, provider })
  }

  /** Notes that an account is used, at most once a minute, never waiting for another call that is just doing so. */
  async noteUse({ id, unnoted }: HeldAccount): Promise<void> {
    if (!unnoted) return
    await this.database.query(
      `UPDATE connections SET last_used_at = now()
        WHERE id = (SELECT id FROM connections
                     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
                     FOR UPDATE SKIP LOCKED)`,
      [id],
    )
  }
}
