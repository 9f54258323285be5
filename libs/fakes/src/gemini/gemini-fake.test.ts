// The pretended Gemini on its wire: what it refuses, as the real one does, and what it streams.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { GeminiFake } from './gemini-fake.js'

const model = 'gemini-3.8-flash'
let fake: GeminiFake

beforeAll(async () => {
  fake = await new GeminiFake().listen()
})
afterEach(() => fake.behave())
afterAll(() => fake.close())

type Json = Record<string, unknown>

async function post(body: unknown, { key = fake.apiKey, name = model, method = 'streamGenerateContent?alt=sse' } = {}) {
  const response = await fetch(`${fake.url}/v1beta/models/${name}:${method}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const isStream = response.headers.get('content-type') === 'text/event-stream'
  const chunks = isStream
    ? text
        .split('\r\n\r\n')
        .filter(Boolean)
        .map((event) => JSON.parse(event.slice(6)) as Json)
    : []
  const error = isStream ? undefined : (JSON.parse(text) as { error?: { message: string; status: string } }).error
  return { status: response.status, chunks, error, text }
}

const says = (text: string) => ({ role: 'user', parts: [{ text }] })
const declared = [
  { functionDeclarations: [{ name: 'booking.list', description: '', parametersJsonSchema: { type: 'object' } }] },
]
const call = (rest: Json = {}) => ({
  role: 'model',
  parts: [{ functionCall: { name: 'booking.list', args: {} }, ...rest }],
})
const answer = { role: 'user', parts: [{ functionResponse: { name: 'booking.list', response: { output: '{}' } } }] }
const skip = { thoughtSignature: 'skip_thought_signature_validator' }

describe('it refuses', () => {
  test.each<[string, unknown, string]>([
    ['a field it does not know', { contents: [says('Hi')], model }, 'Unknown name "model"'],
    ['a part it does not know', { contents: [{ parts: [{ txt: 'Hi' }] }] }, 'Unknown name "txt"'],
    ['a role it does not know', { contents: [{ role: 'assistant', parts: [{ text: 'Hi' }] }] }, 'valid role'],
    ['no contents', { contents: [] }, 'contents is not specified'],
    ['no parts', { contents: [{ role: 'user', parts: [] }] }, 'must not be empty'],
    ['a result without its call', { contents: [says('Hi'), answer] }, 'immediately after a function call turn'],
    [
      'a call without its result',
      { contents: [says('Hi'), call(skip), says('And?')] },
      'number of function response parts',
    ],
    ['a call that nobody asked for', { contents: [call(skip), answer] }, 'after a user turn'],
    [
      'a call of this turn without its signature',
      { contents: [says('Hi'), call(), answer] },
      'missing a thought_signature',
    ],
    ['a signature it never gave', { contents: [says('Hi'), call({ thoughtSignature: 'Zm9v' }), answer] }, 'not valid'],
    [
      'a name that is none',
      { contents: [says('Hi')], tools: [{ functionDeclarations: [{ name: '1 x' }] }] },
      'Invalid function name',
    ],
    [
      'a file of an unknown kind',
      { contents: [{ parts: [{ inlineData: { mimeType: 'a/b', data: '' } }] }] },
      'Unsupported MIME',
    ],
    [
      'more output than there is',
      { contents: [says('Hi')], generationConfig: { maxOutputTokens: 100_000 } },
      'supported range',
    ],
  ])('%s', async (_what, body, words) => {
    const { status, error } = await post(body)
    expect([status, error?.status]).toEqual([400, 'INVALID_ARGUMENT'])
    expect(error?.message).toContain(words)
    expect(fake.asked).toEqual([])
  })

  test('no key, a wrong one, and a model that is not there', async () => {
    const body = { contents: [says('Hi')] }
    expect((await post(body, { key: '' })).status).toBe(403)
    expect((await post(body, { key: 'AIza-wrong' })).text).toContain('API_KEY_INVALID')
    expect((await post(body, { name: 'gemini-1.0-pro' })).status).toBe(404)
    expect((await post(body, { name: 'gemini-embedding-001' })).status).toBe(404)
  })

  test('thoughts of a model that has none', async () => {
    const generationConfig = { thinkingConfig: { includeThoughts: true } }
    const { status, error } = await post({ contents: [says('Hi')], generationConfig }, { name: 'gemini-2.0-flash' })
    expect([status, error?.message]).toEqual([400, 'Thinking is not enabled for this model.'])
  })
})

describe('it takes', () => {
  test('a call with the signature it gave, and one of an earlier turn without', async () => {
    fake.script({ pieces: [{ call: { name: 'booking.list' } }] })
    const { chunks } = await post({ contents: [says('Hi')], tools: declared })
    const [candidate] = (chunks[0]?.candidates ?? []) as { content: { parts: Json[] } }[]
    const part = candidate?.content.parts[0] ?? {}
    expect(part).toEqual({
      functionCall: { id: expect.any(String), name: 'booking.list', args: {} },
      thoughtSignature: expect.any(String),
    })
    fake.script({ pieces: [{ text: 'Ok' }] })
    const again = {
      role: 'user',
      parts: [{ functionResponse: { id: (part.functionCall as Json).id, name: 'booking.list', response: {} } }],
    }
    expect(
      (await post({ contents: [says('Hi'), { role: 'model', parts: [part] }, again], tools: declared })).status,
    ).toBe(200)
    fake.script({ pieces: [{ text: 'Ok' }] })
    expect((await post({ contents: [says('Hi'), call(), answer, says('Next')] })).status).toBe(200)
  })
})

describe('it streams', () => {
  test('thoughts only when asked to, and says at the end why it ended and what it cost', async () => {
    const script = {
      pieces: [{ thinking: 'Hm' }, { text: 'Hi.' }],
      usage: { input: 5, output: 2, thinking: 3 },
    } as const
    fake.script(script, script)
    const contents = [says('Hi')]
    const quiet = await post({ contents })
    const loud = await post({ contents, generationConfig: { thinkingConfig: { includeThoughts: true } } })
    expect([quiet.chunks.length, loud.chunks.length]).toEqual([2, 3])
    expect(loud.chunks[0]).toMatchObject({ candidates: [{ content: { parts: [{ text: 'Hm', thought: true }] } }] })
    expect(loud.chunks.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP', content: { parts: [{ text: '', thoughtSignature: expect.any(String) }] } }],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 3, totalTokenCount: 10 },
    })
  })

  test('what the pretended model says, when no script is left', async () => {
    const { text } = await post({ contents: [says('Hello')] })
    expect(text).toContain('pretended')
  })

  test('the same at once to who does not want a stream', async () => {
    fake.script({ pieces: [{ text: 'Hi.' }] })
    const { text } = await post({ contents: [says('Hi')] }, { method: 'generateContent' })
    expect(JSON.parse(text)).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'Hi.' }] }, finishReason: 'STOP' }],
    })
  })
})

test('it lists its models page by page, and tells of one', async () => {
  const get = async (path: string) =>
    (await (await fetch(`${fake.url}${path}`, { headers: { 'x-goog-api-key': fake.apiKey } })).json()) as Json
  const first = await get('/v1beta/models?pageSize=2')
  const second = await get(`/v1beta/models?pageSize=100&pageToken=${first.nextPageToken}`)
  expect([(first.models as Json[]).length, second.nextPageToken]).toEqual([2, undefined])
  expect(await get(`/v1beta/models/${model}`)).toMatchObject({ name: `models/${model}`, thinking: true })
  expect(await get('/v1beta/models/none')).toMatchObject({ error: { code: 404 } })
})
