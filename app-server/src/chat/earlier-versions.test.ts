// What is known of turns that were replaced before it was kept which turn replaced them, and whose files a turn has.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { type DatabaseBench, openDatabase } from '../../e2e/database-bench.js'
import type { Database } from '../platform/database/database.js'
import { Attachments } from './attachments.js'
import { EarlierVersions1763600081002 } from './migrations.js'

let bench: DatabaseBench
let database: Database
let roomId: string

beforeAll(async () => {
  bench = await openDatabase()
  database = bench.database
})
afterAll(() => bench.close())
beforeEach(async () => {
  const [room] = await database.query<{ id: string }>(`INSERT INTO chat_rooms (name) VALUES ('Plans') RETURNING id`)
  roomId = room?.id ?? ''
})

const migration = new EarlierVersions1763600081002()

async function migrate(direction: 'up' | 'down'): Promise<void> {
  const runner = bench.dataSource.createQueryRunner()
  await runner.startTransaction()
  await migration[direction](runner)
  await runner.commitTransaction()
  await runner.release()
}

/** A turn written, and replaced, in minutes of an hour. */
async function turn(seq: number, written: number, replaced: number | null = null): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    `INSERT INTO chat_turns (room_id, seq, author_name, prompt, status, rounds_allowed, tokens_allowed, created_at, replaced_at)
     VALUES ($1, $2, 'Ada', 'Hello', 'done', 12, 1000,
             timestamptz '2026-11-01 10:00Z' + $3 * interval '1 minute',
             timestamptz '2026-11-01 10:00Z' + $4::int * interval '1 minute') RETURNING id`,
    [roomId, seq, written, replaced],
  )
  return row?.id ?? ''
}

test('turns that were replaced before say after the migration by which, and the others how often they were', async () => {
  await migrate('down')
  const first = await turn(1, 0, 4)
  const second = await turn(2, 1, 3)
  const third = await turn(3, 2, 3)
  const again = await turn(4, 3, 4)
  const all = await turn(5, 4, 6)
  const lost = await turn(6, 5, 7)
  const last = await turn(7, 6)
  await migrate('up')
  const rows = await database.query<{ id: string; by: string | null; version: number }>(
    'SELECT id, replaced_by AS by, version FROM chat_turns WHERE room_id = $1 ORDER BY seq',
    [roomId],
  )
  expect(rows.map(({ id, by, version }) => [id, by, version])).toEqual([
    [first, all, 1],
    [second, again, 1],
    [third, again, 1],
    [again, all, 2],
    [all, last, 2],
    // Nothing came about when it was replaced.
    [lost, null, 1],
    [last, null, 3],
  ])
})

test('a turn has the files of the one it was answered anew from, once in all, and copies of its own without the migration', async () => {
  const first = await turn(1, 0, 1)
  const again = await turn(2, 1)
  await database.query('UPDATE chat_turns SET files_turn_id = $2 WHERE id = $1', [again, first])
  await database.query(
    `INSERT INTO chat_attachments (room_id, turn_id, name, media_type, size, body)
     VALUES ($1, $2, 'b.txt', 'text/plain', 1, 'b'), ($1, $2, 'a.txt', 'text/plain', 1, 'a')`,
    [roomId, first],
  )
  const attachments = new Attachments(database)
  const files = await attachments.ofTurns([first, again])
  expect(files.get(again)?.map(({ name }) => name)).toEqual(['b.txt', 'a.txt'])
  expect(files.get(again)?.map(({ id }) => id)).toEqual(files.get(first)?.map(({ id }) => id))
  await migrate('down')
  const kept = await database.query<{ name: string }>(
    'SELECT name FROM chat_attachments WHERE turn_id = $1 ORDER BY id',
    [again],
  )
  expect(kept.map(({ name }) => name)).toEqual(['b.txt', 'a.txt'])
  await migrate('up')
})
