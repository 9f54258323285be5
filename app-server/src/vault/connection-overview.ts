// Everything the page of connections tells of one person: their accounts by service, and how each is renewed.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { type Access, accessOf, covered } from './access-words.js'
import { Connectables } from './connectables.js'
import { type Connection, Connections } from './connections.js'
import { type Credential, Credentials } from './credentials.js'
import type { ConnectedProvider } from './not-connected.js'

/** How the access of an account is renewed. */
export interface Renewal {
  /** How often in a row it failed. */
  readonly failures: number
  /** When it is tried again, where it is waiting. */
  readonly retryAt: Date | null
  /** Whether there is anything to renew it with. */
  readonly renewable: boolean
}

export interface ShownConnection extends Connection {
  /** What programs may do with it. */
  readonly held: readonly Access[]
  readonly missing: readonly Access[]
  /** By whose client or token it is connected. */
  readonly by: 'server-client' | 'own-client' | 'own-token' | 'shared-token'
  /** Undefined for tokens that are not renewed. */
  readonly renewal: Renewal | undefined
}

export interface ShownService {
  readonly provider: ConnectedProvider
  readonly connections: readonly ShownConnection[]
  /** The operator's OAuth client is there. */
  readonly serverClient: boolean
  readonly ownClient: Credential | undefined
  /** The name of the account that the operator shares. */
  readonly shared: string | undefined
  /** Whether anything can be connected at all. */
  readonly ready: boolean
}

@Injectable()
export class ConnectionOverview {
  constructor(
    private readonly database: Database,
    private readonly connectables: Connectables,
    private readonly connections: Connections,
    private readonly credentials: Credentials,
  ) {}

  async of(userId: string): Promise<ShownService[]> {
    const [connections, own, server, renewals] = await Promise.all([
      this.connections.list(userId),
      this.credentials.list({ ownerId: userId }),
      this.credentials.list({ ownerId: null }),
      this.renewals(userId),
    ])
    return this.connectables.all.map((provider) => {
      const ofProvider = (list: readonly Credential[], kind: Credential['kind']) =>
        list.find((one) => one.provider === provider.id && one.kind === kind)
      const ownClient = ofProvider(own, 'oauth-client')
      const serverClient = ofProvider(server, 'oauth-client') !== undefined
      const ownIds = new Set(own.map(({ id }) => id))
      const { oauth, token } = provider.connect
      return {
        provider,
        connections: connections
          .filter((connection) => connection.provider === provider.id)
          .map((connection) => toShown(provider, connection, ownIds.has(connection.credentialId), renewals)),
        serverClient,
        ownClient,
        shared: token && ofProvider(server, 'token')?.label,
        ready: token !== undefined || (oauth !== undefined && (serverClient || ownClient !== undefined)),
      }
    })
  }

  private async renewals(userId: string): Promise<Map<string, Renewal>> {
    const rows = await this.database.query<Renewal & { id: string }>(
      `SELECT t.connection_id AS id, t.failures, CASE WHEN t.retry_at > now() THEN t.retry_at END AS "retryAt",
              t.refresh_token IS NOT NULL AS renewable
         FROM oauth_tokens t JOIN connections c ON c.id = t.connection_id WHERE c.user_id = $1`,
      [userId],
    )
    return new Map(rows.map(({ id, ...renewal }) => [id, renewal]))
  }
}

function toShown(
  provider: ConnectedProvider,
  connection: Connection,
  own: boolean,
  renewals: ReadonlyMap<string, Renewal>,
): ShownConnection {
  const names = covered(provider, connection.scopes)
  const access = accessOf(provider)
  const kind = connection.credentialKind === 'token' ? 'token' : 'client'
  return {
    ...connection,
    held: access.filter(({ name }) => names.includes(name)),
    missing: access.filter(({ name }) => !names.includes(name)),
    by: kind === 'token' ? (own ? 'own-token' : 'shared-token') : own ? 'own-client' : 'server-client',
    renewal: renewals.get(connection.id),
  }
}
