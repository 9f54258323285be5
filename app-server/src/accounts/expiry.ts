// Lets go of what has ended by itself: expired sessions and old sign-in attempts, a bounded number at a time.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { attemptMinutes } from './sign-in-attempts.js'

/** Rows removed of each kind in one run. */
const portion = 1_000

@Injectable()
export class Expiry implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({ name: 'accounts-expiry', everyMs: 60_000, run: (sql) => this.collect(sql) })
  }

  /** Removes one portion. None of these rows was of use any more: sessions are checked whenever they are found. */
  async collect(sql: Sql): Promise<void> {
    await sql.query(
      `DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions
          WHERE expires_at < now() OR created_at < now() - $1 * interval '1 millisecond'
             OR last_seen_at < now() - $2 * interval '1 millisecond'
          LIMIT $3)`,
      [this.settings.sessionMaxMs, this.settings.sessionIdleMs, portion],
    )
    await sql.query(
      `DELETE FROM sign_in_attempts WHERE id IN (
         SELECT id FROM sign_in_attempts WHERE created_at < now() - $1 * interval '1 minute' ORDER BY created_at LIMIT $2)`,
      [attemptMinutes, portion],
    )
  }
}
