// What the sentences about audit entries are made of.
import { joined } from '../platform/html/language.js'
import { t } from './t.js'

/** A list that was written down; nothing when it is none. */
export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Each in quotation marks. */
export function quoted(words: readonly string[]): string {
  return words.length === 0 ? t('nothing') : joined(words.map((word) => t('“{name}”', { name: word })))
}
