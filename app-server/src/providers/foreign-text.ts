// Text that strangers wrote, made fit for a model to read as data: no hidden signs, a bounded length, the rest within reach.

/**
 * Signs that are not seen but are read by a model, or that reorder what a person sees: controls but tab and line feed,
 * direction overrides, zero-width signs that join no letters, interlinear marks, and the tag letters of Unicode.
 */
const hidden =
  /(?![\t\n])\p{Cc}|[\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** A sign takes one variation selector; more of them in a row carry something else. */
const selectors = /([\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu

/** A part of a longer text. Lengths and offsets are in UTF-16 units. */
export interface Excerpt {
  readonly text: string
  /** Length of the whole. */
  readonly total: number
  /** Where the rest begins; null at the end. */
  readonly next: number | null
}

/** The text with its hidden signs left out and its line ends made one kind. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(hidden, '').replaceAll(selectors, '$1')
}

/** Whether the text has signs that `plainText` leaves out; for texts that must stay as they are, such as a file's. */
export function hasHiddenSigns(text: string): boolean {
  const ends = text.replaceAll(/\r\n?/g, '\n')
  return plainText(ends) !== ends
}

/** A part of a text that is plain already, from an offset, never cut within a sign. */
export function excerpt(text: string, { from = 0, max }: { from?: number; max: number }): Excerpt {
  const begin = from > 0 && isWithinSign(text, from) ? from - 1 : Math.min(from, text.length)
  let end = Math.min(begin + max, text.length)
  if (isWithinSign(text, end)) end = end - 1 > begin ? end - 1 : end + 1
  return { text: text.slice(begin, end), total: text.length, next: end < text.length ? end : null }
}

/** One line of at most `max` characters, for titles and names. */
export function oneLine(text: string, max: number): string {
  const line = plainText(text).replaceAll(/\s+/g, ' ').trim()
  const { text: part, next } = excerpt(line, { max: max - 1 })
  return next === null || line.length <= max ? line : `${part}…`
}

function isWithinSign(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '')
}
