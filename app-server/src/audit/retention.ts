// Lets audit entries go after the configured time, in small portions that never hold the table for long.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Jobs } from '../platform/jobs.js'
import { SETTINGS, type Settings } from '../platform/settings.js'

/** Entries removed in one portion; with one portion a minute this keeps up with 80 calls a second. */
const portion = 5_000

@Injectable()
export class AuditRetention implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({
      name: 'audit-retention',
      everyMs: 60_000,
      run: async (sql) => {
        await sql.query(
          `DELETE FROM audit_entries WHERE id IN
             (SELECT id FROM audit_entries WHERE at < now() - make_interval(days => $1) ORDER BY at LIMIT $2)`,
          [this.settings.auditDays, portion],
        )
      },
    })
  }
}
