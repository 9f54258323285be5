// One value of a call's arguments as it is: complete, legible, and nothing in it is taken for anything but text.
import type { Child } from 'hono/jsx'
import { t } from './t.js'

/** Longer texts, in characters, are folded: they open to all of it. */
const foldedFrom = 600
const firstShown = 120

/**
 * What cannot be seen or turns around what stands beside it: control signs, marks of direction, spaces of no width, blanks
 * that count as letters, tags. Ends of lines and tabs are seen by what they do.
 */
const unseen =
  /(?!\r\n|[\n\t])(?:[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}])/gu
/** With more of them than this, they are written into the text. */
const mostMarked = 500
/** Texts that would be read as another kind of value. */
const readsAsOther = /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null|\[.*\]|\{.*\}|".*")$/is

/** @param id keeps a fold open when the list around it is renewed */
export function ExactValue({ value, id }: { value: unknown; id: string }) {
  if (value === '') return <span class="soft">{t('(an empty text)')}</span>
  const text = textOf(value)
  if (text.length <= foldedFrom) return <pre class="exact">{withUnseen(text)}</pre>
  return (
    <details class="more" id={id}>
      <summary>
        {withUnseen(text.slice(0, firstShown))}… {t('({count, number} characters)', { count: text.length })}
      </summary>
      <pre class="exact">{withUnseen(text)}</pre>
    </details>
  )
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, undefined, 2) ?? 'null'
  return value.length <= firstShown && readsAsOther.test(value) ? JSON.stringify(value) : value
}

/** The text, with each sign that one would not see shown by its name. */
function withUnseen(given: string): Child {
  const text = given.toWellFormed()
  const found = [...text.matchAll(unseen)]
  if (found.length === 0) return text
  if (found.length > mostMarked) return text.replaceAll(unseen, (sign) => `<${nameOf(sign)}>`)
  const parts: Child[] = []
  let from = 0
  for (const { 0: sign, index } of found) {
    parts.push(text.slice(from, index), <span class="unseen">{nameOf(sign)}</span>)
    from = index + sign.length
  }
  return [...parts, text.slice(from)]
}

/** As Unicode names it, e.g. U+202E. */
function nameOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
