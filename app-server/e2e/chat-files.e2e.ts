// Files of messages that are too many for one request, and messages that are sent twice.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { act, holdTurns, newRoom, tokenOf } from './chat-bench.js'

let app: TestApp
let mika: Person

beforeAll(async () => {
  app = await startTestApp()
  await holdTurns(app)
  mika = await app.signedIn('Mika')
})

afterAll(() => app.close())

const megabyte = 1024 * 1024

const settle = (room: string) =>
  app.sql(`UPDATE chat_turns SET status = 'done', end_reason = 'answered' WHERE room_id = $1`, [room])

async function upload(room: string, name: string, body: Buffer): Promise<string> {
  const response = await fetch(
    `${app.url}/chat/${room}/attachments?${new URLSearchParams({ name, type: 'text/plain' })}`,
    {
      method: 'PUT',
      headers: {
        accept: 'application/json',
        'content-type': 'application/octet-stream',
        cookie: `sekisho_session=${mika.cookie('sekisho_session')}`,
        'x-csrf-token': await tokenOf(mika),
      },
      body: new Uint8Array(body),
    },
  )
  const { id } = (await response.json()) as { id: string }
  return id
}

test('files that the model could not be sent in one request are refused with the message, and it can be sent with fewer', async () => {
  const room = await newRoom(mika)
  const attachments = [
    await upload(room, 'a.txt', Buffer.alloc(7 * megabyte, 'a')),
    await upload(room, 'b.txt', Buffer.alloc(7 * megabyte, 'b')),
  ]
  const refused = await act(app, mika, `/chat/${room}/turns`, { prompt: 'Both', attachments })
  expect([refused.status, refused.body.detail]).toEqual([
    413,
    'The files of one message may have 12 MB together. Send some of them with the next message.',
  ])
  expect(
    (await act(app, mika, `/chat/${room}/turns`, { prompt: 'One', attachments: attachments.slice(1) })).status,
  ).toBe(200)
})

test('a message that is sent again because nobody heard that it came is there once', async () => {
  const room = await newRoom(mika)
  const path = `/chat/${room}/turns`
  const message = { message_id: crypto.randomUUID(), prompt: 'Once' }
  const both = await Promise.all([act(app, mika, path, message), act(app, mika, path, message)])
  const later = await act(app, mika, path, message)
  expect([...both, later].map(({ status }) => status)).toEqual([200, 200, 200])
  expect(new Set([...both, later].map(({ body }) => body.turn)).size).toBe(1)
  await settle(room)
  expect((await act(app, mika, path, message)).body.turn).toBe(later.body.turn)
  // Another text is another message, whatever it says of itself.
  expect((await act(app, mika, path, { ...message, prompt: 'Twice' })).status).toBe(409)
  expect((await act(app, mika, path, { prompt: 'Twice' })).status).toBe(200)
  const other = await newRoom(mika, 'Other')
  expect((await act(app, mika, `/chat/${other}/turns`, message)).status).toBe(409)
  expect(await app.sql('SELECT count(*)::int AS count FROM chat_turns WHERE room_id = $1', [room])).toEqual([
    { count: 2 },
  ])
})

test('instructions with a sign that the database cannot keep are kept without it', async () => {
  const room = await newRoom(mika)
  const settings = { name: 'Plans', system_prompt: 'Be\u0000 brief.', max_rounds: '3', max_tokens: '2000' }
  expect((await act(app, mika, `/chat/${room}/settings`, settings)).status).toBe(303)
  expect(await app.sql('SELECT system_prompt FROM chat_rooms WHERE id = $1', [room])).toEqual([
    { system_prompt: 'Be brief.' },
  ])
})
