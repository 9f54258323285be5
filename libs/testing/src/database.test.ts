// Each test that asks gets a database of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type LocalPostgres, startLocalPostgres } from '@sekisho/local-postgres'
import pg from 'pg'
import { createTestDatabase } from './database.js'

const given = { TEST_DATABASE_URL: process.env.TEST_DATABASE_URL, TEST_TEMPLATE: process.env.TEST_TEMPLATE }
let scratch: string
let postgres: LocalPostgres

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sekisho-testing-'))
  postgres = await startLocalPostgres({ dataDirectory: join(scratch, 'postgres'), durable: false })
  await query(postgres.url(), 'CREATE TABLE migrated (word text)')
})

afterAll(async () => {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await postgres.stop()
  await rm(scratch, { recursive: true, force: true })
})

describe('a test database', () => {
  test('has the tables of the template, nothing of its neighbours, and is gone when dropped', async () => {
    process.env.TEST_DATABASE_URL = postgres.url('postgres')
    process.env.TEST_TEMPLATE = 'sekisho'
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
    await query(one.url, "INSERT INTO migrated VALUES ('mine')")
    expect(await query(one.url, 'SELECT word FROM migrated')).toEqual([{ word: 'mine' }])
    expect(await query(other.url, 'SELECT word FROM migrated')).toEqual([])

    // Someone who has not hung up does not keep it alive.
    const lingering = new pg.Client({ connectionString: one.url })
    lingering.on('error', () => {})
    await lingering.connect()
    await one.drop()
    await one.drop()
    await expect(query(one.url, 'SELECT 1')).rejects.toThrow(/does not exist/)
    await other.drop()
    expect(await query(postgres.url('postgres'), "SELECT 1 FROM pg_database WHERE datname LIKE 'test%'")).toEqual([])
  })

  test('says how to run the tests where there is no server for it', async () => {
    delete process.env.TEST_DATABASE_URL
    await expect(createTestDatabase()).rejects.toThrow(/npm test/)
  })
})

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
