// Lets go of approvals: the arguments of those that are over, and all of them after a while; a bounded portion at a time.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'
import { shownDays } from './approvals.js'

const everyMs = 60_000
const rowsAtOnce = 2_000

@Injectable()
export class ApprovalCollection implements OnApplicationBootstrap {
  constructor(private readonly jobs: Jobs) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({ name: 'approval-collection', everyMs, run: collectApprovals })
  }
}

/** One portion. */
export async function collectApprovals(sql: Sql): Promise<void> {
  await sql.query(
    `UPDATE approvals SET open = false, arguments = NULL WHERE id = ANY (ARRAY (
       SELECT id FROM approvals WHERE open AND expires_at <= now() LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED))`,
  )
  await sql.query(
    `DELETE FROM approvals WHERE id = ANY (ARRAY (
       SELECT id FROM approvals WHERE NOT open AND requested_at < now() - ${shownDays} * interval '1 day'
        LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED))`,
  )
}
