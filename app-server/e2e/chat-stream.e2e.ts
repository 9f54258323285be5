// A room's stream: what happens to its answers, in order, without gaps, and for those alone who may look.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { renderMarkdown } from '../src/platform/html/markdown.js'
import {
  act,
  blocksShown,
  type ChatBench,
  call,
  idOf,
  newRoom,
  openChatBench,
  Stream,
  text,
  waitingCall,
} from './chat-bench.js'

let { app, mika, ken, mikaId, kenId, scribe } = {} as ChatBench

beforeAll(async () => {
  ;({ app, mika, ken, mikaId, kenId, scribe } = await openChatBench())
})

afterAll(() => app.close())

async function sharedRoom(role = 'writer'): Promise<string> {
  const room = await newRoom(mika, 'Shared')
  await app.sql('INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, $3)', [room, kenId, role])
  return room
}

const partId = (turn: string, idx: number) => `p-${turn}-${idx}`

describe('a stream', () => {
  test('begins with the turns the page may have old, and tells what changes, until all is there', async () => {
    const room = await newRoom(mika)
    await scribe.turn(room, mikaId)
    const open = await scribe.turn(room, mikaId, { status: 'running', parts: [] })
    const stream = await Stream.open(app, mika, room, 1)
    await eventually(() => stream.of('turn').length === 2)
    expect(stream.of('turn').map(({ seq, after }) => [seq, after])).toEqual([
      [1, 0],
      [2, 1],
    ])
    const words = 'One **two** three.\n\n- a\n- b\n\n```\ncode\n```\n\nEnd.'
    for (let length = 3; length < words.length; length += 5) {
      await scribe.part(room, open, text(0, words.slice(0, length)))
    }
    await scribe.part(room, open, text(0, words))
    await scribe.part(room, open, call(1, { state: 'running', result: null, durationMs: null }))
    await scribe.part(room, open, call(1))
    await scribe.end(room, open)
    await eventually(() => stream.of('end').some(({ status }) => status === 'done'))
    const id = partId(open, 0)
    expect(blocksShown(stream.events, id).join('')).toBe(renderMarkdown(words, `${id}-`).html.join(''))
    expect(String(stream.of('part').at(-1)?.html)).toContain('call-done')
    await eventually(() => stream.of('totals').length > 0)
    stream.leave()
  })

  test('tells of a long block only what is new', async () => {
    const room = await newRoom(mika)
    const turn = await scribe.turn(room, mikaId, { status: 'running', parts: [text(0, 'word '.repeat(2_000))] })
    const stream = await Stream.open(app, mika, room, 1)
    await eventually(() => stream.of('turn').length === 1)
    await scribe.part(room, turn, text(0, `${'word '.repeat(2_000)}and more`))
    const told = await eventually(() => stream.of('text')[0])
    expect(JSON.stringify(told).length).toBeLessThan(400)
    stream.leave()
  })

  test('joined in the middle shows the same as one that was there from the beginning', async () => {
    const room = await sharedRoom()
    const turn = await scribe.turn(room, mikaId, { status: 'running', parts: [] })
    const first = await Stream.open(app, mika, room, 1)
    const words = '# Title\n\nOne two three.\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\nlast[^1]\n\n[^1]: note'
    await eventually(() => first.of('turn').length > 0)
    await scribe.part(room, turn, text(0, words.slice(0, 30)))
    await eventually(() => first.of('part').length > 0)
    const second = await Stream.open(app, ken, room, 1)
    for (let length = 31; length <= words.length; length++)
      await scribe.part(room, turn, text(0, words.slice(0, length)))
    await scribe.end(room, turn)
    const id = partId(turn, 0)
    for (const stream of [first, second]) {
      await eventually(() => stream.of('end').some(({ status }) => status === 'done'))
      expect(blocksShown(stream.events, id).join('')).toBe(renderMarkdown(words, `${id}-`).html.join(''))
      stream.leave()
    }
  })

  test('tells of messages of others, and what they replaced', async () => {
    const room = await sharedRoom()
    await scribe.turn(room, mikaId)
    const second = await scribe.turn(room, mikaId)
    const stream = await Stream.open(app, ken, room, 2)
    await eventually(() => stream.of('turn').length > 0)
    await app.sql('UPDATE chat_turns SET replaced_at = now() WHERE id = $1', [second])
    await scribe.turn(room, mikaId, { prompt: 'Reworded' })
    const told = await eventually(() => stream.of('turn').find(({ seq }) => seq === 3))
    expect(told).toMatchObject({ after: 1 })
    expect(String(told.html)).toContain('Reworded')
    stream.leave()
  })

  test('goes on after a break where it was, by the number the browser names', async () => {
    const room = await newRoom(mika)
    for (let count = 0; count < 3; count++) await scribe.turn(room, mikaId)
    const again = await fetch(`${app.url}/chat/${room}/events?seq=1`, {
      headers: { cookie: `sekisho_session=${mika.cookie('sekisho_session')}`, 'last-event-id': '3' },
    })
    const reader = (again.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    while (!text.includes('event: turn')) text += new TextDecoder().decode((await reader.read()).value)
    expect(text).toContain('id: 3')
    expect(text).not.toContain('id: 2\n')
    await reader.cancel()
  })

  test('sends who was away for very long to load the page anew', async () => {
    const room = await newRoom(mika)
    for (let count = 0; count < 70; count++) await scribe.turn(room, mikaId, { parts: [] })
    const stream = await Stream.open(app, mika, room, 1)
    await stream.ended
    expect(stream.of('over')).toEqual([{ why: 'changed' }])
  })
})

describe('who looks', () => {
  test('is asked to approve only what waits for them, and has buttons only for what they may do', async () => {
    const room = await sharedRoom('reader')
    const given = { order_id: '<b>7</b>', reason: 'x'.repeat(3_000) }
    const waiting = waitingCall(0, '00000000-0000-7000-8000-000000000001', given)
    await scribe.turn(room, mikaId, { status: 'waiting', parts: [waiting] })
    const mine = await Stream.open(app, mika, room, 1)
    const other = await Stream.open(app, ken, room, 1)
    const mikas = String((await eventually(() => mine.of('turn')[0])).html)
    const kens = String((await eventually(() => other.of('turn')[0])).html)
    expect(mikas).toMatch(/Allow once.*Deny.*Allow and do not ask again/s)
    expect(mikas).toContain('x'.repeat(3_000))
    expect(mikas).toContain('&lt;b&gt;7&lt;/b&gt;')
    expect(mikas).toContain('/stop"')
    expect(kens).toContain('Waits for Mika')
    expect(kens).not.toMatch(/Allow once|\/stop"/)
    for (const html of [mikas, kens]) expect(html).not.toContain('_csrf')
    mine.leave()
    other.leave()
  })

  test('reads in their own language', async () => {
    const room = await newRoom(mika)
    await scribe.turn(room, mikaId, { status: 'running', parts: [] })
    const response = await fetch(`${app.url}/chat/${room}/events?seq=1`, {
      headers: { cookie: `sekisho_session=${mika.cookie('sekisho_session')}; language=ja`, 'accept-language': 'ja' },
    })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    while (!text.includes('event: turn')) text += new TextDecoder().decode((await reader.read()).value)
    expect(text).toContain('回答を作成しています…')
    await reader.cancel()
  })

  test('is told no more once they are no member, or their session has ended, or their role is another', async () => {
    const room = await sharedRoom()
    const passing = await app.signedIn('Passing')
    await app.sql('INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, $3)', [
      room,
      await idOf(app, 'passing@example.test'),
      'writer',
    ])
    const removed = await Stream.open(app, ken, room, 0)
    const ended = await Stream.open(app, passing, room, 0)
    const changed = await Stream.open(app, mika, room, 0)
    expect((await act(app, mika, `/chat/${room}/members/remove`, { user: kenId })).status).toBe(303)
    await app.sql(`DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = 'passing@example.test')`)
    await removed.ended
    await ended.ended
    expect(removed.of('over')).toEqual([{ why: 'room' }])
    expect(ended.of('over')).toEqual([{ why: 'session' }])
    await app.sql('UPDATE chat_rooms SET archived_at = now() WHERE id = $1', [room])
    await changed.ended
    expect(changed.of('over')).toEqual([{ why: 'changed' }])
    await scribe.turn(room, mikaId, { prompt: 'Secret of those who stayed' })
    expect(removed.text).not.toContain('Secret')
  })

  test('is no stranger, no reader of another room, and has a session', async () => {
    const room = await newRoom(mika)
    expect((await Stream.open(app, ken, room)).status).toBe(404)
    const nobody = await fetch(`${app.url}/chat/${room}/events`, { headers: { accept: 'application/json' } })
    expect(nobody.status).toBe(401)
    await nobody.body?.cancel()
  })
})

test('one person has so many streams and no more, and those who leave make room', async () => {
  const many = await app.signedIn('Many')
  const room = await newRoom(many)
  const streams = await Promise.all(Array.from({ length: 16 }, () => Stream.open(app, many, room)))
  expect(streams.every(({ status }) => status === 200)).toBe(true)
  expect((await Stream.open(app, many, room)).status).toBe(429)
  for (const stream of streams) stream.leave()
  await eventually(async () => {
    const stream = await Stream.open(app, many, room)
    stream.leave()
    return stream.status === 200
  })
})

test('a server that stops ends its streams with that word, and is not held up by them', async () => {
  const replica = await app.replica()
  const room = await newRoom(mika)
  const stream = await Stream.open({ url: replica.url }, mika, room)
  expect(stream.status).toBe(200)
  await replica.close()
  await stream.ended
  expect(stream.of('over')).toEqual([{ why: 'restart' }])
})
