// Calls that come together share a statement, and none of them pays for another's fault.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { currentRequestId, inRequest } from '../request-context.js'
import { createDataSource } from './data-source.js'
import { constraintOf, Database } from './database.js'
import { Gathered } from './gathered.js'
import type { PreparedStatement } from './own-connection.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database
let insert: PreparedStatement<{ n: number }>

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 4 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
  await database.query('CREATE TABLE marks (n int PRIMARY KEY, CONSTRAINT small CHECK (n < 1000))')
  insert = database.prepare<{ n: number }>('marks', 'INSERT INTO marks SELECT unnest($1::int[]) RETURNING n')
})

afterAll(async () => {
  await database.close()
  await dataSource.destroy()
  await testDatabase.drop()
})

/** Marks gathered, with the sizes of the statements that carried them. */
function gatheredMarks({ maxBatch = 100, maxWaiting = 1_000 } = {}) {
  const sizes: number[] = []
  const marks = new Gathered<number, number>(
    async (numbers) => {
      sizes.push(numbers.length)
      return (await insert([numbers])).map(({ n }) => n)
    },
    { maxBatch, maxWaiting },
  )
  return { marks, sizes }
}

const from = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at)
const stored = async (numbers: number[]) =>
  (await database.query<{ n: number }>('SELECT n FROM marks WHERE n = ANY($1) ORDER BY n', [numbers])).map(({ n }) => n)

describe('calls that come together', () => {
  test('share one statement, and each gets its own output', async () => {
    const { marks, sizes } = gatheredMarks()
    expect(await Promise.all(from(0, 20).map((n) => marks.add(n)))).toEqual(from(0, 20))
    expect(sizes).toEqual([20])
    expect(await stored(from(0, 20))).toEqual(from(0, 20))
  })

  test('while a statement is in flight share the next one', async () => {
    const { marks, sizes } = gatheredMarks()
    const first = marks.add(30)
    while (sizes.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const later: Promise<number>[] = []
    for (const n of from(31, 9)) {
      later.push(marks.add(n))
      await Promise.resolve()
    }
    expect(marks.waitingCount).toBe(9)
    await Promise.all([first, ...later])
    expect(sizes).toEqual([1, 9])
  })

  test('are split where a statement takes no more', async () => {
    const { marks, sizes } = gatheredMarks({ maxBatch: 8 })
    await Promise.all(from(50, 20).map((n) => marks.add(n)))
    expect(sizes).toEqual([8, 8, 4])
  })

  test('belong to no single request', async () => {
    const seen: (string | undefined)[] = []
    const gathered = new Gathered<number, number>(
      async (numbers) => {
        seen.push(currentRequestId())
        return numbers
      },
      { maxBatch: 10, maxWaiting: 10 },
    )
    await inRequest('the-first', async () => {
      await gathered.add(1)
      expect(currentRequestId()).toBe('the-first')
    })
    expect(seen).toEqual([undefined])
  })
})

describe('a call that comes alone', () => {
  test('goes at once', async () => {
    const { marks, sizes } = gatheredMarks()
    for (const n of from(80, 3)) expect(await marks.add(n)).toBe(n)
    expect(sizes).toEqual([1, 1, 1])
  })
})

describe('a fault', () => {
  test("of one caller's data is that caller's alone", async () => {
    const { marks, sizes } = gatheredMarks()
    const outcomes = await Promise.allSettled([100, 5_000, 101, 100].map((n) => marks.add(n)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected'])
    const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [constraintOf(outcome.reason)] : []))
    expect(faults).toEqual(['small', 'marks_pkey'])
    expect(sizes).toEqual([4, 1, 1, 1, 1])
    expect(await stored([100, 101, 5_000])).toEqual([100, 101])
    expect(await marks.add(102)).toBe(102)
  })

  test('of the connection reaches every caller, is not tried again, and the next call finds a new connection', async () => {
    const { marks, sizes } = gatheredMarks()
    const pause = database.prepare('pause', 'SELECT pg_sleep(30)')
    const broken = new Gathered<number, number>(
      async (numbers) => {
        sizes.push(numbers.length)
        await pause([])
        return numbers
      },
      { maxBatch: 10, maxWaiting: 10 },
    )
    const outcomes = Promise.allSettled([broken.add(1), broken.add(2)])
    const ended = async () =>
      database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND application_name LIKE '%pause' AND state = 'active'`)
    while ((await ended()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(sizes).toEqual([2])
    await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                           WHERE datname = current_database() AND application_name LIKE '%marks'`)
    // The pool hears of the end of an idle connection a moment later.
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await marks.add(110)).toBe(110)
  })

  test('of a statement that answers for too few is told to all', async () => {
    const short = new Gathered<number, number>(async () => [], { maxBatch: 10, maxWaiting: 10 })
    await expect(short.add(1)).rejects.toThrow('gave 0 outputs')
  })
})

describe('a crowd larger than may wait', () => {
  test('is told to try again, and those who wait are served', async () => {
    const { marks } = gatheredMarks({ maxWaiting: 5 })
    const outcomes = await Promise.allSettled(from(200, 8).map((n) => marks.add(n)))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused).toHaveLength(3)
    for (const reason of refused) expect(reason).toBeInstanceOf(Problem)
    expect(refused.map(({ code }) => code)).toEqual(Array(3).fill('unavailable'))
    expect(await stored(from(200, 8))).toEqual(from(200, 5))
  })
})
