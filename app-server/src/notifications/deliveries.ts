// Brings notices to people: claims a few, delivers them without holding anything in the database, and marks how it went.
import type { Database } from '../platform/database/database.js'
import type { Log } from '../platform/log.js'
import type { Metrics } from '../platform/metrics.js'
import { type Channel, DeliveryFault, type DueNotice } from './channel.js'
import { languageOfUser } from './notifications.js'

/** Between the first attempt and the last lie about 15 hours: a weekend's outage costs a notice, a night's does not. */
export const maxAttempts = 12
const firstWaitMs = 30_000
const longestWaitMs = 6 * 3_600_000
/** What nobody could bring for so long is no longer worth hearing. */
const worthwhileDays = 3
/** Beyond the channel's own deadline, for marking: an attempt of which nothing was heard by then ended with its process. */
const leaseSlackMs = 60_000
/** Portions in one run. */
const maxPortions = 100
const faultCharacters = 300

interface Claim extends DueNotice {
  /** Which attempt this is: whoever comes with an older number may mark nothing any more. */
  readonly attempt: number
  readonly active: boolean
  readonly stale: boolean
}

/** How an attempt ended. `wait`: there will be another. */
type Ending =
  | { readonly outcome: 'delivered' | 'dropped' }
  | { readonly outcome: 'given-up'; readonly fault: string }
  | { readonly outcome: 'wait'; readonly fault: string; readonly waitMs: number }

export class Deliveries {
  constructor(
    private readonly channel: Channel,
    private readonly database: Pick<Database, 'query'>,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Brings everything that is due, a portion at a time, until there is nothing left or the process ends. */
  async run(ending: AbortSignal): Promise<void> {
    for (let portion = 0; portion < maxPortions && !ending.aborted; portion++) {
      const claims = await this.claim()
      // Each by itself: one that cannot be marked must not keep the others from being.
      const done = await Promise.allSettled(claims.map((claim) => this.bring(claim)))
      const broken = done.find((one) => one.status === 'rejected')
      if (broken) throw broken.reason
      if (claims.length < this.channel.atOnce) return
    }
  }

  /**
   * Takes a portion for this replica, in one statement: whatever another replica is just taking is passed over, and what
   * is taken is due again only when this attempt must have ended. A process that dies on the way costs an attempt.
   */
  private async claim(): Promise<Claim[]> {
    const rows = await this.database.query<Omit<Claim, 'user'> & { userId: string; email: string; name: string }>(
      `WITH due AS (
         SELECT notification_id, channel FROM notification_deliveries
          WHERE channel = $1 AND ended_at IS NULL AND due_at <= now()
          ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       UPDATE notification_deliveries d
          SET attempts = attempts + 1, due_at = now() + $3 * interval '1 millisecond'
         FROM due, notifications n, users u
        WHERE (d.notification_id, d.channel) = (due.notification_id, due.channel)
          AND n.id = d.notification_id AND u.id = n.user_id
        RETURNING n.id, n.kind, n.subject, n.words, n.link, n.created_at AS "createdAt", d.attempts AS attempt,
          n.created_at < now() - $4 * interval '1 day' AS stale,
          u.id AS "userId", u.email, u.name, u.status = 'active' AS active, ${languageOfUser} AS language`,
      [this.channel.id, this.channel.atOnce, this.channel.deadlineMs + leaseSlackMs, worthwhileDays],
    )
    return rows.map(({ userId, email, name, ...row }) => ({ ...row, user: { id: userId, email, name } }))
  }

  private async bring(claim: Claim): Promise<void> {
    const ending = await this.attempt(claim)
    const { id, kind, attempt } = claim
    const { outcome } = ending
    const fault = 'fault' in ending ? [...ending.fault].slice(0, faultCharacters).join('') : undefined
    await this.mark(claim, ending, fault)
    this.metrics.notification(this.channel.id, outcome === 'wait' ? 'failed' : outcome)
    const entry = { notification: id, kind, channel: this.channel.id, attempt, fault }
    if (outcome === 'given-up') this.log.error(entry, 'a notification was not delivered and is given up')
    else if (outcome === 'wait') this.log.warn({ ...entry, waitMs: ending.waitMs }, 'a notification has to wait')
    else this.log.debug(entry, `a notification was ${outcome}`)
  }

  private async attempt(claim: Claim): Promise<Ending> {
    const { attempt, active, stale } = claim
    if (!active) return { outcome: 'dropped' }
    if (stale) return { outcome: 'given-up', fault: `it could not be delivered for ${worthwhileDays} days` }
    if (attempt > maxAttempts) return { outcome: 'given-up', fault: 'the last attempt ended with its process' }
    try {
      await this.channel.deliver(claim)
      return { outcome: 'delivered' }
    } catch (error) {
      const { message, next } = error instanceof DeliveryFault ? error : new DeliveryFault(String(error))
      if (next.final || attempt >= maxAttempts) return { outcome: 'given-up', fault: message }
      const waitMs = Math.max(waitAfter(attempt), Math.min(next.notBeforeMs ?? 0, longestWaitMs))
      return { outcome: 'wait', fault: message, waitMs }
    }
  }

  private async mark({ id, attempt }: Claim, ending: Ending, fault: string | undefined): Promise<void> {
    const mine = 'notification_id = $1 AND channel = $2 AND attempts = $3 AND ended_at IS NULL'
    const which = [id, this.channel.id, attempt, fault ?? null]
    if (ending.outcome === 'wait') {
      await this.database.query(
        `UPDATE notification_deliveries SET fault = $4, due_at = now() + $5 * interval '1 millisecond' WHERE ${mine}`,
        [...which, ending.waitMs],
      )
      return
    }
    await this.database.query(
      `UPDATE notification_deliveries SET fault = $4, outcome = $5, ended_at = now() WHERE ${mine}`,
      [...which, ending.outcome],
    )
  }
}

/** Twice as long each time, up to six hours, a quarter more or less so that what failed together does not come back together. */
export function waitAfter(attempt: number): number {
  return Math.round(Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs) * (0.75 + Math.random() * 0.5))
}
