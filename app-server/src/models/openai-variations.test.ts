// How services that speak like OpenAI differ in what they stream: each of these was seen at one that people run.
import { describe, expect, test } from '@jest/globals'
import { type ModelEvent, ModelFailure } from './model.js'
import { type CompletionChunk, OpenAiAnswer } from './openai-answer.js'
import { ToolNames } from './openai-messages.js'

function read(...chunks: CompletionChunk[]): ModelEvent[] {
  const tools = ['gcal.list_events', 'order.get'].map((name) => ({ name, description: '', parameters: {} }))
  const answer = new OpenAiAnswer(new ToolNames({ tools, messages: [] }))
  return [...chunks.flatMap((chunk) => answer.add(chunk)), ...answer.end()]
}

type Delta = NonNullable<NonNullable<CompletionChunk['choices']>[number]['delta']>

const says = (delta: Delta, finish: string | null = null): CompletionChunk => ({
  choices: [{ delta, finish_reason: finish }],
})
const done = (finish = 'tool_calls') => says({}, finish)

function callsIn(events: readonly ModelEvent[]) {
  return events.flatMap((event) => (event.kind === 'call' ? [[event.call.name, event.call.arguments]] : []))
}

const twoCalls = [
  ['order.get', { id: 1 }],
  ['gcal.list_events', { day: 'today' }],
]

describe('calls', () => {
  test('that all have the index 0 are told apart by their ids', () => {
    const piece = (id: string, name: string, given: string) =>
      says({ tool_calls: [{ index: 0, id, function: { name, arguments: given } }] })
    const events = read(
      piece('a', 'order_get', '{"id":1}'),
      piece('b', 'gcal_list_events', '{"day":"today"}'),
      done('stop'),
    )
    expect(callsIn(events)).toEqual(twoCalls)
  })

  test('without index and id go on until the next name', () => {
    const events = read(
      says({ tool_calls: [{ function: { name: 'order_get', arguments: '{"id"' } }] }),
      says({ tool_calls: [{ function: { arguments: ':1}' } }] }),
      says({ tool_calls: [{ function: { name: 'gcal_list_events', arguments: '{"day":"today"}' } }] }),
      done(),
    )
    expect(callsIn(events)).toEqual(twoCalls)
  })

  test('without an index that repeat their id with every piece stay one', () => {
    const events = read(
      says({ tool_calls: [{ id: 'a', function: { name: 'order_get', arguments: '{"id"' } }] }),
      says({ tool_calls: [{ id: 'a', function: { arguments: ':1}' } }] }),
      says({ tool_calls: [{ id: 'b', function: { name: 'gcal_list_events', arguments: '{"day":"today"}' } }] }),
      done(),
    )
    expect(callsIn(events)).toEqual(twoCalls)
  })

  test('whose arguments are an object and no text are taken as they are', () => {
    const events = read(
      says({ tool_calls: [{ index: 0, id: '', function: { name: 'order_get', arguments: { id: 1 } } }] }),
      done(),
    )
    expect(callsIn(events)).toEqual([['order.get', { id: 1 }]])
  })

  test('with nulls and empty texts in the pieces that follow are put together all the same', () => {
    const events = read(
      says({ tool_calls: [{ index: 0, id: 'a', function: { name: 'order_get', arguments: '' } }] }),
      says({ tool_calls: [{ index: 0, id: null, function: { name: null, arguments: '{"id":1}' } }] }),
      says({ tool_calls: [{ index: 0, id: '', function: { name: '', arguments: null } }] }),
      done(),
    )
    expect(callsIn(events)).toEqual([['order.get', { id: 1 }]])
  })
})

test('words and thoughts in pieces of a kind are read as what they are', () => {
  const events = read(
    says({ content: [{ type: 'thinking', thinking: [{ text: 'Rain?' }] }] }),
    says({ content: [{ type: 'text', text: 'It rains.' }] }),
    done('stop'),
  )
  expect(events.slice(0, 2)).toEqual([
    { kind: 'thinking', text: 'Rain?' },
    { kind: 'text', text: 'It rains.' },
  ])
})

test('an empty reason to end is none', () => {
  expect(read(says({ content: 'Yes.' }, ''), done('stop'), says({}, '')).at(-1)).toMatchObject({ reason: 'stop' })
  expect(() => read(says({ content: 'Yes.' }, ''))).toThrow(ModelFailure)
})

test('an answer without a word and without a call is none, and says so', () => {
  expect(read(says({ reasoning: 'Hm.' }), done('stop')).at(-1)).toMatchObject({
    reason: 'other',
    detail: 'EMPTY_ANSWER',
  })
})
