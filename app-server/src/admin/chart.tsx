// Charts drawn on the server as SVG: counts as bars, durations as lines; each says in words what it shows.
import type { Child } from 'hono/jsx'
import { t } from './t.js'
import { number } from './words.js'

/** Units of the drawing; the page stretches it, so only proportions matter. */
const height = 100
const step = 10

export interface ChartProps {
  /** Unique on the page. */
  id: string
  title: string
  /** What the drawing shows, in one or two sentences, for who does not see it. */
  summary: string
  /** What the left end means, e.g. "1 hour ago"; the right end is now. */
  from: string
  /** The values at the top, halfway and at the bottom, as they are written there. */
  scale: readonly [string, string, string]
  /** By class name and word, from the bottom up. */
  legend: readonly { part: string; label: string }[]
  columns: number
}

/** The frame: title, drawing with its scale, legend. Labels stand outside the drawing, so that stretching spares them. */
function Chart({ id, title, summary, from, scale, legend, columns, children }: ChartProps & { children?: Child }) {
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span class="chart-title">{title}</span>
        <ul class="legend" aria-label={t('Legend')}>
          {legend.map(({ part, label }) => (
            <li class={`legend-${part}`}>{label}</li>
          ))}
        </ul>
      </figcaption>
      <div class="chart-body">
        <div class="chart-scale" aria-hidden="true">
          {scale.map((value) => (
            <span>{value}</span>
          ))}
        </div>
        <svg
          class="chart-drawing"
          viewBox={`0 0 ${columns * step} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-summary`}
        >
          <title id={`${id}-summary`}>{`${title}: ${summary}`}</title>
          <path class="chart-half" d={`M0 ${height / 2}H${columns * step}`} />
          {children}
        </svg>
        <span class="chart-from" aria-hidden="true">
          {from}
        </span>
        <span class="chart-to" aria-hidden="true">
          {t('now')}
        </span>
      </div>
    </figure>
  )
}

export interface BarsProps extends Omit<ChartProps, 'columns' | 'scale'> {
  /** For each column the words of its tooltip and one number for each entry of the legend. */
  bars: readonly { words: string; values: readonly number[] }[]
}

/** Counts on top of one another, one column for each stretch of time. */
export function BarChart({ bars, ...chart }: BarsProps) {
  const top = roundedUp(Math.max(2, ...bars.map(({ values }) => sum(values))))
  return (
    <Chart {...chart} columns={bars.length} scale={[number(top), number(top / 2), '0']}>
      {bars.map(({ words, values }, column) => (
        <g>
          <title>{words}</title>
          <rect class="chart-slot" x={column * step} y="0" width={step} height={height} />
          {chart.legend.map(({ part }, index) => {
            const value = values[index] ?? 0
            if (value === 0) return null
            const tall = (value / top) * height
            const below = (sum(values.slice(0, index)) / top) * height
            // A single failure among thousands of calls must still be seen.
            const shown = Math.max(tall, 1)
            return (
              <rect
                class={`chart-${part}`}
                x={column * step + 1}
                y={decimals(Math.max(0, height - below - shown))}
                width={step - 2}
                height={decimals(shown)}
              />
            )
          })}
        </g>
      ))}
    </Chart>
  )
}

export interface LinesProps extends Omit<ChartProps, 'columns' | 'scale'> {
  /** One for each entry of the legend; undefined where there is nothing to draw. */
  lines: readonly (readonly (number | undefined)[])[]
  /** How the scale is written. */
  write: (value: number) => string
}

/**
 * Values over time; where there are none the line has a gap. The scale is logarithmic: what is usual shows beside what is
 * a hundred times as much.
 */
export function LineChart({ lines, write, ...chart }: LinesProps) {
  const top = roundedUp(Math.max(0, ...lines.flat().map((value) => value ?? 0)))
  return (
    <Chart {...chart} columns={lines[0]?.length ?? 1} scale={[write(top), write(Math.sqrt(1 + top) - 1), write(0)]}>
      {chart.legend.map(({ part }, index) => (
        <path class={`chart-line chart-line-${part}`} d={pathOf(lines[index] ?? [], top)} />
      ))}
    </Chart>
  )
}

/** A value without neighbours is a short stroke, because a line of one point would not be seen. */
function pathOf(values: readonly (number | undefined)[], top: number): string {
  const y = (value: number) => decimals(height - (Math.log1p(value) / Math.log1p(top)) * height)
  return values
    .map((value, column) => {
      if (value === undefined) return ''
      const [before, after] = [values[column - 1], values[column + 1]]
      const x = column * step + step / 2
      if (before === undefined && after === undefined) return `M${x - 3} ${y(value)}H${x + 3}`
      return `${before === undefined ? 'M' : 'L'}${x} ${y(value)}`
    })
    .join('')
}

/** The next of 1, 2, 5, 10, 20 …: a scale one can read. At least 1. */
export function roundedUp(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

function decimals(value: number): number {
  return Math.round(value * 100) / 100
}
