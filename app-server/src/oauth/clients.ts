// The programs that ask people for access: those that registered themselves, and those we know by a document of theirs.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Database, type Sql } from '../platform/database/database.js'
import { placeIn } from '../platform/sealed-values.js'
import { SecretBox } from '../platform/secret-box.js'
import { sealedClientSecrets } from './sealed-columns.js'
import { t } from './t.js'

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

  /** The metadata of a client that registered itself and is not blocked, its secret included. */
  async findRegistered(id: string): Promise<ClientMetadata | undefined> {
    if (!wellFormedId.test(id)) return undefined
    const [row] = await this.database.query<{ metadata: ClientMetadata; client_secret: Buffer | null }>(
      `SELECT metadata, client_secret FROM oauth_clients
        WHERE id = $1 AND kind = 'registered' AND blocked_at IS NULL`,
      [id],
    )
    if (!row) return undefined
    const secret = row.client_secret && this.box.open(row.client_secret, placeIn(sealedClientSecrets, id)).toString()
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
        secret === undefined ? null : this.box.seal(secret, placeIn(sealedClientSecrets, open.client_id)),
        address,
        registrationLimits.total,
        registrationLimits.perAddress,
      ],
    )
    return kept.length > 0
  }

  /**
   * Notes that somebody is about to authorize the client, keeping what its document says now if it is known by one.
   * Throws Problem forbidden for a client that is blocked or gone; one that is blocked at this moment waits for the
   * transaction of `sql` and then takes away what it gave.
   */
  async noteAuthorization(sql: Sql, metadata: ClientMetadata, kind: 'registered' | 'document'): Promise<void> {
    const noted =
      kind === 'registered'
        ? await sql.query(
            'UPDATE oauth_clients SET authorized_at = now() WHERE id = $1 AND blocked_at IS NULL RETURNING id',
            [metadata.client_id],
          )
        : await sql.query(
            `INSERT INTO oauth_clients (id, kind, name, metadata, authorized_at) VALUES ($1, 'document', $2, $3, now())
             ON CONFLICT (id) DO UPDATE
               SET name = excluded.name, metadata = excluded.metadata, authorized_at = now()
               WHERE oauth_clients.kind = 'document' AND oauth_clients.blocked_at IS NULL
             RETURNING id`,
            [metadata.client_id, metadata.client_name ?? null, JSON.stringify(metadata)],
          )
    if (noted.length === 0) {
      throw new Problem(
        'forbidden',
        t('This program has been blocked or removed here, so it was not allowed anything.'),
      )
    }
  }

  /** Whether administrators have blocked the client. */
  async isBlocked(id: string): Promise<boolean> {
    const blocked = await this.database.query('SELECT id FROM oauth_clients WHERE id = $1 AND blocked_at IS NOT NULL', [
      id,
    ])
    return blocked.length > 0
  }

  /**
   * Blocks a client: from now on nobody can authorize it, and all it was allowed is withdrawn, so that its next call is
   * refused on every replica. Gives how many authorizations ended. Throws Problem not-found.
   */
  async block(id: string): Promise<number> {
    return this.database.transaction(async (sql) => {
      const blocked = await sql.query(
        'UPDATE oauth_clients SET blocked_at = coalesce(blocked_at, now()) WHERE id = $1 RETURNING id',
        [id],
      )
      if (blocked.length === 0) throw noSuchClient()
      return (await sql.query('DELETE FROM oauth_grants WHERE client_id = $1 RETURNING id', [id])).length
    })
  }

  /** Lets people authorize the client again; what was withdrawn stays so. Throws Problem not-found. */
  async unblock(id: string): Promise<void> {
    const open = await this.database.query('UPDATE oauth_clients SET blocked_at = NULL WHERE id = $1 RETURNING id', [
      id,
    ])
    if (open.length === 0) throw noSuchClient()
  }

  /**
   * Removes clients that registered themselves and that nobody uses now; blocked ones and those of the last hour, for
   * whom somebody may just be deciding, stay. At most `unusedAtOnce`, the oldest first; gives how many these were.
   */
  async removeUnused(): Promise<number> {
    const removed = await this.database.query(
      `DELETE FROM oauth_clients WHERE ctid = ANY (ARRAY (
         SELECT c.ctid FROM oauth_clients c WHERE ${unused} ORDER BY c.created_at
          LIMIT ${unusedAtOnce} FOR UPDATE OF c SKIP LOCKED))
       RETURNING id`,
    )
    return removed.length
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

/** SQL that holds for rows `c` that `removeUnused` takes. */
export const unused = `c.kind = 'registered' AND c.blocked_at IS NULL
  AND greatest(c.created_at, c.authorized_at) < now() - interval '1 hour'
  AND NOT EXISTS (SELECT FROM oauth_grants g WHERE g.client_id = c.id AND g.expires_at > now())`

/** Most clients removed by one act. */
export const unusedAtOnce = 5_000

function noSuchClient(): Problem {
  return new Problem('not-found', t('There is no such client, or no longer. Look for it in the list of clients.'))
}
