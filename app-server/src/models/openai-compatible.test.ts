// Services that speak like OpenAI, against a pretended one that checks requests as strictly and misbehaves when told to.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type FakeAnswer, OpenAiFake, openAiCompletions, openAiErrors } from '@sekisho/fakes'
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
import type { AssistantPart, ModelAccess, ModelMessage, ModelRequest } from './model.js'
import { OpenAiCompatible } from './openai-compatible.js'

const model = 'llama-4-scout'
const tool = (name: string) => ({ name, description: 'Does it.', parameters: { type: 'object' } })

let fake: OpenAiFake
let way: GuardedFetch
let vendor: OpenAiCompatible
let access: ModelAccess

beforeAll(async () => {
  fake = await new OpenAiFake().listen()
  way = wayTo(fake)
  vendor = new OpenAiCompatible(way)
  access = { vendor: vendor.id, apiKey: fake.options.apiKey ?? '', baseUrl: fake.baseUrl }
})

afterEach(() => fake.behave())

afterAll(async () => {
  await way.onApplicationShutdown()
  await fake.close()
})

const ask = (rest: Partial<ModelRequest> = {}) => outcomeOf(vendor, access, requestOf(model, rest))
const sentBody = () => lastBodyOf(fake)

describe('an answer', () => {
  test('comes piece by piece, thoughts apart from words, with what it cost', async () => {
    fake.script(weather.script)
    const outcome = await ask()
    expect(outcome.failure).toBeUndefined()
    expect(outcome.events).toEqual([...weather.words, weather.end])
    expect(fake.seen.at(-1)?.headers.authorization).toBe(`Bearer ${access.apiKey}`)
    expect(sentBody()).toEqual({
      model,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'How is the weather?' },
      ],
      max_tokens: 1000,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test.each([
    ['length', { reason: 'length' }],
    ['content_filter', { reason: 'safety', detail: 'content_filter' }],
    ['model_tired', { reason: 'other', detail: 'model_tired' }],
  ])('that ends with %s says so after what came before', async (finish, end) => {
    fake.script({ pieces: [{ text: 'It' }], finish })
    const outcome = await ask()
    expect([textOf(outcome), endOf(outcome)]).toEqual(['It', expect.objectContaining(end)])
  })

  test('comes from a service that wants no key, without one', async () => {
    const open = await new OpenAiFake({}).listen()
    const wayOut = wayTo(open)
    open.script({ pieces: [{ text: 'Hello.' }] })
    const outcome = await outcomeOf(
      new OpenAiCompatible(wayOut),
      { vendor: vendor.id, apiKey: '', baseUrl: `${open.baseUrl}/` },
      requestOf(model),
    )
    expect(textOf(outcome)).toBe('Hello.')
    expect(open.seen.at(-1)?.headers.authorization).toBeUndefined()
    await wayOut.onApplicationShutdown()
    await open.close()
  })
})

describe('calls', () => {
  test('are put together from their pieces, several side by side, and have our names again', async () => {
    fake.script({
      pieces: [
        { text: 'I look.' },
        { call: { id: 'a', name: 'gcal_list_events', arguments: { from: '2026-11-30', note: 'a "quoted" 予定' } } },
        { call: { id: 'b', name: 'booking_list' } },
      ],
    })
    const outcome = await ask({ tools: [tool('gcal.list_events'), tool('booking.list')] })
    expect(callsOf(outcome)).toEqual([
      { kind: 'call', id: 'a', name: 'gcal.list_events', arguments: { from: '2026-11-30', note: 'a "quoted" 予定' } },
      { kind: 'call', id: 'b', name: 'booking.list', arguments: {} },
    ])
    expect(endOf(outcome)?.reason).toBe('calls')
    expect(fake.asked.at(-1)?.tools[0]?.parameters).toEqual({ type: 'object', properties: {} })
  })

  test('of tools whose names differ only where OpenAI allows no difference are told apart', async () => {
    const names = ['a.b', 'a_b', 'a:b', `${'x'.repeat(63)}.1`, `${'x'.repeat(63)}.2`]
    fake.script(({ tools }) => ({ pieces: tools.map(({ name }) => ({ call: { name } })) }))
    const outcome = await ask({ tools: names.map(tool) })
    expect(callsOf(outcome).map(({ name }) => name)).toEqual(names)
    expect(fake.asked.at(-1)?.tools.map(({ name }) => name.length <= 64)).toEqual([true, true, true, true, true])
  })

  test('go back with their results, also of tools that are no longer offered', async () => {
    fake.script({ pieces: [{ call: { name: 'jira_get_issue', arguments: { key: 'A-1' } } }] })
    const first = await ask({ tools: [tool('jira.get_issue')] })
    const parts = first.events.reduce<AssistantPart[]>(addToParts, [])
    const [call] = callsOf(first)
    const messages: ModelMessage[] = [
      asks('A-1?'),
      { role: 'assistant', parts: [{ kind: 'thinking', text: 'Hm.' }, ...parts] },
      { role: 'tool', results: [{ callId: call?.id ?? '', name: 'jira.get_issue', text: 'Gone.', isError: true }] },
    ]
    fake.script({ pieces: [{ text: 'It is gone.' }] })
    expect(textOf(await ask({ messages }))).toBe('It is gone.')
    expect((sentBody().messages as unknown[]).slice(2)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: call?.id, type: 'function', function: { name: 'jira_get_issue', arguments: '{"key":"A-1"}' } },
        ],
      },
      { role: 'tool', tool_call_id: call?.id, content: 'Error: Gone.' },
    ])
  })

  test('without an id or an index get one each', async () => {
    const whole = (name: string) => ({
      raw: JSON.stringify({
        choices: [{ delta: { tool_calls: [{ id: name, function: { name, arguments: '{"a":1}' } }] } }],
      }),
    })
    fake.script({ pieces: [whole('one'), whole('two')], finish: 'stop' })
    expect(callsOf(await ask()).map(({ name, arguments: args }) => [name, args])).toEqual([
      ['one', { a: 1 }],
      ['two', { a: 1 }],
    ])
    fake.script({ pieces: [{ call: { id: null, name: 'one' } }] })
    expect(callsOf(await ask())[0]?.id).toMatch(/^call-/)
  })

  test('whose arguments are no object are none, and the answer says so', async () => {
    const delta = { tool_calls: [{ index: 0, id: 'a', function: { name: 'one', arguments: '{"a":' } }] }
    fake.script({ pieces: [{ raw: JSON.stringify({ choices: [{ delta }] }) }], finish: 'tool_calls' })
    const outcome = await ask()
    expect([callsOf(outcome), endOf(outcome)]).toEqual([
      [],
      expect.objectContaining({ reason: 'other', detail: 'MALFORMED_FUNCTION_CALL' }),
    ])
  })

  test('that were not finished when the room ran out are dropped', async () => {
    const delta = { tool_calls: [{ index: 0, id: 'a', function: { name: 'one', arguments: '{"a":' } }] }
    fake.script({ pieces: [{ raw: JSON.stringify({ choices: [{ delta }] }) }], finish: 'length' })
    const outcome = await ask()
    expect([callsOf(outcome), endOf(outcome)?.reason]).toEqual([[], 'length'])
  })

  test('with more arguments than anybody can need cut the answer', async () => {
    fake.script({ pieces: [{ call: { name: 'one', arguments: { x: 'y'.repeat(300_000) } } }] })
    expect((await ask()).failure?.kind).toBe('cut')
  })
})

describe('files', () => {
  const file = (mediaType: string) => ({ mediaType, data: Buffer.from('data'), name: 'a' })

  test('go along when they are pictures or texts', async () => {
    const files = [file('image/png'), file('text/csv')]
    fake.script({ pieces: [{ text: 'Ok.' }] })
    expect((await ask({ messages: [{ role: 'user', text: 'See', files }] })).failure).toBeUndefined()
    expect((sentBody().messages as unknown[])[1]).toEqual({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,ZGF0YQ==' } },
        { type: 'text', text: 'File "a":\n\ndata' },
        { type: 'text', text: 'See' },
      ],
    })
  })

  test('of another kind are named, so that the model says so and the conversation goes on', async () => {
    fake.script({ pieces: [{ text: 'I cannot read it.' }] })
    const outcome = await ask({ messages: [{ role: 'user', text: 'See', files: [file('application/pdf')] }] })
    expect(outcome.failure).toBeUndefined()
    expect((sentBody().messages as unknown[])[1]).toEqual({
      role: 'user',
      content: [
        {
          type: 'text',
          text: '[The file "a" came with this message, but you cannot read files of the type application/pdf. Say so.]',
        },
        { type: 'text', text: 'See' },
      ],
    })
  })
})

describe('a refusal', () => {
  test.each<[string, string | undefined, FakeAnswer]>([
    ['key-refused', undefined, openAiErrors.keyInvalid('sk-…')],
    ['no-permission', 'You have insufficient permissions for this operation.', openAiErrors.noPermission()],
    ['model-gone', 'The model `x` does not exist or you do not have access to it.', openAiErrors.modelGone('x')],
    ['quota', 'You exceeded your current quota, please check your plan and billing details.', openAiErrors.quota()],
    ['blocked', 'The response was filtered.', openAiErrors.blocked()],
    ['too-long', expect.stringContaining('8192') as unknown as string, openAiErrors.tooLong()],
    ['too-long', 'prompt exceeds the context window', openAiErrors.flat(400, 'prompt exceeds the context window')],
    ['model-gone', 'model "x" not found', openAiErrors.bare(404, 'model "x" not found')],
    ['bad-request', 'tools are not supported', openAiErrors.detail(422, 'tools are not supported')],
    ['quota', undefined, { status: 402, body: 'Payment Required' }],
  ])('is %s, in whatever shape it comes', async (kind, detail, answer) => {
    fake.misbehave(openAiCompletions, { kind: 'answer', status: 500, ...answer })
    const { events, failure } = await ask()
    expect([failure?.kind, failure?.detail, events]).toEqual([kind, detail, []])
    expect(fake.seen).toHaveLength(1)
  })

  test('never has the key in it, whatever the service quotes', async () => {
    const answer = openAiErrors.flat(403, `token ${access.apiKey} may not`)
    fake.misbehave(openAiCompletions, { kind: 'answer', status: 403, body: answer.body })
    const { failure } = await ask()
    expect(failure?.detail).toBe('token … may not')
    expect(JSON.stringify(failure) + failure?.stack).not.toContain(access.apiKey)
  })

  test('for now is waited out as long as the service asks, and told before', async () => {
    const { body } = openAiErrors.rateLimited(1)
    fake.misbehave(
      openAiCompletions,
      { kind: 'answer', status: 429, body, headers: { 'retry-after': '0.02' } },
      { times: 2 },
    )
    fake.script({ pieces: [{ text: 'Now.' }] })
    const outcome = await ask()
    expect(outcome.events.filter(({ kind }) => kind === 'waiting')).toHaveLength(2)
    expect(textOf(outcome)).toBe('Now.')
  })

  test('with an error of its own is tried again', async () => {
    fake.misbehave(openAiCompletions, { kind: 'answer', status: 500, body: openAiErrors.internal().body }, { times: 1 })
    fake.script({ pieces: [{ text: 'Here.' }] })
    expect(textOf(await ask())).toBe('Here.')
  })

  test('by something that is no such service at all says so', async () => {
    fake.misbehave(openAiCompletions, {
      kind: 'answer',
      status: 200,
      body: '<html>',
      headers: { 'content-type': 'text/html' },
    })
    expect((await ask()).failure?.kind).toBe('bad-request')
  })
})

describe('an answer that breaks off', () => {
  test.each([
    ['with its connection', { end: 'cut' }],
    ['without a reason', { end: 'unfinished' }],
    ['in a chunk nobody can read', { pieces: [{ text: 'It' }, { raw: '{"choices":[' }] }],
    ['with an error of the service', { pieces: [{ text: 'It' }, { raw: '{"error":{"message":"gone","code":503}}' }] }],
    ['in a line longer than anybody needs', { pieces: [{ text: 'It' }, { text: 'x'.repeat(2 * 1024 * 1024) }] }],
  ] as const)('%s is cut, keeps what came and is not asked for again', async (_how, script) => {
    fake.script({ pieces: [{ text: 'It' }], ...script })
    const outcome = await ask()
    expect([textOf(outcome), outcome.failure?.kind]).toEqual(['It', 'cut'])
    expect(fake.seen).toHaveLength(1)
  })

  test('because nothing comes any more is cut', async () => {
    const impatient = new OpenAiCompatible({ stream: (url, request) => way.stream(url, { ...request, idleMs: 1_000 }) })
    fake.script({ pieces: [{ text: 'It' }], end: 'hang' })
    const outcome = await outcomeOf(impatient, access, requestOf(model))
    expect([textOf(outcome), outcome.failure?.kind]).toEqual(['It', 'cut'])
    fake.misbehave(openAiCompletions, { kind: 'hang' })
    expect((await outcomeOf(impatient, access, requestOf(model))).failure?.kind).toBe('timeout')
  })

  test('because nobody wants it any more ends with their reason', async () => {
    fake.script({ pieces: [{ text: 'It' }], end: 'hang' })
    expect(await stopped(vendor, access, model)).toEqual(['text'])
  })
})

describe('the list of models', () => {
  const { signal } = new AbortController()

  test('has all of them, with the windows that are told', async () => {
    const models = await vendor.listModels(access, signal)
    expect(models).toEqual([
      { id: 'llama-4-scout', title: 'llama-4-scout', inputTokenLimit: 131_072 },
      { id: 'qwen3-32b', title: 'qwen3-32b' },
    ])
    expect(vendor.suggest(models)).toBe('llama-4-scout')
  })

  test('is refused with a key that is none, and where no models are', async () => {
    await expect(vendor.listModels({ ...access, apiKey: 'sk-wrong' }, signal)).rejects.toMatchObject({
      kind: 'key-refused',
    })
    await expect(vendor.listModels({ ...access, baseUrl: fake.url }, signal)).rejects.toMatchObject({
      kind: 'model-gone',
    })
    fake.misbehave('/v1/models', { kind: 'answer', status: 200, body: '<html>' })
    await expect(vendor.listModels(access, signal)).rejects.toMatchObject({ kind: 'bad-request' })
  })
})
