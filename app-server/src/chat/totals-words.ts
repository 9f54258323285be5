// What a room has used in all, in a few words.
import { type Language, withLanguage } from '../platform/html/language.js'
import { costWords, tokenWords } from './figures.js'
import type { Totals } from './room-totals.js'
import { t } from './t.js'

export function totalsWords({ tokens, costMicros, partly }: Totals, language: Language): string {
  return withLanguage(language, () => {
    if (tokens === 0) return tokenWords(0)
    const cost = costWords(costMicros)
    const words = partly && costMicros !== null ? t('{cost} and more that is not known', { cost }) : cost
    return `${tokenWords(tokens)} · ${words}`
  })
}
