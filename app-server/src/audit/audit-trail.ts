// Reading the audit log: searched a page at a time, one entry, and everything that fits for export.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Database, sqlStateOf, sqlStates } from '../platform/database/database.js'
import type { AuditKind, AuditOutcome } from './audit-log.js'
import { t } from './t.js'

/** One entry as it is stored. */
export interface AuditRecord {
  /** A UUID of version 7. */
  readonly id: string
  /** To the millisecond. */
  readonly at: Date
  readonly kind: AuditKind
  readonly action: string
  readonly outcome: AuditOutcome
  readonly reason: string | null
  readonly actorId: string | null
  readonly clientId: string | null
  readonly grantId: string | null
  readonly targetType: string | null
  readonly targetId: string | null
  readonly tool: string | null
  readonly arguments: Record<string, unknown> | null
  readonly details: Record<string, unknown>
  readonly durationMs: number | null
  readonly requestId: string | null
  readonly address: string | null
}

/** What an entry must be; nothing given, every entry is meant. */
export interface AuditFilter {
  /** A user id: entries this person acted in, or that are about them. */
  personId?: string | undefined
  clientId?: string | undefined
  tool?: string | undefined
  kind?: AuditKind | undefined
  outcome?: AuditOutcome | undefined
  reason?: string | undefined
  /** The first moment that is meant. */
  from?: Date | undefined
  /** The first moment that no longer is. */
  to?: Date | undefined
}

/** Where in the order of time a list goes on: behind this entry. */
export type Position = Pick<AuditRecord, 'at' | 'id'>

export interface AuditPage {
  /** The newest first. */
  readonly entries: readonly AuditRecord[]
  /** Where older entries go on; undefined when there are none. */
  readonly next: Position | undefined
}

/** Longest time Postgres may look for one page, in milliseconds. */
const searchTimeoutMs = 5_000
/** Entries read at once for an export: few enough to be nothing, enough for the round trips not to count. */
const batch = 1_000
const columns = `id, at, kind, action, outcome, reason, actor_id AS "actorId", client_id AS "clientId",
  grant_id AS "grantId", target_type AS "targetType", target_id AS "targetId", tool, arguments, details,
  duration_ms AS "durationMs", request_id AS "requestId", host(address) AS address`

@Injectable()
export class AuditTrail {
  constructor(private readonly database: Database) {}

  /**
   * One page of what fits, the newest first.
   * Throws Problem timeout when that takes too long to find; the reader can then narrow the time.
   */
  async search(filter: AuditFilter, limit: number, after?: Position): Promise<AuditPage> {
    const rows = await this.read(filter, limit + 1, after)
    const entries = rows.slice(0, limit)
    return { entries, next: rows.length > limit ? entries.at(-1) : undefined }
  }

  /** Undefined when there is no such entry, or no longer. */
  async find(id: string): Promise<AuditRecord | undefined> {
    // An id tells its time (RFC 9562, section 5.7), which spares looking into every partition.
    const [row] = await this.database.query<AuditRecord>(
      `SELECT ${columns} FROM audit_entries
        WHERE id = $1 AND at BETWEEN uuid_extract_timestamp($1) - interval '1 hour'
                                 AND uuid_extract_timestamp($1) + interval '1 hour'`,
      [id],
    )
    return row
  }

  /**
   * Everything that fits, the newest first, in batches; holds no more than one of them, and no connection between them.
   * Throws Problem timeout as `search` does.
   */
  async *readAll(filter: AuditFilter): AsyncGenerator<readonly AuditRecord[]> {
    let after: Position | undefined
    do {
      const page = await this.search(filter, batch, after)
      if (page.entries.length > 0) yield page.entries
      after = page.next
    } while (after)
  }

  /** The time by the clock that stamps the entries. */
  async now(): Promise<Date> {
    const [row] = await this.database.query<{ now: Date }>('SELECT clock_timestamp() AS now')
    if (!row) throw new Error('SELECT gave no row')
    return row.now
  }

  private async read(filter: AuditFilter, limit: number, after: Position | undefined): Promise<AuditRecord[]> {
    const { text, parameters } = selectOf(filter, limit, after)
    try {
      return await this.database.transaction(async (sql) => {
        await sql.query(`SELECT set_config('statement_timeout', $1, true)`, [String(searchTimeoutMs)])
        return sql.query<AuditRecord>(text, parameters)
      })
    } catch (error) {
      if (sqlStateOf(error) !== sqlStates.queryCanceled) throw error
      throw new Problem(
        'timeout',
        t(
          'Nothing was found within {seconds} seconds: there are too many entries to look through. Choose a shorter time.',
          { seconds: searchTimeoutMs / 1000 },
        ),
      )
    }
  }
}

/** Every value is a parameter; a person's entries are read from two indexes, each already in order. */
export function selectOf(
  filter: AuditFilter,
  limit: number,
  after: Position | undefined,
): { text: string; parameters: unknown[] } {
  const parameters: unknown[] = [limit]
  const put = (value: unknown) => `$${parameters.push(value)}`
  const conditions: string[] = []
  const { personId, clientId, tool, kind, outcome, reason, from, to } = filter
  if (clientId !== undefined) conditions.push(`client_id = ${put(clientId)}`)
  if (tool !== undefined) conditions.push(`tool = ${put(tool)}`)
  // Said twice, because the planner uses a partial index only for what it can read in the statement itself.
  if (kind !== undefined) conditions.push(`kind = ${put(kind)}`)
  if (kind !== undefined && kind !== 'call') conditions.push(`kind <> 'call'`)
  if (outcome !== undefined) conditions.push(`outcome = ${put(outcome)}`)
  if (outcome !== undefined && outcome !== 'ok') conditions.push(`outcome <> 'ok'`)
  if (reason !== undefined) conditions.push(`reason = ${put(reason)}`)
  if (from) conditions.push(`at >= ${put(from)}`)
  if (to) conditions.push(`at < ${put(to)}`)
  if (after) {
    // The first condition lets Postgres leave partitions out; it does not for a comparison of rows.
    const at = put(after.at)
    conditions.push(`at <= ${at}::timestamptz`, `(at, id) < (${at}::timestamptz, ${put(after.id)}::uuid)`)
  }
  const select = (more: string[]) =>
    `SELECT ${columns} FROM audit_entries${where([...conditions, ...more])} ORDER BY at DESC, id DESC LIMIT $1`
  if (personId === undefined) return { text: select([]), parameters }
  const person = put(personId)
  const acted = select([`actor_id = ${person}::uuid`])
  const about = select([
    `target_id = ${person}::text`,
    `target_type = 'user'`,
    `actor_id IS DISTINCT FROM ${person}::uuid`,
  ])
  return { text: `(${acted}) UNION ALL (${about}) ORDER BY at DESC, id DESC LIMIT $1`, parameters }
}

function where(conditions: readonly string[]): string {
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
}
