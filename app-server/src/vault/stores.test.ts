// Credentials and connected accounts: what is kept, what is never shown, and what becomes of it.

import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { createDataSource } from '../platform/database/data-source.js'
import { Database } from '../platform/database/database.js'
import { SealBroken, SecretBox } from '../platform/secret-box.js'
import { Connections, maxAccounts, type NewConnection } from './connections.js'
import { Credentials } from './credentials.js'
import type { Tokens } from './token-endpoint.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database
let credentials: Credentials
let connections: Connections
let userId: string
let clientId: string

const secret = 'the-secret-of-the-client'

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 10 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
  const box = new SecretBox({ sealingKey: randomBytes(32) })
  credentials = new Credentials(database, box)
  connections = new Connections(database, box)
})

afterAll(async () => {
  await dataSource.destroy()
  await testDatabase.drop()
})

beforeEach(async () => {
  await database.query('DELETE FROM credentials')
  userId = await person()
  const client = { provider: 'cloud', kind: 'oauth-client', label: 'Cloud', clientId: 'c1', secret } as const
  clientId = (await credentials.create(client)).id
})

async function person(): Promise<string> {
  const [row] = await database.query<{ id: string }>('INSERT INTO users (email, name) VALUES ($1, $2) RETURNING id', [
    `${randomUUID()}@example.com`,
    'Somebody',
  ])
  return String(row?.id)
}

const tokens: Tokens = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  expiresAt: new Date(Date.now() + 3600_000),
}

function account(n: number, more: Partial<NewConnection> = {}): NewConnection {
  const named = { id: `account-${n}`, label: `${n}@cloud.example`, details: { n } }
  return { userId, provider: 'cloud', credentialId: clientId, account: named, scopes: ['a'], tokens, ...more }
}

type TokenRow = Record<string, unknown> & { access_token: Buffer; refresh_token: Buffer }

async function tokenRow(id: string): Promise<TokenRow> {
  const [row] = await database.query<TokenRow>('SELECT * FROM oauth_tokens WHERE connection_id = $1', [id])
  if (!row) throw new Error('there are no tokens')
  return row
}

describe('a credential', () => {
  test('shows everything but its secret, and gives that to whoever talks to the service', async () => {
    const token = await credentials.create({
      provider: 'cloud',
      kind: 'token',
      ownerId: userId,
      label: 'mine',
      secret: 'my-own-token',
      fields: { site: 'https://a.example' },
    })
    const shown = JSON.stringify([
      await credentials.list({ ownerId: null }),
      await credentials.list({ ownerId: userId }),
      token,
    ])
    expect(shown).toContain('https://a.example')
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain('my-own-token')
    expect(await credentials.requireClient(clientId)).toEqual({ clientId: 'c1', clientSecret: secret })
    expect(await credentials.requireToken(token.id)).toBe('my-own-token')
    const rows = await database.query<{ secret: Buffer }>('SELECT secret FROM credentials')
    for (const row of rows) expect(row.secret.toString('latin1')).not.toMatch(/the-secret|my-own/)
  })

  test('belongs to its owner: the operator and each person have one client for a provider, and no second', async () => {
    const own = {
      provider: 'cloud',
      kind: 'oauth-client',
      label: 'x',
      clientId: 'own',
      secret,
      ownerId: userId,
    } as const
    const { id } = await credentials.create(own)
    expect((await credentials.findSharedClient('cloud'))?.id).toBe(clientId)
    expect((await credentials.findOwnClient(userId, 'cloud'))?.id).toBe(id)
    expect(await credentials.findOwnClient(await person(), 'cloud')).toBeUndefined()
    await expect(credentials.create(own)).rejects.toMatchObject({ code: 'conflict' })
    await expect(credentials.create({ ...own, ownerId: null })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('takes its connected accounts along when it is deleted', async () => {
    await connections.keep(account(1))
    expect((await credentials.require(clientId)).connections).toBe(1)
    await credentials.delete(clientId)
    expect(await connections.list(userId)).toEqual([])
    await expect(credentials.delete(clientId)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('with a new secret has the accounts tried again that the old one failed', async () => {
    const { id: tokenId } = await credentials.create({ provider: 'cloud', kind: 'token', label: 't', secret: 'old' })
    const byToken = await connections.keep(account(1, { credentialId: tokenId, tokens: undefined, scopes: null }))
    const byClient = await connections.keep(account(2))
    await database.query(`UPDATE connections SET status = 'revoked', status_reason = 'token-refused'`)
    await database.query(`UPDATE oauth_tokens SET failures = 3, retry_at = now() + interval '5 minutes'`)
    await credentials.update(tokenId, { secret: 'new' })
    await credentials.update(clientId, { secret: 'new' })
    expect(await credentials.requireToken(tokenId)).toBe('new')
    expect(await connections.find(userId, byToken.id)).toMatchObject({ status: 'connected', statusReason: null })
    // What the client's accounts lost was the person's consent: that no secret brings back.
    expect(await connections.find(userId, byClient.id)).toMatchObject({ status: 'revoked' })
    expect(await tokenRow(byClient.id)).toMatchObject({ failures: 0, retry_at: null })
  })
})

describe('a connected account', () => {
  test('is the default when it is the first, until another is made the default', async () => {
    const first = await connections.keep(account(1))
    const second = await connections.keep(account(2))
    expect([first.isDefault, second.isDefault]).toEqual([true, false])
    await connections.setDefault(userId, second.id)
    expect((await connections.list(userId)).map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [second.id, true],
      [first.id, false],
    ])
  })

  test('that is connected again stays the same one, whole again, with the new tokens alone', async () => {
    const { id } = await connections.keep(account(1))
    await database.query(`UPDATE connections SET status = 'reconnect-needed', status_reason = 'grant-gone'`)
    await database.query(
      `UPDATE oauth_tokens SET lease_id = gen_random_uuid(), lease_until = now() + interval '1 minute',
         renewal_began_at = now(), failures = 2, retry_at = now() + interval '1 minute'`,
    )
    const again = await connections.keep(account(1, { scopes: ['a', 'b'], tokens: { accessToken: 'access-2' } }))
    expect(again).toMatchObject({ id, status: 'connected', statusReason: null, scopes: ['a', 'b'], isDefault: true })
    expect(await tokenRow(id)).toMatchObject({
      generation: 2,
      lease_id: null,
      lease_until: null,
      renewal_began_at: null,
      failures: 0,
      retry_at: null,
    })
    const removed = await connections.remove(userId, id)
    // The service left out the refresh token for a client it knows: the one from before still counts.
    expect(removed.tokens).toEqual({ accessToken: 'access-2', refreshToken: 'refresh-1' })
  })

  test('shows no token, and keeps none in the clear', async () => {
    const { id } = await connections.keep(account(1))
    expect(JSON.stringify(await connections.list(userId))).not.toMatch(/access-1|refresh-1/)
    const row = await tokenRow(id)
    expect(row.access_token.toString('latin1')).not.toContain('access-1')
    expect(row.refresh_token.toString('latin1')).not.toContain('refresh-1')
  })

  test('gives its tokens for revocation when it is removed, and another becomes the default', async () => {
    const first = await connections.keep(account(1))
    const second = await connections.keep(account(2))
    const third = await connections.keep(account(3))
    await database.query(`UPDATE connections SET status = 'revoked' WHERE id = $1`, [second.id])
    expect((await connections.remove(userId, first.id)).tokens).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
    })
    expect((await connections.list(userId)).filter(({ isDefault }) => isDefault).map(({ id }) => id)).toEqual([
      third.id,
    ])
    await expect(connections.remove(userId, first.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('of a token of the person takes that token along, and leaves one that is shared', async () => {
    const own = await credentials.create({ provider: 'cloud', kind: 'token', ownerId: userId, label: 'x', secret: 't' })
    const shared = await credentials.create({ provider: 'cloud', kind: 'token', label: 'x', secret: 't' })
    for (const [n, { id }] of [own, shared].entries()) {
      const kept = await connections.keep(account(n, { credentialId: id, tokens: undefined, scopes: null }))
      expect((await connections.remove(userId, kept.id)).tokens).toBeUndefined()
    }
    expect(await credentials.find(own.id)).toBeUndefined()
    expect(await credentials.find(shared.id)).toBeDefined()
  })

  test('is nobody else’s: others neither find nor change nor remove it', async () => {
    const { id } = await connections.keep(account(1))
    const other = await person()
    expect(await connections.find(other, id)).toBeUndefined()
    await expect(connections.setDefault(other, id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(connections.remove(other, id)).rejects.toMatchObject({ code: 'not-found' })
    expect(await connections.list(userId)).toHaveLength(1)
  })

  test('is one of at most twenty, also when many are connected at once, with one default among them', async () => {
    const kept = await Promise.allSettled(Array.from({ length: 25 }, (_, n) => connections.keep(account(n))))
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxAccounts)
    for (const one of kept) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
    const list = await connections.list(userId)
    expect(list.filter(({ isDefault }) => isDefault)).toHaveLength(1)
    expect(await connections.keep(account(Number(list[3]?.account.details.n)))).toBeDefined()
  })

  test('has tokens that open in no other row', async () => {
    const first = await connections.keep(account(1))
    const second = await connections.keep(
      account(2, { tokens: { accessToken: 'access-2', refreshToken: 'refresh-2' } }),
    )
    await database.query(
      `UPDATE oauth_tokens t SET access_token = s.access_token FROM oauth_tokens s
        WHERE t.connection_id = $1 AND s.connection_id = $2`,
      [first.id, second.id],
    )
    expect((await connections.remove(userId, first.id)).tokens).toBeUndefined()
    await database.query(
      `UPDATE credentials SET secret = (SELECT access_token FROM oauth_tokens WHERE connection_id = $1)`,
      [second.id],
    )
    await expect(credentials.requireClient(clientId)).rejects.toThrow(SealBroken)
  })
})
