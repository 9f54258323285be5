// What a provider says to people on pages, in their language; what models read stays as it is.
import { currentLanguage } from '../platform/html/language.js'
import type { Provider } from './provider.js'

/** A text of the provider as the reader wants it; as it stands where the provider has no other. */
export function shown({ japanese }: { japanese?: Provider['japanese'] | undefined }, text: string): string {
  return currentLanguage() === 'ja' && japanese && Object.hasOwn(japanese, text) ? (japanese[text] ?? text) : text
}
