// How the counts of the audit log become what an operator reads: totals, bars in time, percentiles, and short lists.

/** The spans one can look at, in bars of equal length; a count is shown for `freshMs` before it is made anew. */
export const figureSpans = {
  '15m': { seconds: 15 * 60, barSeconds: 30, freshMs: 2_000 },
  '1h': { seconds: 3_600, barSeconds: 120, freshMs: 4_000 },
  '24h': { seconds: 24 * 3_600, barSeconds: 1_800, freshMs: 20_000 },
  '7d': { seconds: 7 * 24 * 3_600, barSeconds: 6 * 3_600, freshMs: 120_000 },
} as const

export type FigureSpan = keyof typeof figureSpans

/** By the outcome of an audit entry. */
export interface Counts {
  readonly ok: number
  readonly refused: number
  readonly failed: number
}

/** Of calls that were let through, in milliseconds; undefined when there were none. */
export interface Latency {
  readonly p50Ms: number | undefined
  readonly p95Ms: number | undefined
}

export interface Bar extends Counts, Latency {
  readonly startsAt: Date
}

export interface ToolCounts extends Counts {
  readonly tool: string
}

export interface ReasonCount {
  readonly outcome: 'refused' | 'failed'
  readonly reason: string
  readonly n: number
}

export interface CallFigures extends Counts, Latency {
  readonly span: FigureSpan
  readonly until: Date
  /** People and clients that called. */
  readonly people: number
  readonly clients: number
  /** Oldest first, the whole span, empty ones included. */
  readonly bars: readonly Bar[]
  /** The most called first, at most 10. */
  readonly topTools: readonly ToolCounts[]
  /** The most frequent first, at most 10. */
  readonly topReasons: readonly ReasonCount[]
}

/** One count; the members that its group is not made of are null. */
export interface FigureRow {
  /** What is counted: a bit for each of bar, tool, reason, caller, client that it is not by (GROUPING, PostgreSQL manual). */
  grouped: number
  bar: number | null
  tool: string | null
  reason: string | null
  outcome: 'ok' | 'refused' | 'failed' | null
  ms: number | null
  n: number
}

/** Of callers and clients the row says how many there are. */
export const groupedBy = { bar: 0b01111, tool: 0b10111, reason: 0b11011, caller: 0b11101, client: 0b11110 } as const
const maxListed = 10

/** @param firstBar number of the first bar, counted in lengths of a bar since 1970 */
export function toFigures(span: FigureSpan, until: Date, firstBar: number, rows: readonly FigureRow[]): CallFigures {
  const { seconds, barSeconds } = figureSpans[span]
  const countOf = (by: number) => rows.find(({ grouped }) => grouped === by)?.n ?? 0
  const ofBars = rows.filter(({ grouped }) => grouped === groupedBy.bar)
  const byBar = Map.groupBy(ofBars, ({ bar }) => bar)
  const bars = Array.from({ length: seconds / barSeconds }, (_, index) => {
    const number = firstBar + index
    const inBar = byBar.get(number) ?? []
    return { startsAt: new Date(number * barSeconds * 1000), ...countsOf(inBar), ...latencyOf(inBar) }
  })
  return {
    span,
    until,
    ...countsOf(ofBars),
    ...latencyOf(ofBars),
    people: countOf(groupedBy.caller),
    clients: countOf(groupedBy.client),
    bars,
    topTools: topTools(rows.filter(({ grouped }) => grouped === groupedBy.tool)),
    topReasons: topReasons(rows.filter(({ grouped }) => grouped === groupedBy.reason)),
  }
}

/** All of them together. */
export function total({ ok, refused, failed }: Counts): number {
  return ok + refused + failed
}

function countsOf(rows: readonly FigureRow[]): Counts {
  const counts = { ok: 0, refused: 0, failed: 0 }
  for (const { outcome, n } of rows) if (outcome !== null) counts[outcome] += n
  return counts
}

function latencyOf(rows: readonly FigureRow[]): Latency {
  const timed = rows.flatMap(({ ms, n }) => (ms === null ? [] : [{ ms, n }])).sort((one, other) => one.ms - other.ms)
  return { p50Ms: percentileOf(timed, 0.5), p95Ms: percentileOf(timed, 0.95) }
}

/** The smallest duration that at least `part` of the calls did not exceed (nearest rank). */
function percentileOf(sorted: readonly { ms: number; n: number }[], part: number): number | undefined {
  const all = sorted.reduce((sum, { n }) => sum + n, 0)
  let passed = 0
  return sorted.find(({ n }) => {
    passed += n
    return passed >= all * part
  })?.ms
}

function topTools(rows: readonly FigureRow[]): ToolCounts[] {
  return [...Map.groupBy(rows, ({ tool }) => tool)]
    .flatMap(([tool, ofTool]) => (tool === null ? [] : [{ tool, ...countsOf(ofTool) }]))
    .sort((one, other) => total(other) - total(one) || one.tool.localeCompare(other.tool))
    .slice(0, maxListed)
}

function topReasons(rows: readonly FigureRow[]): ReasonCount[] {
  return rows
    .flatMap(({ reason, outcome, n }) =>
      reason === null || outcome === null || outcome === 'ok' ? [] : [{ reason, outcome, n }],
    )
    .sort((one, other) => other.n - one.n || one.reason.localeCompare(other.reason))
    .slice(0, maxListed)
}
