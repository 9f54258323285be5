// A connection to Postgres for one statement that every call needs: prepared once, and never behind others in the pool.
import pg from 'pg'
import type { DataSource } from 'typeorm'

/** Runs the statement with its $1, $2 … and gives its rows. One runs at a time; others wait in order. */
export type PreparedStatement<Row> = (parameters: readonly unknown[]) => Promise<Row[]>

export interface OwnConnection<Row> {
  readonly run: PreparedStatement<Row>
  close(): Promise<void>
}

/** A server that is gone without a word may hold a statement, and all who wait behind it, for this long. */
const answerTimeoutMs = 35_000

/** Opens with the first statement, as the pool of `dataSource` would, and again after the connection broke. */
export function openOwnConnection<Row>(dataSource: DataSource, name: string, text: string): OwnConnection<Row> {
  const { options } = dataSource
  if (options.type !== 'postgres') throw new Error(`${options.type} is not Postgres`)
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: `${options.applicationName}: ${name}`,
    connectionTimeoutMillis: options.connectTimeoutMS,
    ...options.extra,
    query_timeout: answerTimeoutMs,
    max: 1,
    // Kept for as long as it holds: what is prepared goes with the connection.
    idleTimeoutMillis: 0,
    // The same plan for one input and for many: making a plan costs more than running it.
    options: '-c plan_cache_mode=force_generic_plan',
  })
  pool.on('error', options.poolErrorHandler ?? (() => undefined))
  return {
    async run(parameters) {
      const client = await pool.connect()
      try {
        const { rows } = await client.query({ name, text, values: [...parameters] })
        client.release()
        return rows as Row[]
      } catch (error) {
        // What Postgres refused in so many words harms no connection; after anything else it is not to be trusted.
        client.release(!(error instanceof pg.DatabaseError && error.severity === 'ERROR'))
        throw error
      }
    },
    close: () => pool.end(),
  }
}
