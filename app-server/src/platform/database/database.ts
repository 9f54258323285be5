// The one way to Postgres: parameterised SQL and transactions that are repeated when Postgres asks for it.
import { Injectable } from '@nestjs/common'
import pg from 'pg'
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm'
import { poolOf } from './data-source.js'
import { type OwnConnection, openOwnConnection, type PreparedStatement } from './own-connection.js'
import { runOn } from './statement.js'

/** Something that runs parameterised SQL: the pool, or one transaction. */
export interface Sql {
  /** Runs one statement with $1, $2 … and gives its rows. */
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
}

/** Postgres error codes the product reacts to (PostgreSQL manual, appendix A). */
export const sqlStates = {
  uniqueViolation: '23505',
  checkViolation: '23514',
  exclusionViolation: '23P01',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
} as const

/** How often a transaction is tried when Postgres chose it as the victim of a deadlock or conflict. */
const maxAttempts = 5

@Injectable()
export class Database implements Sql {
  private readonly ownConnections = new Map<string, OwnConnection>()

  constructor(private readonly dataSource: DataSource) {}

  query<Row = Record<string, unknown>>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    // Not by way of TypeORM, which takes longer than many a statement.
    return runOn<Row>(poolOf(this.dataSource), { text, values: [...parameters] })
  }

  /**
   * One statement that every call needs, on a connection of its own: it never waits for the pool, and Postgres parses and
   * plans it once. It opens with the first use, comes back by itself after it broke, and closes with the database.
   * @param connection a connection's name; statements given the same one share it
   */
  prepare<Row = Record<string, unknown>>(name: string, text: string, connection = name): PreparedStatement<Row> {
    let own = this.ownConnections.get(connection)
    if (!own) {
      own = openOwnConnection(this.dataSource, connection)
      this.ownConnections.set(connection, own)
    }
    return own.prepare<Row>(name, text)
  }

  /** Closes the connections that `prepare` opened. */
  async close(): Promise<void> {
    await Promise.all([...this.ownConnections.values()].map((own) => own.close()))
    this.ownConnections.clear()
  }

  /**
   * Runs `work` in one transaction: commits when it resolves, rolls back when it throws.
   * A deadlock or serialization failure runs `work` again, so it must do nothing outside the database.
   */
  async transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.dataSource.transaction((manager) =>
          work({ query: (text, parameters = []) => run(manager, text, parameters) }),
        )
      } catch (error) {
        const state = sqlStateOf(error)
        const again = state === sqlStates.serializationFailure || state === sqlStates.deadlockDetected
        if (!again || attempt === maxAttempts) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt))
      }
    }
  }
}

/** The five-character SQLSTATE of a failed statement, if `error` is one. */
export function sqlStateOf(error: unknown): string | undefined {
  return answerOfPostgres(error)?.code
}

/** The name of the constraint a failed statement ran against, if it is known. */
export function constraintOf(error: unknown): string | undefined {
  return answerOfPostgres(error)?.constraint
}

/**
 * Whether Postgres refused a statement for the values it was given, so that it would take others: data exceptions (22),
 * violated constraints (23), too long or too many (54), what a trigger raised (P0).
 */
export function isFaultOfData(error: unknown): boolean {
  return /^(22|23|54|P0)/.test(sqlStateOf(error) ?? '')
}

/** pg's own words when a connection broke, could not be had in time or was closed; these errors carry no code. */
const brokenConnection =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired)/
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

/**
 * Whether Postgres could not be asked, or went away while it was: shutting down or starting (57P), a broken connection
 * (08), no connection left (53300). What was being written may or may not have been done.
 */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state !== undefined) return /^(57P|08|53300)/.test(state)
  const cause = error instanceof QueryFailedError ? error.driverError : error
  if (!(cause instanceof Error)) return false
  const { code, syscall } = cause as NodeJS.ErrnoException
  return brokenConnection.test(cause.message) || (unreachable.has(code ?? '') && syscall !== undefined)
}

/** What Postgres itself said; undefined when it said nothing, e.g. because the connection broke. */
function answerOfPostgres(error: unknown): pg.DatabaseError | undefined {
  const cause = error instanceof QueryFailedError ? error.driverError : error
  return cause instanceof pg.DatabaseError ? cause : undefined
}

/** TypeORM answers UPDATE and DELETE with [rows, count] and everything else with rows; callers always get rows. */
async function run<Row>(manager: EntityManager, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  const result: unknown = await manager.query(text, [...parameters])
  if (Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number') {
    return result[0] as Row[]
  }
  return result as Row[]
}
