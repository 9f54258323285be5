// Changes of credentials that accounts hang on: what becomes of those is settled in the same transaction.
import { Injectable } from '@nestjs/common'
import { Database, type Sql } from '../platform/database/database.js'
import type { GivenClient } from '../platform/service-settings.js'
import type { Account } from '../providers/connect.js'
import type { GivenToken } from './connect-flow.js'
import { Connectables } from './connectables.js'
import { type Credential, Credentials } from './credentials.js'
import { Losses } from './losses.js'

/** Why an account must be connected again after another client took the place of the one it was connected by. */
export const clientReplaced = 'client-replaced'

export interface ClientOwner {
  readonly provider: string
  /** The person whose own it is; null is shared by the operator. */
  readonly ownerId: string | null
}

export interface ClientChange {
  readonly credential: Credential
  readonly added: boolean
  /** Accounts that must be connected again, because tokens belong to the client they were given to. */
  readonly lost: number
}

@Injectable()
export class ClientChanges {
  constructor(
    private readonly database: Database,
    private readonly credentials: Credentials,
    private readonly connectables: Connectables,
    private readonly losses: Losses,
  ) {}

  /** Keeps the OAuth client of a provider, in place of the one there was. A new secret alone loses nothing. */
  put(owner: ClientOwner, client: GivenClient, origin: Credential['origin'], sql?: Sql): Promise<ClientChange> {
    if (!sql) return this.database.transaction((own) => this.put(owner, client, origin, own))
    return this.putIn(owner, client, origin, sql)
  }

  /**
   * Keeps the token of the account that the operator shares, in place of the one there was. Whoever is connected by it goes
   * on with the same account; with another account nobody does, because they did not choose that one.
   */
  async putSharedToken(provider: string, account: Account, given: GivenToken): Promise<ClientChange> {
    return this.database.transaction(async (sql) => {
      await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`shared token ${provider}`])
      const [known] = (await this.credentials.list({ provider, ownerId: null }, sql)).filter(
        ({ kind }) => kind === 'token',
      )
      const change = { label: account.label, secret: given.token, fields: given.fields }
      if (!known) {
        const credential = await this.credentials.create({ provider, ownerId: null, kind: 'token', ...change }, sql)
        return { credential, added: true, lost: 0 }
      }
      const credential = await this.credentials.update(known.id, change, sql)
      await sql.query(
        `UPDATE connections SET status = 'connected', status_reason = NULL, status_at = now(), label = $3, details = $4
          WHERE credential_id = $1 AND account_id = $2`,
        [known.id, account.id, account.label, JSON.stringify(account.details)],
      )
      const lost = await this.lose(sql, credential, account.id)
      return { credential, added: false, lost }
    })
  }

  /** Removes a credential and every account that hangs on it; says how many these were. Throws Problem not-found. */
  async remove(credential: Credential): Promise<number> {
    return this.database.transaction(async (sql) => {
      // First, as everybody does who needs both: then nobody waits for another in a circle.
      await sql.query('SELECT id FROM credentials WHERE id = $1 FOR UPDATE', [credential.id])
      const removed = await sql.query<{ userId: string; label: string; status: string }>(
        'DELETE FROM connections WHERE credential_id = $1 RETURNING user_id AS "userId", label, status',
        [credential.id],
      )
      await this.credentials.delete(credential.id, sql)
      await this.tellRemoved(sql, credential, removed)
      // Whose default went with it and who has another account gets that one.
      await sql.query(
        `UPDATE connections SET is_default = true WHERE id IN (
           SELECT DISTINCT ON (c.user_id) c.id FROM connections c
            WHERE c.provider = $1 AND NOT EXISTS (
              SELECT FROM connections d WHERE d.user_id = c.user_id AND d.provider = c.provider AND d.is_default)
            ORDER BY c.user_id, c.status <> 'connected', c.connected_at, c.id)`,
        [credential.provider],
      )
      return removed.length
    })
  }

  /** Who removes what is their own knows, and who had lost the account before was told then. */
  private async tellRemoved(
    sql: Sql,
    { provider: providerId, ownerId }: Credential,
    removed: readonly { userId: string; label: string; status: string }[],
  ): Promise<void> {
    const provider = this.connectables.find(providerId)
    if (!provider || ownerId !== null) return
    for (const { status, ...account } of removed) {
      if (status === 'connected') await this.losses.tellRemoved(sql, { ...account, provider })
    }
  }

  private async putIn(
    { provider, ownerId }: ClientOwner,
    { clientId, clientSecret }: GivenClient,
    origin: Credential['origin'],
    sql: Sql,
  ): Promise<ClientChange> {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`client ${provider} ${ownerId ?? ''}`])
    const [known] = (await this.credentials.list({ provider, ownerId }, sql)).filter(
      ({ kind }) => kind === 'oauth-client',
    )
    if (!known) {
      const label = ownerId === null ? 'OAuth client of this server' : 'OAuth client of my own'
      const given = { provider, ownerId, kind: 'oauth-client', label, clientId, secret: clientSecret, origin } as const
      return { credential: await this.credentials.create(given, sql), added: true, lost: 0 }
    }
    const credential = await this.credentials.update(known.id, { clientId, secret: clientSecret, origin }, sql)
    if (known.clientId === clientId) return { credential, added: false, lost: 0 }
    const lost = await this.lose(sql, credential)
    // Refresh tokens belong to the client they were given to: none may be taken for one of the new client.
    await sql.query(
      `UPDATE oauth_tokens t
          SET refresh_token = NULL, generation = generation + 1, lease_id = NULL, lease_until = NULL,
              renewal_began_at = NULL, failures = 0, failure = NULL, retry_at = NULL
         FROM connections c WHERE c.id = t.connection_id AND c.credential_id = $1`,
      [known.id],
    )
    return { credential, added: false, lost }
  }

  /**
   * All accounts connected by a credential must be connected again; says how many these are. People are told, but who
   * replaces a client of their own knows.
   * @param kept Accounts of this id stay as they are.
   */
  private async lose(sql: Sql, { id, provider: providerId, ownerId }: Credential, kept?: string): Promise<number> {
    const lost = await sql.query<{ id: string; userId: string; label: string; scopes: string[] | null; at: Date }>(
      `UPDATE connections SET status = 'reconnect-needed', status_reason = $2, status_at = now()
        WHERE credential_id = $1 AND status = 'connected' AND ($3::text IS NULL OR account_id <> $3)
       RETURNING id, user_id AS "userId", label, scopes, status_at AS at`,
      [id, clientReplaced, kept ?? null],
    )
    const provider = this.connectables.find(providerId)
    if (!provider || ownerId !== null) return lost.length
    for (const { scopes, at, ...account } of lost) {
      const loss = { status: 'reconnect-needed', reason: clientReplaced, at } as const
      await this.losses.tell(sql, { ...account, provider }, loss, scopes)
    }
    return lost.length
  }
}
