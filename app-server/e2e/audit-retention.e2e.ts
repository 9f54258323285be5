// Entries go when their time is over: whole partitions, quickly or not at all, and never one that is still young.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import pg from 'pg'
import type { DataSource } from 'typeorm'
import { AuditOfEverything1763600030000 } from '../src/audit/migrations.js'
import { AuditRetention } from '../src/audit/retention.js'
import { createDataSource } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'
import { Jobs } from '../src/platform/jobs.js'
import { Log } from '../src/platform/log.js'
import { startTestApp } from './app.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database
const log = new Log('silent')

beforeEach(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 4 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
})

afterEach(async () => {
  await dataSource.destroy()
  await testDatabase.drop()
})

const retention = (auditDays: number) => new AuditRetention(new Jobs(database, log), log, { auditDays })

/** Names of the partitions, the oldest first. */
async function partitions(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entries'::regclass ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

/** Instead of the first partition, which holds all of the past: one day long ago, one lately, and the present. */
async function makePast(): Promise<void> {
  const [first] = await partitions()
  await database.query(`DROP TABLE ${first}`)
  await database.query(`SELECT audit_add_partition('-infinity', '2020-01-01'), audit_add_partition('2020-01-01', '2020-02-01'),
    audit_add_partition('2020-02-01', date_trunc('day', now()) - interval '2 days'),
    audit_add_partition(date_trunc('day', now()) - interval '2 days', date_trunc('day', now()) + interval '2 days')`)
  await put('first', '2019-06-01')
  await put('second', '2020-01-15')
  await put('lately', 'yesterday')
}

async function put(tool: string, at: string): Promise<void> {
  await database.query(
    `INSERT INTO audit_entries (at, kind, action, outcome, tool, details) VALUES ($1, 'call', 'call', 'ok', $2, '{}')`,
    [at, tool],
  )
}

async function tools(): Promise<unknown[]> {
  return (await database.query('SELECT tool FROM audit_entries ORDER BY at')).map(({ tool }) => tool)
}

describe('the partitions', () => {
  test('are there a week ahead, and making them again makes nothing', async () => {
    await database.transaction((sql) => retention(30).addPartitions(sql))
    const made = await partitions()
    await put('ahead', new Date(Date.now() + 7 * 86_400_000).toISOString())
    await database.transaction((sql) => retention(30).addPartitions(sql))
    expect(await partitions()).toEqual(made)
    expect(made.length).toBeGreaterThan(4)
    expect(await tools()).toEqual(['ahead'])
  })

  test('leave no gap between one another, also when the time that entries are kept is changed', async () => {
    await database.transaction((sql) => retention(1).addPartitions(sql))
    await database.transaction((sql) => retention(3650).addPartitions(sql))
    for (let day = 0; day < 7; day++) await put(`day ${day}`, new Date(Date.now() + day * 86_400_000).toISOString())
    expect(await tools()).toHaveLength(7)
  })

  test('are made later when the table is held, and a start does not wait for that', async () => {
    const before = await partitions()
    const holder = new pg.Client({ connectionString: testDatabase.url })
    await holder.connect()
    try {
      await holder.query('BEGIN')
      await holder.query('LOCK TABLE audit_entries IN SHARE UPDATE EXCLUSIVE MODE')
      const startedAt = performance.now()
      await database.transaction((sql) => retention(30).addPartitions(sql))
      expect(performance.now() - startedAt).toBeLessThan(1_500)
    } finally {
      await holder.query('ROLLBACK')
      await holder.end()
    }
    expect(await partitions()).toEqual(before)
    await database.transaction((sql) => retention(30).addPartitions(sql))
    expect((await partitions()).length).toBeGreaterThan(before.length)
  })

  test('are made by one of two replicas that start together', async () => {
    const app = await startTestApp()
    try {
      const replicas = await Promise.all([app.replica(), app.replica()])
      for (const replica of replicas) await replica.close()
      expect(app.logLines.filter(({ level }) => level === 'error')).toEqual([])
    } finally {
      await app.close()
    }
  })
})

describe('old entries', () => {
  test('go by partition, one at each run, and young ones stay', async () => {
    await makePast()
    const job = retention(365)
    for (const left of [['second', 'lately'], ['lately'], ['lately'], ['lately']]) {
      await database.transaction((sql) => job.dropOne(sql))
      expect(await tools()).toEqual(left)
    }
    expect(await partitions()).toHaveLength(2)
  })

  test('stay for exactly as long as configured at least', async () => {
    await makePast()
    await database.transaction((sql) => retention(3650).dropOne(sql))
    expect(await tools()).toEqual(['first', 'second', 'lately'])
  })

  test('that are being read go later, and nobody waits for that', async () => {
    await makePast()
    const reader = new pg.Client({ connectionString: testDatabase.url })
    await reader.connect()
    try {
      await reader.query('BEGIN')
      await reader.query('SELECT count(*) FROM audit_entries')
      const startedAt = performance.now()
      const dropping = database.transaction((sql) => retention(365).dropOne(sql))
      await new Promise((resolve) => setTimeout(resolve, 50))
      await put('meanwhile', 'now')
      expect(performance.now() - startedAt).toBeLessThan(1_500)
      await dropping
      expect(await tools()).toEqual(['first', 'second', 'lately', 'meanwhile'])
    } finally {
      await reader.query('ROLLBACK')
      await reader.end()
    }
    await database.transaction((sql) => retention(365).dropOne(sql))
    expect(await tools()).toEqual(['second', 'lately', 'meanwhile'])
  })
})

describe('the migration', () => {
  test('keeps the calls that were written before it, there and back', async () => {
    const runner = dataSource.createQueryRunner()
    const migration = new AuditOfEverything1763600030000()
    await database.query(
      `INSERT INTO audit_entries (kind, action, outcome, reason, actor_id, client_id, tool, arguments, details, duration_ms, request_id)
       VALUES ('call', 'call', 'refused', 'out-of-stock', gen_random_uuid(), 'c', 'order.create', '{"n": 1}', '{}', 7, 'r'),
              ('sign-in', 'sign-in', 'ok', NULL, gen_random_uuid(), NULL, NULL, NULL, '{}', NULL, 'r')`,
    )
    const call = `SELECT id, at, client_id, tool, arguments, outcome, reason, duration_ms, request_id FROM audit_entries
                   WHERE tool IS NOT NULL`
    const before = await database.query(call)
    try {
      await runner.startTransaction()
      await migration.down(runner)
      await runner.commitTransaction()
      expect(await database.query(call)).toEqual(before)
      expect(await database.query('SELECT count(*)::int AS n FROM audit_entries')).toEqual([{ n: 1 }])
      await runner.startTransaction()
      await migration.up(runner)
      await runner.commitTransaction()
    } finally {
      await runner.release()
    }
    expect(await database.query(call)).toEqual(before)
    expect(await database.query('SELECT kind, actor_id IS NOT NULL AS known FROM audit_entries')).toEqual([
      { kind: 'call', known: true },
    ])
  })
})
