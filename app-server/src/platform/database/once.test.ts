// A write with an idempotency key happens once, also when it is asked for many times together.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { createTestDatabase, eventually, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { createDataSource } from './data-source.js'
import { Database } from './database.js'
import { once, onceOutside } from './once.js'

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

describe('an action outside with a key', () => {
  const outside = (key: string, act: () => Promise<unknown>, args: unknown = { a: 1 }) =>
    onceOutside(database, { ownerId, operation: 'act', key, arguments: args }, act)

  test('is done once, and a repetition gets the result of the first', async () => {
    let done = 0
    const act = async () => ({ done: ++done })
    expect(await outside('first', act)).toEqual({ done: 1 })
    expect(await outside('first', act)).toEqual({ done: 1 })
    await expect(outside('first', act, { a: 2 })).rejects.toMatchObject({ code: 'idempotency-conflict' })
    expect(done).toBe(1)
  })

  test('is not begun a second time while the first is under way', async () => {
    const gate = Promise.withResolvers<string>()
    const first = outside('slow', () => gate.promise)
    // The claim of the first is written before it acts.
    await eventually(async () => {
      const [row] = await database.query<{ n: number }>(`SELECT 1 AS n FROM idempotency_keys WHERE key = 'slow'`)
      return row !== undefined
    })
    await expect(outside('slow', async () => 'twice')).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('still under way'),
    })
    gate.resolve('once')
    expect(await first).toBe('once')
    expect(await outside('slow', async () => 'twice')).toBe('once')
  })

  test('may be tried again with the same key when it certainly was not done', async () => {
    const refused = async () => Promise.reject(new Problem('not-found', 'There is none.'))
    await expect(outside('again', refused)).rejects.toMatchObject({ code: 'not-found' })
    expect(await outside('again', async () => 'done')).toBe('done')
  })

  test('is not repeated when nobody knows whether it was done', async () => {
    const lost = async () => Promise.reject(new Problem('timeout', 'No answer.'))
    await expect(outside('lost', lost)).rejects.toMatchObject({ code: 'timeout' })
    await expect(outside('lost', async () => 'twice')).rejects.toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('nobody knows'),
    })
  })
})
