// Accounts that nobody uses are kept alive where their service would let them die, and others are left alone.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { DataSource } from 'typeorm'
import { AuditLog } from '../src/audit/audit-log.js'
import { Notifications } from '../src/notifications/notifications.js'
import { Database } from '../src/platform/database/database.js'
import { Notices } from '../src/platform/database/notices.js'
import { GuardedFetch } from '../src/platform/guarded-fetch.js'
import { Jobs } from '../src/platform/jobs.js'
import { Log } from '../src/platform/log.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { ProviderRegistry } from '../src/providers/provider-registry.js'
import { Credentials } from '../src/vault/credentials.js'
import { Losses } from '../src/vault/losses.js'
import { RenewalLeases } from '../src/vault/renewal-leases.js'
import { Renewals } from '../src/vault/renewals.js'
import { TokenEndpoint } from '../src/vault/token-endpoint.js'
import { VaultUpkeep } from '../src/vault/upkeep.js'
import { akisAccount, akisOtherAccount, bensAccount, cloudProvider } from './connected-provider.js'
import { openVaultBench, type VaultBench, type VaultCaller } from './vault-bench.js'

let bench: VaultBench
let aki: VaultCaller
let dataSource: DataSource
let fetch: GuardedFetch
let upkeep: VaultUpkeep

beforeAll(async () => {
  bench = await openVaultBench()
  aki = await bench.caller('Aki Tanaka')
  const { settings } = bench.app
  dataSource = await new DataSource({ type: 'postgres', url: settings.databaseUrl }).initialize()
  const database = new Database(dataSource)
  const box = new SecretBox(settings)
  const log = new Log('silent')
  fetch = new GuardedFetch(settings)
  const losses = new Losses(database, new AuditLog(database, log), new Notifications(settings), settings)
  const renewals = new Renewals(
    new RenewalLeases(database, box),
    losses,
    new Credentials(database, box),
    new TokenEndpoint(fetch, settings),
    box,
    log,
    new Notices(database, log, settings),
  )
  upkeep = new VaultUpkeep(new Jobs(database, log), new ProviderRegistry([cloudProvider]), renewals, log)
})

afterAll(async () => {
  await fetch?.onApplicationShutdown()
  await dataSource?.destroy()
  await bench?.close()
})

beforeEach(() => bench.cloud.behave())

/** One round of the job, to its end. */
async function round(): Promise<void> {
  await bench.database.transaction((sql) => upkeep.run(sql))
  await upkeep.onApplicationShutdown()
}

const leftAlone = (id: string, days: number) =>
  bench.app.sql(`UPDATE oauth_tokens SET refreshed_at = now() - $2 * interval '1 day' WHERE connection_id = $1`, [
    id,
    days,
  ])

async function row(id: string) {
  const [found] = await bench.app.sql(
    `SELECT c.status, c.status_reason, t.generation, t.failures FROM connections c
       JOIN oauth_tokens t ON t.connection_id = c.id WHERE c.id = $1`,
    [id],
  )
  return found
}

test('a refresh token is renewed when a third of its life without use has passed, and not before', async () => {
  // The service's tokens die after 30 days of disuse.
  const old = await bench.connect(aki, akisAccount)
  const young = await bench.connect(aki, akisOtherAccount)
  await leftAlone(old.id, 10.5)
  await leftAlone(young.id, 9.5)
  bench.cloud.behave()
  await round()
  expect(bench.cloud.requests('/token')).toBe(1)
  expect(await row(old.id)).toMatchObject({ status: 'connected', generation: 2 })
  expect(await row(young.id)).toMatchObject({ status: 'connected', generation: 1 })
  await round()
  expect(bench.cloud.requests('/token')).toBe(1)
})

test('a bad moment of the service makes it pause, and a no of the person is told', async () => {
  const { id } = await bench.connect(aki, akisAccount)
  await leftAlone(id, 20)
  bench.cloud.misbehave('/token', { kind: 'answer', status: 503, headers: { 'retry-after': '60' } })
  await round()
  await round()
  expect(bench.cloud.requests('/token')).toBe(1)
  expect(await row(id)).toMatchObject({ status: 'connected', failures: 1 })

  bench.cloud.behave()
  await bench.app.sql('UPDATE oauth_tokens SET retry_at = now() WHERE connection_id = $1', [id])
  bench.cloud.oauth.revokeAccount(akisAccount.id)
  await round()
  expect(await row(id)).toMatchObject({ status: 'reconnect-needed', status_reason: 'grant-gone' })
  expect(await bench.app.sql('SELECT kind FROM notifications WHERE link LIKE $1', [`%${id}`])).toHaveLength(1)
  await round()
  expect(bench.cloud.requests('/token')).toBe(1)
})

test('accounts that cannot be renewed do not keep the others from it, however many they are', async () => {
  const { id } = await bench.connect(aki, akisAccount)
  const { generation } = (await row(id)) as { generation: number }
  await leftAlone(id, 15)
  // As many as a round takes, in more need, of which the last renewal failed some time ago.
  await bench.app.sql(
    `WITH failing AS (
       INSERT INTO connections (id, user_id, provider, credential_id, account_id, label)
       SELECT gen_random_uuid(), user_id, provider, credential_id, 'failing ' || n, 'failing ' || n
         FROM connections, generate_series(1, 50) AS n WHERE id = $1
       RETURNING id)
     INSERT INTO oauth_tokens (connection_id, access_token, refresh_token, refreshed_at, failures, failure, retry_at)
     SELECT id, '\\x00', '\\x00', now() - interval '25 days', 3, 'client:invalid_client', now() - interval '1 minute'
       FROM failing`,
    [id],
  )
  try {
    bench.cloud.behave()
    await round()
    expect(await row(id)).toMatchObject({ status: 'connected', generation: generation + 1 })
  } finally {
    await bench.app.sql(`DELETE FROM connections WHERE label LIKE 'failing %'`)
  }
})

test('many are renewed two at a time, and no transaction waits for the service meanwhile', async () => {
  const accounts = [akisAccount, akisOtherAccount, bensAccount]
  for (const account of accounts) await leftAlone((await bench.connect(aki, account)).id, 15)
  bench.cloud.behave()
  bench.cloud.oauth.refreshes = 0
  const release = bench.cloud.holdTokenAnswers()
  await bench.database.transaction((sql) => upkeep.run(sql))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(bench.cloud.requests('/token')).toBe(2)
  const open = await bench.app.sql(
    `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
  )
  expect(open).toEqual([])
  release()
  await upkeep.onApplicationShutdown()
  expect(bench.cloud.oauth.refreshes).toBe(3)
})
