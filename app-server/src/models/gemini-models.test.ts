// Which of Google's models is offered first.
import { expect, test } from '@jest/globals'
import { isForChat, suggestGemini, thinks } from './gemini-models.js'

const named = (...ids: string[]) => ids.map((id) => ({ id, title: id }))

test.each([
  [['gemini-2.5-flash', 'gemini-3-flash-preview', 'gemini-3-pro-preview'], 'gemini-3-flash-preview'],
  [['gemini-3.8-flash-preview-09-2026', 'gemini-3.8-flash', 'gemini-3.5-flash'], 'gemini-3.8-flash'],
  [['gemini-3.1-flash-lite', 'gemini-2.5-flash'], 'gemini-2.5-flash'],
  [['gemini-3.1-pro-preview'], 'gemini-3.1-pro-preview'],
  [['gemini-flash-latest', 'gemini-pro-latest'], 'gemini-flash-latest'],
])('of %j, %s is', (ids, first) => {
  expect(suggestGemini(named(...ids))).toBe(first)
})

test('none is where there is none', () => {
  expect(suggestGemini([])).toBeUndefined()
})

test('what is for pictures, speech or search is no model for conversations', () => {
  const ids = [
    'gemini-3.8-flash',
    'gemini-2.5-flash-image',
    'gemini-2.5-flash-preview-tts',
    'gemma-3-27b-it',
    'gemini-embedding-001',
  ]
  expect(ids.filter(isForChat)).toEqual(['gemini-3.8-flash'])
})

test('the models before 2.5 are not told to think', () => {
  expect(['gemini-1.5-pro', 'gemini-2.0-flash', 'gemini-2.5-pro', 'gemini-flash-latest'].filter(thinks)).toEqual([
    'gemini-2.5-pro',
    'gemini-flash-latest',
  ])
})
