// A turn that grows, and what of it is stored when.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { turnOf } from '../../e2e/chat-bench.js'
import { LiveTurn } from './live-turn.js'
import type { Part } from './turn.js'
import { TurnWriter } from './turn-writer.js'

function liveTurn(parts: readonly Part[] = [], onChange: (live: LiveTurn) => void = () => undefined): LiveTurn {
  return new LiveTurn(turnOf().turn, [], parts, onChange)
}

const call = (id: string) => ({ kind: 'call', id, name: 'a.b', arguments: { x: 1 } }) as const

describe('a live turn', () => {
  test('joins pieces of text and begins a new part where something else came between', () => {
    const live = liveTurn()
    live.write('thinking', 'Let me ')
    live.write('thinking', 'see.')
    live.write('text', 'I ')
    live.write('text', 'look.')
    live.addCall(call('1'), 'B')
    live.write('text', 'Done.')
    expect(live.parts).toMatchObject([
      { idx: 0, kind: 'thinking', text: 'Let me see.' },
      { idx: 1, kind: 'text', text: 'I look.' },
      { idx: 2, kind: 'call', data: { callId: '1', state: 'asked' } },
      { idx: 3, kind: 'text', text: 'Done.' },
    ])
  })

  test('adds nothing behind a signature, which belongs to what it came with', () => {
    const live = liveTurn()
    live.write('text', 'One', 'signature')
    live.write('text', 'Two')
    expect(live.parts).toMatchObject([
      { text: 'One', signature: 'signature' },
      { text: 'Two', signature: null },
    ])
  })

  test('keeps the rounds apart', () => {
    const live = liveTurn()
    live.write('text', 'One')
    live.change({ rounds: 2 })
    live.write('text', 'Two')
    expect(live.parts).toMatchObject([
      { round: 1, text: 'One' },
      { round: 2, text: 'Two' },
    ])
  })

  test('goes on behind the parts it had', () => {
    const live = liveTurn([{ idx: 4, round: 1, kind: 'text', text: 'Before', signature: null }])
    live.addNote({ code: 'resumed' })
    expect(live.parts.map(({ idx }) => idx)).toEqual([4, 5])
    expect(live.partsToStore()).toMatchObject([{ idx: 5 }])
  })

  test('tells of each change with all there is', () => {
    const told: string[] = []
    const live = liveTurn([], (changed) => {
      told.push(
        changed
          .snapshot()
          .parts.map((part) => ('text' in part ? part.text : part.kind))
          .join('|'),
      )
    })
    live.write('text', 'a')
    live.write('text', 'b')
    live.addCall(call('1'), 'B')
    live.changeCall(1, { state: 'running' })
    expect(told).toEqual(['a', 'ab', 'ab|call', 'ab|call'])
    expect(live.calls('running')).toHaveLength(1)
  })
})

describe('storing it', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  function storing() {
    const stored: string[] = []
    const failures: unknown[] = []
    const control: { fail?: Error; hold?: Promise<void> } = {}
    const live: LiveTurn = liveTurn([], () => writer.poke())
    const writer: TurnWriter = new TurnWriter(
      live,
      async (parts) => {
        await control.hold
        if (control.fail) throw control.fail
        stored.push(parts.map((part) => ('text' in part ? part.text : part.kind)).join('|'))
      },
      (error) => failures.push(error),
    )
    return { live, writer, stored, failures, control }
  }

  test('the first words go at once, what follows within a moment goes together', async () => {
    const { live, stored } = storing()
    live.write('text', 'a')
    await jest.advanceTimersByTimeAsync(0)
    expect(stored).toEqual(['a'])
    for (const letter of 'bcd') live.write('text', letter)
    await jest.advanceTimersByTimeAsync(50)
    expect(stored).toEqual(['a'])
    await jest.advanceTimersByTimeAsync(100)
    expect(stored).toEqual(['a', 'abcd'])
  })

  test('what comes while a write is under way is in the next one', async () => {
    const { live, writer, stored, control } = storing()
    let go: () => void = () => undefined
    control.hold = new Promise((resolve) => {
      go = resolve
    })
    live.write('text', 'a')
    await jest.advanceTimersByTimeAsync(0)
    live.write('text', 'b')
    const flushed = writer.flush()
    go()
    await flushed
    expect(stored).toEqual(['a', 'ab'])
  })

  test('a failed write is told, and nothing of it counts as stored', async () => {
    const { live, stored, failures, control } = storing()
    control.fail = new Error('away')
    live.write('text', 'a')
    await jest.advanceTimersByTimeAsync(0)
    expect(failures).toEqual([control.fail])
    expect(stored).toEqual([])
    expect(live.partsToStore()).toHaveLength(1)
  })

  test('after its end nothing is written by itself', async () => {
    const { live, writer, stored } = storing()
    writer.stop()
    live.write('text', 'a')
    await jest.advanceTimersByTimeAsync(1_000)
    expect(stored).toEqual([])
  })
})
