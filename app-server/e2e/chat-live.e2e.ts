// From a message to its answer on the page, with a model behind it: what it writes is seen as it writes it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { GeminiFake } from '@sekisho/fakes'
import { eventually, type Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { BrowserBench, hasBrowser, signInOn } from './browser-bench.js'
import { act, newRoom, Stream } from './chat-bench.js'
import { RoomOnScreen } from './room-on-screen.js'

let gemini: GeminiFake
let app: TestApp
let mika: Person

beforeAll(async () => {
  gemini = await new GeminiFake().listen()
  app = await startTestApp({ env: gemini.env })
  mika = await app.signedIn('Mika')
})

afterEach(() => {
  gemini.behave()
  gemini.keys.add(gemini.apiKey)
})

afterAll(async () => {
  await app.close()
  await gemini.close()
})

async function roomWithModel(person: Person): Promise<string> {
  const page = await person.open('/chat/new')
  const credential = /<option value="([0-9a-f-]{36})"/.exec(page.body)?.[1]
  if (!credential) throw new Error('there is no model to choose')
  return newRoom(person, 'Answers', { credential })
}

test('the first word is told before the model has written the second', async () => {
  const room = await roomWithModel(mika)
  const stream = await Stream.open(app, mika, room)
  gemini.script({ pieces: [{ text: 'Alpha' }, { waitMs: 3_000 }, { text: ' and omega.' }] })
  await act(app, mika, `/chat/${room}/turns`, { prompt: 'Hello?' })
  await eventually(() => stream.text.includes('Alpha'))
  expect(stream.text).not.toContain('omega')
  await eventually(() => stream.text.includes('omega'))
  await eventually(() => stream.of('end').some(({ status }) => status === 'done'))
  stream.leave()
})

const suite = hasBrowser('answers of the chat') ? describe : describe.skip

suite('in the browser', () => {
  let bench: BrowserBench
  let room: RoomOnScreen

  beforeAll(async () => {
    bench = await BrowserBench.open()
  })

  afterAll(() => bench.close())

  afterEach(async () => {
    expect(await bench.endTest()).toEqual([])
  })

  beforeEach(async () => {
    const page = await bench.newPage()
    await signInOn(page, `${app.url}/chat/new`, 'Mika', 'mika@example.test')
    room = await RoomOnScreen.make(page)
  })

  test('an answer comes word by word, says what it took, and is followed by the next', async () => {
    gemini.script({
      pieces: [
        { thinking: 'Let me see.' },
        { text: '## Plan\n\n' },
        { text: '1. **one**\n' },
        { text: '2. two\n\n' },
        { text: 'Done.' },
      ],
      pauseMs: 100,
      usage: { input: 1_000, output: 200, thinking: 50 },
    })
    await room.ask('What is the plan?')
    await room.answer.getByRole('heading', { name: 'Plan' }).waitFor()
    await room.answer.getByText('Done.').waitFor()
    await room.answer.getByText('1,250 tokens').waitFor()
    await room.answer.getByText('What the model thought').click()
    await room.answer.getByText('Let me see.').waitFor()
    gemini.script({ pieces: [{ text: 'Nothing else.' }] })
    await room.ask('And then?')
    await room.answer.getByText('Nothing else.').waitFor()
    expect(await room.turns.count()).toBe(2)
  })

  test('an answer is stopped, goes on, and is written anew', async () => {
    gemini.script({ pieces: [{ text: 'Once upon a time' }], end: 'hang' })
    await room.ask('Tell me a story.')
    await room.answer.getByText('Once upon a time').waitFor()
    await room.page.locator('#stop').click()
    await room.answer.getByText('The answer was stopped.').waitFor()
    gemini.script({ pieces: [{ text: 'The end.' }] })
    await room.press('Continue')
    await room.answer.getByText('The end.').waitFor()
    await room.ended()
    gemini.script({ pieces: [{ text: 'Another story.' }] })
    await room.press('Answer anew')
    await room.answer.getByText('Another story.').waitFor()
    expect(await room.turns.count()).toBe(1)
  })

  test('a key that is revoked, a busy service and a safety stop are told in words, with what to do', async () => {
    gemini.keys.delete(gemini.apiKey)
    await room.ask('One?')
    await room.answer.getByText('The service of the model does not take the key any more.').waitFor()
    expect(await room.answer.getByRole('link', { name: 'Replace it' }).getAttribute('href')).toBe('/models')
    gemini.keys.add(gemini.apiKey)
    gemini.script({ pieces: [{ text: 'Better.' }] })
    await room.press('Try again')
    await room.answer.getByText('Better.').waitFor()
    gemini.script({ pieces: [{ text: 'I would' }], finish: 'SAFETY' })
    await room.ask('Two?')
    await room.answer.getByText('for reasons of safety').waitFor()
  })

  test('a message is edited, and what came after it is replaced only when it is said so', async () => {
    for (const words of ['One', 'Two']) {
      gemini.script({ pieces: [{ text: `Answer to ${words}.` }] })
      await room.ask(words)
      await room.ended()
    }
    await room.page.getByRole('link', { name: 'Edit the message' }).first().click()
    await room.page.getByText('and with it the message that came after it').waitFor()
    gemini.script({ pieces: [{ text: 'Answer to Three.' }] })
    await room.page.getByLabel('Message', { exact: true }).fill('Three')
    await room.page.getByRole('button', { name: 'Send' }).click()
    await room.answer.getByText('Answer to Three.').waitFor()
    expect(await room.turns.count()).toBe(1)
  })
})
