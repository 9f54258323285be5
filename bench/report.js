// From slots to figures: medians over the rounds, ratios to the bare relay, and whether the targets are met.
import { concurrencies, eras } from './plan.js'

/**
 * One target asked once at one concurrency in one era.
 * @typedef {import('./load.js').LoadReport & {
 *   target: string, era: import('./plan.js').Era, concurrency: number,
 *   cpu: Record<string, number>, othersMs: number, rssMb: Record<string, number>,
 * }} Slot
 *
 * @typedef {object} Figure
 * @property {string} target
 * @property {import('./plan.js').Era} era
 * @property {number} concurrency
 * @property {number} perSecond
 * @property {number} ofRelay calls a second in relation to the bare relay's
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} p50OfRelay
 * @property {number} p99OfRelay
 * @property {Record<string, number>} cpuMsPerCall by process, the load generator's among them
 * @property {number} cpuOfRelay processor time of a call in all processes in relation to the relay's
 * @property {Record<string, number>} rssMb by process, at its largest
 * @property {number} faultCount
 */

/** @param {readonly number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/**
 * @param {readonly Slot[]} slots
 * @returns {Figure[]}
 */
export function summaryOf(slots) {
  const names = [...new Set(slots.map(({ target }) => target))]
  return concurrencies.flatMap((concurrency) =>
    eras.flatMap((era) => {
      const here = slots.filter((slot) => slot.era === era && slot.concurrency === concurrency)
      if (here.length === 0) return []
      const relay = here.filter(({ target }) => target === 'relay')
      return names.map((target) => {
        const mine = here.filter((slot) => slot.target === target)
        const of = (/** @type {(slot: Slot) => number} */ value) => median(mine.map(value))
        // Round by round, so that each is compared with the relay of the same moments.
        const ofRelay = (/** @type {(slot: Slot) => number} */ value) =>
          median(mine.map((slot, round) => value(slot) / value(relay[round] ?? slot)))
        const perSecond = (/** @type {Slot} */ slot) => slot.calls / slot.seconds
        const p50Ms = (/** @type {Slot} */ slot) => slot.p50Ms
        const p99Ms = (/** @type {Slot} */ slot) => slot.p99Ms
        const parts = Object.keys(mine[0]?.cpu ?? {})
        return {
          target,
          era,
          concurrency,
          perSecond: of(perSecond),
          ofRelay: ofRelay(perSecond),
          p50Ms: of(p50Ms),
          p99Ms: of(p99Ms),
          p50OfRelay: ofRelay(p50Ms),
          p99OfRelay: ofRelay(p99Ms),
          cpuMsPerCall: Object.fromEntries([
            ...parts.map((part) => [part, of((slot) => (slot.cpu[part] ?? 0) / slot.calls)]),
            ['load', of((slot) => slot.cpuMs / slot.calls)],
          ]),
          cpuOfRelay: ofRelay((slot) => totalCpuMs(slot) / slot.calls),
          rssMb: Object.fromEntries(
            Object.keys(mine[0]?.rssMb ?? {}).map((part) => [
              part,
              Math.max(...mine.map((slot) => slot.rssMb[part] ?? 0)),
            ]),
          ),
          faultCount: mine.reduce((sum, slot) => sum + slot.faultCount, 0),
        }
      })
    }),
  )
}

/** @param {Slot} slot */
function totalCpuMs({ cpu, cpuMs }) {
  return Object.values(cpu).reduce((sum, ms) => sum + ms, cpuMs)
}

/**
 * What share of the processors went to programs that have no part in the bench.
 * @param {readonly Slot[]} slots
 * @param {number} processors
 */
export function othersShareOf(slots, processors) {
  const othersMs = slots.reduce((sum, slot) => sum + slot.othersMs, 0)
  const allMs = slots.reduce((sum, { seconds }) => sum + seconds * 1000 * processors, 0)
  return othersMs / allMs
}

/**
 * @param {readonly Figure[]} summary
 * @param {readonly { name: string, what: string }[]} targets
 */
export function tableOf(summary, targets) {
  const whatOf = new Map(targets.map(({ name, what }) => [name, what]))
  const head = [
    'c',
    'era',
    'target',
    'calls/s',
    'of relay',
    'p50 ms',
    '×',
    'p99 ms',
    '×',
    'CPU ×',
    'CPU ms/call by process',
    'MB',
    'wrong',
  ]
  const rows = summary.map((figure) => [
    String(figure.concurrency),
    figure.era,
    figure.target,
    figure.perSecond.toFixed(0),
    figure.ofRelay.toFixed(2),
    figure.p50Ms.toFixed(2),
    figure.p50OfRelay.toFixed(1),
    figure.p99Ms.toFixed(2),
    figure.p99OfRelay.toFixed(1),
    figure.cpuOfRelay.toFixed(1),
    Object.entries(figure.cpuMsPerCall)
      .map(([part, ms]) => `${part} ${ms.toFixed(3)}`)
      .join(' · '),
    Object.entries(figure.rssMb)
      .map(([part, mb]) => `${part} ${mb.toFixed(0)}`)
      .join(' · '),
    String(figure.faultCount),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (/** @type {string[]} */ cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  const legend = [...whatOf].map(([name, what]) => `${name.padEnd(8)} ${what}`)
  return [...legend, '', line(head), ...rows.map(line), ''].join('\n')
}

/**
 * The project's targets, each with what was measured. The floors are what may never be missed.
 * @param {readonly Figure[]} summary
 */
export function verdictsOf(summary) {
  const find = (/** @type {string} */ target, /** @type {string} */ era, /** @type {number} */ concurrency) =>
    summary.find((figure) => figure.target === target && figure.era === era && figure.concurrency === concurrency)
  return eras.flatMap((era) => {
    const [alone, some, many] = [1, 16, 64].map((concurrency) => find('sekisho', era, concurrency))
    /** @type {string[]} */
    const lines = []
    const say = (/** @type {boolean} */ met, /** @type {string} */ words) =>
      lines.push(`${met ? 'met   ' : 'MISSED'} ${era.padEnd(6)} ${words}`)
    if (alone) say(alone.p50OfRelay <= 4.5, `p50 at 1: ${alone.p50OfRelay.toFixed(1)} × the relay's (at most 4.5)`)
    if (some)
      say(some.ofRelay >= 0.25, `calls/s at 16: ${some.ofRelay.toFixed(2)} of the relay's (goal 0.25, floor 0.20)`)
    if (many)
      say(many.ofRelay >= 0.4, `calls/s at 64: ${many.ofRelay.toFixed(2)} of the relay's (goal 0.40, floor 0.25)`)
    if (many) say(many.p99OfRelay <= 5, `p99 at 64: ${many.p99OfRelay.toFixed(1)} × the relay's (at most 5)`)
    for (const figure of [some, many]) {
      const sdk = figure && find('sdk', era, figure.concurrency)
      if (!figure || !sdk) continue
      const ratio = figure.perSecond / sdk.perSecond
      say(
        ratio > 1,
        `calls/s at ${figure.concurrency}: ${ratio.toFixed(2)} of a direct bare SDK server's (more than 1)`,
      )
    }
    return lines
  })
}
