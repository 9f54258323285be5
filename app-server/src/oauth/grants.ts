// Authorizations: what one person allowed one program at one consent, and the withdrawing of it.
import { randomBytes } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { Database, type Sql } from '../platform/database/database.js'
import { asPosition, fromCursor, toPage } from '../platform/paging.js'
import { type ClientMetadata, Clients } from './clients.js'
import { clientIdOf } from './minted-tokens.js'

/** A new authorization must be taken up by its program within this time; each refresh token then carries it further. */
const takeUpSeconds = 600
/** Most authorizations a person is shown; with more, the least recently used are left out. */
export const maxShown = 200

export interface Grant {
  readonly id: string
  readonly userId: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** An authorization as its person sees it. */
export interface ShownGrant extends Grant {
  readonly clientName: string | null
  readonly clientKind: 'registered' | 'document' | 'own'
  readonly redirectUri: string
  readonly lastUsedAt: Date | null
}

export interface GrantsPage {
  readonly items: readonly ShownGrant[]
  readonly next_cursor: string | null
}

export interface Consent {
  readonly userId: string
  readonly client: ClientMetadata
  readonly clientKind: 'registered' | 'document'
  /** Exactly what was approved; at least one. */
  readonly scopes: readonly string[]
  readonly redirectUri: string
}

export interface Lending {
  readonly userId: string
  /** Which part of ours, e.g. 'chat'. */
  readonly part: string
  /** What people know it by. */
  readonly name: string
  readonly scopes: readonly string[]
  /** The page where it is used. */
  readonly returnTo: string
  readonly days: number
}

const columns = `g.id, g.user_id AS "userId", g.client_id AS "clientId", g.scopes,
  g.created_at AS "createdAt", g.expires_at AS "expiresAt"`

@Injectable()
export class Grants {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
  ) {}

  /** Makes a new authorization of its own for one consent and gives its id. Nothing is merged into earlier ones. */
  async create({ userId, client, clientKind, scopes, redirectUri }: Consent): Promise<string> {
    const id = randomBytes(24).toString('base64url')
    await this.database.transaction(async (sql) => {
      await this.clients.noteAuthorization(sql, client, clientKind)
      await sql.query(
        `INSERT INTO oauth_grants (id, user_id, client_id, scopes, redirect_uri, expires_at)
         VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second')`,
        [id, userId, client.client_id, [...scopes], redirectUri, takeUpSeconds],
      )
    })
    return id
  }

  /**
   * What a person lends one of our own parts, for when they are not there themselves: an authorization like any other, seen
   * and withdrawn among their programs. Gives its id. Throws Problem forbidden where administrators blocked the part.
   */
  async lend({ userId, part, name, scopes, returnTo, days }: Lending, sql: Sql = this.database): Promise<string> {
    const id = randomBytes(24).toString('base64url')
    const clientId = clientIdOf(part)
    await sql.query(
      `INSERT INTO oauth_clients (id, kind, name, metadata, authorized_at) VALUES ($1, 'own', $2, '{}', now())
       ON CONFLICT (id) DO UPDATE SET authorized_at = now()`,
      [clientId, name],
    )
    const lent = await sql.query(
      `INSERT INTO oauth_grants (id, user_id, client_id, scopes, redirect_uri, expires_at)
       SELECT $1, $2, c.id, $4, $5, now() + $6 * interval '1 day' FROM oauth_clients c
        WHERE c.id = $3 AND c.blocked_at IS NULL RETURNING id`,
      [id, userId, clientId, [...scopes], returnTo, days],
    )
    if (lent.length === 0)
      throw new Problem('forbidden', `Administrators have blocked ${name} here, so it can be lent nothing.`)
    return id
  }

  /** An authorization that is neither withdrawn nor expired. */
  async find(id: string): Promise<Grant | undefined> {
    const [grant] = await this.database.query<Grant>(
      `SELECT ${columns} FROM oauth_grants g WHERE g.id = $1 AND g.expires_at > now()`,
      [id],
    )
    return grant
  }

  /** What a person has allowed, the last used first. */
  async list(userId: string): Promise<ShownGrant[]> {
    return this.database.query<ShownGrant>(
      `SELECT ${columns}, g.redirect_uri AS "redirectUri", g.last_used_at AS "lastUsedAt",
              c.name AS "clientName", c.kind AS "clientKind"
         FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
        WHERE g.user_id = $1 AND g.expires_at > now()
        ORDER BY coalesce(g.last_used_at, g.created_at) DESC, g.id LIMIT ${maxShown}`,
      [userId],
    )
  }

  /** What people have allowed one program, the newest first, a page at a time. Throws Problem invalid-arguments. */
  async listOfClient(clientId: string, limit: number, cursor?: string): Promise<GrantsPage> {
    const before = fromCursor(cursor, z.tuple([z.iso.datetime({ offset: true }), z.string().max(64)]))
    const rows = await this.database.query<ShownGrant & { position: string }>(
      `SELECT ${columns}, g.redirect_uri AS "redirectUri", g.last_used_at AS "lastUsedAt",
              c.name AS "clientName", c.kind AS "clientKind", ${asPosition('g.created_at')} AS position
         FROM oauth_grants g JOIN oauth_clients c ON c.id = g.client_id
        WHERE g.client_id = $1 AND g.expires_at > now()
          AND ($2::timestamptz IS NULL OR (g.created_at, g.id) < ($2, $3))
        ORDER BY g.created_at DESC, g.id DESC LIMIT $4`,
      [clientId, before?.[0] ?? null, before?.[1] ?? null, limit + 1],
    )
    return toPage(rows, limit, ({ position, id }) => [position, id])
  }

  /** Withdraws one authorization of a person; all its tokens die with it. Says whether there was one. */
  async withdraw(userId: string, id: string): Promise<boolean> {
    const gone = await this.database.query('DELETE FROM oauth_grants WHERE user_id = $1 AND id = $2 RETURNING id', [
      userId,
      id,
    ])
    return gone.length > 0
  }

  /** Withdraws everything a person allowed one program, and says how many authorizations that were. */
  async withdrawProgram(userId: string, clientId: string): Promise<number> {
    const gone = await this.database.query(
      'DELETE FROM oauth_grants WHERE user_id = $1 AND client_id = $2 RETURNING id',
      [userId, clientId],
    )
    return gone.length
  }

  /** Withdraws everything a person allowed any program, and says how many authorizations that were. */
  async withdrawAllOfPerson(userId: string): Promise<number> {
    return (await this.database.query('DELETE FROM oauth_grants WHERE user_id = $1 RETURNING id', [userId])).length
  }

  /** Withdraws what anybody allowed one program, and says how many authorizations that were. */
  async withdrawAllOfClient(clientId: string): Promise<number> {
    return (await this.database.query('DELETE FROM oauth_grants WHERE client_id = $1 RETURNING id', [clientId])).length
  }

  /** Ends an authorization whatever its person, because a token of it was stolen, and says whose it was. */
  async revoke(id: string): Promise<Pick<Grant, 'id' | 'userId' | 'clientId'> | undefined> {
    const [ended] = await this.database.query<Pick<Grant, 'id' | 'userId' | 'clientId'>>(
      'DELETE FROM oauth_grants WHERE id = $1 RETURNING id, user_id AS "userId", client_id AS "clientId"',
      [id],
    )
    return ended
  }
}
