// The labels and batches of the 2025 revisions.
import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { requireBatch, sessionLabelOf } from './legacy-leg.js'

test('knows the labels it gives out, and does without one', () => {
  const label = randomUUID()
  expect(sessionLabelOf(label)).toBe(label)
  expect(sessionLabelOf(undefined)).toBeUndefined()
})

test.each(['', 'x', `${randomUUID()} `, randomUUID().toUpperCase(), `${randomUUID()}, ${randomUUID()}`])(
  'sends whoever has the label "%s" back to initialize',
  (label) => {
    expect(() => sessionLabelOf(label)).toThrow(expect.objectContaining({ status: 404 }))
  },
)

test('takes a batch of 2025-03-26 whose ids differ, 1 and "1" among them', () => {
  const messages = [1, '1', 2].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' }))
  expect(() => requireBatch([...messages, { jsonrpc: '2.0', method: 'notifications/x' }], '2025-03-26')).not.toThrow()
})
