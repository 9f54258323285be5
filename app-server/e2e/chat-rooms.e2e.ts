// Rooms: made, found, changed, shared, archived and deleted, each by those alone who may.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Person } from '@sekisho/testing'
import { act, type ChatBench, idOf, newRoom, openChatBench, text, tokenOf } from './chat-bench.js'

let { app, mika, ken, mikaId, kenId, scribe } = {} as ChatBench
let rei: Person
let reiId: string

beforeAll(async () => {
  ;({ app, mika, ken, mikaId, kenId, scribe } = await openChatBench())
  rei = await app.signedIn('Rei')
  reiId = await idOf(app, 'rei@example.test')
})

afterAll(() => app.close())

const rowOf = async (room: string) => (await app.sql('SELECT * FROM chat_rooms WHERE id = $1', [room]))[0]

async function send(person: Person, room: string, form: string, changes: Record<string, string | undefined>) {
  const page = await person.open(`/chat/${room}/settings`)
  const found = page.forms.find(({ action }) => action === `/chat/${room}/${form}`)
  if (!found) throw new Error(`the page has no form ${form}`)
  return person.submit(page, found, changes)
}

describe('a room', () => {
  test('is made with a name and tools, and opens', async () => {
    const room = await newRoom(mika, 'Trip to Kyoto', { providers: 'booking' })
    const page = await mika.open(`/chat/${room}`)
    expect(page.status).toBe(200)
    expect(page.body).toMatch(/<h1>Trip to Kyoto<\/h1>.*Tools: Bookings.*the accounts of whoever writes/s)
    expect(page.body).toContain('Nobody answers here')
    expect(page.forms.some(({ action }) => action === `/chat/${room}/turns`)).toBe(true)
  })

  test('needs a name that can be shown in one line, and keeps what was typed when it does not fit', async () => {
    const page = await mika.open('/chat/new')
    const form = page.forms.find(({ action }) => action === '/chat')
    if (!form) throw new Error('no form')
    for (const name of ['', ' ', 'x'.repeat(121), 'a\u0007b']) {
      const answer = await mika.submit(page, form, { name, providers: 'order' })
      expect([name, answer.status]).toEqual([name, 400])
      expect(answer.body).toContain('field-error')
      expect(answer.body).toMatch(/value="order" checked/)
    }
    const foreign = await mika.submit(page, form, { name: 'x', credential: '00000000-0000-7000-8000-000000000000' })
    expect(foreign.status).toBe(400)
  })

  test('shows a name and a prompt of any kind as text', async () => {
    const room = await newRoom(mika, '<img src=x onerror=alert(1)>')
    await scribe.turn(room, mikaId, {
      prompt: '<script>alert(1)</script>',
      parts: [text(0, '<script>alert(2)</script>')],
    })
    for (const path of ['/chat', `/chat/${room}`, `/chat/${room}/settings`, `/chat/${room}/delete`]) {
      const page = await mika.open(path)
      expect(page.body).not.toMatch(/<img src=x|<script>/)
    }
    expect((await mika.open(`/chat/${room}`)).body).toContain('&lt;script&gt;alert(2)')
  })

  test('is changed by its owner: name, tools, instructions and limits', async () => {
    const room = await newRoom(mika)
    const answer = await send(mika, room, 'settings', {
      name: 'Renamed',
      providers: 'order',
      system_prompt: 'Be brief.',
      max_rounds: '3',
      max_tokens: '2000',
      max_cost: '0.25',
    })
    expect(answer.body).toContain('The settings are saved.')
    expect(await rowOf(room)).toMatchObject({
      name: 'Renamed',
      system_prompt: 'Be brief.',
      max_rounds: 3,
      max_tokens: 2000,
      max_cost_micros: '250000',
    })
    const page = await mika.open(`/chat/${room}/settings`)
    expect(page.body).toMatch(/value="order" checked/)
    expect(page.body).toMatch(/name="max_cost"[^>]*value="0.25"/)
    const wrong = await send(mika, room, 'settings', { max_rounds: '51', max_tokens: 'many', max_cost: '-1', name: '' })
    expect(wrong.status).toBe(400)
    expect(wrong.body.match(/class="field-error"/g)).toHaveLength(4)
    expect((await rowOf(room))?.name).toBe('Renamed')
  })

  test('is found by its name and by words of its messages, and by nobody who is no member', async () => {
    const room = await newRoom(mika, 'Accounting 100%')
    await scribe.turn(room, mikaId, {
      prompt: 'About the wombat',
      parts: [text(0, `${'word '.repeat(5_000)}The quokka is smaller.`)],
    })
    const find = async (person: Person, search: string) =>
      (await person.open(`/chat?search=${encodeURIComponent(search)}`)).body
    for (const words of ['accounting', '100%', 'WOMBAT', 'quokka']) expect(await find(mika, words)).toContain(room)
    expect(await find(mika, 'quokka')).toContain('The <mark>quokka</mark> is smaller.')
    expect((await find(mika, 'quokka')).length).toBeLessThan(20_000)
    expect(await find(mika, '1%0')).not.toContain(room)
    expect(await find(ken, 'quokka')).toContain('Nothing found')
  })

  test('is listed a page at a time, the last used first', async () => {
    const many = await app.signedIn('Many Rooms')
    for (let count = 0; count < 32; count++) await newRoom(many, `Room ${count}`)
    const first = await many.open('/chat')
    expect(first.body.match(/class="room-name"/g)).toHaveLength(30)
    expect(first.body).toMatch(/Room 31<.*Room 30</s)
    const next = /href="(\/chat\?cursor=[^"]+)"/.exec(first.body)?.[1] ?? ''
    expect((await many.open(next)).body.match(/class="room-name"/g)).toHaveLength(2)
    expect((await many.open('/chat?cursor=x')).status).toBe(400)
  })

  test('is archived and taken back, and takes no messages meanwhile', async () => {
    const room = await newRoom(mika, 'Old plans')
    await send(mika, room, 'archive', {})
    expect((await mika.open('/chat')).body).not.toContain(room)
    expect((await mika.open('/chat?archived=1')).body).toContain(room)
    const page = await mika.open(`/chat/${room}`)
    expect(page.body).toContain('This room takes no messages.')
    expect(page.forms.some(({ action }) => action === `/chat/${room}/turns`)).toBe(false)
    expect(await act(app, mika, `/chat/${room}/turns`, { prompt: 'Hello?' })).toMatchObject({ status: 409 })
    await send(mika, room, 'archive', {})
    expect((await mika.open('/chat')).body).toContain(room)
  })

  test('is deleted after a question, with everything in it', async () => {
    const room = await newRoom(mika, 'Gone soon')
    const turn = await scribe.turn(room, mikaId)
    const question = await mika.open(`/chat/${room}/delete`)
    expect(question.body).toContain('Delete “Gone soon”?')
    expect((await rowOf(room))?.id).toBe(room)
    const form = question.forms.find(({ action }) => action === `/chat/${room}/delete`)
    if (!form) throw new Error('no form')
    expect((await mika.submit(question, form)).url.pathname).toBe('/chat')
    expect(await rowOf(room)).toBeUndefined()
    expect(await app.sql('SELECT 1 FROM chat_parts WHERE turn_id = $1', [turn])).toEqual([])
    expect((await mika.open(`/chat/${room}`)).status).toBe(404)
  })
})

describe('a shared room', () => {
  test('has members with roles, who are named and can leave; the last owner cannot', async () => {
    const room = await newRoom(mika)
    const put = (email: string, role: string) => send(mika, room, 'members', { email, role })
    expect((await put('KEN@example.test', 'reader')).body).toContain('The member is in the room.')
    expect((await put('ken@example.test', 'writer')).body).toMatch(/Ken.*Writes/s)
    const unknown = await put('nobody@example.test', 'writer')
    expect(unknown.status).toBe(404)
    expect(unknown.body).toContain('Nobody here signs in as nobody@example.test.')
    const last = await act(app, mika, `/chat/${room}/members/remove`, { user: mikaId })
    expect(last.status).toBe(409)
    expect((await act(app, ken, `/chat/${room}/members/remove`, { user: kenId })).status).toBe(303)
    expect((await ken.open(`/chat/${room}`)).status).toBe(404)
    expect((await act(app, mika, `/chat/${room}/members`, { email: 'ken@example.test', role: 'boss' })).status).toBe(
      400,
    )
  })

  test('says whose accounts its tools use: those of whoever writes, or of a member who lends them and takes them back', async () => {
    const room = await newRoom(mika, 'Lent', { providers: 'order' })
    await send(mika, room, 'members', { email: 'ken@example.test', role: 'writer' })
    expect((await ken.open(`/chat/${room}/settings`)).body).toContain('Tools act with the accounts of whoever writes.')
    const lent = await send(ken, room, 'lending', {})
    expect(lent.body).toContain('The room uses your accounts.')
    expect((await mika.open(`/chat/${room}/settings`)).body).toContain(
      'Tools act with the accounts of Ken, whoever writes.',
    )
    expect((await mika.open(`/chat/${room}`)).body).toContain('they act with the accounts of Ken')
    expect((await act(app, mika, `/chat/${room}/lending`)).status).toBe(409)
    expect((await send(ken, room, 'lending/end', {})).body).toContain('Tools act with the accounts of whoever writes.')
    await send(ken, room, 'lending', {})
    expect((await act(app, mika, `/chat/${room}/members/remove`, { user: kenId })).status).toBe(303)
    expect(await rowOf(room)).toMatchObject({ lender_id: null, lender_grant_id: null })
    expect(await app.sql(`SELECT 1 FROM oauth_grants WHERE user_id = $1`, [kenId])).toEqual([])
  })

  test('shows readers no place to write, and writers no settings to change', async () => {
    const room = await newRoom(mika)
    await send(mika, room, 'members', { email: 'ken@example.test', role: 'writer' })
    await send(mika, room, 'members', { email: 'rei@example.test', role: 'reader' })
    const read = await rei.open(`/chat/${room}`)
    expect(read.body).toContain('You read in this room.')
    expect(read.forms.filter(({ action }) => action.includes('/turns'))).toEqual([])
    const forms = (await ken.open(`/chat/${room}/settings`)).forms.map(({ action }) => action)
    expect(forms).not.toContain(`/chat/${room}/settings`)
    expect(forms).not.toContain(`/chat/${room}/archive`)
  })
})

describe('what one may not do', () => {
  const owners = (room: string): [string, string, Record<string, string>][] => [
    ['POST', `/chat/${room}/settings`, { name: 'Taken over' }],
    ['POST', `/chat/${room}/archive`, { archived: '1' }],
    ['POST', `/chat/${room}/delete`, {}],
    ['POST', `/chat/${room}/members`, { email: 'rei@example.test', role: 'owner' }],
    ['POST', `/chat/${room}/members/remove`, { user: mikaId }],
  ]
  const writers = (room: string, turn: string): [string, string, Record<string, unknown>][] => [
    ['POST', `/chat/${room}/turns`, { prompt: 'Hello?' }],
    ['POST', `/chat/${room}/turns/${turn}/stop`, {}],
    ['POST', `/chat/${room}/turns/${turn}/go-on`, {}],
    ['POST', `/chat/${room}/turns/${turn}/replace`, { prompt: 'x', sure: '1' }],
    ['POST', `/chat/${room}/lending`, {}],
    ['PUT', `/chat/${room}/attachments?name=a&type=text/plain`, {}],
    ['DELETE', `/chat/${room}/attachments/${turn}`, {}],
  ]
  const reading = (room: string, turn: string) => [
    `/chat/${room}`,
    `/chat/${room}/events`,
    `/chat/${room}/settings`,
    `/chat/${room}/export.md`,
    `/chat/${room}/export.json`,
    `/chat/${room}/turns/${turn}/text`,
    `/chat/${room}/attachments/${turn}`,
  ]

  test('who is no member finds no room, whatever they ask for', async () => {
    const room = await newRoom(mika)
    const turn = await scribe.turn(room, mikaId)
    for (const path of [...reading(room, turn), `/chat/${room}/delete`, `/chat/${room}/turns/${turn}/edit`]) {
      expect([path, (await act(app, ken, path, {}, 'GET')).status]).toEqual([path, 404])
    }
    for (const [method, path, body] of [...owners(room), ...writers(room, turn)]) {
      expect([path, (await act(app, ken, path, body, method)).status]).toEqual([path, 404])
    }
    expect((await rowOf(room))?.name).toBe('Plans')
  })

  test('a reader writes nothing, and a writer decides nothing about the room', async () => {
    const room = await newRoom(mika)
    const turn = await scribe.turn(room, mikaId)
    await app.sql(`INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, 'reader'), ($1, $3, 'writer')`, [
      room,
      kenId,
      reiId,
    ])
    for (const [method, path, body] of [...writers(room, turn), ...owners(room)]) {
      expect([path, (await act(app, ken, path, body, method)).status]).toEqual([path, 403])
    }
    for (const [method, path, body] of owners(room)) {
      expect([path, (await act(app, rei, path, body, method)).status]).toEqual([path, 403])
    }
    for (const path of reading(room, turn).filter((one) => !/events|attachments/.test(one))) {
      expect([path, (await act(app, ken, path, {}, 'GET')).status]).toEqual([path, 200])
    }
    expect(await app.sql('SELECT count(*)::int AS count FROM chat_turns WHERE room_id = $1', [room])).toEqual([
      { count: 1 },
    ])
  })

  test('without a session one is led to sign in, and a program is told so', async () => {
    const room = await newRoom(mika)
    const stranger = new Person([app.url])
    for (const path of ['/chat', '/chat/new', ...reading(room, room).filter((one) => !one.endsWith('/events'))]) {
      const page = await stranger.open(path)
      expect([path, page.url.pathname]).toEqual([path, '/auth/login'])
      const program = await fetch(`${app.url}${path}`, { headers: { accept: 'application/json' } })
      expect([path, program.status]).toEqual([path, 401])
      await program.body?.cancel()
    }
  })

  test('the form token of another session counts for nothing', async () => {
    const room = await newRoom(mika)
    const foreign = await tokenOf(ken)
    for (const [method, path] of [...owners(room), ...writers(room, room)]) {
      const response = await fetch(`${app.url}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          cookie: `sekisho_session=${mika.cookie('sekisho_session')}`,
          'x-csrf-token': foreign,
        },
      })
      expect([path, response.status]).toEqual([path, 403])
      expect(await response.json()).toMatchObject({ code: 'form-expired' })
    }
  })
})
