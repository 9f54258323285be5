// A database of its own for each test that asks: a copy of one migrated template, on the Postgres that `npm test` started.
import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface TestDatabase {
  /** The connection string, password included. */
  readonly url: string
  /** Ends whatever is still connected and removes the database. Safe to call twice. */
  drop(): Promise<void>
}

/**
 * Makes a database with every migration applied and no rows (about 25 ms).
 * TEST_DATABASE_URL names a server and a role that may create databases, TEST_TEMPLATE the migrated template;
 * scripts/test.js sets both. Throws with what to run when they are missing.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { TEST_DATABASE_URL: admin, TEST_TEMPLATE: template } = process.env
  if (!admin || !template) {
    throw new Error(
      'This test needs the test database: run it with `npm test -- <path or jest options>`, which starts one, ' +
        'or set TEST_DATABASE_URL (a role that may create databases) and TEST_TEMPLATE (a migrated database to copy).',
    )
  }
  const name = `test_${randomBytes(8).toString('hex')}`
  await asAdmin(admin, `CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => asAdmin(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 30_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
