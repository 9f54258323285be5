// How the app server opens Postgres: one pool, bounded waits, and migrations that several starters may run at once.
import pg from 'pg'
import { DataSource, type DataSourceOptions } from 'typeorm'

/** Any number that no other program on the same database uses for its advisory lock. */
const migrationLock = 7_305_271

export interface DataSourceSettings {
  databaseUrl: string
  databasePoolSize: number
}

export type Migrations = Extract<DataSourceOptions, { type: 'postgres' }>['migrations']

/**
 * A connection whose end, at whatever moment, is told to whoever uses it and never ends the process.
 * pg tells it by an event, and while a connection goes from the pool to its user or back nobody listens: an event that
 * nobody hears would end us, at every restart of the database. The next statement on the connection fails all the same.
 */
class EnduringClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    this.on('error', () => undefined)
  }
}

/** @param onIdleError hears of pooled connections that break while nobody uses them (a restarted database). */
export function createDataSource(
  settings: DataSourceSettings,
  migrations: Migrations,
  onIdleError: (error: Error) => void = () => undefined,
): DataSource {
  return new DataSource({
    type: 'postgres',
    url: settings.databaseUrl,
    entities: [],
    migrations,
    migrationsTransactionMode: 'each',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    synchronize: false,
    poolErrorHandler: onIdleError,
    applicationName: 'sekisho-app-server',
    connectTimeoutMS: 5_000,
    extra: {
      Client: EnduringClient,
      max: settings.databasePoolSize,
      // One statement may not hold a connection, and so a caller, for longer than a call may take.
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
    },
  })
}

/** The pool below a data source, for its figures. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as unknown as { master: pg.Pool }).master
}

/**
 * Brings the schema up to date. Starters that come together wait for one another.
 * Throws when the server is older than PostgreSQL 18 or a migration fails; then nothing of that migration stays.
 */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner()
  try {
    const [{ version }] = (await runner.query(`SELECT current_setting('server_version_num')::int AS version`)) as [
      { version: number },
    ]
    if (version < 180_000) {
      throw new Error(`PostgreSQL 18 or newer is needed; DATABASE_URL leads to ${Math.floor(version / 10_000)}`)
    }
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock])
    try {
      await dataSource.runMigrations()
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock])
    }
  } finally {
    await runner.release()
  }
}
