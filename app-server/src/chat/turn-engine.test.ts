// A turn whose database has no time for it is not failed: it is let go of, and whoever looks next goes on with it.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type DatabaseBench, openDatabase } from '../../e2e/database-bench.js'
import type { Database } from '../platform/database/database.js'
import { Attachments } from './attachments.js'
import type { RoomEvents } from './room-events.js'
import { TurnEngine } from './turn-engine.js'
import { TurnStore } from './turn-store.js'
import type { TurnWork } from './turn-work.js'
import { Turns } from './turns.js'

let bench: DatabaseBench
let database: Database

beforeAll(async () => {
  bench = await openDatabase()
  database = bench.database
})
afterAll(() => bench.close())

/** What a pool says that gave no connection in time. */
const noConnection = new Error('timeout exceeded when trying to connect')

test('a turn that the database had no connection for is let go of, and answered by the next who takes it', async () => {
  const [room] = await database.query<{ id: string }>(`INSERT INTO chat_rooms (name) VALUES ('Plans') RETURNING id`)
  const [turn] = await database.query<{ id: string }>(
    `INSERT INTO chat_turns (room_id, seq, author_name, prompt, rounds_allowed, tokens_allowed, created_at)
     VALUES ($1, 1, 'Ada', 'Hello', 12, 1000, now() - interval '1 minute') RETURNING id`,
    [room?.id],
  )
  const statusNow = async () => {
    const [row] = await database.query('SELECT status, lease_id AS lease FROM chat_turns WHERE id = $1', [turn?.id])
    return row
  }
  const ends = [
    () => Promise.reject(noConnection),
    () => Promise.resolve({ status: 'done', endReason: 'answered' } as const),
  ]
  const work = { advance: () => ends.shift()?.(), failureOf: () => ({ code: 'internal' }) } as unknown as TurnWork
  const nothing = () => undefined
  const events = { replicaId: randomUUID(), tell: nothing } as unknown as RoomEvents
  let look: () => Promise<void> = async () => undefined
  const engine = new TurnEngine(
    new TurnStore(database, events),
    new Turns(database, new Attachments(database)),
    work,
    events,
    database,
    { on: nothing } as never,
    { scheduleErrand: ({ run }: { run: () => Promise<void> }) => (look = run) } as never,
    { turn: nothing } as never,
    { info: nothing, warn: nothing, error: nothing } as never,
  )
  const idle = async () => {
    while (engine.count > 0 || ends.length === 2) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  engine.onApplicationBootstrap()
  await idle()
  expect(await statusNow()).toEqual({ status: 'running', lease: null })
  await look()
  await idle()
  expect(await statusNow()).toEqual({ status: 'done', lease: null })
})
