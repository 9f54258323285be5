// The programs as administrators look for them: who they say they are, how many people use them, and whether they may.
import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { containing } from '../platform/database/containing.js'
import { Database } from '../platform/database/database.js'
import { asPosition, fromCursor, toPage } from '../platform/paging.js'
import { unused } from './clients.js'

/** own: a part of this server, that people lend something. */
export const clientKinds = ['registered', 'document', 'own'] as const
export type ClientKind = (typeof clientKinds)[number]

/** used: somebody lets it act for them now. unused: nobody does. blocked: nobody can. */
export const clientStates = ['used', 'unused', 'blocked'] as const
export type ClientState = (typeof clientStates)[number]

/** A program with what it says about itself and what became of it. */
export interface ListedClient {
  readonly id: string
  /** Its own claim. */
  readonly name: string | null
  readonly kind: ClientKind
  /** Where it may be sent back to, as it registered. */
  readonly redirectUris: readonly string[]
  readonly createdAt: Date
  /** When somebody last allowed it something. */
  readonly authorizedAt: Date | null
  readonly blockedAt: Date | null
  /** Authorizations that count now, and the people who gave them. */
  readonly grants: number
  readonly people: number
  readonly lastUsedAt: Date | null
}

export interface ClientsQuery {
  /** A part of the name or of the client id, in any case. */
  text?: string
  kind?: ClientKind
  state?: ClientState
  /** `next_cursor` of the page before. */
  cursor?: string
  /** 1 to 100. */
  limit: number
}

export interface ClientsPage {
  /** The newest first. */
  readonly items: readonly ListedClient[]
  readonly next_cursor: string | null
}

/** How many there are now. */
export interface ClientFigures {
  readonly clients: number
  readonly used: number
  readonly blocked: number
  /** Authorizations that count now. */
  readonly grants: number
  /** Clients that Clients.removeUnused would take. */
  readonly removable: number
}

const listed = `c.id, c.name, c.kind, coalesce(c.metadata->'redirect_uris', '[]') AS "redirectUris",
  c.created_at AS "createdAt", c.authorized_at AS "authorizedAt", c.blocked_at AS "blockedAt",
  g.grants, g.people, g."lastUsedAt"`

const usage = `LATERAL (
  SELECT count(*)::int AS grants, count(DISTINCT user_id)::int AS people, max(last_used_at) AS "lastUsedAt"
    FROM oauth_grants WHERE client_id = c.id AND expires_at > now()) g`

const hasGrant = 'EXISTS (SELECT FROM oauth_grants WHERE client_id = c.id AND expires_at > now())'

@Injectable()
export class ClientDirectory {
  constructor(private readonly database: Database) {}

  /** One page of the programs that fit. Throws Problem invalid-arguments for a cursor that is none of ours. */
  async search({ text, kind, state, cursor, limit }: ClientsQuery): Promise<ClientsPage> {
    const before = fromCursor(cursor, z.tuple([z.iso.datetime({ offset: true }), z.string().max(2000)]))
    const rows = await this.database.query<ListedClient & { position: string }>(
      `SELECT ${listed}, ${asPosition('c.created_at')} AS position
         FROM (SELECT * FROM oauth_clients c
                WHERE ($1::text IS NULL OR c.name ILIKE $1 OR c.id ILIKE $1)
                  AND ($2::text IS NULL OR c.kind = $2)
                  AND CASE $3::text WHEN 'blocked' THEN c.blocked_at IS NOT NULL
                                    WHEN 'used' THEN ${hasGrant}
                                    WHEN 'unused' THEN c.blocked_at IS NULL AND NOT ${hasGrant}
                                    ELSE true END
                  AND ($4::timestamptz IS NULL OR (c.created_at, c.id) < ($4, $5))
                ORDER BY c.created_at DESC, c.id DESC LIMIT $6) c, ${usage}
        ORDER BY c.created_at DESC, c.id DESC`,
      [
        text ? containing(text) : null,
        kind ?? null,
        state ?? null,
        before?.[0] ?? null,
        before?.[1] ?? null,
        limit + 1,
      ],
    )
    return toPage(rows, limit, ({ position, id }) => [position, id])
  }

  async find(id: string): Promise<ListedClient | undefined> {
    const [client] = await this.database.query<ListedClient>(
      `SELECT ${listed} FROM oauth_clients c, ${usage} WHERE c.id = $1`,
      [id],
    )
    return client
  }

  /** The names that those of the given programs who are known here give themselves, by client id. */
  async namesOf(ids: readonly string[]): Promise<Map<string, string | null>> {
    const known = await this.database.query<{ id: string; name: string | null }>(
      'SELECT id, name FROM oauth_clients WHERE id = ANY ($1::text[])',
      [[...new Set(ids)]],
    )
    return new Map(known.map(({ id, name }) => [id, name]))
  }

  async figures(): Promise<ClientFigures> {
    const [row] = await this.database.query<ClientFigures>(
      `SELECT count(*)::int AS clients,
              (count(*) FILTER (WHERE ${hasGrant}))::int AS used,
              (count(*) FILTER (WHERE c.blocked_at IS NOT NULL))::int AS blocked,
              (count(*) FILTER (WHERE ${unused}))::int AS removable,
              (SELECT count(*)::int FROM oauth_grants WHERE expires_at > now()) AS grants
         FROM oauth_clients c`,
    )
    if (!row) throw new Error('an aggregate gave no row')
    return row
  }
}
