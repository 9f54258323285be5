// Numbers and spans of time as administrators read them.
import { counted } from '../platform/html/language.js'
import { t } from './t.js'

/** 1234 → "1,234". */
export function number(value: number): string {
  return counted(value)
}

/** Milliseconds with two or three figures: "12 ms", "1.4 s". An unknown one is a dash. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–'
  return ms < 1000 ? `${number(Math.round(ms))} ms` : `${number(Math.round(ms / 100) / 10)} s`
}

/** The part of a whole in per cent; never "0 %" for a part that is there, nor "100 %" for one that lacks something. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %'
  const value = (part / whole) * 100
  if (value < 0.1) return '< 0.1 %'
  if (part < whole && value > 99.9) return '> 99.9 %'
  return `${Math.round(value * 10) / 10} %`
}

/** Bytes in the unit one would say: "8.2 MB". */
export function bytes(value: number): string {
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length, Math.floor(Math.log10(Math.max(1, value)) / 3))
  if (power === 0) return t('{count} bytes', { count: value })
  return `${number(Math.round((value / 1000 ** power) * 10) / 10)} ${units[power - 1]}`
}

const steps = [
  { seconds: 86_400, words: '{count, plural, one {# day} other {# days}}' },
  { seconds: 3_600, words: '{count, plural, one {# hour} other {# hours}}' },
  { seconds: 60, words: '{count, plural, one {# minute} other {# minutes}}' },
  { seconds: 1, words: '{count, plural, one {# second} other {# seconds}}' },
] as const

/** A span in its two largest units: "2 days 3 hours". */
export function span(seconds: number): string {
  const parts: string[] = []
  let rest = Math.max(0, Math.floor(seconds))
  for (const { seconds: unit, words } of steps) {
    const count = Math.floor(rest / unit)
    rest -= count * unit
    if (count > 0) parts.push(t(words, { count }))
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  const [larger = t(steps[3].words, { count: 0 }), smaller] = parts
  return smaller === undefined ? larger : t('{larger} {smaller}', { larger, smaller })
}
