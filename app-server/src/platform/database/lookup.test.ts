// Rows looked up together come from one statement, each to whoever asked for it.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { createDataSource } from './data-source.js'
import { Database } from './database.js'
import { lookup } from './lookup.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database

const [first, second] = [randomUUID(), randomUUID()]
const findThing = lookup<{ id: string; name: string }>(
  'thing',
  'SELECT id, name FROM things WHERE id = ANY($1::uuid[])',
)

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 2 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
  await database.query('CREATE TABLE things (id uuid PRIMARY KEY, name text)')
  await database.query(`INSERT INTO things VALUES ($1, 'first'), ($2, 'second')`, [first, second])
})

afterAll(async () => {
  await database.close()
  await dataSource.destroy()
  await testDatabase.drop()
})

test('gives each who asked its own row, the same row to two, and nothing for an id that is not there', async () => {
  const ids = [second, first, randomUUID(), second]
  const found = await Promise.all(ids.map((id) => findThing(database, id)))
  expect(found.map((row) => row?.name)).toEqual(['second', 'first', undefined, 'second'])
})

test('reads the row as it is when it is asked for, by one statement at a time', async () => {
  await findThing(database, first)
  await database.query(`UPDATE things SET name = 'changed' WHERE id = $1`, [first])
  expect(await findThing(database, first)).toEqual({ id: first, name: 'changed' })
  const connections = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%: lookups'`
  expect(await database.query(connections)).toHaveLength(1)
})

test('an id that is none fails alone', async () => {
  const outcomes = await Promise.allSettled([findThing(database, 'no uuid'), findThing(database, first)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})
