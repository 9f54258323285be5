// Tests of the charts: proportions, gaps, and that a small number beside a large one is still seen.
import { describe, expect, test } from '@jest/globals'
import { BarChart, LineChart, roundedUp } from './chart.js'

const frame = { id: 'c', title: 'Calls', summary: '3 calls', from: '1 hour ago' }

test.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 5],
  [7, 10],
  [11, 20],
  [501, 1000],
  [1000, 1000],
])('a scale for %i ends at %i', (value, top) => {
  expect(roundedUp(value)).toBe(top)
})

describe('bars', () => {
  const draw = (values: number[][]) =>
    String(
      BarChart({
        ...frame,
        legend: [
          { part: 'ok', label: 'done' },
          { part: 'failed', label: 'failed' },
        ],
        bars: values.map((one, index) => ({ words: `bar <${index}>`, values: one })),
      }),
    )

  test('stand on one another, in proportion to the scale', () => {
    const svg = draw([
      [60, 20],
      [0, 0],
    ])
    expect(svg).toContain('viewBox="0 0 20 100"')
    expect(svg).toContain('<rect class="chart-ok" x="1" y="40" width="8" height="60"')
    expect(svg).toContain('<rect class="chart-failed" x="1" y="20" width="8" height="20"')
    expect(svg.match(/class="chart-(ok|failed)"/g)).toHaveLength(2)
  })

  test('show one failure among thousands of calls', () => {
    expect(draw([[9_999, 1]])).toMatch(/<rect class="chart-failed" [^>]*height="1"/)
  })

  test('say in words what they show, and take no markup from anybody', () => {
    const svg = draw([[1, 0]])
    expect(svg).toContain('<title id="c-summary">Calls: 3 calls</title>')
    expect(svg).toContain('bar &lt;0&gt;')
  })
})

describe('lines', () => {
  const draw = (line: (number | undefined)[]) => {
    const svg = String(
      LineChart({ ...frame, legend: [{ part: 'p50', label: 'median' }], lines: [line], write: (value) => `${value}` }),
    )
    return /chart-line-p50" d="([^"]*)"/.exec(svg)?.[1]
  }

  test('have gaps where there is nothing, and a stroke where a value stands alone', () => {
    expect(draw([100, 100, undefined, 0, undefined])).toBe('M5 0L15 0M32 100H38')
    expect(draw([undefined, undefined])).toBe('')
  })

  test('are logarithmic', () => {
    const [, low, middle] = /M5 ([\d.]+)L15 ([\d.]+)L25 0/.exec(draw([0, 9, 99.99, 100].slice(1)) ?? '') ?? []
    expect(Number(low)).toBeCloseTo(50, 0)
    expect(Number(middle)).toBeLessThan(1)
  })
})
