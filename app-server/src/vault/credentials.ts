// OAuth clients and tokens that accounts are connected by, and keys of models: the operator's or a person's own, their secrets sealed.
import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { constraintOf, Database, type Sql, sqlStateOf, sqlStates } from '../platform/database/database.js'
import { placeIn } from '../platform/sealed-values.js'
import { SecretBox } from '../platform/secret-box.js'
import type { GivenClient } from '../platform/service-settings.js'
import { sealedCredentialSecrets } from './sealed-columns.js'
import { t } from './t.js'

/** Most credentials one person has of their own. */
const maxOwn = 50

/** A credential as it may be shown: never with its secret. */
export interface Credential {
  readonly id: string
  readonly provider: string
  /** An OAuth client, a token that somebody made at the service, or a key of a language model. */
  readonly kind: 'oauth-client' | 'token' | 'model-key'
  /** The person whose own it is; null is shared by the operator. */
  readonly ownerId: string | null
  readonly label: string
  /** Of an OAuth client. */
  readonly clientId: string | null
  /** What was given beside a token, e.g. the address of a site; of a key, which model it is for. */
  readonly fields: Readonly<Record<string, string>>
  readonly origin: 'environment' | 'page'
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Accounts that are connected by it. */
  readonly connections: number
}

export interface NewCredential {
  readonly provider: string
  readonly kind: Credential['kind']
  readonly ownerId?: string | null
  readonly label: string
  /** Exactly for OAuth clients. */
  readonly clientId?: string
  /** The client secret, the token or the key. */
  readonly secret: string
  readonly fields?: Readonly<Record<string, string>>
  readonly origin?: Credential['origin']
}

/** What is left out stays as it is. */
export type CredentialChange = Partial<Pick<NewCredential, 'label' | 'clientId' | 'secret' | 'fields' | 'origin'>>

/** Which of them: of one provider, of the operator (null) or of one person. */
export interface CredentialQuery {
  readonly provider?: string
  readonly ownerId: string | null
}

const shown = `k.id, k.provider, k.kind, k.owner_id AS "ownerId", k.label, k.client_id AS "clientId", k.fields, k.origin,
  k.created_at AS "createdAt", k.updated_at AS "updatedAt",
  (SELECT count(*)::int FROM connections c WHERE c.credential_id = k.id) AS connections`

@Injectable()
export class Credentials {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  /**
   * Keeps a new credential.
   * Throws Problem conflict when there is an OAuth client of the operator (or of this person) for the provider already.
   */
  async create(given: NewCredential, sql: Sql = this.database): Promise<Credential> {
    const id = randomUUID()
    const { provider, kind, ownerId = null, label, clientId = null, secret, fields = {}, origin = 'page' } = given
    await this.requireRoom(ownerId, sql)
    const sealed = this.box.seal(secret, placeIn(sealedCredentialSecrets, id))
    const insert = sql.query(
      `INSERT INTO credentials (id, provider, kind, owner_id, label, client_id, secret, fields, origin)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, provider, kind, ownerId, label, clientId, sealed, JSON.stringify(fields), origin],
    )
    await insert.catch((error: unknown) => {
      throw secondClient(error) ?? error
    })
    return this.require(id, sql)
  }

  async find(id: string, sql: Sql = this.database): Promise<Credential | undefined> {
    const [row] = await sql.query<Credential>(`SELECT ${shown} FROM credentials k WHERE k.id = $1`, [id])
    return row
  }

  /** Throws Problem not-found. */
  async require(id: string, sql: Sql = this.database): Promise<Credential> {
    const found = await this.find(id, sql)
    if (!found) throw gone()
    return found
  }

  /** By provider, OAuth clients first, then by label. */
  list({ provider, ownerId }: CredentialQuery, sql: Sql = this.database): Promise<Credential[]> {
    return sql.query<Credential>(
      `SELECT ${shown} FROM credentials k
        WHERE k.owner_id IS NOT DISTINCT FROM $1::uuid AND ($2::text IS NULL OR k.provider = $2)
        ORDER BY k.provider, k.kind, lower(k.label), k.id`,
      [ownerId, provider ?? null],
    )
  }

  /**
   * Changes what is told; connected accounts use it from their next call on. With a new secret, accounts that the old one
   * failed are tried again. Throws Problem not-found.
   */
  async update(id: string, change: CredentialChange, sql?: Sql): Promise<Credential> {
    if (!sql) return this.database.transaction((own) => this.update(id, change, own))
    const { label, clientId, secret, fields, origin } = change
    await sql.query(
      `UPDATE credentials
          SET label = coalesce($2, label), client_id = coalesce($3, client_id), secret = coalesce($4, secret),
              fields = coalesce($5, fields), origin = coalesce($6, origin), updated_at = now()
        WHERE id = $1`,
      [
        id,
        label ?? null,
        clientId ?? null,
        secret === undefined ? null : this.box.seal(secret, placeIn(sealedCredentialSecrets, id)),
        fields === undefined ? null : JSON.stringify(fields),
        origin ?? null,
      ],
    )
    if (secret !== undefined || clientId !== undefined) await this.tryAgain(id, sql)
    return this.require(id, sql)
  }

  /** Removes it, and with it every account that was connected by it. Throws Problem not-found. */
  async delete(id: string, sql: Sql = this.database): Promise<void> {
    const deleted = await sql.query('DELETE FROM credentials WHERE id = $1 RETURNING id', [id])
    if (deleted.length === 0) throw gone()
  }

  /** The operator's OAuth client for a provider. */
  findSharedClient(provider: string, sql: Sql = this.database): Promise<Credential | undefined> {
    return this.findClient(provider, null, sql)
  }

  /** A person's own OAuth client for a provider. */
  findOwnClient(userId: string, provider: string, sql: Sql = this.database): Promise<Credential | undefined> {
    return this.findClient(provider, userId, sql)
  }

  /** The client with its secret, for the token endpoint alone. Throws Problem not-found; SealBroken. */
  async requireClient(credentialId: string, sql: Sql = this.database): Promise<GivenClient> {
    const [row] = await sql.query<{ clientId: string; secret: Buffer }>(
      `SELECT client_id AS "clientId", secret FROM credentials WHERE id = $1 AND kind = 'oauth-client'`,
      [credentialId],
    )
    if (!row) throw gone()
    return { clientId: row.clientId, clientSecret: this.open(row.secret, credentialId) }
  }

  /** The token of a credential of kind token, for the service alone. Throws Problem not-found; SealBroken. */
  requireToken(credentialId: string, sql: Sql = this.database): Promise<string> {
    return this.requireSecret(credentialId, 'token', sql)
  }

  /** The key of a model, for its service alone. Throws Problem not-found; SealBroken. */
  requireModelKey(credentialId: string, sql: Sql = this.database): Promise<string> {
    return this.requireSecret(credentialId, 'model-key', sql)
  }

  /** A new token makes its accounts whole; a mended client is asked at once and not after the pause that failures earn. */
  private async tryAgain(id: string, sql: Sql): Promise<void> {
    await sql.query(
      `UPDATE connections c SET status = 'connected', status_reason = NULL, status_at = now()
         FROM credentials k
        WHERE k.id = $1 AND k.kind = 'token' AND c.credential_id = k.id AND c.status <> 'connected'`,
      [id],
    )
    await sql.query(
      `UPDATE oauth_tokens t SET failures = 0, failure = NULL, retry_at = NULL
         FROM connections c WHERE c.credential_id = $1 AND t.connection_id = c.id AND t.failures > 0`,
      [id],
    )
  }

  private async requireSecret(id: string, kind: Credential['kind'], sql: Sql): Promise<string> {
    const [row] = await sql.query<{ secret: Buffer }>('SELECT secret FROM credentials WHERE id = $1 AND kind = $2', [
      id,
      kind,
    ])
    if (!row) throw gone()
    return this.open(row.secret, id)
  }

  private open(secret: Buffer, id: string): string {
    return this.box.open(secret, placeIn(sealedCredentialSecrets, id)).toString()
  }

  private async findClient(provider: string, ownerId: string | null, sql: Sql): Promise<Credential | undefined> {
    const [row] = await sql.query<Credential>(
      `SELECT ${shown} FROM credentials k
        WHERE k.provider = $1 AND k.owner_id IS NOT DISTINCT FROM $2::uuid AND k.kind = 'oauth-client'`,
      [provider, ownerId],
    )
    return row
  }

  private async requireRoom(ownerId: string | null, sql: Sql): Promise<void> {
    if (ownerId === null) return
    const [row] = await sql.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM credentials WHERE owner_id = $1',
      [ownerId],
    )
    if ((row?.count ?? 0) < maxOwn) return
    throw new Problem(
      'conflict',
      t('There are {count} tokens and clients of yours here already. Remove one first.', { count: maxOwn }),
    )
  }
}

function secondClient(error: unknown): Problem | undefined {
  if (sqlStateOf(error) !== sqlStates.uniqueViolation) return undefined
  if (!constraintOf(error)?.startsWith('credentials_')) return undefined
  return new Problem('conflict', t('There is an OAuth client for this service already. Change that one instead.'))
}

function gone(): Problem {
  return new Problem('not-found', t('This credential is not there, or no longer.'))
}
