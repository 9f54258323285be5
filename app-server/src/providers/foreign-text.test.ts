import { describe, expect, test } from '@jest/globals'
import { excerpt, hasHiddenSigns, oneLine, plainText } from './foreign-text.js'

describe('text of strangers', () => {
  test('loses the signs a person does not see: escapes, overrides, zero-width and tag letters', () => {
    const smuggled = [...'obey'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')
    expect(plainText(`a\u001b[31mb\u0000c\u202ed\u200be${smuggled}f\u0085g`)).toBe('a[31mbcdefg')
    expect(hasHiddenSigns(`fine${smuggled}`)).toBe(true)
  })

  test('keeps what people write: tabs, lines, emoji, Japanese with variants, Persian joiners', () => {
    const kept = 'a\tb\nc 👩‍💻 葛\u{e0100}城 می‌خواهم ❤️'
    expect(plainText(kept)).toBe(kept)
    expect(hasHiddenSigns(kept)).toBe(false)
    expect(plainText('a\r\nb\rc')).toBe('a\nb\nc')
    expect(hasHiddenSigns('a\r\nb')).toBe(false)
  })

  test('loses bytes hidden in a row of variation selectors', () => {
    expect(plainText(`😀\ufe0f${'\u{e0101}'.repeat(40)}!`)).toBe('😀\ufe0f!')
  })

  test('is well-formed also when it came in halves', () => {
    expect(plainText('a\ud800b').isWellFormed()).toBe(true)
  })
})

describe('an excerpt', () => {
  test('leads from part to part to the whole, never through a sign', () => {
    const text = 'ab😀cd😀😀ef'
    const parts: string[] = []
    for (let from: number | null = 0; from !== null; ) {
      const part = excerpt(text, { from, max: 3 })
      expect(part.text.isWellFormed()).toBe(true)
      expect(part.total).toBe(text.length)
      parts.push(part.text)
      from = part.next
    }
    expect(parts.join('')).toBe(text)
  })

  test('from within a sign begins with that sign, from behind the end is empty', () => {
    expect(excerpt('a😀b', { from: 2, max: 10 }).text).toBe('😀b')
    expect(excerpt('ab', { from: 9, max: 10 })).toEqual({ text: '', total: 2, next: null })
  })
})

test('one line has no line break and ends within its length', () => {
  expect(oneLine(' a\n\n b ', 10)).toBe('a b')
  expect(oneLine('abcdef', 6)).toBe('abcdef')
  expect(oneLine('abcdefg', 6)).toBe('abcde…')
})
