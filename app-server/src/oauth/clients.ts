// The programs that ask people for access: those that registered themselves, and those we know by a document of theirs.
import { Injectable } from '@nestjs/common'
import { Database, type Sql } from '../platform/database/database.js'
import { SecretBox } from '../platform/secret-box.js'

/** Registrations taken within an hour: from one address (or IPv6 network), and altogether. */
export const registrationLimits = { perAddress: 100, total: 2000 } as const

/** Client metadata by the names of RFC 7591. */
export interface ClientMetadata {
  client_id: string
  client_name?: string
  client_secret?: string
  redirect_uris?: string[]
  [member: string]: unknown
}

/** Anybody can send any client id; Postgres takes no zero byte in a text. */
const wellFormedId = /^[\x21-\x7e]{1,2000}$/

/** The network an address belongs to: one IPv4 address, or the /64 that one IPv6 host usually has. */
const networkOf = (address: string) =>
  `network(set_masklen(${address}::inet, CASE family(${address}::inet) WHEN 6 THEN 64 ELSE 32 END))`

@Injectable()
export class Clients {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /** The metadata of a client that registered itself, its secret included. */
  async findRegistered(id: string): Promise<ClientMetadata | undefined> {
    if (!wellFormedId.test(id)) return undefined
    const [row] = await this.database.query<{ metadata: ClientMetadata; client_secret: Buffer | null }>(
      `SELECT metadata, client_secret FROM oauth_clients WHERE id = $1 AND kind = 'registered'`,
      [id],
    )
    if (!row) return undefined
    const secret = row.client_secret && this.box.open(row.client_secret, placeOf(id)).toString()
    return { ...row.metadata, ...(secret === null ? {} : { client_secret: secret }) }
  }

  /** Keeps a new client. False when too many have registered within the hour (`registrationLimits`). */
  async register(metadata: ClientMetadata, address: string): Promise<boolean> {
    const { client_secret: secret, ...open } = metadata
    const network = networkOf('$5')
    const kept = await this.database.query(
      `INSERT INTO oauth_clients (id, kind, name, metadata, client_secret, registered_from)
       SELECT $1, 'registered', $2, $3, $4, ${network}
        WHERE (SELECT count(*) FROM oauth_clients
                WHERE kind = 'registered' AND created_at > now() - interval '1 hour') < $6
          AND (SELECT count(*) FROM oauth_clients
                WHERE kind = 'registered' AND created_at > now() - interval '1 hour'
                  AND registered_from = ${network}) < $7
       RETURNING id`,
      [
        open.client_id,
        open.client_name ?? null,
        JSON.stringify(open),
        secret === undefined ? null : this.box.seal(secret, placeOf(open.client_id)),
        address,
        registrationLimits.total,
        registrationLimits.perAddress,
      ],
    )
    return kept.length > 0
  }

  /** Notes that somebody is about to authorize the client, keeping what its document says now if it is known by one. */
  async noteAuthorization(sql: Sql, metadata: ClientMetadata, kind: 'registered' | 'document'): Promise<void> {
    if (kind === 'registered') {
      await sql.query('UPDATE oauth_clients SET authorized_at = now() WHERE id = $1', [metadata.client_id])
      return
    }
    await sql.query(
      `INSERT INTO oauth_clients (id, kind, name, metadata, authorized_at) VALUES ($1, 'document', $2, $3, now())
       ON CONFLICT (id) DO UPDATE
         SET name = excluded.name, metadata = excluded.metadata, authorized_at = now() WHERE oauth_clients.kind = 'document'`,
      [metadata.client_id, metadata.client_name ?? null, JSON.stringify(metadata)],
    )
  }

  /** What a client's document said when somebody last authorized it. */
  async findLastDocument(id: string): Promise<ClientMetadata | undefined> {
    const [row] = await this.database.query<{ metadata: ClientMetadata }>(
      `SELECT metadata FROM oauth_clients WHERE id = $1 AND kind = 'document'`,
      [id],
    )
    return row?.metadata
  }
}

function placeOf(id: string): string {
  return `oauth_clients.client_secret/${id}`
}
