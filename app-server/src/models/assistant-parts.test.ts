// How the pieces of an answer become what is kept of it.
import { expect, test } from '@jest/globals'
import { addToParts } from './assistant-parts.js'
import type { AssistantPart, ModelEvent } from './model.js'

const usage = { inputTokens: 1, outputTokens: 1, thinkingTokens: 0, cachedTokens: 0 }
const call = { kind: 'call', id: 'a', name: 'booking.list', arguments: {} } as const

test('texts of a kind become one, and what is signed stays by itself', () => {
  const events: ModelEvent[] = [
    { kind: 'thinking', text: 'Hm' },
    { kind: 'thinking', text: '.' },
    { kind: 'text', text: 'I ' },
    { kind: 'text', text: 'look' },
    { kind: 'text', text: '', signature: 's1' },
    { kind: 'text', text: ' it up.' },
    { kind: 'call', call },
    { kind: 'text', text: '' },
    { kind: 'end', reason: 'calls', usage },
  ]
  expect(events.reduce<AssistantPart[]>(addToParts, [])).toEqual([
    { kind: 'thinking', text: 'Hm.' },
    { kind: 'text', text: 'I look' },
    { kind: 'text', text: '', signature: 's1' },
    { kind: 'text', text: ' it up.' },
    call,
  ])
})

test('what was there before is left as it was', () => {
  const before: AssistantPart[] = [{ kind: 'text', text: 'a' }]
  addToParts(before, { kind: 'text', text: 'b' })
  expect(before).toEqual([{ kind: 'text', text: 'a' }])
})
