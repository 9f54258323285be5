// A room as a file: all of it, as it is shown, in bounded memory, and with nothing in it that counts as more than text.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { call, holdTurns, idOf, newRoom, Scribe, text } from './chat-bench.js'

let app: TestApp
let mika: Person
let mikaId: string

beforeAll(async () => {
  app = await startTestApp()
  await holdTurns(app)
  mika = await app.signedIn('Mika')
  mikaId = await idOf(app, 'mika@example.test')
})

afterAll(() => app.close())

test('has messages, answers, calls with arguments and results, and the list of files; earlier versions as JSON alone', async () => {
  const room = await newRoom(mika, 'Plans: "May/June" 予定')
  const scribe = new Scribe(app)
  const gone = await scribe.turn(room, mikaId, { prompt: 'Replaced' })
  const turn = await scribe.turn(room, mikaId, {
    prompt: 'What about ```?',
    parts: [
      text(0, 'thought', 'thinking'),
      call(1, { result: 'a ```` fence', resultLength: 90 }),
      text(2, '**Done.**'),
    ],
  })
  await app.sql(
    `INSERT INTO chat_attachments (room_id, user_id, turn_id, name, media_type, size, body) VALUES ($1, $2, $3, 'a.txt', 'text/plain', 3, 'abc')`,
    [room, mikaId, turn],
  )
  await app.sql('UPDATE chat_turns SET replaced_at = now(), replaced_by = $2 WHERE id = $1', [gone, turn])
  await app.sql('UPDATE chat_turns SET version = 2 WHERE id = $1', [turn])
  await scribe.turn(room, mikaId, {
    prompt: 'Broken',
    status: 'failed',
    endReason: 'failure',
    failure: { code: 'cut' },
    parts: [],
  })

  const md = await mika.open(`/chat/${room}/export.md`)
  expect(md.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(md.headers.get('content-disposition')).toBe(
    `attachment; filename="Plans May June __.md"; filename*=UTF-8''Plans%20May%20June%20%E4%BA%88%E5%AE%9A.md`,
  )
  expect(md.body).toMatch(/^# Plans: "May\/June" 予定\n/)
  expect(md.body).toMatch(/## Mika · [\d-]+ [\d:]+ UTC\n\nWhat about ```\?\n\n- a\.txt \(text\/plain, 3 bytes\)\n/)
  expect(md.body).toContain('> thought')
  expect(md.body).toContain('**Search products** (`product.search`): done\n\n```json\n{\n  "text": "tea"\n}\n```')
  expect(md.body).toContain('`````\na ```` fence\n`````\n\n*12 of 90 characters*')
  expect(md.body).toContain('\n**Done.**\n')
  expect(md.body).toContain('\n*cut*\n')
  expect(md.body).not.toContain('Replaced')

  const json = await mika.open(`/chat/${room}/export.json`)
  const parsed = JSON.parse(json.body) as { turns: Record<string, unknown>[] }
  expect(parsed).toMatchObject({ format: 'sekisho-room', version: 1, id: room, name: 'Plans: "May/June" 予定' })
  expect(parsed.turns).toHaveLength(3)
  expect(parsed.turns[0]).toMatchObject({
    id: gone,
    version: 1,
    replaced_at: expect.any(String),
    replaced_by: turn,
    prompt: 'Replaced',
    answer: [{ kind: 'text', text: 'Hello.' }],
  })
  expect(parsed.turns[1]).toMatchObject({
    version: 2,
    replaced_at: null,
    replaced_by: null,
    author: 'Mika',
    prompt: 'What about ```?',
    attachments: [{ name: 'a.txt', media_type: 'text/plain', size: 3 }],
    cost_usd: 0.0015,
    answer: [
      { kind: 'thinking', text: 'thought' },
      { kind: 'call', tool: 'product.search', arguments: { text: 'tea' }, result: 'a ```` fence', result_length: 90 },
      { kind: 'text', text: '**Done.**' },
    ],
  })
  expect(parsed.turns[2]).toMatchObject({ status: 'failed', failure: { code: 'cut' } })
  expect((await mika.open(`/chat/${room}/export.html`)).status).toBe(404)
})

test('of a room with nothing in it is well formed', async () => {
  const room = await newRoom(mika, 'Empty')
  expect(JSON.parse((await mika.open(`/chat/${room}/export.json`)).body)).toMatchObject({ turns: [] })
  expect((await mika.open(`/chat/${room}/export.md`)).body).toBe('# Empty\n')
})

test('of a room with thousands of messages has them all, in their order', async () => {
  const room = await newRoom(mika, 'Long')
  await app.sql(
    `INSERT INTO chat_turns (room_id, seq, author_id, author_name, prompt, status, end_reason, rounds_allowed, tokens_allowed)
     SELECT $1, n, $2, 'Mika', 'Message ' || n, 'done', 'answered', 1, 1 FROM generate_series(1, 3000) n`,
    [room, mikaId],
  )
  const { turns } = JSON.parse((await mika.open(`/chat/${room}/export.json`)).body) as { turns: { number: number }[] }
  expect(turns.map(({ number }) => number)).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1))
})
