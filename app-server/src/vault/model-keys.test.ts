// Who may have a model asked with which key: their own and the shared ones; and what is kept of a key.
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { createDataSource } from '../platform/database/data-source.js'
import { Database } from '../platform/database/database.js'
import { SealBroken, SecretBox } from '../platform/secret-box.js'
import { Credentials } from './credentials.js'
import { ModelKeys, type NewModelKey } from './model-keys.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database
let keys: ModelKeys
let aki: string
let ben: string

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 10 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
  keys = new ModelKeys(database, new Credentials(database, new SecretBox({ sealingKey: randomBytes(32) })))
})

afterAll(async () => {
  await dataSource.destroy()
  await testDatabase.drop()
})

beforeEach(async () => {
  await database.query('DELETE FROM credentials')
  aki = await person()
  ben = await person()
})

async function person(): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `INSERT INTO users (email, name) VALUES ($1, 'Somebody') RETURNING id`,
    [`${randomUUID()}@example.com`],
  )
  return String(row?.id)
}

function keyOf(ownerId: string | null, more: Partial<NewModelKey> = {}): NewModelKey {
  const prices = { inputPerMillion: 0.75, outputPerMillion: 3.75 }
  return {
    vendor: 'gemini',
    ownerId,
    label: 'Gemini',
    model: 'gemini-3.8-flash',
    prices,
    apiKey: 'AIza-the-key',
    ...more,
  }
}

describe('a key', () => {
  test('is opened with all that its model is asked with', async () => {
    const limits = { inputTokenLimit: 8192, outputTokenLimit: 2048 }
    const { id } = await keys.create(keyOf(aki, { baseUrl: 'https://llm.example.com/v1', ...limits }))
    expect(await keys.requireOpened(id, aki)).toEqual({
      access: { vendor: 'gemini', apiKey: 'AIza-the-key', baseUrl: 'https://llm.example.com/v1' },
      model: 'gemini-3.8-flash',
      prices: { inputPerMillion: 0.75, outputPerMillion: 3.75 },
      ...limits,
    })
    expect(await keys.findOpened(id)).toEqual(await keys.requireOpened(id, aki))
  })

  test('of somebody else opens to nobody, and a shared one to everybody', async () => {
    const { id } = await keys.create(keyOf(aki))
    await expect(keys.requireOpened(id, ben)).rejects.toMatchObject({ code: 'not-found' })
    const shared = await keys.create(keyOf(null))
    expect((await keys.requireOpened(shared.id, ben)).access.apiKey).toBe('AIza-the-key')
    await expect(keys.requireOpened(randomUUID(), ben)).rejects.toMatchObject({ code: 'not-found' })
    expect(await keys.findOpened(randomUUID())).toBeUndefined()
  })

  test('that a model does not want is kept as none', async () => {
    const { id } = await keys.create(keyOf(aki, { apiKey: '' }))
    expect((await keys.requireOpened(id, aki)).access.apiKey).toBe('')
  })

  test('is changed by its owner alone, in what is told and nothing else', async () => {
    const { id } = await keys.create(keyOf(aki, { inputTokenLimit: 8192 }))
    for (const other of [ben, null]) {
      await expect(keys.change(id, other, { label: 'Mine' })).rejects.toMatchObject({ code: 'not-found' })
      await expect(keys.remove(id, other)).rejects.toMatchObject({ code: 'not-found' })
    }
    await keys.change(id, aki, { prices: null })
    await keys.change(id, aki, { apiKey: 'AIza-another' })
    expect(await keys.requireOpened(id, aki)).toMatchObject({
      access: { apiKey: 'AIza-another' },
      prices: null,
      inputTokenLimit: 8192,
    })
    await keys.remove(id, aki)
    expect(await keys.listFor(aki)).toEqual([])
  })

  test('changed by two at once keeps both changes', async () => {
    const { id } = await keys.create(keyOf(aki))
    await Promise.all([
      keys.change(id, aki, { model: 'gemini-2.5-pro' }),
      keys.change(id, aki, { inputTokenLimit: 4096 }),
    ])
    expect(await keys.find(id, aki)).toMatchObject({ model: 'gemini-2.5-pro', inputTokenLimit: 4096 })
  })

  test('is sealed in its own row, shown nowhere, and worth nothing in the row of another', async () => {
    const mine = await keys.create(keyOf(aki))
    const bens = await keys.create(keyOf(ben, { apiKey: 'AIza-bens' }))
    expect(JSON.stringify(await keys.listFor(aki)) + JSON.stringify(mine)).not.toContain('AIza')
    const [row] = await database.query<{ secret: Buffer }>('SELECT secret FROM credentials WHERE id = $1', [mine.id])
    expect(row?.secret.includes('AIza')).toBe(false)
    await database.query(
      'UPDATE credentials SET secret = (SELECT secret FROM credentials WHERE id = $1) WHERE id = $2',
      [bens.id, mine.id],
    )
    await expect(keys.requireOpened(mine.id, aki)).rejects.toThrow(SealBroken)
  })
})

describe('the list of a person', () => {
  test('has their own first, then the shared ones, several of one service too, and none of others', async () => {
    await keys.create(keyOf(null, { label: 'House' }))
    await keys.create(keyOf(aki, { label: 'Second' }))
    await keys.create(keyOf(aki, { label: 'First' }))
    await keys.create(keyOf(ben, { label: 'Other' }))
    expect((await keys.listFor(aki)).map(({ label }) => label)).toEqual(['First', 'Second', 'House'])
  })

  test('goes with the person', async () => {
    await keys.create(keyOf(aki))
    await database.query('DELETE FROM users WHERE id = $1', [aki])
    expect(await database.query('SELECT FROM credentials')).toEqual([])
  })
})

test('the operator shares fifty keys at most', async () => {
  for (let count = 0; count < 50; count++) await keys.create(keyOf(null))
  await expect(keys.create(keyOf(null))).rejects.toMatchObject({ code: 'conflict' })
})

test('a key without a model is none', async () => {
  await expect(
    database.query(
      `INSERT INTO credentials (provider, kind, label, secret) VALUES ('gemini', 'model-key', 'x', '\\x00')`,
    ),
  ).rejects.toThrow('credentials_model')
})
