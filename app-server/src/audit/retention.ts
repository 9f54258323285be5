// Keeps the audit log's partitions: new ones ahead of time, old ones dropped whole, and never by a lock that lasts.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { sqlStateOf, sqlStates } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'
import { Log } from '../platform/log.js'
import { SETTINGS, type Settings } from '../platform/settings.js'

const everyMs = 10 * 60_000

/** There is always a partition for this long from now on, so that a night of failing jobs loses no entry. */
const aheadDays = 7
/** Partitions made or dropped in one run. */
const atOnce = 10
/** Writers queue behind a waiting DROP, so it waits only this long and is tried again at the next run. */
const lockTimeoutMs = 300

/**
 * Days of one partition: about a thirtieth of the time entries are kept, which is also how much longer than AUDIT_DAYS the
 * oldest entry of a partition stays at most; and so there are never many partitions.
 */
export function partitionDays(auditDays: number): number {
  return Math.min(31, Math.max(1, Math.round(auditDays / 30)))
}

@Injectable()
export class AuditRetention implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'auditDays'>,
  ) {}

  /** Makes what is missing before the first request, then keeps at it. */
  async onApplicationBootstrap(): Promise<void> {
    const add = { name: 'audit-partitions', everyMs, run: (sql: Sql) => this.addPartitions(sql) }
    await this.jobs.runOnce(add)
    this.jobs.schedule(add)
    this.jobs.schedule({ name: 'audit-retention', everyMs, run: (sql) => this.dropOne(sql) })
  }

  /** Each partition begins where the last one ends, or today when the process was away for longer. */
  addPartitions(sql: Sql): Promise<void> {
    return this.orLater('new partitions of the audit log have to wait', () => this.addMissing(sql))
  }

  private async addMissing(sql: Sql): Promise<void> {
    await sql.query(`SELECT set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`])
    for (let made = 0; made < atOnce; made++) {
      const [added] = await sql.query(
        `WITH next AS (
           SELECT greatest(max(ending), date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS beginning
             FROM (${partitions}) p)
         SELECT audit_add_partition(beginning, beginning + $1 * interval '24 hours') AS name
           FROM next WHERE beginning < now() + $2 * interval '24 hours'`,
        [partitionDays(this.settings.auditDays), aheadDays],
      )
      if (!added) return
    }
  }

  /** Drops the oldest partition if every entry in it is older than AUDIT_DAYS. One at a time: each needs its own lock. */
  async dropOne(sql: Sql): Promise<void> {
    const [oldest] = await sql.query<{ name: string; ending: Date }>(
      `SELECT name, ending FROM (${partitions}) p
        WHERE ending < now() - $1 * interval '24 hours' ORDER BY ending LIMIT 1`,
      [this.settings.auditDays],
    )
    if (!oldest) return
    const { name, ending } = oldest
    await this.orLater('old audit entries are being read; they will be dropped later', async () => {
      await sql.query(`SELECT set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`])
      // The name is one of ours, as Postgres itself quotes it.
      await sql.query(`DROP TABLE ${name}`)
      this.log.info({ name, ending }, 'audit entries older than AUDIT_DAYS were dropped')
    })
  }

  /** What cannot have its lock now is undone with its transaction and tried again at the next run. */
  private async orLater(words: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (sqlStateOf(error) !== sqlStates.lockNotAvailable) throw error
      this.log.warn({}, words)
    }
  }
}

/** The partitions that there are and where each one ends. */
const partitions = `
  SELECT i.inhrelid::regclass::text AS name,
         (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz AS ending
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'audit_entries'::regclass`
