// What a model's service says in its own words, made fit to be shown and kept: one short line without the key.

const maxChars = 300

/** Undefined when nothing is left of it. */
export function shownWords(words: unknown, apiKey: string): string | undefined {
  if (typeof words !== 'string') return undefined
  const safe = apiKey === '' ? words : words.replaceAll(apiKey, '…')
  const line = safe
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  if (line === '') return undefined
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1).toWellFormed()}…`
}

/** The milliseconds of Retry-After (RFC 9110, section 10.2.3), in seconds or a date; undefined when there is none. */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim()
  if (!value) return undefined
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
