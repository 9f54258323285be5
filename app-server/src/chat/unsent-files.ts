// Lets go of files that were chosen for a message and never sent, a bounded number at a time.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'
import { unsentHours } from './attachments.js'

/** Files removed in one run. */
const portion = 200

@Injectable()
export class UnsentFiles implements OnApplicationBootstrap {
  constructor(private readonly jobs: Jobs) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({ name: 'unsent-files', everyMs: 10 * 60_000, run: (sql) => this.collect(sql) })
  }

  /** Removes one portion. A message that names such a file afterwards says so, and it can be added again. */
  async collect(sql: Sql): Promise<void> {
    await sql.query(
      `DELETE FROM chat_attachments WHERE id IN (
         SELECT id FROM chat_attachments
          WHERE turn_id IS NULL AND created_at < now() - $1 * interval '1 hour' ORDER BY created_at LIMIT $2)`,
      [unsentHours, portion],
    )
  }
}
