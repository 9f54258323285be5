// The audit log in figures: how many calls came through, how long they took, what was used and what was refused and why.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { type CallFigures, type FigureRow, type FigureSpan, figureSpans, toFigures } from './call-figures.js'

/** Longest wait for one count, in milliseconds: a page that counts must never hold up the calls it counts. */
const timeoutMs = 10_000

/** Calls, and what was refused at the door before it became one. */
const counted = `kind IN ('call', 'access') AND at >= $1`
/** Refusals that came too often are one entry with a number: refusals.ts. */
const times = `(1 + CASE WHEN kind = 'access' THEN coalesce((details->>'further_times')::int, 0) ELSE 0 END)`
/** duration_ms, rounded. */
const twoFigures = `CASE WHEN duration_ms < 100 THEN duration_ms
  WHEN duration_ms < 1000 THEN (duration_ms + 5) / 10 * 10
  WHEN duration_ms < 10000 THEN (duration_ms + 50) / 100 * 100
  ELSE (duration_ms + 500) / 1000 * 1000 END`

@Injectable()
export class AuditFigures {
  private readonly known = new Map<FigureSpan, { until: number; figures: Promise<CallFigures> }>()

  constructor(private readonly database: Database) {}

  /**
   * The figures of a span that ends now. All who look at once share one count, and the longer the span, the longer a
   * count is shown before the next (`freshMs`). Throws what the database throws, e.g. when it takes longer than 10 s.
   */
  async of(span: FigureSpan): Promise<CallFigures> {
    const known = this.known.get(span)
    if (known && known.until > Date.now()) return known.figures
    const figures = this.count(span)
    this.known.set(span, { until: Number.POSITIVE_INFINITY, figures })
    try {
      const counts = await figures
      this.known.set(span, { until: Date.now() + figureSpans[span].freshMs, figures })
      return counts
    } catch (error) {
      this.known.delete(span)
      throw error
    }
  }

  private async count(span: FigureSpan): Promise<CallFigures> {
    const { seconds, barSeconds } = figureSpans[span]
    const until = new Date()
    // Bars begin at round times, so that the past stays as it was when the page is looked at again.
    const firstBar = Math.floor(until.getTime() / 1000 / barSeconds) - seconds / barSeconds + 1
    const since = new Date(firstBar * barSeconds * 1000)
    const rows = await this.database.transaction(async (sql) => {
      await sql.query(`SELECT set_config('statement_timeout', $1, true)`, [String(timeoutMs)])
      // One pass that only counts; percentiles come from how often each duration stands there. To keep these few,
      // durations are told to two figures: exact below 100 ms, within a twentieth above. All of it is whole numbers and
      // hashing, because numeric arithmetic and sorting would take most of the time.
      return sql.query<FigureRow>(
        `WITH grouped AS (
           SELECT grouping(bar, tool, reason, caller, client) AS grouped, bar, tool, reason, caller, client, outcome, ms,
                  sum(times)::int AS n
             FROM (SELECT floor(date_part('epoch', at) / $2)::int AS bar, tool, outcome, reason, ${times} AS times,
                          CASE WHEN kind = 'call' THEN actor_id END AS caller,
                          CASE WHEN kind = 'call' THEN client_id END AS client,
                          CASE WHEN outcome = 'refused' THEN NULL ELSE ${twoFigures} END AS ms
                     FROM audit_entries WHERE ${counted}) calls
            GROUP BY GROUPING SETS ((bar, outcome, ms), (tool, outcome), (reason, outcome), (caller), (client)))
         SELECT grouped, bar, tool, reason, outcome, ms, n FROM grouped WHERE grouped & 3 = 3
         UNION ALL
         SELECT grouped, NULL, NULL, NULL, NULL, NULL, count(*)::int FROM grouped
          WHERE caller IS NOT NULL OR client IS NOT NULL GROUP BY grouped`,
        [since, barSeconds],
      )
    })
    return toFigures(span, until, firstBar, rows)
  }
}
