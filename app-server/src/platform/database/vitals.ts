// How the database is: its version and size, who is connected, and how fast it answers.
import { Injectable } from '@nestjs/common'
import { Database } from './database.js'

export interface DatabaseVitals {
  /** E.g. "18.1". */
  readonly version: string
  readonly sizeBytes: number
  readonly connections: number
  /** Most connections Postgres takes, those of other databases included. */
  readonly maxConnections: number
  /** App servers that listen to one another over this database (notices.ts): those that run now. */
  readonly replicas: number
  /** How long asking all this took, in milliseconds. */
  readonly answeredInMs: number
}

@Injectable()
export class Vitals {
  constructor(private readonly database: Database) {}

  async look(): Promise<DatabaseVitals> {
    const startedAt = performance.now()
    const [row] = await this.database.query<Omit<DatabaseVitals, 'answeredInMs'>>(
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
              pg_database_size(current_database())::float8 AS "sizeBytes",
              count(*)::int AS connections,
              current_setting('max_connections')::int AS "maxConnections",
              (count(*) FILTER (WHERE application_name = 'sekisho-notices'))::int AS replicas
         FROM pg_stat_activity WHERE datname = current_database()`,
    )
    if (!row) throw new Error('an aggregate gave no row')
    return { ...row, answeredInMs: performance.now() - startedAt }
  }
}
