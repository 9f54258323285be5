// Which prices and limits are filled in, and that none is made up.
import { expect, test } from '@jest/globals'
import { knownLimits, knownPrices } from './known-models.js'

test.each([
  ['gemini-3.8-flash', { inputPerMillion: 0.75, outputPerMillion: 3.75 }],
  ['gemini-3.1-pro-preview', { inputPerMillion: 2, outputPerMillion: 12 }],
  ['gemini-2.5-flash', { inputPerMillion: 0.3, outputPerMillion: 2.5 }],
  ['gemini-2.5-flash-lite', { inputPerMillion: 0.1, outputPerMillion: 0.4 }],
])('%s costs %j', (model, prices) => {
  expect(knownPrices('gemini', model)).toEqual(prices)
})

test('of a model nobody knows, of one whose name moves on, and of other services there is no price', () => {
  expect(knownPrices('gemini', 'gemini-9-flash')).toBeUndefined()
  expect(knownPrices('gemini', 'gemini-3.8-flash-lite')).toBeUndefined()
  expect(knownPrices('gemini', 'gemini-flash-latest')).toBeUndefined()
  expect(knownPrices('openai-compatible', 'gemini-3.8-flash')).toBeUndefined()
})

test.each([
  ['gemini-3.8-flash', 65_536],
  ['gemini-flash-latest', 65_536],
  ['gemini-2.5-flash-lite', 65_536],
  ['gemini-2.0-flash', 8_192],
])('%s reads a million tokens and writes %i', (model, outputTokenLimit) => {
  expect(knownLimits('gemini', model)).toEqual({ inputTokenLimit: 1_048_576, outputTokenLimit })
})

test('what models of other services read and write nobody here knows', () => {
  expect(knownLimits('openai-compatible', 'gemini-3.8-flash')).toEqual({})
  expect(knownLimits('gemini', 'llama-4-scout')).toEqual({})
})
