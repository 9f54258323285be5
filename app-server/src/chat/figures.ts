// Sizes, times and money of the chat as people read them.
import { counted, currentLanguage } from '../platform/html/language.js'
import { t } from './t.js'

/** Millionths of a US dollar; small sums keep the digits that say something. */
export function costWords(micros: number | null): string {
  if (micros === null) return t('cost unknown')
  const dollars = micros / 1_000_000
  const digits = dollars === 0 || dollars >= 1 ? 2 : 4
  return new Intl.NumberFormat(currentLanguage(), {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(dollars)
}

export function tokenWords(count: number): string {
  return t('{count, plural, one {# token} other {# tokens}}', { count })
}

export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return t('{count, plural, one {# byte} other {# bytes}}', { count: bytes })
  return bytes < 1_000_000
    ? `${counted(Math.round(bytes / 1_000))} kB`
    : `${counted(Math.round(bytes / 100_000) / 10)} MB`
}

export function durationWords(ms: number): string {
  if (ms < 1_000) return t('{count, number} ms', { count: Math.round(ms) })
  return t('{count, number} s', { count: ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1_000) })
}
