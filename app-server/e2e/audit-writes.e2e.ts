// Writing entries: many share a commit, and a database that is slow, locked or gone undoes nothing and hides nothing.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestDatabase, eventually, OAuthProgram, type TestDatabase } from '@sekisho/testing'
import pg from 'pg'
import type { DataSource } from 'typeorm'
import { type AuditEntry, AuditLog } from '../src/audit/audit-log.js'
import { createDataSource } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'
import { Log } from '../src/platform/log.js'
import { startTestApp, type TestApp } from './app.js'
import { callTool } from './audit-bench.js'
import { fixturesProvider } from './fixtures-provider.js'

interface Bench {
  audit: AuditLog
  database: Database
  logLines: Record<string, unknown>[]
  close(): Promise<void>
}

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const bench of open.splice(0).reverse()) await bench.close()
})

async function bench(): Promise<Bench & { testDatabase: TestDatabase }> {
  const testDatabase = await createTestDatabase()
  const dataSource: DataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 4 }, [])
  await dataSource.initialize()
  const database = new Database(dataSource)
  const logLines: Record<string, unknown>[] = []
  const log = new Log('info', { write: (line) => void logLines.push(JSON.parse(line)) })
  const made = {
    testDatabase,
    database,
    logLines,
    audit: new AuditLog(database, log),
    async close() {
      await database.close()
      await dataSource.destroy()
      await testDatabase.drop()
    },
  }
  open.push(made)
  return made
}

const entryOf = (tool: string): AuditEntry => ({
  kind: 'call',
  action: 'call',
  outcome: 'ok',
  tool,
  arguments: { n: 1 },
  details: { role: 'member' },
})

/** Holds the table so that nobody can write, until told. */
async function hold(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN')
  await client.query('LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE')
  return async () => {
    await client.query('ROLLBACK')
    await client.end()
  }
}

describe('entries that come together', () => {
  test('are all there, each once, and share commits', async () => {
    const { audit, database } = await bench()
    const tools = Array.from({ length: 1_000 }, (_, at) => `tool.${at}`)
    await Promise.all(tools.map((tool) => audit.record(entryOf(tool))))
    const stored = await database.query<{ tool: string; transaction: string }>(
      'SELECT tool, xmin::text AS transaction FROM audit_entries',
    )
    expect(stored.map(({ tool }) => tool).sort()).toEqual([...tools].sort())
    expect(new Set(stored.map(({ transaction }) => transaction)).size).toBeLessThan(20)
    expect(audit.failures.total).toBe(0)
  })

  test('do not fail with one that cannot be stored', async () => {
    const { audit, database, logLines } = await bench()
    const bad = { ...entryOf('bad'), actorId: 'no uuid' }
    await Promise.all([audit.record(entryOf('one')), audit.record(bad), audit.record(entryOf('two'))])
    expect(await database.query('SELECT tool FROM audit_entries ORDER BY tool')).toEqual([
      { tool: 'one' },
      { tool: 'two' },
    ])
    expect(audit.failures.total).toBe(1)
    expect(logLines).toMatchObject([{ level: 'error', entry: { tool: 'bad', arguments: { n: 1 } } }])
  })
})

describe('an entry', () => {
  test('with texts that Postgres does not take is stored all the same', async () => {
    const { audit, database } = await bench()
    await audit.record({
      ...entryOf('a\u0000b'),
      clientId: '\ud800',
      details: { said: 'x\u0000\ud800', list: Array(500).fill('y'), password: 'hunter2' },
    })
    expect(audit.failures.total).toBe(0)
    const [row] = await database.query<{ tool: string; details: Record<string, unknown> }>(
      'SELECT * FROM audit_entries',
    )
    expect(row?.tool).toBe('ab')
    expect(JSON.stringify(row?.details)).not.toContain('hunter2')
    expect(JSON.stringify(row?.details).length).toBeLessThan(1_000)
  })

  test('that waits too long is given up in bounded time, told, counted, and told again when it comes through', async () => {
    const { audit, database, logLines, testDatabase } = await bench()
    const letGo = await hold(testDatabase.url)
    const startedAt = performance.now()
    try {
      await audit.record(entryOf('slow'))
    } finally {
      expect(performance.now() - startedAt).toBeLessThan(4_500)
      await letGo()
    }
    expect(audit.failures.total).toBe(1)
    expect(logLines[0]).toMatchObject({ level: 'error', entry: { tool: 'slow' } })
    await eventually(() => logLines.some(({ msg }) => String(msg).includes('after all')))
    expect(await database.query('SELECT tool FROM audit_entries')).toEqual([{ tool: 'slow' }])
  })

  test('of a database that is gone is told and counted, and the next one is written when it is back', async () => {
    const { audit, database, logLines, testDatabase } = await bench()
    await audit.record(entryOf('before'))
    const name = new URL(testDatabase.url).pathname.slice(1)
    const admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
    await admin.connect()
    try {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
      const secret = randomUUID()
      await audit.record({ ...entryOf('lost'), details: { secret } })
      expect(audit.failures.total).toBe(1)
      expect(logLines).toMatchObject([{ level: 'error', entry: { tool: 'lost' } }])
      expect(JSON.stringify(logLines)).not.toContain(secret)
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    } finally {
      await admin.end()
    }
    await eventually(async () => {
      await audit.record(entryOf('after'))
      return (await database.query(`SELECT FROM audit_entries WHERE tool = 'after'`)).length > 0
    })
  })
})

describe('a call', () => {
  let app: TestApp
  let token: string

  beforeAll(async () => {
    app = await startTestApp({ providers: [fixturesProvider] })
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    token = (await program.authorize(await app.signedIn('Aki'), 'fixtures:use')).access_token
  })

  afterAll(() => app.close())

  test('that was done is answered as done although its entry could not be written', async () => {
    const letGo = await hold(app.settings.databaseUrl)
    try {
      const response = await callTool(app.url, token, 'fixtures.write', { note: 'kept' })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ result: { structuredContent: { note: 'kept' } } })
    } finally {
      await letGo()
    }
    const told = app.logLines.find(({ msg }) => String(msg).includes('could not be written'))
    expect(told).toMatchObject({ level: 'error', entry: { kind: 'call', tool: 'fixtures.write' } })
  })

  test('of a crowd leaves an entry each', async () => {
    const calls = Array.from({ length: 100 }, (_, at) =>
      callTool(app.url, token, 'fixtures.echo', { text: `crowd ${at}` }),
    )
    const answers = await Promise.all((await Promise.all(calls)).map((response) => response.json()))
    const done = answers.filter((answer) => !(answer as { result: { isError?: boolean } }).result.isError).length
    expect(done).toBeGreaterThan(0)
    const [row] = await app.sql<{ n: number }>(
      `SELECT count(DISTINCT arguments->>'text')::int AS n FROM audit_entries
        WHERE outcome = 'ok' AND arguments->>'text' LIKE 'crowd %'`,
    )
    expect(row?.n).toBe(done)
  })
})
