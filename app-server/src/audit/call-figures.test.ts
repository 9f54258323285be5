// Tests of the figures: what is counted where, and what a percentile is.
import { describe, expect, test } from '@jest/globals'
import { type FigureRow, figureSpans, groupedBy, toFigures } from './call-figures.js'

const until = new Date('2026-03-04T12:00:10Z')
const lastBar = Math.floor(until.getTime() / 1000 / 120)
const firstBar = lastBar - 29

function figuresOf(rows: FigureRow[]) {
  return toFigures('1h', until, firstBar, rows)
}

function inBar(bar: number, outcome: FigureRow['outcome'], ms: number | null, n: number): FigureRow {
  return { grouped: groupedBy.bar, bar, tool: null, reason: null, outcome, ms, n }
}

test('a span without calls has all its bars, and no latency', () => {
  const figures = figuresOf([])
  expect(figures.bars).toHaveLength(30)
  expect(figures.bars[0]?.startsAt.toISOString()).toBe('2026-03-04T11:02:00.000Z')
  expect(figures.bars.at(-1)?.startsAt.toISOString()).toBe('2026-03-04T12:00:00.000Z')
  expect(figures).toMatchObject({ ok: 0, refused: 0, failed: 0, p50Ms: undefined, p95Ms: undefined, topTools: [] })
})

test('every span is made of whole bars', () => {
  for (const { seconds, barSeconds } of Object.values(figureSpans)) expect(seconds % barSeconds).toBe(0)
})

test('each call is counted in its own bar and in the whole', () => {
  const figures = figuresOf([
    inBar(lastBar, 'ok', 5, 3),
    inBar(lastBar, 'failed', 9, 1),
    inBar(firstBar, 'refused', null, 2),
  ])
  expect(figures).toMatchObject({ ok: 3, failed: 1, refused: 2 })
  expect(figures.bars.at(-1)).toMatchObject({ ok: 3, failed: 1, refused: 0 })
  expect(figures.bars[0]).toMatchObject({ ok: 0, failed: 0, refused: 2, p50Ms: undefined })
})

describe('a percentile', () => {
  test.each([
    [[[7, 1]], 7, 7],
    [
      [
        [1, 50],
        [100, 50],
      ],
      1,
      100,
    ],
    [
      [
        [1, 49],
        [100, 51],
      ],
      100,
      100,
    ],
    [
      [
        [1, 95],
        [1000, 5],
      ],
      1,
      1,
    ],
    [
      [
        [1, 94],
        [1000, 6],
      ],
      1,
      1000,
    ],
    [
      [
        [1000, 1],
        [2, 1],
        [3, 1],
      ],
      3,
      1000,
    ],
  ])('of %j is the nearest rank', (durations, p50Ms, p95Ms) => {
    const rows = durations.map(([ms = 0, n = 0]) => inBar(lastBar, 'ok', ms, n))
    expect(figuresOf(rows)).toMatchObject({ p50Ms, p95Ms })
  })

  test('leaves out what was refused, which takes no time worth telling', () => {
    const figures = figuresOf([inBar(lastBar, 'refused', null, 100), inBar(lastBar, 'ok', 40, 1)])
    expect(figures).toMatchObject({ p50Ms: 40, p95Ms: 40 })
  })
})

test('tools come with the most called first, at most ten', () => {
  const rows = Array.from({ length: 12 }, (_, index): FigureRow => {
    return {
      grouped: groupedBy.tool,
      bar: null,
      tool: `t.${index}`,
      reason: null,
      outcome: 'ok',
      ms: null,
      n: index + 1,
    }
  })
  const { topTools } = figuresOf([...rows, { ...rows[0], outcome: 'failed', n: 100 } as FigureRow])
  expect(topTools).toHaveLength(10)
  expect(topTools[0]).toEqual({ tool: 't.0', ok: 1, refused: 0, failed: 100 })
  expect(topTools[1]).toEqual({ tool: 't.11', ok: 12, refused: 0, failed: 0 })
})

test('reasons tell refusals from failures, and calls that went well have none', () => {
  const reason = (reason: string | null, outcome: FigureRow['outcome'], n: number): FigureRow => {
    return { grouped: groupedBy.reason, bar: null, tool: null, reason, outcome, ms: null, n }
  }
  const { topReasons } = figuresOf([
    reason(null, 'ok', 9),
    reason('timeout', 'failed', 2),
    reason('forbidden', 'refused', 3),
  ])
  expect(topReasons).toEqual([
    { reason: 'forbidden', outcome: 'refused', n: 3 },
    { reason: 'timeout', outcome: 'failed', n: 2 },
  ])
})
