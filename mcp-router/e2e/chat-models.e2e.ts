// What a room sends to its model, and which model that is: files of messages, and one that speaks like OpenAI.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { OpenAiFake } from '@sekisho/fakes'
import { type ChatPerson, type ChatStack, startChatStack, words } from './chat-bench.js'

let chat: ChatStack
let openAi: OpenAiFake
let mei: ChatPerson

beforeAll(async () => {
  openAi = await new OpenAiFake().listen()
  chat = await startChatStack({ appEnv: { OUTBOUND_ALLOWED_HOSTS: openAi.host } })
  mei = await chat.newcomer('Mei Sato')
})
afterAll(async () => {
  await chat.close()
  await openAi.close()
})

/** A picture of one dot. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('a picture that is sent with a message reaches the model, and again with the next message', async () => {
  const room = await mei.room()
  const picture = await mei.upload(room, 'dot.png', 'image/png', dot)
  chat.gemini.script({ pieces: words('A dot.') }, { pieces: words('Still a dot.') })
  await mei.ended(await mei.send(room, 'What is this?', [picture]))
  await mei.ended(await mei.send(room, 'And now?'))
  const [first, second] = chat.gemini.asked.slice(-2)
  expect(first?.turns).toMatchObject([{ role: 'user', files: 1 }])
  expect(second?.turns).toMatchObject([{ role: 'user', files: 1 }, { role: 'model' }, { role: 'user', files: 0 }])
  expect(chat.gemini.seen.at(-1)?.text).toContain(dot.toString('base64'))
})

test('a model is asked for no more than it can write, and one that can write much for more', async () => {
  const ren = await chat.newcomer('Ren Kato')
  const room = await ren.room()
  const page = await ren.press('/models/add', '/models/add', { apiKey: chat.gemini.apiKey })
  const path = page.url.pathname
  const named = await ren.press(page.url.href, path, { model: 'gemini-2.0-flash', name: 'Older' })
  await ren.set(room, { credential: named.url.pathname.split('/').at(-1) ?? '' })
  const askedFor = async () => {
    chat.gemini.script({ pieces: words('Here.') })
    expect(await ren.ended(await ren.send(room, 'Hello'))).toMatchObject({ status: 'done', text: 'Here.' })
    return JSON.parse(chat.gemini.seen.at(-1)?.text ?? '{}').generationConfig.maxOutputTokens
  }
  expect(await askedFor()).toBe(8_192)
  await ren.press(`${named.url.pathname}/model`, `${named.url.pathname}/model`, { model: 'gemini-3.1-pro-preview' })
  expect(await askedFor()).toBe(32_768)
})

test('a self-hosted model that speaks like OpenAI calls tools and answers', async () => {
  const page = await mei.press('/models/add?vendor=openai-compatible', '/models/add', {
    baseUrl: openAi.baseUrl,
    apiKey: openAi.options.apiKey ?? '',
  })
  expect(page.status).toBe(200)
  const [key] = await chat.stack.sql<{ id: string }>('SELECT id FROM credentials WHERE owner_id = $1', [mei.id])
  const room = await mei.room(['product'], { credential: key?.id ?? '' })
  openAi.script(
    { pieces: [{ call: { name: 'product_search', arguments: { query: 'tea' } } }] },
    { pieces: words('There is tea.') },
  )
  const turn = await mei.ended(await mei.send(room, 'Tea?'))
  expect(turn).toMatchObject({ status: 'done', text: 'There is tea.', failure: null })
  expect(turn.calls.map(({ data }) => [data.tool, data.state])).toEqual([['product.search', 'done']])
  expect(Number(turn.input_tokens)).toBeGreaterThan(0)
  // Nobody said what it costs.
  expect(turn.cost_micros).toBeNull()
})
