// Messages: sent with files, stopped, let go on, reworded and answered anew, with scripts and without.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Person } from '@sekisho/testing'
import {
  act,
  type ChatBench,
  call,
  newApproval,
  newRoom,
  openChatBench,
  text,
  tokenOf,
  waitingCall,
} from './chat-bench.js'

let { app, mika, ken, mikaId, kenId, scribe } = {} as ChatBench

beforeAll(async () => {
  ;({ app, mika, ken, mikaId, kenId, scribe } = await openChatBench())
})

afterAll(() => app.close())

// There are limits of messages within a minute, and tests are quick.
afterEach(() => app.sql(`UPDATE chat_turns SET created_at = created_at - interval '1 hour'`))

const turnsOf = (room: string) =>
  app.sql<{ id: string; prompt: string; language: string; time_zone: string; replaced: boolean; status: string }>(
    `SELECT id, prompt, language, time_zone, replaced_at IS NOT NULL AS replaced, status FROM chat_turns
      WHERE room_id = $1 ORDER BY seq`,
    [room],
  )

/** Ends what is open, so that the next message can be sent. */
const settle = (room: string) =>
  app.sql(`UPDATE chat_turns SET status = 'done', end_reason = 'answered' WHERE room_id = $1`, [room])

async function upload(person: Person, room: string, name: string, type: string, body: Buffer | string) {
  const response = await fetch(`${app.url}/chat/${room}/attachments?${new URLSearchParams({ name, type })}`, {
    method: 'PUT',
    headers: {
      accept: 'application/json',
      'content-type': 'application/octet-stream',
      cookie: `sekisho_session=${person.cookie('sekisho_session')}`,
      'x-csrf-token': await tokenOf(person),
    },
    body: new Uint8Array(Buffer.from(body)),
  })
  return { status: response.status, body: (await response.json()) as { id: string; code?: string; detail?: string } }
}

describe('a message', () => {
  test('is sent by a form alone, and the page comes back with it', async () => {
    const room = await newRoom(mika)
    const page = await mika.open(`/chat/${room}`)
    const form = page.forms.find(({ action }) => action === `/chat/${room}/turns`)
    if (!form) throw new Error('nowhere to write')
    const prompt = `これは長いメッセージです。\r\n${'あ'.repeat(20_000)}`
    const sent = await mika.submit(page, form, { prompt, time_zone: 'Asia/Tokyo' })
    expect(sent.status).toBe(200)
    expect(sent.url.pathname).toBe(`/chat/${room}`)
    expect(sent.body).toContain('これは長いメッセージです。\n')
    expect(sent.body).toContain('Reload, to see more of the answer')
    expect(sent.body).toContain('>Stop</button>')
    expect(await turnsOf(room)).toMatchObject([
      { language: 'en', time_zone: 'Asia/Tokyo', prompt: prompt.replace('\r', '') },
    ])
  })

  test('is sent in the background, in the language and the time zone of the browser, as far as there is such a zone', async () => {
    const room = await newRoom(mika)
    for (const [zone, kept] of [
      ['Europe/Berlin', 'Europe/Berlin'],
      ['Mars/Olympus', 'UTC'],
      ['x'.repeat(70), 'UTC'],
      [7, 'UTC'],
      [undefined, 'UTC'],
    ]) {
      expect(await act(app, mika, `/chat/${room}/turns`, { prompt: 'Hi', time_zone: zone })).toMatchObject({
        status: 200,
        body: { turn: expect.any(String) },
      })
      expect((await turnsOf(room)).at(-1)?.time_zone).toBe(kept)
      await settle(room)
    }
  })

  test('has words or a file, and no more than a message may have', async () => {
    const room = await newRoom(mika)
    const statusOf = async (body: unknown) => (await act(app, mika, `/chat/${room}/turns`, body)).status
    expect(await statusOf({ prompt: ' \n' })).toBe(400)
    expect(await statusOf({})).toBe(400)
    expect(await statusOf({ prompt: ['a'] })).toBe(400)
    expect(await statusOf({ prompt: 'x'.repeat(50_001) })).toBe(413)
    expect(await statusOf({ prompt: 'x', attachments: ['no-id'] })).toBe(400)
    expect(await turnsOf(room)).toEqual([])
  })

  test('waits for the answer before it', async () => {
    const room = await newRoom(mika)
    await scribe.turn(room, mikaId, { status: 'running', parts: [] })
    const answer = await act(app, mika, `/chat/${room}/turns`, { prompt: 'And?' })
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('Wait until it is done') },
    })
  })
})

describe('an answer', () => {
  test('is stopped, whoever of the writers asks', async () => {
    const room = await newRoom(mika)
    const turn = await scribe.turn(room, mikaId, { status: 'running', parts: [] })
    expect((await act(app, mika, `/chat/${room}/turns/${turn}/stop`)).status).toBe(200)
    const [row] = await app.sql('SELECT stop_asked_at FROM chat_turns WHERE id = $1', [turn])
    expect(row?.stop_asked_at).not.toBeNull()
    expect((await act(app, mika, `/chat/${room}/turns/${room}/stop`)).status).toBe(404)
  })

  test('goes on for who wrote the message, while nothing came after it', async () => {
    const room = await newRoom(mika)
    await app.sql(`INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, 'writer')`, [room, kenId])
    const turn = await scribe.turn(room, mikaId, { status: 'stopped', endReason: 'rounds' })
    expect((await mika.open(`/chat/${room}`)).body).toContain('>Continue</button>')
    expect((await ken.open(`/chat/${room}`)).body).not.toContain('>Continue</button>')
    expect((await act(app, ken, `/chat/${room}/turns/${turn}/go-on`)).status).toBe(409)
    expect((await act(app, mika, `/chat/${room}/turns/${turn}/go-on`)).status).toBe(200)
    expect((await turnsOf(room))[0]?.status).toBe('running')
  })

  test('is written anew at once when it is the last, and after a question when others came after it', async () => {
    const room = await newRoom(mika)
    const first = await scribe.turn(room, mikaId, { prompt: 'One' })
    const second = await scribe.turn(room, mikaId, { prompt: 'Two' })
    const asked = await act(app, mika, `/chat/${room}/turns/${first}/replace`)
    expect(asked).toMatchObject({ status: 200, body: { ask: `/chat/${room}/turns/${first}/again` } })
    expect((await turnsOf(room)).some(({ replaced }) => replaced)).toBe(false)
    expect((await act(app, mika, `/chat/${room}/turns/${second}/replace`)).body).toHaveProperty('turn')
    await settle(room)
    const question = await mika.open(`/chat/${room}/turns/${first}/again`)
    expect(question.body).toContain('the message that came after it')
    const form = question.forms.find(({ action }) => action.endsWith('/replace'))
    if (!form) throw new Error('no form')
    const page = await mika.submit(question, form)
    expect(page.body.match(/class="turn"/g)).toHaveLength(1)
    expect(await turnsOf(room)).toMatchObject([
      { prompt: 'One', replaced: true },
      { prompt: 'Two', replaced: true },
      { prompt: 'Two', replaced: true },
      { prompt: 'One', replaced: false },
    ])
    expect((await act(app, mika, `/chat/${room}/turns/${first}/replace`, { sure: '1' })).status).toBe(409)
  })

  test('to a message that its author rewords is replaced, with the files of the message kept', async () => {
    const room = await newRoom(mika)
    await app.sql(`INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, 'writer')`, [room, kenId])
    const file = await upload(mika, room, 'a.txt', 'text/plain', 'abc')
    await act(app, mika, `/chat/${room}/turns`, { prompt: 'Tset', attachments: [file.body.id] })
    await settle(room)
    const [before] = await turnsOf(room)
    await scribe.turn(room, kenId)
    expect((await ken.open(`/chat/${room}/turns/${before?.id}/edit`)).status).toBe(403)
    expect(
      (await act(app, ken, `/chat/${room}/turns/${before?.id}/replace`, { prompt: 'Mine', sure: '1' })).status,
    ).toBe(403)
    const edit = await mika.open(`/chat/${room}/turns/${before?.id}/edit`)
    expect(edit.body).toContain('and with it the message that came after it')
    const form = edit.forms.find(({ action }) => action.endsWith('/replace'))
    if (!form) throw new Error('no form')
    const page = await mika.submit(edit, form, { prompt: 'Test' })
    expect(page.body).toMatch(/Test.*a\.txt/s)
    expect(page.body).not.toContain('Tset')
  })

  test('is given as the text the model wrote', async () => {
    const room = await newRoom(mika)
    const turn = await scribe.turn(room, mikaId, {
      parts: [text(0, 'hidden', 'thinking'), text(1, '**One**'), text(2, '<b>')],
    })
    const page = await mika.open(`/chat/${room}/turns/${turn}/text`)
    expect(page.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(page.body).toBe('**One**\n\n<b>')
  })

  test('says what happened to it, with the names that people know', async () => {
    const room = await newRoom(mika)
    const notes = [
      { code: 'tools-left-out', providers: ['gcal', 'gone'] },
      { code: 'summarised', turns: 1 },
      { code: 'later' },
    ]
    const parts = notes.map((data, idx) => ({ idx, round: 1, kind: 'note' as const, data }))
    await scribe.turn(room, mikaId, { parts })
    const { body } = await mika.open(`/chat/${room}`)
    expect(body).toContain('Some tools of the room could not be offered: Google Calendar and gone.')
    expect(body).toContain('The oldest message went to it as a summary.')
    expect(body.match(/class="part note"/g)).toHaveLength(2)
  })

  test('has results of tools at their beginnings, and all that is kept of them at an address of its own', async () => {
    const room = await newRoom(mika)
    const result = `<b>${'x'.repeat(9_000)}</b>`
    const turn = await scribe.turn(room, mikaId, { parts: [call(0, { result, resultLength: 20_000 })] })
    const page = await mika.open(`/chat/${room}`)
    expect(page.body).toContain('This is the beginning of 20,000 characters.')
    expect(page.body.length).toBeLessThan(30_000)
    const all = await mika.open(`/chat/${room}/turns/${turn}/results/0`)
    expect(all.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(all.headers.get('x-content-type-options')).toBe('nosniff')
    expect(all.body).toBe(result)
    for (const path of ['1', 'x'])
      expect((await mika.open(`/chat/${room}/turns/${turn}/results/${path}`)).status).toBe(404)
    expect((await ken.open(`/chat/${room}/turns/${turn}/results/0`)).status).toBe(404)
  })

  test.each([
    [{ status: 'done', endReason: 'length' }, 'The model may not write more at once'],
    [{ status: 'done', endReason: 'safety' }, 'for reasons of safety'],
    [{ status: 'stopped', endReason: 'person' }, 'The answer was stopped.'],
    [{ status: 'stopped', endReason: 'cost' }, 'has cost as much as'],
    [{ status: 'failed', failure: { code: 'key-refused' } }, 'does not take the key any more'],
    [{ status: 'failed', failure: { code: 'model-gone' } }, 'does not have this model any more'],
    [{ status: 'failed', failure: { code: 'quota' } }, 'is used up'],
    [
      { status: 'failed', failure: { code: 'rate-limited', retryAt: '2026-11-26T10:00:00.000Z' } },
      'to be tried again from',
    ],
    [{ status: 'failed', failure: { code: 'overloaded' } }, 'is busy'],
    [{ status: 'failed', failure: { code: 'too-long' } }, 'longer than the model can read'],
    [{ status: 'failed', failure: { code: 'blocked' } }, 'does not answer this message'],
    [{ status: 'failed', failure: { code: 'cut' } }, 'The connection to the model broke.'],
    [{ status: 'failed', failure: { code: 'unreachable' } }, 'does not answer. Try again'],
    [{ status: 'failed', failure: { code: 'no-model' } }, 'has no key of a language model'],
    [{ status: 'failed', failure: { code: 'session-ended' } }, 'has signed out'],
    [{ status: 'failed', failure: { code: 'lending-ended' } }, 'were taken back'],
    [{ status: 'failed', failure: { code: 'not-a-member' } }, 'may not write here any more'],
    [{ status: 'failed', failure: { code: 'tools-unavailable' } }, 'The tools could not be reached.'],
    [{ status: 'failed', failure: { code: 'internal', reference: 'ref-17' } }, 'the reference ref-17'],
  ] as const)('that ended with %j says so in words', async (end, words) => {
    const room = await newRoom(mika)
    await scribe.turn(room, mikaId, { ...end, endReason: 'endReason' in end ? end.endReason : 'failure' })
    expect((await mika.open(`/chat/${room}`)).body).toContain(words)
  })
})

describe('a call that waits', () => {
  const decisionOf = async (id: string) =>
    (await app.sql('SELECT decision FROM approvals WHERE id = $1', [id]))[0]?.decision

  test.each([
    ['once', 'approved', 0],
    ['deny', 'denied', 0],
    ['always', 'approved', 1],
  ])('is decided by its person: %s', async (decision, kept, policies) => {
    await app.sql('DELETE FROM tool_policies')
    const room = await newRoom(mika)
    const approval = await newApproval(app, mikaId)
    const turn = await scribe.turn(room, mikaId, { status: 'waiting', parts: [waitingCall(0, approval)] })
    const page = await mika.open(`/chat/${room}`)
    const form = page.forms.find(({ fields }) =>
      fields.some(([name, value]) => name === 'decision' && value === decision),
    )
    if (!form) throw new Error('no button')
    expect((await mika.submit(page, form)).url.pathname).toBe(`/chat/${room}`)
    expect(await decisionOf(approval)).toBe(kept)
    expect(await app.sql('SELECT 1 FROM tool_policies')).toHaveLength(policies)
    expect((await act(app, mika, `/chat/${room}/turns/${turn}/approve`, { approval, decision: 'maybe' })).status).toBe(
      400,
    )
  })

  test('is decided by nobody else, and by no way around its answer', async () => {
    const room = await newRoom(mika)
    await app.sql(`INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, 'owner')`, [room, kenId])
    const approval = await newApproval(app, mikaId)
    const other = await newApproval(app, mikaId)
    const turn = await scribe.turn(room, mikaId, { status: 'waiting', parts: [waitingCall(0, approval)] })
    const path = `/chat/${room}/turns/${turn}/approve`
    expect((await act(app, ken, path, { approval, decision: 'once' })).status).toBe(404)
    expect((await act(app, mika, path, { approval: other, decision: 'once' })).status).toBe(404)
    const rei = await app.signedIn('Rei')
    expect((await act(app, rei, path, { approval, decision: 'once' })).status).toBe(404)
    expect([await decisionOf(approval), await decisionOf(other)]).toEqual([null, null])
    await app.sql(`UPDATE approvals SET expires_at = now() - interval '1 second' WHERE id = $1`, [approval])
    expect((await act(app, mika, path, { approval, decision: 'once' })).status).toBe(409)
  })
})

describe('a file', () => {
  test('is kept, sent with a message, and given to members alone, as nothing that could run', async () => {
    const room = await newRoom(mika)
    const other = await newRoom(mika, 'Other')
    const html = await upload(mika, room, '../../etc/päge "1".html', 'text/html', '<script>alert(1)</script>')
    const png = await upload(mika, room, 'cat.png', 'image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    const json = await upload(mika, room, 'data.json', 'application/json', '{"a": 1}')
    expect([html.status, png.status, json.status]).toEqual([201, 201, 201])
    const attachments = [html.body.id, png.body.id, json.body.id]
    expect((await act(app, mika, `/chat/${room}/turns`, { prompt: '', attachments })).status).toBe(200)
    const page = await mika.open(`/chat/${room}`)
    expect(page.body).toMatch(/päge &quot;1&quot;\.html.*<img src="\/chat\/[^"]+" alt="cat\.png"/s)
    const given = await mika.open(`/chat/${room}/attachments/${html.body.id}`)
    expect(given.headers.get('content-type')).toBe('application/octet-stream')
    expect(given.headers.get('content-disposition')).toBe(
      `attachment; filename="p_ge _1_.html"; filename*=UTF-8''p%C3%A4ge%20%221%22.html`,
    )
    expect(given.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(given.headers.get('x-content-type-options')).toBe('nosniff')
    const shown = await mika.open(`/chat/${room}/attachments/${png.body.id}`)
    expect(shown.headers.get('content-type')).toBe('image/png')
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/)
    expect((await mika.open(`/chat/${other}/attachments/${png.body.id}`)).status).toBe(404)
    expect((await ken.open(`/chat/${room}/attachments/${png.body.id}`)).status).toBe(404)
  })

  test('is taken by its kind and its size, and as bytes', async () => {
    const room = await newRoom(mika)
    expect(await upload(mika, room, 'a.exe', 'application/x-msdownload', 'MZ')).toMatchObject({ status: 415 })
    expect(await upload(mika, room, 'a.svg', 'image/svg+xml', '<svg/>')).toMatchObject({ status: 415 })
    expect(await upload(mika, room, 'a.txt', 'text/plain', '')).toMatchObject({ status: 400 })
    expect(await upload(mika, room, 'a.txt', 'text/plain', Buffer.alloc(8 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
    })
    expect((await upload(mika, room, 'a.txt', 'text/plain', Buffer.alloc(8 * 1024 * 1024))).status).toBe(201)
    expect((await act(app, mika, `/chat/${room}/attachments?name=a&type=text/plain`, { a: 1 }, 'PUT')).status).toBe(415)
    expect((await act(app, mika, `/chat/${room}/attachments?name=a`, {}, 'PUT')).status).toBe(400)
  })

  test('that is not sent yet belongs to who chose it, who can take it back', async () => {
    const room = await newRoom(mika)
    await app.sql(`INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, 'writer')`, [room, kenId])
    const file = await upload(mika, room, 'a.txt', 'text/plain', 'abc')
    const stolen = await act(app, ken, `/chat/${room}/turns`, { prompt: 'x', attachments: [file.body.id] })
    expect(stolen.status).toBe(400)
    expect((await act(app, ken, `/chat/${room}/attachments/${file.body.id}`, {}, 'DELETE')).status).toBe(204)
    expect(await app.sql('SELECT 1 FROM chat_attachments WHERE id = $1', [file.body.id])).toHaveLength(1)
    expect((await act(app, mika, `/chat/${room}/attachments/${file.body.id}`, {}, 'DELETE')).status).toBe(204)
    expect(await app.sql('SELECT 1 FROM chat_attachments WHERE id = $1', [file.body.id])).toEqual([])
  })
})
