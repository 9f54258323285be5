// A write with an idempotency key happens once, also when it is asked for many times together.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { createDataSource } from './data-source.js'
import { Database } from './database.js'
import { once } from './once.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 10 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
  await database.query('CREATE TABLE marks (n int)')
})

afterAll(async () => {
  await dataSource.destroy()
  await testDatabase.drop()
})

function request(key: string | undefined, args: unknown = { a: 1, b: 2 }) {
  return { ownerId, operation: 'mark', key, arguments: args }
}
let ownerId = randomUUID()

async function marks(n: number): Promise<number> {
  const [row] = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM marks WHERE n = $1', [n])
  return row?.count ?? 0
}

describe('a write with a key', () => {
  test('happens once however many ask at the same time, and all get the same result', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        once(database, request('same'), async (sql) => {
          await sql.query('INSERT INTO marks VALUES (1)')
          return { by: i }
        }),
      ),
    )
    expect(await marks(1)).toBe(1)
    expect(new Set(results.map(({ by }) => by)).size).toBe(1)
  })

  test('is the same request whatever the order of its arguments', async () => {
    const write = async () => 'done'
    await once(database, request('order', { a: 1, b: { c: 2, d: 3 } }), write)
    await expect(once(database, request('order', { b: { d: 3, c: 2 }, a: 1 }), write)).resolves.toBe('done')
  })

  test('is a conflict with other arguments', async () => {
    await once(database, request('taken', { a: 1 }), async () => 'first')
    const second = once(database, request('taken', { a: 2 }), async () => 'second')
    await expect(second).rejects.toMatchObject({ code: 'idempotency-conflict' })
  })

  test('may use the words of somebody else', async () => {
    await once(database, request('shared'), async () => 'mine')
    ownerId = randomUUID()
    await expect(once(database, request('shared'), async () => 'theirs')).resolves.toBe('theirs')
  })

  test('keeps nothing when it fails, so that it can be tried again', async () => {
    const failing = once(database, request('fails'), async (sql) => {
      await sql.query('INSERT INTO marks VALUES (2)')
      throw new Problem('conflict', 'No.')
    })
    await expect(failing).rejects.toMatchObject({ code: 'conflict' })
    expect(await marks(2)).toBe(0)
    await expect(once(database, request('fails'), async () => 'now')).resolves.toBe('now')
  })
})

describe('a write without a key', () => {
  test('happens each time', async () => {
    for (let i = 0; i < 2; i++) {
      await once(database, request(undefined), (sql) => sql.query('INSERT INTO marks VALUES (3)'))
    }
    expect(await marks(3)).toBe(2)
  })
})
