// Says things to people in their language: the English text is the key, ICU MessageFormat the grammar (ADR 22).
import type { Child } from 'hono/jsx'
import { IntlMessageFormat } from 'intl-messageformat'
import type { Language } from '../asked-language.js'
import { currentLanguage } from '../request-context.js'

export { isLanguage, type Language, languages } from '../asked-language.js'
export { currentLanguage, withLanguage } from '../request-context.js'

type Value = string | number | bigint | boolean | Date
/** What stands for a tag of the message, given what the tag encloses; or for an argument, an element. */
type RichValue = Value | Exclude<Child, null | undefined> | ((enclosed: Child) => Child)

/** Arguments and tags are checked against the message by a test (words.test.ts); that there are some, by the types. */
type ValuesOf<Message> = Message extends `${string}{${string}` ? [values: Readonly<Record<string, Value>>] : []

export interface Translate<Message extends string> {
  /** The message in the current language, as text. */
  <Given extends Message>(message: Given, ...values: ValuesOf<Given>): string
  /** The message with elements in it: `t.rich('Open <a>the page</a>.', { a: (words) => <a href="/x">{words}</a> })`. */
  rich(message: Message, values: Readonly<Record<string, RichValue>>): Child
}

/** Markup of MessageFormat. A message without any is its own text. */
const markup = /[{<']/

/** What says a room's messages. `japanese` is its catalogue: each English message with the Japanese one. */
export function translator<Message extends string>(japanese: Readonly<Record<Message, string>>): Translate<Message> {
  // A message is parsed once for each language; there are as many as the catalogue has.
  const parsed: Record<Language, Map<Message, IntlMessageFormat>> = { en: new Map(), ja: new Map() }

  const textOf = (message: Message, language: Language) => (language === 'ja' ? japanese[message] : message)

  function formatOf(message: Message): IntlMessageFormat {
    const language = currentLanguage()
    let format = parsed[language].get(message)
    if (!format) {
      format = new IntlMessageFormat(textOf(message, language), language)
      parsed[language].set(message, format)
    }
    return format
  }

  function translate(message: Message, values?: Readonly<Record<string, Value>>): string {
    const text = textOf(message, currentLanguage())
    return markup.test(text) ? String(formatOf(message).format(values)) : text
  }

  function rich(message: Message, values: Readonly<Record<string, RichValue>>): Child {
    // To the library elements are values like any other; its type takes a tag's function for one of texts alone.
    const parts = formatOf(message).formatToParts<Child>(values as Record<string, string>)
    return parts.map(({ value }) => value)
  }

  return Object.assign(translate, { rich }) as Translate<Message>
}

const lists = {
  en: new Intl.ListFormat('en', { type: 'conjunction' }),
  ja: new Intl.ListFormat('ja', { type: 'conjunction' }),
}
const numbers = { en: new Intl.NumberFormat('en'), ja: new Intl.NumberFormat('ja') }

/** `a, b, and c`, or `a、b、c`. */
export function listed(items: Iterable<string>): string {
  return lists[currentLanguage()].format(items)
}

/** `a, b, c`, or `a、b、c`: a list that says neither "and" nor "or". */
export function joined(items: readonly string[]): string {
  return items.join(currentLanguage() === 'ja' ? '、' : ', ')
}

/** Whole sentences, one after the other. */
export function sentences(all: readonly string[]): string {
  return all.join(currentLanguage() === 'ja' ? '' : ' ')
}

/** A number with its thousands set apart. */
export function counted(number: number | bigint): string {
  return numbers[currentLanguage()].format(number)
}
