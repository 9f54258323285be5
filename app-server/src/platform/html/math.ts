// Maths written in TeX as MathML, which browsers set by themselves.
import katex from 'katex'

/** Characters of one formula. */
const maxLength = 4_000

/** The markup, or undefined for what is no TeX, or too much of it. */
export function mathMl(tex: string, displayMode: boolean): string | undefined {
  if (tex.length > maxLength) return undefined
  try {
    const markup = katex.renderToString(tex, {
      displayMode,
      output: 'mathml',
      throwOnError: true,
      strict: 'ignore',
      trust: false,
      maxExpand: 200,
      maxSize: 20,
    })
    // The page's policy takes no style in an attribute.
    return markup.replaceAll(/ style="[^"]*"/g, '')
  } catch {
    // Faults are of the formula: what is no TeX is shown as it was written.
    return undefined
  }
}
