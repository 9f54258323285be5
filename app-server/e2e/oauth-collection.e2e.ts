// What nobody needs any more goes away; what somebody needs stays.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { OAuthProgram } from '@sekisho/testing'
import { DataSource } from 'typeorm'
import { collectExpired } from '../src/oauth/collection.js'
import { Database } from '../src/platform/database/database.js'
import { startTestApp, type TestApp } from './app.js'
import { knock } from './oauth-bench.js'

let app: TestApp
let dataSource: DataSource

beforeAll(async () => {
  app = await startTestApp()
  dataSource = await new DataSource({ type: 'postgres', url: app.settings.databaseUrl }).initialize()
})

afterAll(async () => {
  await dataSource.destroy()
  await app.close()
})

const collect = () => new Database(dataSource).transaction(collectExpired)

async function clients() {
  return (await app.sql<{ name: string }>('SELECT name FROM oauth_clients ORDER BY name')).map(({ name }) => name)
}

test('a program that was never authorized goes after a day, an unused one after 90, a used one never', async () => {
  await app.sql(`INSERT INTO oauth_clients (id, kind, name, metadata, created_at, authorized_at) VALUES
    ('1', 'registered', 'new', '{}', now() - interval '23 hours', NULL),
    ('2', 'registered', 'never authorized', '{}', now() - interval '25 hours', NULL),
    ('3', 'registered', 'withdrawn lately', '{}', now() - interval '100 days', now() - interval '80 days'),
    ('4', 'registered', 'withdrawn long ago', '{}', now() - interval '100 days', now() - interval '91 days'),
    ('5', 'registered', 'in use', '{}', now() - interval '1 year', now() - interval '1 year')`)
  await app.signedIn('Aki Tanaka')
  await app.sql(`INSERT INTO oauth_grants (id, user_id, client_id, scopes, redirect_uri, expires_at)
    SELECT 'g', id, '5', '{booking:read}', 'https://example.com', now() + interval '1 day' FROM users`)
  await collect()
  expect(await clients()).toEqual(['in use', 'new', 'withdrawn lately'])
})

test('what has expired goes, what has not still works', async () => {
  const person = await app.signedIn('Mika Sato')
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  const old = await program.authorize(person, 'booking:read')
  const tokens = await program.authorize(person, 'booking:read')
  await app.sql(`UPDATE oauth_artifacts SET expires_at = now() - interval '1 second' WHERE model = 'Interaction'`)
  await app.sql(
    `UPDATE oauth_grants SET expires_at = now() - interval '1 second' WHERE id = (
    SELECT id FROM oauth_grants WHERE client_id = $1 ORDER BY created_at LIMIT 1)`,
    [program.clientId],
  )
  const before = await app.sql(`SELECT FROM oauth_artifacts WHERE model = 'RefreshToken'`)
  await collect()
  const after = await app.sql(`SELECT FROM oauth_artifacts WHERE model = 'RefreshToken'`)
  expect([before.length, after.length]).toEqual([2, 1])
  expect(await app.sql(`SELECT FROM oauth_artifacts WHERE model = 'Interaction'`)).toEqual([])
  expect((await knock(app.url, old.access_token)).status).toBe(401)
  expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  expect((await program.refresh(tokens.refresh_token ?? '')).status).toBe(200)
})
