// Blocking a client against consents that come at the same moment, on a database without a server.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { accountsMigrations } from '../src/accounts/migrations.js'
import { Clients } from '../src/oauth/clients.js'
import { Grants } from '../src/oauth/grants.js'
import { oauthMigrations } from '../src/oauth/migrations.js'
import { createDataSource, migrate } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'
import { SecretBox } from '../src/platform/secret-box.js'
import type { Settings } from '../src/platform/settings.js'

let test1: TestDatabase
let dataSource: DataSource
let database: Database
let clients: Clients
let grants: Grants
let userId: string

beforeAll(async () => {
  test1 = await createTestDatabase()
  const migrations = [...accountsMigrations, ...oauthMigrations]
  dataSource = createDataSource({ databaseUrl: test1.url, databasePoolSize: 8 }, migrations, () => undefined)
  await dataSource.initialize()
  await migrate(dataSource)
  database = new Database(dataSource)
  clients = new Clients(database, new SecretBox({ sealingKey: randomBytes(32) } as Settings))
  grants = new Grants(database, clients)
  const [user] = await database.query<{ id: string }>(
    `INSERT INTO users (email, name) VALUES ('a@example.com', 'A') RETURNING id`,
  )
  userId = user?.id ?? ''
})

afterAll(async () => {
  await dataSource.destroy()
  await test1.drop()
})

beforeEach(() => database.query('DELETE FROM oauth_clients'))

const redirectUri = 'https://x.example/back'
const consentTo = (id: string, clientKind: 'registered' | 'document') =>
  grants.create({ userId, client: { client_id: id }, clientKind, scopes: ['product:read'], redirectUri })
const register = (id: string) => clients.register({ client_id: id, redirect_uris: [redirectUri] }, '192.0.2.1')
const live = () => database.query('SELECT id FROM oauth_grants')

test('a client that is blocked or gone is not allowed anything by a consent that was on its way', async () => {
  await register('blocked')
  await consentTo('https://docs.example/c', 'document')
  for (const id of ['blocked', 'https://docs.example/c']) await clients.block(id)
  await expect(consentTo('blocked', 'registered')).rejects.toMatchObject({ code: 'forbidden' })
  await expect(consentTo('https://docs.example/c', 'document')).rejects.toMatchObject({ code: 'forbidden' })
  await expect(consentTo('never-registered', 'registered')).rejects.toMatchObject({ code: 'forbidden' })
  expect(await live()).toEqual([])
  await clients.unblock('blocked')
  await consentTo('blocked', 'registered')
  expect(await live()).toHaveLength(1)
})

test('of consents and a block that come together, whatever their order, nothing stays allowed', async () => {
  for (let round = 0; round < 15; round++) {
    const id = `client-${round}`
    await register(id)
    const consents = Array.from({ length: 4 }, () => consentTo(id, 'registered'))
    const done = await Promise.allSettled([...consents.slice(0, 2), clients.block(id), ...consents.slice(2)])
    expect(done[2]?.status).toBe('fulfilled')
    expect(await live()).toEqual([])
  }
})

test('a client that is being removed as unused is either kept with its consent or refuses it', async () => {
  for (let round = 0; round < 15; round++) {
    const id = `old-${round}`
    await register(id)
    await database.query(`UPDATE oauth_clients SET created_at = now() - interval '2 hours' WHERE id = $1`, [id])
    const [consent] = await Promise.allSettled([consentTo(id, 'registered'), clients.removeUnused()])
    const kept = await database.query('SELECT id FROM oauth_clients WHERE id = $1', [id])
    if (consent.status === 'rejected') expect(consent.reason).toMatchObject({ code: 'forbidden' })
    expect(kept).toHaveLength(consent.status === 'fulfilled' ? 1 : 0)
  }
})

test('blocking what is not there says so', async () => {
  await expect(clients.block('none')).rejects.toMatchObject({ code: 'not-found' })
  await expect(clients.unblock('none')).rejects.toMatchObject({ code: 'not-found' })
})
