// Tests of who hears what of a room's turns: the newest state, whoever brings it.
import { expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import type { Notices } from '../platform/database/notices.js'
import { Log } from '../platform/log.js'
import { RoomEvents } from './room-events.js'
import type { TurnSnapshot } from './turn.js'
import type { Turns } from './turns.js'

const stateOf = (status: string) =>
  ({ turn: { id: 'turn', roomId: 'room', status }, attachments: [], parts: [] }) as unknown as TurnSnapshot

function opened() {
  let hear: (body: string) => void = () => undefined
  const reads: ((snapshot: TurnSnapshot) => void)[] = []
  const turns = { snapshot: () => new Promise((resolve) => reads.push(resolve)) } as unknown as Turns
  const notices = {
    on(_topic: string, listener: typeof hear) {
      hear = listener
    },
  } as unknown as Notices
  const events = new RoomEvents(turns, notices, new Log('silent'))
  const heard: string[] = []
  events.listen('room', ({ turn }) => heard.push(turn.status))
  const notice = (from?: string) => hear(JSON.stringify({ roomId: 'room', turnId: 'turn', from }))
  return { events, heard, reads, notice }
}

test('what is read of a turn is not told once the work here has told something newer', async () => {
  const { events, heard, reads, notice } = opened()
  notice()
  events.tell(stateOf('stopped'))
  reads[0]?.(stateOf('running'))
  notice()
  await eventually(() => reads.length === 2)
  reads[1]?.(stateOf('done'))
  await eventually(() => heard.includes('done'))
  expect(heard).toEqual(['stopped', 'done'])
})

test('notices that come while a turn is read are answered by one more reading, and our own by none', async () => {
  const { events, heard, reads, notice } = opened()
  notice(events.replicaId)
  expect(reads).toEqual([])
  for (let count = 0; count < 5; count++) notice('another')
  reads[0]?.(stateOf('running'))
  await eventually(() => reads.length === 2)
  reads[1]?.(stateOf('done'))
  await eventually(() => heard.length === 2)
  expect(heard).toEqual(['running', 'done'])
})
