// Tests of when pages of a room are told: the first words at once, later ones together, and the last ones always.
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { text, turnOf } from '../../e2e/chat-bench.js'
import { LiveRoom, type LiveRoomParts, type Watcher } from './live-room.js'
import { RenderedTexts } from './rendered-texts.js'
import type { TurnListener } from './room-events.js'
import { TellingPace } from './telling-pace.js'
import type { Part, TurnSnapshot } from './turn.js'

const said = (words: string): Part => text(0, words)

/** A room whose one turn is what `tell` said last. */
async function watched(onlooker: Partial<Watcher['onlooker']>[] = [{}]) {
  let present = turnOf([])
  let listener: TurnListener = () => undefined
  let empty = 0
  const parts = {
    turns: {
      all: async function* () {
        yield present
      },
    },
    order: { before: async () => 0 },
    members: { namesOf: async () => new Map([['ada', 'Ada']]) },
    totals: { of: async () => ({ tokens: 0, costMicros: null, partly: false }) },
    texts: new RenderedTexts(),
    pace: new TellingPace(),
    titles: { toolTitleOf: (_name: string, title: string) => title, titleOf: (id: string) => id },
    events: {
      listen: (_room: string, hears: TurnListener) => {
        listener = hears
        return () => {
          listener = () => undefined
        }
      },
    },
  } as unknown as LiveRoomParts
  const room = new LiveRoom('room', parts, () => empty++)
  const sent: string[][] = onlooker.map(() => [])
  const leave = await Promise.all(
    onlooker.map((one, index) =>
      room.join(
        {
          onlooker: { userId: 'ada', language: 'en', writes: true, csrfToken: 'secret-token', ...one },
          send: (events) => void sent[index]?.push(events),
        },
        0,
      ),
    ),
  )
  return {
    sent,
    empty: () => empty,
    leave: () => {
      for (const one of leave) one()
    },
    tell(snapshot: TurnSnapshot) {
      present = snapshot
      listener(snapshot)
    },
  }
}

describe('a page', () => {
  test('is told the first words in the very moment they come', async () => {
    const { sent, tell, leave } = await watched()
    tell(turnOf([], { model: 'gemini' }))
    const before = sent[0]?.length ?? 0
    tell(turnOf([said('He')]))
    expect(sent[0]?.length).toBe(before + 1)
    expect(sent[0]?.at(-1)).toContain('<p>He</p>')
    leave()
  })

  test('is told many small changes together, and the last of them always', async () => {
    const { sent, tell, leave } = await watched()
    for (let length = 1; length <= 200; length++) tell(turnOf([said('ø'.repeat(length))]))
    tell(turnOf([said(`${'ø'.repeat(200)} all`)]))
    await eventually(() => sent[0]?.join('').includes('ø all'))
    expect(sent[0]?.length).toBeLessThan(50)
    tell(turnOf([said(`${'ø'.repeat(200)} end`)]))
    tell(turnOf([said(`${'ø'.repeat(200)} end.`)], { status: 'done', endReason: 'answered' }))
    await eventually(() => sent[0]?.join('').includes('"status":"done"'))
    expect(sent[0]?.join('')).toContain('end.')
    leave()
  })

  test('is told what others of its kind are told, and nobody a token', async () => {
    const { sent, tell, leave } = await watched([{}, {}, { userId: 'ken' }, { language: 'ja' }])
    tell(turnOf([said('Hello.')], { status: 'done', endReason: 'answered' }))
    await eventually(() => sent.every((one) => one.join('').includes('"status":"done"')))
    expect(sent[0]?.at(-1)).toBe(sent[1]?.at(-1))
    expect(sent[0]?.join('')).toContain('Edit the message')
    expect(sent[2]?.join('')).not.toContain('Edit the message')
    expect(sent[3]?.join('')).toContain('メッセージを編集')
    expect(sent.flat().join('')).not.toContain('secret-token')
    leave()
  })

  test('that left is told nothing, and a room that nobody looks at is let go', async () => {
    const { sent, tell, leave, empty } = await watched()
    tell(turnOf([said('a')]))
    tell(turnOf([said('ab')]))
    leave()
    const before = sent[0]?.length
    tell(turnOf([said('abc')]))
    await wait(100)
    expect(sent[0]?.length).toBe(before)
    expect(empty()).toBe(1)
  })
})
