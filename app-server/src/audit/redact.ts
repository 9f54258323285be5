// What of a call's arguments may stand in the audit log: names always, secrets never, long values cut.
import { storable } from '../platform/database/storable.js'

/** Longest text kept of one value, in characters. */
const maxTextLength = 200
/** Most members or items kept at one level. */
const maxMembers = 50
const maxDepth = 4

const secretName =
  /pass(word|wd|phrase)?|secret|token|api[_-]?key|authorization|credential|cookie|private[_-]?key|card[_-]?number|cvc|otp/i

export const redacted = '[redacted]'

/**
 * Copies arguments for the audit log.
 * @param hidden names at the top level that the tool itself wants hidden
 */
export function redactArguments(
  input: Readonly<Record<string, unknown>>,
  hidden: readonly string[] = [],
): Record<string, unknown> {
  const copy = redactValue(input, 0) as Record<string, unknown>
  for (const name of hidden) if (Object.hasOwn(copy, name)) copy[name] = redacted
  return copy
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    const text = storable(value)
    return text.length > maxTextLength
      ? `${text.slice(0, maxTextLength).toWellFormed()}… (${text.length} characters)`
      : text
  }
  if (value === null || typeof value !== 'object') return value
  if (depth === maxDepth) return '[deeper than kept]'
  if (Array.isArray(value)) {
    const kept = value.slice(0, maxMembers).map((item) => redactValue(item, depth + 1))
    return value.length > maxMembers ? [...kept, `… (${value.length} items)`] : kept
  }
  const members = Object.entries(value)
  return Object.fromEntries(
    members
      .slice(0, maxMembers)
      .map(([name, member]) => [
        storable(name.slice(0, maxTextLength)),
        secretName.test(name) ? redacted : redactValue(member, depth + 1),
      ]),
  )
}
