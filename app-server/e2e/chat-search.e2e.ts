// Search in the chat: messages are found by words in them, wherever they are, by those alone who may read them.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { holdTurns, idOf, newRoom, Scribe, text } from './chat-bench.js'

let app: TestApp
let mika: Person
let ken: Person
let mikaId: string
let scribe: Scribe

beforeAll(async () => {
  app = await startTestApp()
  await holdTurns(app)
  mika = await app.signedIn('Mika')
  ken = await app.signedIn('Ken')
  mikaId = await idOf(app, 'mika@example.test')
  scribe = new Scribe(app)
})

afterAll(() => app.close())

const find = (person: Person, search: string, more: Record<string, string> = {}) =>
  person.open(`/chat?${new URLSearchParams({ search, ...more })}`)

test('a message is found by all words in it, in any order, and the way leads to it among those around it', async () => {
  const room = await newRoom(mika, 'Kyoto')
  const turns: string[] = []
  for (let count = 1; count <= 50; count++) {
    const prompt = count === 7 ? 'The invoice of the ryokan, please <now>' : `Message ${count}`
    turns.push(await scribe.turn(room, mikaId, { prompt }))
  }
  const page = await find(mika, 'RYOKAN  invoice')
  expect(page.body).toContain('The <mark>invoice</mark> of the <mark>ryokan</mark>, please &lt;now&gt;')
  const link = `/chat/${room}?at=7#t-${turns[6]}`
  expect(page.body).toContain(link.replace('&', '&amp;'))
  const place = await mika.open(`/chat/${room}?at=7`)
  expect(place.body).toContain(`id="t-${turns[6]}"`)
  expect(place.body).toContain('Message 16')
  expect(place.body).not.toContain('Message 17')
  // The newest messages come with the place to write.
  expect((await mika.open(`/chat/${room}?at=45`)).body).toContain('id="composer"')
  expect((await find(mika, 'invoice hotel')).body).toContain('Nothing found')
})

test('Japanese is found by any part of it, in what was asked and in what was answered', async () => {
  const room = await newRoom(mika, '旅行')
  const turn = await scribe.turn(room, mikaId, {
    prompt: '来週の東京都庁の見学を予約して',
    parts: [text(0, '見学は火曜日の十時に予約しました。')],
  })
  await scribe.turn(room, mikaId, { prompt: `${'word '.repeat(40)}shinkansen` })
  expect((await find(mika, 'shinkansen')).body).toMatch(/class="room-found">… word (word )*<mark>shinkansen/)
  expect((await find(mika, '京都')).body).toContain('来週の東<mark>京都</mark>庁の見学')
  // The space of Japanese keyboards stands between words like any other.
  const answer = await find(mika, '火曜　十時')
  expect(answer.body).toContain(`#t-${turn}`)
  expect(answer.body).toContain('Answer to Mika')
})

test('rooms are found by their names as well, archived ones too', async () => {
  const room = await newRoom(mika, 'Spring budget 2027')
  await app.sql('UPDATE chat_rooms SET archived_at = now() WHERE id = $1', [room])
  const page = await find(mika, 'budget spring')
  expect(page.body).toContain(`href="/chat/${room}"`)
  expect(page.body).toContain('Archived')
})

test('nobody finds what stands in rooms they are no member of, what was replaced, or what only a tool gave', async () => {
  const room = await newRoom(mika, 'Hidden')
  const turn = await scribe.turn(room, mikaId, { prompt: 'A narwhal', parts: [text(0, 'An okapi.', 'thinking')] })
  expect((await find(mika, 'narwhal')).body).toContain(turn)
  expect((await find(ken, 'narwhal')).body).toContain('Nothing found')
  expect((await find(ken, 'narwhal', { room })).status).toBe(404)
  expect((await find(mika, 'okapi')).body).toContain('Nothing found')
  await app.sql('UPDATE chat_turns SET replaced_at = now() WHERE id = $1', [turn])
  expect((await find(mika, 'narwhal')).body).toContain('Nothing found')
})

test('one room is searched by itself, a page at a time', async () => {
  const [room, other] = [await newRoom(mika, 'Teas'), await newRoom(mika, 'Other teas')]
  for (let count = 1; count <= 25; count++) await scribe.turn(room, mikaId, { prompt: `sencha ${count}.` })
  await scribe.turn(other, mikaId, { prompt: 'sencha elsewhere' })
  const first = await find(mika, 'sencha', { room })
  expect(first.body.match(/class="room-found"/g)).toHaveLength(20)
  expect(first.body).not.toContain('elsewhere')
  const next = /href="(\/chat\?[^"]*cursor=[^"]+)"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await mika.open(next)
  expect(second.body.match(/class="room-found"/g)).toHaveLength(5)
  expect(second.body).toContain('</mark> 1.')
  expect((await find(mika, 'sencha', { cursor: 'x' })).status).toBe(400)
})

test('whatever is typed is searched for as it is', async () => {
  await scribe.turn(await newRoom(mika, 'Signs'), mikaId, { prompt: 'It is 100% a_b (c\\d) [e' })
  for (const typed of ['100%', 'a_b', '(c\\d)', '[e', '\u0000100']) {
    const page = await find(mika, typed)
    expect([typed, page.status, page.body.includes('<mark>')]).toEqual([typed, 200, true])
  }
  for (const typed of ['1%0', 'aXb']) expect((await find(mika, typed)).body).toContain('Nothing found')
})
