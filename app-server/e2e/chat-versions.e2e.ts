// Earlier versions: what stood at the place of a message is kept when it is reworded or answered anew, and can be looked back at.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import type { BrowserContextOptions } from 'playwright-core'
import { BrowserBench, hasBrowser, layoutFaults, signInOn, tabTo } from './browser-bench.js'
import { act, type ChatBench, call, idOf, newRoom, openChatBench, Stream, text, tokenOf } from './chat-bench.js'
import { RoomOnScreen } from './room-on-screen.js'

let { app, mika, ken, mikaId, kenId, scribe } = {} as ChatBench

beforeAll(async () => {
  ;({ app, mika, ken, mikaId, kenId, scribe } = await openChatBench())
})

afterAll(() => app.close())

// There are limits of messages within a minute, and tests are quick.
const letTimePass = () => app.sql(`UPDATE chat_turns SET created_at = created_at - interval '1 hour'`)
afterEach(letTimePass)

async function sharedRoom(role = 'reader'): Promise<string> {
  const room = await newRoom(mika)
  await app.sql('INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, $3)', [room, kenId, role])
  return room
}

/** Answers a message anew as a person does, and writes the answer. */
async function replace(room: string, turn: string, answer: string, prompt?: string, person = mika): Promise<string> {
  const body = { sure: '1', ...(prompt === undefined ? {} : { prompt }) }
  const sent = await act(app, person, `/chat/${room}/turns/${turn}/replace`, body)
  expect(sent.status).toBe(200)
  const id = String(sent.body.turn)
  await scribe.part(room, id, text(0, answer))
  await scribe.end(room, id)
  return id
}

const earlierOf = (room: string, turn: string, rest = '') => `/chat/${room}/turns/${turn}/earlier${rest}`

/** Where these words stand on a page, one behind the other. */
function inOrder(body: string, words: readonly string[]): boolean {
  const places = words.map((one) => body.indexOf(one))
  return places.every((place, index) => place > (places[index - 1] ?? -1))
}

describe('a message', () => {
  test('says how often it stood there before, and leads to all of that, newest first, with what came after', async () => {
    const room = await sharedRoom('writer')
    await scribe.turn(room, mikaId, { prompt: 'Before all' })
    const first = await scribe.turn(room, mikaId, { prompt: 'First words', parts: [call(0), text(1, 'Answer one')] })
    const tail = await scribe.turn(room, kenId, { prompt: 'Tail of one' })
    const tailAgain = await replace(room, tail, 'Answer to the tail', undefined, ken)
    const second = await replace(room, first, 'Answer two', 'Second words')
    const third = await replace(room, second, 'Answer three', undefined, ken)

    const page = await mika.open(`/chat/${room}`)
    expect(page.body).toMatch(new RegExp(`href="${earlierOf(room, third)}">2 earlier versions</a>`))
    expect(page.body.match(/earlier versions?<\/a>/g)).toHaveLength(1)
    const earlier = await mika.open(earlierOf(room, third))
    expect(earlier.status).toBe(200)
    const shown = ['Version 2', 'Second words', 'Answer two', 'Version 1', 'First words', 'Answer one', 'Tail of one']
    expect(inOrder(earlier.body, [...shown, 'Answer to the tail'])).toBe(true)
    expect(earlier.body).toMatch(/<h2>Version 2<\/h2><p class="fine">Replaced by Ken, <time.*Replaced by Mika, <time/s)
    expect(earlier.body).toContain('120 tokens')
    expect(earlier.body).toMatch(/<details class="part call call-done" id="[^"]+"><summary>/)
    for (const absent of ['Before all', 'Answer three']) expect(earlier.body).not.toContain(absent)
    // Of what came after it, too, it is said what stood there before.
    expect(earlier.body).toContain(`href="${earlierOf(room, tailAgain)}">1 earlier version</a>`)
    expect((await mika.open(earlierOf(room, tailAgain))).body).toContain('Tail of one')
  })

  test('in its earlier versions can be read, and nothing can be done with it, by whoever reads or writes', async () => {
    const room = await sharedRoom()
    const first = await scribe.turn(room, mikaId, { status: 'stopped', endReason: 'rounds', prompt: 'Old words' })
    const again = await replace(room, first, 'New answer')
    for (const person of [mika, ken]) {
      const page = await person.open(earlierOf(room, again))
      expect(page.status).toBe(200)
      expect(page.body).toContain('Old words')
      expect(page.forms.filter(({ action }) => action.startsWith('/chat'))).toEqual([])
      expect(page.body).not.toMatch(/\/(edit|again|replace|go-on|approve)"/)
    }
    expect((await ken.open(`/chat/${room}`)).body).toContain('1 earlier version</a>')
    expect((await ken.open(`/chat/${room}/turns/${first}/text`)).body).toBe('Hello.')
  })

  test('shows them to members alone, and only of their own room', async () => {
    const room = await newRoom(mika)
    const other = await newRoom(mika, 'Other')
    const first = await scribe.turn(room, mikaId)
    const again = await replace(room, first, 'Anew')
    expect((await ken.open(earlierOf(room, again))).status).toBe(404)
    expect((await mika.open(earlierOf(other, again))).status).toBe(404)
    expect((await mika.open(earlierOf(room, 'no-turn'))).status).toBe(404)
    expect((await mika.open(earlierOf(room, first))).body).toContain('This message has no earlier versions.')
    expect((await mika.open(earlierOf(room, again, '?after=x'))).status).toBe(200)
    const nobody = await fetch(`${app.url}${earlierOf(room, again)}`, { redirect: 'manual' })
    expect(await nobody.text()).not.toContain('Hello')
  })

  test('is replaced where it stands, and not once another stands there', async () => {
    const room = await newRoom(mika)
    const first = await scribe.turn(room, mikaId)
    const again = await replace(room, first, 'Anew')
    const late = await act(app, mika, `/chat/${room}/turns/${first}/replace`, { sure: '1' })
    expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('Another message stands') } })
    expect(await app.sql('SELECT id FROM chat_turns WHERE room_id = $1 AND replaced_at IS NULL', [room])).toEqual([
      { id: again },
    ])
  })

  test('shows earlier versions in Japanese, and says before that they can be read', async () => {
    const room = await newRoom(mika)
    const first = await scribe.turn(room, mikaId)
    const again = await replace(room, first, 'Anew')
    const japanese = async (path: string) => {
      const cookie = `sekisho_session=${mika.cookie('sekisho_session')}`
      const headers = { accept: 'text/html', 'accept-language': 'ja', cookie }
      return (await fetch(`${app.url}${path}`, { headers })).text()
    }
    expect(await japanese(`/chat/${room}`)).toContain('以前のバージョン1件')
    const page = await japanese(earlierOf(room, again))
    expect(page).toMatch(/バージョン1.*<\/time>にMikaが置き換え/s)
    expect(page).not.toMatch(/Version|Replaced/)
    expect((await mika.open(`/chat/${room}/turns/${again}/edit`)).body).toContain('as an earlier version')
  })
})

test('versions of any length are shown page by page, each message once', async () => {
  const room = await newRoom(mika)
  await scribe.turn(room, mikaId, { prompt: 'Stays.' })
  const written: string[] = []
  let place = ''
  for (const [version, length] of [3, 40, 1, 35].entries()) {
    const prompts = Array.from({ length }, (_, index) => `(${version + 1}.${index})`)
    place = place === '' ? await scribe.turn(room, mikaId, { prompt: '(1.0)' }) : await replace(room, place, '', '')
    await app.sql('UPDATE chat_turns SET prompt = $2 WHERE id = $1', [place, prompts[0]])
    for (const prompt of prompts.slice(1)) await scribe.turn(room, mikaId, { prompt, parts: [] })
    written.unshift(...prompts)
    await letTimePass()
  }
  const last = await replace(room, place, 'Last')
  const pages: string[][] = []
  let next: string | undefined = earlierOf(room, last)
  while (next !== undefined) {
    const { body } = await mika.open(next)
    pages.push([...body.matchAll(/<p class="said-words">(.*?)<\/p>/g)].map(([, words = '']) => words))
    if (pages.length === 2) expect(body).toMatch(/Version 4, continued.*<h2>Version 3<\/h2>.*<h2>Version 2<\/h2>/s)
    next = /href="([^"]+)">More of what stood here/.exec(body)?.[1]
  }
  expect(pages.map(({ length }) => length)).toEqual([30, 30, 19])
  expect(pages.flat()).toEqual(written)
})

test('a file of a message that is answered anew is kept once, and shown in every version', async () => {
  const room = await newRoom(mika)
  const upload = await fetch(`${app.url}/chat/${room}/attachments?name=a.txt&type=text/plain`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      cookie: `sekisho_session=${mika.cookie('sekisho_session')}`,
      'x-csrf-token': await tokenOf(mika),
    },
    body: 'abc',
  })
  const file = ((await upload.json()) as { id: string }).id
  const sent = await act(app, mika, `/chat/${room}/turns`, { prompt: 'Look', attachments: [file] })
  let turn = String(sent.body.turn)
  await scribe.end(room, turn)
  for (const words of ['Two', 'Three']) turn = await replace(room, turn, words)
  const kept = await app.sql('SELECT id FROM chat_attachments WHERE room_id = $1', [room])
  expect(kept).toEqual([{ id: file }])
  const link = `/chat/${room}/attachments/${file}`
  expect((await mika.open(`/chat/${room}`)).body).toContain(`href="${link}"`)
  expect((await mika.open(earlierOf(room, turn))).body.split(`href="${link}"`)).toHaveLength(3)
  expect((await mika.open(link)).body).toBe('abc')
})

test('a room is deleted with all its earlier versions and their files', async () => {
  const room = await newRoom(mika)
  const first = await scribe.turn(room, mikaId)
  await scribe.turn(room, mikaId)
  await app.sql(
    `INSERT INTO chat_attachments (room_id, user_id, turn_id, name, media_type, size, body)
     VALUES ($1, $2, $3, 'a.txt', 'text/plain', 3, 'abc')`,
    [room, mikaId, first],
  )
  const second = await replace(room, first, 'Two')
  await replace(room, second, 'Three')
  expect((await act(app, mika, `/chat/${room}/delete`)).status).toBe(303)
  for (const table of ['chat_turns', 'chat_attachments']) {
    expect(await app.sql(`SELECT 1 FROM ${table} WHERE room_id = $1`, [room])).toEqual([])
  }
})

test('a page that shows the room is told of the new message with the way to what stood there before', async () => {
  const room = await sharedRoom()
  const first = await scribe.turn(room, mikaId)
  const stream = await Stream.open(app, ken, room, 1)
  await eventually(() => stream.of('turn').length > 0)
  expect(String(stream.of('turn')[0]?.html)).not.toContain('earlier version')
  const again = await replace(room, first, 'Anew')
  const told = await eventually(() => stream.of('turn').find(({ turn }) => turn === again))
  expect(String(told.html)).toContain(`href="${earlierOf(room, again)}">1 earlier version</a>`)
  stream.leave()
})

const sizes: [string, BrowserContextOptions][] = [
  ['a desktop', { viewport: { width: 1280, height: 900 } }],
  [
    'a phone in the dark',
    { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' },
  ],
]

const suite = hasBrowser('earlier versions') ? describe : describe.skip

suite('in the browser', () => {
  let bench: BrowserBench

  beforeAll(async () => {
    bench = await BrowserBench.open()
  })
  afterAll(() => bench.close())
  afterEach(async () => {
    expect(await bench.endTest()).toEqual([])
  })

  test.each(sizes)(
    'on %s the link comes with the new answer, and leads by keyboard to what can be copied',
    async (_name, options) => {
      const page = await bench.newPage(options)
      await signInOn(page, `${app.url}/chat/new`, 'Rei', 'rei@example.test')
      const { id: room } = await RoomOnScreen.make(page)
      const rei = await idOf(app, 'rei@example.test')
      const answer = text(1, 'The **old** answer.')
      await scribe.turn(room, rei, { prompt: `Old words ${'x'.repeat(300)}`, parts: [call(0), answer] })
      await scribe.turn(room, rei, { prompt: 'What came later' })
      await page.getByText('What came later').waitFor()
      await page.getByRole('button', { name: 'Answer anew' }).first().click()
      await page.getByText('What is replaced can still be read').waitFor()
      await page.getByRole('button', { name: 'Answer anew' }).click()
      await page.getByText('The answer is being written …').waitFor()
      const turnId = (await page.locator('.turn').getAttribute('data-turn')) as string
      await scribe.part(room, turnId, text(0, 'The new answer.'))
      await scribe.end(room, turnId)
      await page.getByRole('link', { name: 'Copy' }).waitFor()
      // Once more on the page as it stands: the link is told.
      await page.getByRole('button', { name: 'Answer anew' }).click()
      await page.getByRole('link', { name: '2 earlier versions' }).waitFor()
      expect(await page.locator('.turn').count()).toBe(1)
      expect(await layoutFaults(page)).toEqual([])

      await tabTo(page, '2 earlier versions')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Version 1', exact: true }).waitFor()
      expect(await page.getByRole('heading', { level: 2, name: /^Version/ }).allTextContents()).toEqual([
        'Version 2',
        'Version 1',
      ])
      await page.getByRole('heading', { name: 'What came after it' }).waitFor()
      expect(await layoutFaults(page)).toEqual([])
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url })
      await page.getByRole('link', { name: 'Copy' }).nth(1).click()
      await eventually(
        async () => (await page.evaluate<string>('navigator.clipboard.readText()')) === 'The **old** answer.',
      )
      await eventually(async () => (await page.locator('#said').textContent()) === 'Copied')
      await page.getByRole('link', { name: 'Back to the room' }).click()
      await page.waitForURL(`${app.url}/chat/${room}#t-*`)
    },
  )
})
