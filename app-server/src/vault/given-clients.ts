// Takes the OAuth clients that the environment gives over into the credentials, at each start and alike on every replica.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Database, type Sql } from '../platform/database/database.js'
import { Log } from '../platform/log.js'
import { SealBroken } from '../platform/secret-box.js'
import type { GivenClient } from '../platform/service-settings.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ClientChanges } from './client-changes.js'
import { Credentials } from './credentials.js'

@Injectable()
export class GivenClients implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly credentials: Credentials,
    private readonly changes: ClientChanges,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'givenClients'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction((sql) => this.takeOver(sql))
  }

  private async takeOver(sql: Sql): Promise<void> {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('clients of the environment', 0))`)
    const { givenClients } = this.settings
    for (const [provider, client] of Object.entries(givenClients)) await this.put(provider, client, sql)
    // What is no longer given stays: people's accounts hang on it. From now on it is edited on the page.
    const left = await sql.query<{ provider: string }>(
      `UPDATE credentials SET origin = 'page', updated_at = now()
        WHERE kind = 'oauth-client' AND origin = 'environment' AND owner_id IS NULL AND NOT (provider = ANY ($1))
        RETURNING provider`,
      [Object.keys(givenClients)],
    )
    for (const { provider } of left) {
      this.log.info({ provider }, 'the environment gives this OAuth client no longer; it stays and can be edited')
    }
  }

  /** Writes only what differs, so that another start changes nothing. */
  private async put(provider: string, client: GivenClient, sql: Sql): Promise<void> {
    const known = await this.credentials.findSharedClient(provider, sql)
    if (known?.origin === 'environment' && (await this.isSame(known.id, client, sql))) return
    const { lost } = await this.changes.put({ provider, ownerId: null }, client, 'environment', sql)
    const log = lost > 0 ? this.log.warn.bind(this.log) : this.log.info.bind(this.log)
    log({ provider, mustConnectAgain: lost }, 'the environment gives an OAuth client')
  }

  private async isSame(id: string, { clientId, clientSecret }: GivenClient, sql: Sql): Promise<boolean> {
    try {
      const kept = await this.credentials.requireClient(id, sql)
      return kept.clientId === clientId && kept.clientSecret === clientSecret
    } catch (error) {
      if (error instanceof SealBroken) return false
      throw error
    }
  }
}
