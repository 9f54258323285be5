// When notices are brought to people, and when what was told is forgotten.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Database, type Sql } from '../platform/database/database.js'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { Jobs } from '../platform/jobs.js'
import { Log } from '../platform/log.js'
import { Metrics } from '../platform/metrics.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Channel } from './channel.js'
import { Deliveries } from './deliveries.js'
import { Mail } from './mail.js'
import { Webhook } from './webhook.js'

const deliverEveryMs = 3_000
const collectEveryMs = 10 * 60_000
const keptDays = 30
const rowsAtOnce = 2_000

@Injectable()
export class NotificationSchedule implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly guardedFetch: GuardedFetch,
    private readonly log: Log,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    for (const channel of this.channels()) {
      const deliveries = new Deliveries(channel, this.database, this.log, this.metrics)
      // Each channel for itself: a mail server that hangs holds up no webhook.
      const run = (ending: AbortSignal) => deliveries.run(ending)
      this.jobs.scheduleErrand({ name: `notify-by-${channel.id}`, everyMs: deliverEveryMs, run })
    }
    this.jobs.schedule({
      name: 'notification-collection',
      everyMs: collectEveryMs,
      run: (sql) => collectNotifications(sql, this.log),
    })
  }

  private channels(): Channel[] {
    const { webhook, mail } = this.settings.notify
    return [
      ...(webhook ? [new Webhook(webhook, this.guardedFetch)] : []),
      ...(mail ? [new Mail(mail, this.settings.publicUrl)] : []),
    ]
  }
}

/** One portion of what was told long ago, delivered or not: without a channel, too, nothing is kept for ever. */
export async function collectNotifications(sql: Sql, log: Log): Promise<void> {
  const [lost] = await sql.query<{ n: number }>(
    `WITH old AS (
       SELECT id FROM notifications WHERE created_at < now() - $1 * interval '1 day'
        ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED),
     lost AS (SELECT count(*)::int AS n FROM old JOIN notification_deliveries d ON d.notification_id = old.id
               WHERE d.ended_at IS NULL),
     gone AS (DELETE FROM notifications USING old WHERE notifications.id = old.id)
     SELECT n FROM lost WHERE n > 0`,
    [keptDays, rowsAtOnce],
  )
  // Those of a channel that was set up when it was told and is no more.
  if (lost) log.error({ deliveries: lost.n }, 'notifications were never delivered: their channel is no longer set up')
}
