// What well-known models cost and can read, to fill in a form with. Prices change: whoever pays looks at the service's own page.
import { isForChat, versionOf } from './gemini-models.js'
import type { ModelInfo } from './model.js'

/** US dollars for a million tokens. Thinking is paid for like what is written. */
export interface ModelPrices {
  readonly inputPerMillion: number
  readonly outputPerMillion: number
}

/** Of Google's paid tier, for texts of at most 200,000 tokens, as of October 2026 (ai.google.dev/gemini-api/docs/pricing). */
const geminiPrices: readonly [model: RegExp, inputPerMillion: number, outputPerMillion: number][] = [
  [/^gemini-3\.8-flash\b(?!-lite)/, 0.75, 3.75],
  [/^gemini-3\.6-flash\b(?!-lite)/, 1.5, 7.5],
  [/^gemini-3\.5-flash\b(?!-lite)/, 1.5, 9],
  [/^gemini-3\.1-flash-lite\b/, 0.25, 1.5],
  [/^gemini-3\.1-pro\b/, 2, 12],
  [/^gemini-3-flash\b/, 0.5, 3],
  [/^gemini-2\.5-pro\b/, 1.25, 10],
  [/^gemini-2\.5-flash-lite\b/, 0.1, 0.4],
  [/^gemini-2\.5-flash\b/, 0.3, 2.5],
]

/** Of Google's models since 2.5 and of those before, as of October 2026 (ai.google.dev/gemini-api/docs/models). */
const geminiLimits = { inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 } as const
const olderGeminiLimits = { inputTokenLimit: 1_048_576, outputTokenLimit: 8_192 } as const

/** What can be read and written where the service was not asked. Nothing when nobody here knows. */
export function knownLimits(vendor: string, model: string): Pick<ModelInfo, 'inputTokenLimit' | 'outputTokenLimit'> {
  if (vendor !== 'gemini' || !isForChat(model)) return {}
  const version = versionOf(model)
  // A name without a version is that of the latest.
  return version === 0 || version >= 2.5 ? geminiLimits : olderGeminiLimits
}

/** Undefined when nobody here knows. */
export function knownPrices(vendor: string, model: string): ModelPrices | undefined {
  if (vendor !== 'gemini') return undefined
  const [, inputPerMillion, outputPerMillion] = geminiPrices.find(([named]) => named.test(model)) ?? []
  if (inputPerMillion === undefined || outputPerMillion === undefined) return undefined
  return { inputPerMillion, outputPerMillion }
}
