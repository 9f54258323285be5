// Gemini by Google's client, against a pretended Gemini that checks requests as strictly and misbehaves when told to.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type FakeAnswer, GeminiFake, geminiErrors, geminiStream } from '@sekisho/fakes'
import {
  asks,
  callsOf,
  endOf,
  lastBodyOf,
  outcomeOf,
  requestOf,
  stopped,
  textOf,
  wayTo,
  weather,
} from '../../e2e/model-bench.js'
import type { GuardedFetch } from '../platform/guarded-fetch.js'
import { addToParts } from './assistant-parts.js'
import { Gemini } from './gemini.js'
import type { AssistantPart, ModelAccess, ModelMessage, ModelRequest } from './model.js'

const model = 'gemini-3.8-flash'
const tools = [
  {
    name: 'gcal.list_events',
    description: 'Lists events.',
    parameters: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { from: { type: 'string', format: 'date' }, limit: { type: 'integer', exclusiveMinimum: 0 } },
      additionalProperties: false,
    },
  },
]

let fake: GeminiFake
let way: GuardedFetch
let gemini: Gemini
let access: ModelAccess

beforeAll(async () => {
  fake = await new GeminiFake().listen()
  way = wayTo(fake)
  gemini = new Gemini(way, fake.url)
  access = { vendor: 'gemini', apiKey: fake.apiKey }
})

afterEach(() => {
  fake.behave()
  fake.keys.add(fake.apiKey)
})

afterAll(async () => {
  await way.onApplicationShutdown()
  await fake.close()
})

const ask = (rest: Partial<ModelRequest> = {}) => outcomeOf(gemini, access, requestOf(model, rest))
const sentBody = () => lastBodyOf(fake)

describe('an answer', () => {
  test('comes piece by piece, thoughts apart from words, with what it cost', async () => {
    fake.script(weather.script)
    const outcome = await ask()
    expect(outcome.failure).toBeUndefined()
    expect(outcome.events.filter(({ kind }) => kind !== 'usage').slice(0, 3)).toEqual(weather.words)
    expect(endOf(outcome)).toEqual(weather.end)
  })

  test('is asked for with the key in a header, and with nothing about this machine', async () => {
    fake.script({ pieces: [{ text: 'Yes.' }] })
    await ask()
    const seen = fake.seen.at(-1)
    expect(seen?.path).toBe(`/v1beta/models/${model}:streamGenerateContent`)
    expect(seen?.query.toString()).toBe('alt=sse')
    expect(seen?.headers['x-goog-api-key']).toBe(fake.apiKey)
    expect(Object.keys(seen?.headers ?? {}).filter((name) => /agent|goog-api-client/.test(name))).toEqual([
      'user-agent',
    ])
    expect(seen?.headers['user-agent']).not.toContain('google')
    expect(sentBody()).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be short.' }] },
      generationConfig: { maxOutputTokens: 1000, thinkingConfig: { includeThoughts: true } },
    })
  })

  test('is asked for without thoughts where a model has none', async () => {
    const outcome = await outcomeOf(gemini, access, requestOf('gemini-2.0-flash'))
    expect(outcome.failure).toBeUndefined()
    expect(sentBody().generationConfig).toEqual({ maxOutputTokens: 1000 })
  })

  test.each([
    ['MAX_TOKENS', { reason: 'length' }],
    ['SAFETY', { reason: 'safety', detail: 'SAFETY' }],
    ['RECITATION', { reason: 'safety', detail: 'RECITATION' }],
    ['MALFORMED_FUNCTION_CALL', { reason: 'other', detail: 'MALFORMED_FUNCTION_CALL' }],
    ['UNEXPECTED_TOOL_CALL', { reason: 'other', detail: 'UNEXPECTED_TOOL_CALL' }],
    ['OTHER', { reason: 'other', detail: 'OTHER' }],
  ])('that ends with %s says so after what came before', async (finish, end) => {
    fake.script({ pieces: [{ text: 'It' }], finish })
    const outcome = await ask()
    expect([textOf(outcome), outcome.failure]).toEqual(['It', undefined])
    expect(endOf(outcome)).toMatchObject(end)
  })
})

test('an answer without a word and without a call is none, and says so', async () => {
  fake.script({ pieces: [{ thinking: 'Hm.' }] })
  expect(endOf(await ask())).toMatchObject({ reason: 'other', detail: 'EMPTY_ANSWER' })
})

describe('calls', () => {
  test('come with their arguments, and their tools go out as they are but for the dialect', async () => {
    fake.script({
      pieces: [
        { text: 'I look.' },
        { call: { id: 'a', name: 'gcal.list_events', arguments: { from: '2026-11-30', limit: 3 } } },
        { call: { id: 'b', name: 'gcal.list_events', arguments: {} } },
      ],
    })
    const outcome = await ask({ tools })
    expect(callsOf(outcome)).toEqual([
      {
        kind: 'call',
        id: 'a',
        name: 'gcal.list_events',
        arguments: { from: '2026-11-30', limit: 3 },
        signature: expect.any(String),
      },
      { kind: 'call', id: 'b', name: 'gcal.list_events', arguments: {} },
    ])
    expect(endOf(outcome)?.reason).toBe('calls')
    const { $schema: _dialect, ...parametersJsonSchema } = tools[0]?.parameters ?? {}
    expect(sentBody().tools).toEqual([
      { functionDeclarations: [{ name: 'gcal.list_events', description: 'Lists events.', parametersJsonSchema }] },
    ])
  })

  test('that have no id get one, and no two the same', async () => {
    const call = { id: null, name: 'gcal.list_events' }
    fake.script({ pieces: [{ call }, { call }] })
    const ids = callsOf(await ask({ tools })).map(({ id }) => id)
    expect(ids).toEqual([expect.stringMatching(/^call-/), expect.stringMatching(/^call-/)])
    expect(new Set(ids).size).toBe(2)
  })

  test('go back with their results and with the signature they came with; without it they are refused', async () => {
    fake.script({ pieces: [{ thinking: 'Hm.' }, { call: { id: null, name: 'gcal.list_events' } }] })
    const first = await ask({ tools })
    const parts = first.events.reduce<AssistantPart[]>(addToParts, [])
    const [call] = callsOf(first)
    const results = [{ callId: call?.id ?? '', name: 'gcal.list_events', text: '{"events":[]}', isError: false }]
    const messages = (kept: readonly AssistantPart[]): ModelMessage[] => [
      asks('What is on?'),
      { role: 'assistant', parts: kept },
      { role: 'tool', results },
    ]
    fake.script({ pieces: [{ text: 'Nothing.' }] })
    expect(textOf(await ask({ tools, messages: messages(parts) }))).toBe('Nothing.')
    const contents = sentBody().contents as { parts: Record<string, unknown>[] }[]
    expect(contents[1]?.parts).toEqual([
      {
        functionCall: { id: call?.id, name: 'gcal.list_events', args: {} },
        thoughtSignature: call?.signature,
      },
    ])
    expect(contents[2]?.parts).toEqual([
      { functionResponse: { id: call?.id, name: 'gcal.list_events', response: { output: '{"events":[]}' } } },
    ])
    const forged = parts.map((part) => (part.kind === 'call' ? { ...part, signature: 'Zm9yZ2Vk' } : part))
    expect((await ask({ tools, messages: messages(forged) })).failure?.kind).toBe('bad-request')
  })

  test('that another model made are taken too, and a failed one is told as an error', async () => {
    const messages: ModelMessage[] = [
      asks('What is on?'),
      {
        role: 'assistant',
        parts: [
          { kind: 'call', id: 'x', name: 'gcal.list_events', arguments: {} },
          { kind: 'call', id: 'y', name: 'gcal.list_events', arguments: {} },
        ],
      },
      {
        role: 'tool',
        results: [
          { callId: 'x', name: 'gcal.list_events', text: 'No account.', isError: true },
          { callId: 'y', name: 'gcal.list_events', text: 'ok', isError: false },
        ],
      },
    ]
    fake.script({ pieces: [{ text: 'Connect one.' }] })
    expect(textOf(await ask({ tools, messages }))).toBe('Connect one.')
    expect(fake.asked.at(-1)?.turns.at(-1)).toEqual({
      role: 'results',
      results: [
        { name: 'gcal.list_events', text: 'No account.' },
        { name: 'gcal.list_events', text: 'ok' },
      ],
    })
  })

  test('and the signature of a text stay with their pieces', async () => {
    fake.script({ pieces: [{ text: 'It ' }, { text: 'rains.' }] })
    const parts = (await ask()).events.reduce<AssistantPart[]>(addToParts, [])
    expect(parts).toEqual([
      { kind: 'text', text: 'It rains.' },
      { kind: 'text', text: '', signature: expect.any(String) },
    ])
    fake.script({ pieces: [{ text: 'Still.' }] })
    const messages: ModelMessage[] = [asks('Weather?'), { role: 'assistant', parts }, asks('And now?')]
    expect((await ask({ messages })).failure).toBeUndefined()
    expect(sentBody().contents).toMatchObject([
      {},
      { parts: [{ text: 'It rains.' }, { text: '', thoughtSignature: parts[1]?.signature }] },
      {},
    ])
  })
})

test('pictures go along as data, and texts as text', async () => {
  fake.script({ pieces: [{ text: 'A cat.' }] })
  const files = [
    { mediaType: 'image/png', data: Buffer.from('png'), name: 'cat.png' },
    { mediaType: 'application/json', data: Buffer.from('{"a":1}'), name: 'a.json' },
  ]
  expect((await ask({ messages: [{ role: 'user', text: 'What is this?', files }] })).failure).toBeUndefined()
  expect(sentBody().contents).toEqual([
    {
      role: 'user',
      parts: [
        { inlineData: { mimeType: 'image/png', data: Buffer.from('png').toString('base64') } },
        { text: 'File "a.json":\n\n{"a":1}' },
        { text: 'What is this?' },
      ],
    },
  ])
})

test('a file that Gemini takes no bytes of is named instead of spoiling the request', async () => {
  fake.script({ pieces: [{ text: 'I cannot see it.' }] })
  const files = [{ mediaType: 'image/gif', data: Buffer.from('GIF89a'), name: 'cat.gif' }]
  expect((await ask({ messages: [{ role: 'user', text: 'See', files }] })).failure).toBeUndefined()
  expect(sentBody().contents).toMatchObject([
    { parts: [{ text: expect.stringContaining('"cat.gif" came with this message, but you cannot read') }, {}] },
  ])
})

describe('a refusal', () => {
  test.each<[string, FakeAnswer]>([
    ['key-refused', geminiErrors.keyInvalid()],
    ['no-permission', geminiErrors.noKey()],
    ['no-permission', geminiErrors.serviceDisabled()],
    ['no-permission', geminiErrors.place()],
    ['quota', geminiErrors.dayQuota()],
    ['model-gone', geminiErrors.modelGone('gemini-1.0-pro')],
    ['too-long', geminiErrors.tooLong()],
  ])('is %s, and nobody waits for another answer', async (kind, { status = 0, body }) => {
    fake.misbehave(geminiStream, { kind: 'answer', status, body })
    const { events, failure } = await ask()
    expect([failure?.kind, events]).toEqual([kind, []])
    expect(fake.seen).toHaveLength(1)
  })

  test('of the key keeps what was said to itself, and any other never has the key in it', async () => {
    fake.keys.clear()
    const wrong = await ask()
    expect([wrong.failure?.kind, wrong.failure?.detail]).toEqual(['key-refused', undefined])
    const body = {
      error: { code: 403, message: `Key ${fake.apiKey}\nmay not\u202e do this.`, status: 'PERMISSION_DENIED' },
    }
    fake.misbehave(geminiStream, { kind: 'answer', status: 403, body })
    const { failure } = await ask()
    expect([failure?.kind, failure?.detail]).toEqual(['no-permission', 'Key … may not do this.'])
    expect(JSON.stringify(failure) + failure?.stack).not.toContain(fake.apiKey)
  })

  test('of the whole question is no answer', async () => {
    fake.script({ pieces: [], blocked: 'PROHIBITED_CONTENT' })
    const { failure } = await ask()
    expect([failure?.kind, failure?.detail]).toEqual(['blocked', 'PROHIBITED_CONTENT'])
  })

  test('for now is waited out as long as the service asks, and told before', async () => {
    const { status = 0, body } = geminiErrors.rateLimited(0.02)
    fake.misbehave(geminiStream, { kind: 'answer', status, body }, { times: 2 })
    fake.script({ pieces: [{ text: 'Now.' }] })
    const outcome = await ask()
    const waits = outcome.events.filter(({ kind }) => kind === 'waiting')
    expect(waits).toHaveLength(2)
    expect(waits[0]).toMatchObject({ forMs: expect.any(Number), failure: { kind: 'rate-limited', retryAfterMs: 20 } })
    expect(textOf(outcome)).toBe('Now.')
  })

  test('that stays is given up after four attempts, and at once when the wait would be too long', async () => {
    const soon = geminiErrors.rateLimited(0.01)
    fake.misbehave(geminiStream, { kind: 'answer', status: 429, body: soon.body })
    expect((await ask()).failure?.kind).toBe('rate-limited')
    expect(fake.seen).toHaveLength(4)
    fake.behave()
    fake.misbehave(geminiStream, { kind: 'answer', status: 429, body: geminiErrors.rateLimited(90).body })
    const { failure } = await ask()
    expect([failure?.kind, failure?.retryAfterMs]).toEqual(['rate-limited', 90_000])
    expect(fake.seen).toHaveLength(1)
  })

  test.each([
    ['an error of its own', { kind: 'answer', ...geminiErrors.internal() } as const],
    ['too much to do', { kind: 'answer', ...geminiErrors.overloaded() } as const],
    ['a connection that is cut', { kind: 'drop' } as const],
  ])('by %s is tried again', async (_what, how) => {
    fake.misbehave(geminiStream, { ...how, status: ('status' in how && how.status) || 500 } as never, { times: 1 })
    fake.script({ pieces: [{ text: 'Here.' }] })
    const outcome = await ask()
    expect([textOf(outcome), outcome.events[0]?.kind]).toEqual(['Here.', 'waiting'])
  })
})

describe('an answer that breaks off', () => {
  test.each([
    ['with its connection', { end: 'cut' }, 'It'],
    ['without a reason', { end: 'unfinished' }, 'It'],
    ['in a chunk nobody can read', { pieces: [{ text: 'It' }, { raw: '{"candidates":[' }] }, 'It'],
    [
      'with an error of the service',
      { pieces: [{ text: 'It' }, { raw: JSON.stringify(geminiErrors.overloaded().body) }] },
      'It',
    ],
    ['in a line longer than anybody needs', { pieces: [{ text: 'It' }, { text: 'x'.repeat(2 * 1024 * 1024) }] }, 'It'],
  ] as const)('%s is cut, keeps what came and is not asked for again', async (_how, script, came) => {
    fake.script({ pieces: [{ text: 'It' }], ...script })
    const outcome = await ask()
    expect([textOf(outcome), outcome.failure?.kind]).toEqual([came, 'cut'])
    expect(fake.seen).toHaveLength(1)
  })

  test('has told until then what it took: the service tells what it wrote at the end only', async () => {
    fake.script({ pieces: [{ text: 'It' }], usage: { input: 120, output: 5 }, end: 'cut' })
    expect((await ask()).events.at(-1)).toEqual({
      kind: 'usage',
      usage: { inputTokens: 120, outputTokens: 0, thinkingTokens: 0, cachedTokens: 0 },
    })
  })

  test('because a call has more arguments than anybody can need is cut', async () => {
    fake.script({ pieces: [{ call: { name: 'gcal.list_events', arguments: { x: 'y'.repeat(300_000) } } }] })
    expect((await ask({ tools })).failure?.kind).toBe('cut')
  })

  test('because nothing comes any more is cut', async () => {
    const impatient = new Gemini({ stream: (url, request) => way.stream(url, { ...request, idleMs: 1_000 }) }, fake.url)
    fake.script({ pieces: [{ text: 'It' }], end: 'hang' })
    const outcome = await outcomeOf(impatient, access, requestOf(model))
    expect([textOf(outcome), outcome.failure?.kind]).toEqual(['It', 'cut'])
    fake.misbehave(geminiStream, { kind: 'hang' })
    expect((await outcomeOf(impatient, access, requestOf(model))).failure?.kind).toBe('timeout')
  })

  test('because nobody wants it any more ends with their reason, and the service hears of it', async () => {
    fake.script({ pieces: [{ text: 'It' }], end: 'hang' })
    expect(await stopped(gemini, access, model)).toEqual(['text'])
  })
})

test('a request larger than the service takes is not sent', async () => {
  const files = [{ mediaType: 'image/png', data: Buffer.alloc(16 * 1024 * 1024), name: 'a.png' }]
  expect((await ask({ messages: [{ role: 'user', text: 'See', files }] })).failure?.kind).toBe('too-long')
  expect(fake.seen).toHaveLength(0)
})

test('no inside address is asked that nobody vouches for', async () => {
  const nobody = wayTo()
  const { failure } = await outcomeOf(new Gemini(nobody, fake.url), access, requestOf(model))
  await nobody.onApplicationShutdown()
  expect([failure?.kind, fake.seen]).toEqual(['unreachable', []])
})

describe('the list of models', () => {
  const { signal } = new AbortController()

  test('has those for conversations, the newest first, with their windows', async () => {
    const models = await gemini.listModels(access, signal)
    expect(models.map(({ id }) => id)).toEqual([
      'gemini-3.8-flash',
      'gemini-3.1-flash-lite',
      'gemini-3.1-pro-preview',
      'gemini-2.5-flash',
      'gemini-2.0-flash',
      'gemini-flash-latest',
    ])
    expect(models[0]).toEqual({
      id: 'gemini-3.8-flash',
      title: 'Gemini 3.8 Flash',
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
    })
    expect(gemini.suggest(models)).toBe('gemini-3.8-flash')
  })

  test('is refused with a key that is none', async () => {
    await expect(gemini.listModels({ ...access, apiKey: 'AIza-wrong' }, signal)).rejects.toMatchObject({
      kind: 'key-refused',
    })
  })
})
