// Disconnects an account: first here, where it counts from the next call on, then at the service, which may not listen.
import { Inject, Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { GuardedFetch, OutboundFailure } from '../platform/guarded-fetch.js'
import { Log } from '../platform/log.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { type Connection, Connections, type RemovedConnection } from './connections.js'
import { Credentials } from './credentials.js'
import type { ConnectedProvider } from './not-connected.js'

/** Longest wait for a service to forget an authorization, in milliseconds. */
const revocationMs = 5_000

/**
 * What the service knows of it:
 * - told: it confirmed that the authorization has ended
 * - unconfirmed: it was asked, or should have been, and did not confirm
 * - not-offered: it has no way to be told
 * - others: the same account is connected here once more through the same client, and to end one would end both
 * - token: the token was made at the service, by hand, and ends there
 * - shared: it was the operator's account, of which nothing ends
 */
export type ServiceKnows = 'told' | 'unconfirmed' | 'not-offered' | 'others' | 'token' | 'shared'

export interface Disconnected {
  readonly connection: Connection
  readonly service: ServiceKnows
}

@Injectable()
export class Disconnecting {
  constructor(
    private readonly database: Database,
    private readonly connections: Connections,
    private readonly credentials: Credentials,
    private readonly fetch: GuardedFetch,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Throws Problem not-found; never for what the service does. */
  async disconnect(userId: string, provider: ConnectedProvider | undefined, id: string): Promise<Disconnected> {
    const { credentialId } = await this.connections.require(userId, id)
    const credential = await this.credentials.find(credentialId)
    const removed = await this.connections.remove(userId, id)
    const { connection } = removed
    if (connection.credentialKind === 'token') {
      return { connection, service: credential?.ownerId === userId ? 'token' : 'shared' }
    }
    return { connection, service: provider ? await this.tell(provider, removed) : 'unconfirmed' }
  }

  private async tell(provider: ConnectedProvider, { connection, tokens }: RemovedConnection): Promise<ServiceKnows> {
    const { oauth } = provider.connect
    if (!oauth?.revocation) return 'not-offered'
    if (!tokens) return 'unconfirmed'
    if (await this.isConnectedElsewhere(connection)) return 'others'
    try {
      const client = await this.credentials.requireClient(connection.credentialId)
      const { url, request } = oauth.revocation(
        { ...client, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken },
        this.settings.services,
      )
      const response = await this.fetch.fetch(url, { ...request, timeoutMs: revocationMs })
      if (response.ok) return 'told'
      this.log.warn({ provider: provider.id, status: response.status }, 'a service did not confirm a disconnect')
    } catch (error) {
      const reason = error instanceof OutboundFailure ? error.reason : undefined
      this.log.warn(
        { provider: provider.id, reason, ...(reason ? {} : { error }) },
        'a service was not told of a disconnect',
      )
    }
    return 'unconfirmed'
  }

  /** Services end what an account allowed a client as a whole, so another person's connection would end with it. */
  private async isConnectedElsewhere({ provider, credentialId, account }: Connection): Promise<boolean> {
    const others = await this.database.query(
      'SELECT 1 FROM connections WHERE provider = $1 AND credential_id = $2 AND account_id = $3 LIMIT 1',
      [provider, credentialId, account.id],
    )
    return others.length > 0
  }
}
