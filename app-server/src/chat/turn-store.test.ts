// Turns under their leases: one replica works on each, and whoever lost the lease writes nothing any more.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type DatabaseBench, openDatabase } from '../../e2e/database-bench.js'
import type { Database } from '../platform/database/database.js'
import type { Jobs } from '../platform/jobs.js'
import type { RoomEvents } from './room-events.js'
import type { Part, Turn } from './turn.js'
import { LeaseLost, TurnStore } from './turn-store.js'
import { UnsentFiles } from './unsent-files.js'

let bench: DatabaseBench
let database: Database
let store: TurnStore
let roomId: string
let turnId: string

beforeAll(async () => {
  bench = await openDatabase()
  database = bench.database
  store = new TurnStore(database, { replicaId: randomUUID() } as RoomEvents)
})
afterAll(() => bench.close())
beforeEach(async () => {
  const [room] = await database.query<{ id: string }>(`INSERT INTO chat_rooms (name) VALUES ('Plans') RETURNING id`)
  roomId = room?.id ?? ''
  turnId = await turn()
})

async function turn(in_ = roomId): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `INSERT INTO chat_turns (room_id, seq, author_name, prompt, rounds_allowed, tokens_allowed)
     VALUES ($1, 1, 'Ada', 'Hello', 12, 1000) RETURNING id`,
    [in_],
  )
  return row?.id ?? ''
}

const held = (leaseId: string, id = turnId) => ({ id, roomId, leaseId })
const words = (text: string, idx = 0): Part => ({ idx, round: 1, kind: 'text', text, signature: null })
const textsOf = async (id = turnId) =>
  (await database.query<{ text: string }>('SELECT text FROM chat_parts WHERE turn_id = $1 ORDER BY idx', [id])).map(
    ({ text }) => text,
  )
/** As it is in the middle of its first round. */
const turnNow = {
  rounds: 1,
  model: 'm',
  inputTokens: 30,
  outputTokens: 4,
  thinkingTokens: 0,
  cachedTokens: 0,
  costMicros: 7.4,
} as Turn
const answered = { status: 'done', endReason: 'answered' } as const
const rowNow = async () =>
  (
    await database.query(
      `SELECT rounds, whole_rounds AS whole, (input_tokens + output_tokens)::int AS tokens, cost_micros::int AS cost
         FROM chat_turns WHERE id = $1`,
      [turnId],
    )
  )[0]
const letLeaseRunOut = () =>
  database.query(`UPDATE chat_turns SET lease_until = now() - interval '1 second' WHERE id = $1`, [turnId])

/** Taken by one replica, whose lease ran out, and then by another. */
async function takenOver(): Promise<{ former: string; present: string }> {
  const [former, present] = [randomUUID(), randomUUID()]
  await store.claim(turnId, former)
  await store.store(held(former), [words('Of the former.')])
  await letLeaseRunOut()
  expect(await store.claim(turnId, present)).toBeDefined()
  return { former, present }
}

describe('a turn', () => {
  test('is taken by one of many that come for it at once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => store.claim(turnId, randomUUID())))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  test('is taken from nobody who still says that they work on it, and from whoever does not', async () => {
    const lease = randomUUID()
    await store.claim(turnId, lease)
    expect(await store.claim(turnId, randomUUID())).toBeUndefined()
    await letLeaseRunOut()
    await store.keepLease(held(lease))
    expect(await store.claim(turnId, randomUUID())).toBeUndefined()
    await letLeaseRunOut()
    expect(await store.claim(turnId, randomUUID())).toBeDefined()
  })

  test('that is over is taken by nobody', async () => {
    const lease = randomUUID()
    await store.claim(turnId, lease)
    await store.end(held(lease), turnNow, answered)
    expect(await store.claim(turnId, randomUUID())).toBeUndefined()
    expect(await store.forgotten(10)).not.toContain(turnId)
  })

  test('that is done has its last round whole; one that was stopped, failed or handed over has not, and its tokens count', async () => {
    for (const end of [
      { status: 'stopped', endReason: 'person' },
      { status: 'failed', endReason: 'failure' },
    ] as const) {
      const lease = randomUUID()
      await store.claim(turnId, lease)
      await store.end(held(lease), turnNow, end)
      expect(await rowNow()).toEqual({ rounds: 0, whole: 0, tokens: 34, cost: 7 })
      await database.query(
        `UPDATE chat_turns SET status = 'running', input_tokens = 0, output_tokens = 0 WHERE id = $1`,
        [turnId],
      )
    }
    const [first, last] = [randomUUID(), randomUUID()]
    await store.claim(turnId, first)
    await store.release(held(first), turnNow)
    expect(await rowNow()).toEqual({ rounds: 0, whole: 0, tokens: 34, cost: 7 })
    await store.claim(turnId, last)
    await store.end(held(last), turnNow, answered)
    expect(await rowNow()).toEqual({ rounds: 1, whole: 1, tokens: 34, cost: 7 })
  })

  test('says whether a round of it never became whole', async () => {
    const lease = randomUUID()
    expect(await store.claim(turnId, lease)).toMatchObject({ unfinished: false, wholeRounds: 0 })
    await store.store(held(lease), [words('Half')])
    await letLeaseRunOut()
    expect(await store.claim(turnId, randomUUID())).toMatchObject({ unfinished: true, wholeRounds: 0 })
    await store.dropUnfinished(turnId, 0)
    expect(await textsOf()).toEqual([])
  })
})

describe('whoever lost the lease', () => {
  test('writes no part any more', async () => {
    const { former, present } = await takenOver()
    await expect(store.store(held(former), [words('Too late.')])).rejects.toThrow(LeaseLost)
    await store.store(held(present), [words('Of the present.')])
    expect(await textsOf()).toEqual(['Of the present.'])
  })

  test('is told apart from others whose parts go with the same statement', async () => {
    const { former } = await takenOver()
    const [other] = await database.query<{ id: string }>(`INSERT INTO chat_rooms (name) VALUES ('Other') RETURNING id`)
    const otherTurn = await turn(other?.id)
    const lease = randomUUID()
    await store.claim(otherTurn, lease)
    const [lost, kept] = await Promise.allSettled([
      store.store(held(former), [words('Too late.')]),
      store.store(held(lease, otherTurn), [words('In time.')]),
    ])
    expect([lost.status, kept.status]).toEqual(['rejected', 'fulfilled'])
    expect(await textsOf(otherTurn)).toEqual(['In time.'])
    expect(await textsOf()).toEqual(['Of the former.'])
  })

  test('ends no round and no turn, and keeps nothing alive', async () => {
    const { former, present } = await takenOver()
    await expect(store.endRound(held(former), turnNow)).rejects.toThrow(LeaseLost)
    await expect(store.end(held(former), turnNow, answered)).rejects.toThrow(LeaseLost)
    await expect(store.keepLease(held(former))).rejects.toThrow(LeaseLost)
    await store.release(held(former), turnNow)
    expect(await rowNow()).toMatchObject({ rounds: 0, tokens: 0 })
    await store.keepLease(held(present))
  })
})

test('what Postgres cannot keep of a text is left out, and the rest is kept', async () => {
  const lease = randomUUID()
  await store.claim(turnId, lease)
  await store.store(held(lease), [words('a\u0000b\ud83d'), words('whole', 1)])
  expect(await textsOf()).toEqual(['ab\ufffd', 'whole'])
})

test('a file that was never sent goes after a day; one that was sent, and one of today, stay', async () => {
  const file = (name: string, hours: number, sent: string | null) =>
    database.query(
      `INSERT INTO chat_attachments (room_id, turn_id, name, media_type, size, body, created_at)
       VALUES ($1, $2, $3, 'text/plain', 1, 'x', now() - $4 * interval '1 hour')`,
      [roomId, sent, name, hours],
    )
  await file('forgotten', 25, null)
  await file('of today', 23, null)
  await file('sent', 25, turnId)
  await new UnsentFiles({} as Jobs).collect(database)
  const left = await database.query<{ name: string }>(
    'SELECT name FROM chat_attachments WHERE room_id = $1 ORDER BY name',
    [roomId],
  )
  expect(left.map(({ name }) => name)).toEqual(['of today', 'sent'])
})
