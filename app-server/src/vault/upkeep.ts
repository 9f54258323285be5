// Keeps connected accounts alive that nobody uses: a refresh token can die of disuse.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'
import { Log } from '../platform/log.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { type ConnectedProvider, isConnected } from './not-connected.js'
import { AccessLost, AccountGone, NotRenewed, type Renewable, Renewals } from './renewals.js'

const everyMs = 10 * 60_000
/** Accounts renewed in one round, and how many of them at once. */
const accountsAtOnce = 50
const together = 2

@Injectable()
export class VaultUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private round: Promise<void> | undefined

  constructor(
    private readonly jobs: Jobs,
    private readonly registry: ProviderRegistry,
    private readonly renewals: Renewals,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({ name: 'vault-upkeep', everyMs, run: (sql) => this.run(sql) })
  }

  /** The services are asked after the job's transaction: it holds a connection, and the leases keep replicas apart. */
  async run(sql: Sql): Promise<void> {
    if (this.round) return
    const idle = await findIdle(sql, this.registry.providers.filter(isConnected))
    this.round = this.renewAll(idle).finally(() => {
      this.round = undefined
    })
  }

  /** Waits for the round under way. */
  async onApplicationShutdown(): Promise<void> {
    await this.round
  }

  private async renewAll(accounts: readonly Renewable[]): Promise<void> {
    const waiting = [...accounts]
    const renewNext = async (): Promise<void> => {
      for (let account = waiting.shift(); account; account = waiting.shift()) await this.renew(account)
    }
    await Promise.all(Array.from({ length: together }, renewNext))
  }

  /** What comes of it stands in the row and the audit log; the next round tries again what can be tried again. */
  private async renew(account: Renewable): Promise<void> {
    try {
      await this.renewals.renew(account)
    } catch (error) {
      if (error instanceof NotRenewed || error instanceof AccessLost || error instanceof AccountGone) return
      this.log.error({ error, connection: account.id }, 'a renewal against disuse failed unexpectedly')
    }
  }
}

/**
 * Accounts whose refresh token would die of disuse, the ones in most need first: a third of its life has passed. Those of
 * which the last renewal failed come after them and take turns, so that they never keep the others from being renewed.
 */
async function findIdle(sql: Sql, providers: readonly ConnectedProvider[]): Promise<Renewable[]> {
  const mortal = providers.filter(({ connect }) => connect.oauth?.refreshIdleDays !== undefined)
  if (mortal.length === 0) return []
  const rows = await sql.query<Omit<Renewable, 'provider'> & { providerId: string }>(
    `SELECT c.id, c.user_id AS "userId", c.label, c.credential_id AS "credentialId", t.generation,
            c.provider AS "providerId"
       FROM unnest($1::text[], $2::float8[]) AS p (id, days)
       JOIN connections c ON c.provider = p.id AND c.status = 'connected'
       JOIN oauth_tokens t ON t.connection_id = c.id
      WHERE t.refresh_token IS NOT NULL AND t.refreshed_at < now() - p.days / 3 * interval '1 day'
        AND (t.retry_at IS NULL OR t.retry_at <= now()) AND (t.lease_until IS NULL OR t.lease_until <= now())
      ORDER BY t.retry_at NULLS FIRST, t.refreshed_at LIMIT ${accountsAtOnce}`,
    [mortal.map(({ id }) => id), mortal.map(({ connect }) => connect.oauth?.refreshIdleDays)],
  )
  return rows.flatMap(({ providerId, ...account }) => {
    const provider = mortal.find(({ id }) => id === providerId)
    return provider ? [{ ...account, provider }] : []
  })
}
