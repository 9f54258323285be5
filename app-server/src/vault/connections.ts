// The accounts people have connected: keeping, naming a default, removing; their tokens are sealed in their own rows.
import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Database, type Sql } from '../platform/database/database.js'
import { placeIn } from '../platform/sealed-values.js'
import { SealBroken, SecretBox } from '../platform/secret-box.js'
import type { Account } from '../providers/connect.js'
import { sealedAccessTokens, sealedRefreshTokens } from './sealed-columns.js'
import { t } from './t.js'
import type { Tokens } from './token-endpoint.js'

/** Accounts of one service that a person can connect. */
export const maxAccounts = 20

export type ConnectionStatus = 'connected' | 'reconnect-needed' | 'revoked'

/** A connected account as it may be shown: never with its tokens. */
export interface Connection {
  readonly id: string
  readonly userId: string
  readonly provider: string
  readonly credentialId: string
  readonly credentialKind: 'oauth-client' | 'token'
  readonly account: Account
  /** What the service gave, in its own words; null where nobody knows. */
  readonly scopes: readonly string[] | null
  readonly status: ConnectionStatus
  /** Why it is not connected, e.g. `grant-gone`. */
  readonly statusReason: string | null
  readonly statusAt: Date
  readonly isDefault: boolean
  readonly connectedAt: Date
  readonly lastUsedAt: Date | null
  /** When its access token ends; null where it does not, or nobody knows. */
  readonly expiresAt: Date | null
  /** When its tokens were last renewed; null where there is nothing to renew. */
  readonly refreshedAt: Date | null
  /** Why the last renewal brought nothing while the account stays connected, e.g. `client:invalid_client`; null: it did. */
  readonly renewalFailure: string | null
}

export interface NewConnection {
  readonly userId: string
  readonly provider: string
  readonly credentialId: string
  readonly account: Account
  readonly scopes: readonly string[] | null
  /** Undefined with a credential of kind token: that holds the token itself. */
  readonly tokens: Tokens | undefined
}

/** What was removed, with what its service is told so that it forgets the authorization too. */
export interface RemovedConnection {
  readonly connection: Connection
  /** Undefined where the token is a person's own to withdraw, or does not open any more. */
  readonly tokens: { readonly accessToken: string; readonly refreshToken: string | undefined } | undefined
}

const shown = `c.id, c.user_id AS "userId", c.provider, c.credential_id AS "credentialId", k.kind AS "credentialKind",
  json_build_object('id', c.account_id, 'label', c.label, 'details', c.details) AS account, c.scopes, c.status,
  c.status_reason AS "statusReason", c.status_at AS "statusAt", c.is_default AS "isDefault",
  c.connected_at AS "connectedAt", c.last_used_at AS "lastUsedAt", t.expires_at AS "expiresAt",
  t.refreshed_at AS "refreshedAt", t.failure AS "renewalFailure"`
const joined = `connections c JOIN credentials k ON k.id = c.credential_id
  LEFT JOIN oauth_tokens t ON t.connection_id = c.id`

@Injectable()
export class Connections {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** A person's accounts: by provider, the default first, then by name. */
  list(userId: string, provider?: string, sql: Sql = this.database): Promise<Connection[]> {
    return sql.query<Connection>(
      `SELECT ${shown} FROM ${joined} WHERE c.user_id = $1 AND ($2::text IS NULL OR c.provider = $2)
        ORDER BY c.provider, c.is_default DESC, lower(c.label), c.id`,
      [userId, provider ?? null],
    )
  }

  /** One of a person's accounts, by its id. */
  async find(userId: string, id: string, sql: Sql = this.database): Promise<Connection | undefined> {
    const [row] = await sql.query<Connection>(`SELECT ${shown} FROM ${joined} WHERE c.user_id = $1 AND c.id = $2`, [
      userId,
      id,
    ])
    return row
  }

  /** Throws Problem not-found. */
  async require(userId: string, id: string, sql: Sql = this.database): Promise<Connection> {
    const found = await this.find(userId, id, sql)
    if (!found) throw gone()
    return found
  }

  /**
   * Keeps an account that was connected: a new one, or one that is connected anew. The first becomes the default.
   * Throws Problem conflict when the person has too many.
   */
  async keep(given: NewConnection, sql?: Sql): Promise<Connection> {
    if (!sql) return this.database.transaction((own) => this.keep(given, own))
    const { userId, provider, account, tokens } = given
    await this.lockPerson(userId, sql)
    const [known] = await sql.query<{ id: string; credentialId: string }>(
      `SELECT id, credential_id AS "credentialId" FROM connections
        WHERE user_id = $1 AND provider = $2 AND account_id = $3 FOR UPDATE`,
      [userId, provider, account.id],
    )
    const id = known?.id ?? randomUUID()
    if (known) await this.renew(id, given, sql)
    else await this.add(id, given, sql)
    if (tokens) await this.keepTokens(id, tokens, known?.credentialId === given.credentialId, sql)
    else await sql.query('DELETE FROM oauth_tokens WHERE connection_id = $1', [id])
    if (known && known.credentialId !== given.credentialId) await this.forgetOwnToken(known.credentialId, sql)
    return this.require(userId, id, sql)
  }

  /** Makes it the one that calls use which name none. Throws Problem not-found. */
  async setDefault(userId: string, id: string): Promise<Connection> {
    return this.database.transaction(async (sql) => {
      await this.lockPerson(userId, sql)
      const { provider } = await this.require(userId, id, sql)
      await sql.query('UPDATE connections SET is_default = false WHERE user_id = $1 AND provider = $2 AND is_default', [
        userId,
        provider,
      ])
      await sql.query('UPDATE connections SET is_default = true WHERE id = $1', [id])
      return this.require(userId, id, sql)
    })
  }

  /**
   * Removes an account: the very next call with it is refused on every replica. Another becomes the default if it was.
   * A token of the person's own that nothing else uses goes with it. Throws Problem not-found.
   */
  async remove(userId: string, id: string): Promise<RemovedConnection> {
    return this.database.transaction(async (sql) => {
      await this.lockPerson(userId, sql)
      const connection = await this.require(userId, id, sql)
      const [row] = await sql.query<SealedTokens>(
        'SELECT access_token, refresh_token FROM oauth_tokens WHERE connection_id = $1',
        [id],
      )
      await sql.query('DELETE FROM connections WHERE id = $1', [id])
      if (connection.isDefault) await this.chooseDefault(userId, connection.provider, sql)
      await this.forgetOwnToken(connection.credentialId, sql)
      return { connection, tokens: row && this.openTokens(id, row) }
    })
  }

  private async add(id: string, given: NewConnection, sql: Sql): Promise<void> {
    const { userId, provider, credentialId, account, scopes } = given
    const [row] = await sql.query<{ count: number; hasDefault: boolean }>(
      `SELECT count(*)::int AS count, coalesce(bool_or(is_default), false) AS "hasDefault" FROM connections
        WHERE user_id = $1 AND provider = $2`,
      [userId, provider],
    )
    if ((row?.count ?? 0) >= maxAccounts) {
      throw new Problem(
        'conflict',
        t('You have {count} accounts of this service connected. Disconnect one first.', { count: maxAccounts }),
      )
    }
    await sql.query(
      `INSERT INTO connections (id, user_id, provider, credential_id, account_id, label, details, scopes, is_default)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        userId,
        provider,
        credentialId,
        account.id,
        account.label.slice(0, 200),
        JSON.stringify(account.details),
        scopes,
        row?.hasDefault !== true,
      ],
    )
  }

  private async renew(id: string, { credentialId, account, scopes }: NewConnection, sql: Sql): Promise<void> {
    await sql.query(
      `UPDATE connections
          SET credential_id = $2, label = $3, details = $4, scopes = $5, status = 'connected', status_reason = NULL,
              status_at = now(), connected_at = now()
        WHERE id = $1`,
      [id, credentialId, account.label.slice(0, 200), JSON.stringify(account.details), scopes],
    )
  }

  /**
   * A service that knows the client may leave out the refresh token the second time: the one it gave before still counts.
   * The generation moves on, so that whoever was renewing the old tokens lets them be.
   */
  private async keepTokens(id: string, tokens: Tokens, sameClient: boolean, sql: Sql): Promise<void> {
    const { accessToken, refreshToken, expiresAt } = tokens
    await sql.query(
      `INSERT INTO oauth_tokens (connection_id, access_token, refresh_token, expires_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (connection_id) DO UPDATE
         SET access_token = excluded.access_token, expires_at = excluded.expires_at, refreshed_at = now(),
             refresh_token = coalesce(excluded.refresh_token, CASE WHEN $5 THEN oauth_tokens.refresh_token END),
             generation = oauth_tokens.generation + 1, lease_id = NULL, lease_until = NULL, renewal_began_at = NULL,
             failures = 0, failure = NULL, retry_at = NULL`,
      [
        id,
        this.box.seal(accessToken, placeIn(sealedAccessTokens, id)),
        refreshToken === undefined ? null : this.box.seal(refreshToken, placeIn(sealedRefreshTokens, id)),
        expiresAt ?? null,
        sameClient,
      ],
    )
  }

  /** One that works rather than one that does not, and the oldest of them. */
  private async chooseDefault(userId: string, provider: string, sql: Sql): Promise<void> {
    await sql.query(
      `UPDATE connections SET is_default = true
        WHERE id = (SELECT id FROM connections WHERE user_id = $1 AND provider = $2
                     ORDER BY status <> 'connected', connected_at, id LIMIT 1)`,
      [userId, provider],
    )
  }

  private async forgetOwnToken(credentialId: string, sql: Sql): Promise<void> {
    await sql.query(
      `DELETE FROM credentials k
        WHERE k.id = $1 AND k.kind = 'token' AND k.owner_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM connections c WHERE c.credential_id = k.id)`,
      [credentialId],
    )
  }

  /** What one person does to their accounts happens one after the other. */
  private async lockPerson(userId: string, sql: Sql): Promise<void> {
    await sql.query('SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE', [userId])
  }

  private openTokens(id: string, sealed: SealedTokens): RemovedConnection['tokens'] {
    try {
      return {
        accessToken: this.box.open(sealed.access_token, placeIn(sealedAccessTokens, id)).toString(),
        refreshToken:
          sealed.refresh_token === null
            ? undefined
            : this.box.open(sealed.refresh_token, placeIn(sealedRefreshTokens, id)).toString(),
      }
    } catch (error) {
      if (error instanceof SealBroken) return undefined
      throw error
    }
  }
}

interface SealedTokens {
  access_token: Buffer
  refresh_token: Buffer | null
}

function gone(): Problem {
  return new Problem('not-found', t('This account is not connected, or no longer.'))
}
