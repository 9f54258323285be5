// The pretended chat/completions on its wire: what it refuses, as OpenAI does, and what it streams.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { OpenAiFake, openAiCompletions } from './openai-fake.js'

let fake: OpenAiFake

beforeAll(async () => {
  fake = await new OpenAiFake({ apiKey: 'sk-good' }).listen()
})
afterEach(() => fake.behave())
afterAll(() => fake.close())

async function post(body: object, key = 'sk-good') {
  const response = await fetch(`${fake.url}${openAiCompletions}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'llama-4-scout', messages: [{ role: 'user', content: 'Hi' }], ...body }),
  })
  return { status: response.status, text: await response.text() }
}

const user = { role: 'user', content: 'Hi' }
const called = {
  role: 'assistant',
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'x', arguments: '{}' } }],
}
const tool = (name: string, parameters: object) => ({ tools: [{ type: 'function', function: { name, parameters } }] })

describe('it refuses', () => {
  test.each<[string, object, string]>([
    ['an argument it does not know', { prompt: 'Hi' }, 'Unrecognized request argument supplied: prompt'],
    ['a name with a dot', tool('a.b', { type: 'object', properties: {} }), 'string does not match pattern'],
    ['an object without properties', tool('a', { type: 'object' }), 'object schema missing properties'],
    [
      'a result without its call',
      { messages: [user, { role: 'tool', tool_call_id: 'a', content: '' }] },
      "role 'tool'",
    ],
    ['a call without its result', { messages: [user, called, user] }, 'did not have response messages: a'],
    ['a role it does not know', { messages: [{ role: 'model', content: '' }] }, "Invalid value: 'model'"],
  ])('%s', async (_what, body, words) => {
    const { status, text } = await post(body)
    expect([status, text]).toEqual([400, expect.stringContaining(words)])
    expect(fake.asked).toEqual([])
  })

  test('a wrong key and a model that is not there', async () => {
    expect((await post({}, 'sk-bad')).status).toBe(401)
    expect((await post({ model: 'none' })).status).toBe(404)
  })
})

test('it streams the name of a call first and its arguments in pieces, and ends with why and what it cost', async () => {
  fake.script({
    pieces: [{ thinking: 'Hm' }, { text: 'Hi.' }, { call: { id: 'a', name: 'x', arguments: { long: 'argument' } } }],
  })
  const { text } = await post({ stream: true, stream_options: { include_usage: true } })
  const events = text.split('\n\n').filter(Boolean)
  expect(events.at(-1)).toBe('data: [DONE]')
  const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)) as { choices: { delta: object }[] })
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
  expect(deltas.slice(1, 4)).toEqual([
    { reasoning_content: 'Hm' },
    { content: 'Hi.' },
    { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'x', arguments: '' } }] },
  ])
  expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] })
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } })
})

test('it answers at once who does not want a stream, and lists its models', async () => {
  fake.script({ pieces: [{ text: 'Hi.' }] })
  expect(JSON.parse((await post({})).text)).toMatchObject({ choices: [{ message: { content: 'Hi.' } }] })
  const list = await fetch(`${fake.baseUrl}/models`, { headers: { authorization: 'Bearer sk-good' } })
  expect(await list.json()).toMatchObject({
    data: [{ id: 'llama-4-scout', max_model_len: 131_072 }, { id: 'qwen3-32b' }],
  })
})
