// Entries stay as they were written, whoever speaks to the database.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { startTestApp, type TestApp } from './app.js'
import { addCalls } from './audit-bench.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
  await addCalls(app, 20)
})

afterAll(() => app.close())

describe('an entry', () => {
  /** The role and the very way the application itself comes to the database. */
  async function asApplication(statement: string): Promise<string> {
    const client = new pg.Client({ connectionString: app.settings.databaseUrl })
    await client.connect()
    try {
      await client.query(statement)
      return 'done'
    } catch (error) {
      return (error as pg.DatabaseError).message
    } finally {
      await client.end()
    }
  }

  const refused = 'audit entries are added, never changed'

  test('cannot be changed, removed or emptied away by anybody who speaks SQL, the application included', async () => {
    const [{ count: before = 0 } = {}] = await app.sql<{ count: number }>('SELECT count(*)::int FROM audit_entries')
    expect(before).toBeGreaterThan(10)
    const partitions = await app.sql<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entries'::regclass`,
    )
    expect(partitions.length).toBeGreaterThanOrEqual(2)
    const [{ name: filled = '' } = {}] = await app.sql<{ name: string }>(
      'SELECT tableoid::regclass::text AS name FROM audit_entries LIMIT 1',
    )
    for (const statement of [
      `UPDATE audit_entries SET outcome = 'ok'`,
      'DELETE FROM audit_entries',
      `DELETE FROM audit_entries WHERE kind = 'call'`,
      'TRUNCATE audit_entries',
      `UPDATE ${filled} SET reason = NULL`,
      `DELETE FROM ${filled}`,
      `SET session_replication_role = replica; DELETE FROM audit_entries`,
      `INSERT INTO audit_entries SELECT * FROM audit_entries LIMIT 1 ON CONFLICT (at, id) DO UPDATE SET reason = 'x'`,
      `MERGE INTO audit_entries t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE`,
      ...partitions.map(({ name }) => `TRUNCATE ${name}`),
    ]) {
      expect([statement, await asApplication(statement)]).toEqual([statement, refused])
    }
    expect(await app.sql('SELECT count(*)::int FROM audit_entries')).toEqual([{ count: before }])
  })

  test('cannot be moved into the past or the future', async () => {
    expect(await asApplication(`UPDATE audit_entries SET at = at + interval '10 days'`)).toBe(refused)
  })
})
