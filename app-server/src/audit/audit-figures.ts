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
    const [rows, callers] = await this.database.transaction(async (sql) => {
      await sql.query(`SELECT set_config('statement_timeout', $1, true)`, [String(timeoutMs)])
      // One pass that only counts; percentiles come from how often each duration stands there. To keep these few,
      // durations are told to two figures: exact below 100 ms, within a twentieth above.
      const rows = await sql.query<FigureRow>(
        `SELECT grouping(bar, tool, reason) AS grouped, bar, tool, reason, outcome, ms, sum(times)::int AS n
           FROM (SELECT floor(extract(epoch FROM at) / $2)::int AS bar, tool, outcome, reason, ${times} AS times,
                        CASE WHEN outcome = 'refused' OR duration_ms IS NULL THEN NULL
                             WHEN duration_ms < 100 THEN duration_ms
                             ELSE round(duration_ms, 1 - floor(log(duration_ms))::int)::int END AS ms
                   FROM audit_entries WHERE ${counted}) calls
          GROUP BY GROUPING SETS ((bar, outcome, ms), (tool, outcome), (reason, outcome))`,
        [since, barSeconds],
      )
      const [callers] = await sql.query<{ people: number; clients: number }>(
        `SELECT count(DISTINCT actor_id)::int AS people, count(DISTINCT client_id)::int AS clients
           FROM audit_entries WHERE ${counted} AND kind = 'call'`,
        [since],
      )
      return [rows, callers] as const
    })
    return toFigures(span, until, firstBar, rows, callers ?? { people: 0, clients: 0 })
  }
}
