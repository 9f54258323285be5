// A connection to Postgres for statements that every call needs: prepared once, and never behind others in the pool.
import pg from 'pg'
import type { DataSource } from 'typeorm'
import { runOn } from './statement.js'

/** Runs the statement with its $1, $2 … and gives its rows. On one connection one runs at a time; others wait in order. */
export type PreparedStatement<Row> = (parameters: readonly unknown[]) => Promise<Row[]>

export interface OwnConnection {
  /** @param statement its name on this connection, always of one and the same text */
  prepare<Row>(statement: string, text: string): PreparedStatement<Row>
  close(): Promise<void>
}

/** A server that is gone without a word may hold a statement, and all who wait behind it, for this long. */
const answerTimeoutMs = 35_000

/** Opens with the first statement, as the pool of `dataSource` would, and again after the connection broke. */
export function openOwnConnection({ options }: DataSource, name: string): OwnConnection {
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
    // The same plan for one input and for many, because making a plan costs more than running it; and by index, so that
    // a plan made while the tables were small does for large ones.
    options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
  })
  pool.on('error', options.poolErrorHandler ?? (() => undefined))
  return {
    prepare:
      <Row>(statement: string, text: string) =>
      (parameters: readonly unknown[]) =>
        runOn<Row>(pool, { name: statement, text, values: [...parameters] }),
    close: () => pool.end(),
  }
}
