// Puts together what a model wrote from the pieces it came in, so that it can be kept and sent back.
import type { AssistantPart, ModelEvent } from './model.js'

/**
 * Adds an event to the parts so far. Texts of a kind that follow each other become one; what carries a signature stays by
 * itself, because the signature is good for exactly that piece.
 */
export function addToParts(parts: readonly AssistantPart[], event: ModelEvent): AssistantPart[] {
  if (event.kind === 'call') return [...parts, event.call]
  if (event.kind !== 'text' && event.kind !== 'thinking') return [...parts]
  const last = parts.at(-1)
  const joins = last?.kind === event.kind && last.signature === undefined && event.signature === undefined
  if (!joins || !last) return event.text === '' && event.signature === undefined ? [...parts] : [...parts, event]
  return [...parts.slice(0, -1), { kind: event.kind, text: (last as { text: string }).text + event.text }]
}
