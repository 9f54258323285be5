// A program's name is its own claim: it must not be able to lie about anything else on the page.
import { expect, test } from '@jest/globals'
import { programName, publisherOf } from './program-name.js'

test('a usual name stays as it is', () => {
  expect(programName('Claude Code (予約)')).toBe('Claude Code (予約)')
})

test('characters that hide or turn text around are taken out', () => {
  expect(programName('evil\u202Etxt.exe\u200B\u2066\u0007\uFEFF')).toBe('eviltxt.exe')
})

test('a name cannot push the page down or fill it', () => {
  expect(programName(`a${'\n'.repeat(50)}b`)).toBe('ab')
  expect([...programName('x'.repeat(300))]).toHaveLength(81)
})

test('a program without a name is said to have none', () => {
  for (const name of [undefined, null, '', ' \u200B ']) expect(programName(name)).toBe('A program without a name')
})

test('only a document has a publisher', () => {
  expect(publisherOf('https://claude.ai/oauth/client.json')).toBe('claude.ai')
  expect(publisherOf('kJ3x9')).toBeUndefined()
})
