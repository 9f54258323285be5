// The rules of both eras for what is answered how, and that nothing of it is lost on the way.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { echoOf, echoTool, progressOf, stream } from './fake-door.js'
import {
  eventsOf,
  initializeParams,
  modern,
  post,
  postLegacy,
  postModern,
  type RouterAtTest,
  startRouterAtTest,
} from './router-at-test.js'

let at: RouterAtTest

beforeAll(async () => {
  at = await startRouterAtTest()
  at.door.tools.set('progress', async (received, response) => {
    const foreign = { ...progressOf(received, 9), params: { progressToken: 'of somebody else', progress: 9 } }
    const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'inner' } }
    const result = { jsonrpc: '2.0', id: received.message.id, result: echoOf(received) }
    await stream(response, [progressOf(received, 1), foreign, log, progressOf(received, 2), result])
    response.end()
  })
})
afterAll(() => at.close())
beforeEach(() => {
  at.door.received.length = 0
})

describe('2026-07-28', () => {
  test('discover names the revision, tools as the only capability, and nothing that changes', async () => {
    const { status, body } = await postModern(at, 'server/discover')
    expect(status).toBe(200)
    expect(body.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: false } },
      cacheScope: 'private',
    })
    expect(Object.keys(body.result.capabilities)).toEqual(['tools'])
  })

  test('lists the tools with every member the app server gave them', async () => {
    const { status, body } = await postModern(at, 'tools/list')
    expect(status).toBe(200)
    expect(body.result).toMatchObject({
      resultType: 'complete',
      ttlMs: 12_345,
      cacheScope: 'private',
      futureMember: { kept: true },
    })
    expect(body.result.tools).toEqual([echoTool])
  })

  test('hands a call over as the client wrote it, and the result as the app server wrote it', async () => {
    const params = { name: 'echo', arguments: { said: 'hi ☃', __proto__x: 1 }, futureParam: { a: [1] } }
    const { message, headers } = modern('tools/call', params, 'an id')
    const answer = await post(at, JSON.stringify(message), { headers })
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: 'an id' })
    expect(answer.body.result).toMatchObject(echoOf(at.door.received[0] as never))
    expect(answer.body.result.resultType).toBe('complete')
    expect(at.door.received[0]?.message).toEqual(message)
    expect(at.door.received[0]?.headers).toMatchObject({
      'x-sekisho-era': 'modern',
      'mcp-protocol-version': '2026-07-28',
      accept: 'application/json',
    })
  })

  test('relays the progress of this request and nothing else, then its result, unbuffered', async () => {
    const answer = await postModern(at, 'tools/call', { name: 'progress', _meta: { progressToken: 'mine' } })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    const [first, second, last, ...more] = eventsOf(answer)
    expect([first, second]).toMatchObject([1, 2].map((progress) => ({ params: { progressToken: 'mine', progress } })))
    expect(last).toMatchObject({ id: 1, result: { futureResultMember: 'kept' } })
    expect(more).toEqual([])
    expect(at.door.received[0]?.headers.accept).toContain('text/event-stream')
  })

  test('answers input_required as the app server says it', async () => {
    at.door.tools.set('asks', ({ message }, response) => {
      const result = { resultType: 'input_required', inputRequests: { a: { method: 'x' } }, requestState: 's' }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }))
    })
    const { body } = await postModern(at, 'tools/call', { name: 'asks', requestState: 'before', inputResponses: {} })
    expect(body.result).toMatchObject({ resultType: 'input_required', requestState: 's' })
    expect(at.door.received[0]?.message.params).toMatchObject({ requestState: 'before', inputResponses: {} })
  })

  test('takes a tool name in base64', async () => {
    const name = 'räume.finden'
    const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`
    const answer = await postModern(at, 'tools/call', { name }, { headers: { 'mcp-name': encoded } })
    expect(answer.status).toBe(200)
    expect(at.door.received[0]?.message.params?.name).toBe(name)
  })

  test.each<[string, number, number, () => ReturnType<typeof post>]>([
    ['an unknown method', 404, -32601, () => postModern(at, 'no/such')],
    ['a method of the past', 404, -32601, () => postModern(at, 'ping')],
    ['resources, which we have not', 404, -32601, () => postModern(at, 'resources/list')],
    [
      'a listener, as nothing changes here',
      404,
      -32601,
      () => postModern(at, 'subscriptions/listen', { notifications: {} }),
    ],
    ['no Mcp-Method', 400, -32020, () => postModern(at, 'tools/list', {}, { headers: { 'mcp-method': undefined } })],
    [
      'another Mcp-Method',
      400,
      -32020,
      () => postModern(at, 'tools/list', {}, { headers: { 'mcp-method': 'tools/call' } }),
    ],
    [
      'no Mcp-Name',
      400,
      -32020,
      () => postModern(at, 'tools/call', { name: 'echo' }, { headers: { 'mcp-name': undefined } }),
    ],
    [
      'another Mcp-Name',
      400,
      -32020,
      () => postModern(at, 'tools/call', { name: 'echo' }, { headers: { 'mcp-name': 'other' } }),
    ],
    [
      'an Mcp-Name of bad base64',
      400,
      -32020,
      () => postModern(at, 'tools/call', { name: 'echo' }, { headers: { 'mcp-name': '=?base64?!!?=' } }),
    ],
    [
      'no version header',
      400,
      -32020,
      () => postModern(at, 'tools/list', {}, { headers: { 'mcp-protocol-version': undefined } }),
    ],
    [
      'another version header',
      400,
      -32020,
      () => postModern(at, 'tools/list', {}, { headers: { 'mcp-protocol-version': '2025-11-25' } }),
    ],
    [
      'no client capabilities',
      400,
      -32602,
      () => postModern(at, 'tools/list', { _meta: { 'io.modelcontextprotocol/clientCapabilities': undefined } }),
    ],
    ['the version in the header alone', 400, -32602, () => postLegacy(at, 'tools/list', {}, { version: '2026-07-28' })],
  ])('turns down %s, and nothing has run', async (_what, status, code, send) => {
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: 1, error: { code } })
    expect(at.door.calls).toEqual([])
  })

  test('names the versions it speaks to whoever speaks another', async () => {
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
    const answer = await postModern(at, 'tools/list', { _meta }, { headers: { 'mcp-protocol-version': '2099-01-01' } })
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatchObject({
      code: -32022,
      data: { supported: ['2026-07-28'], requested: '2099-01-01' },
    })
    expect(at.door.received).toEqual([])
  })

  test('takes a notification with 202 and no body, and keeps it', async () => {
    const message = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'notifications/cancelled' }
    const answer = await post(at, JSON.stringify(message), { headers })
    expect([answer.status, answer.text]).toEqual([202, ''])
    expect(at.door.calls).toEqual([])
  })

  test('knows no sessions: ignores a session id and a last event id, and gives none', async () => {
    const headers = { 'mcp-session-id': 'anything at all', 'last-event-id': '7' }
    const answer = await postModern(at, 'tools/list', {}, { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('mcp-session-id')).toBeNull()
    expect(at.door.received[0]?.headers['mcp-session-id']).toBeUndefined()
  })
})

describe('the 2025 revisions', () => {
  test.each(['2025-11-25', '2025-06-18', '2025-03-26'])('agrees on %s', async (version) => {
    const { status, body } = await postLegacy(at, 'initialize', initializeParams(version))
    expect(status).toBe(200)
    expect(body.result).toMatchObject({ protocolVersion: version, serverInfo: { name: 'sekisho' } })
    expect(body.result.capabilities).toEqual({ tools: { listChanged: false } })
  })

  test('offers the newest of them to whoever asks for something else', async () => {
    for (const version of ['2024-11-05', '2026-07-28', 'nonsense']) {
      const { body } = await postLegacy(at, 'initialize', initializeParams(version))
      expect(body.result.protocolVersion).toBe('2025-11-25')
    }
  })

  test('gives each client a label of its own, and says it to the door with every message', async () => {
    const labels = await Promise.all(
      [1, 2].map(async () => {
        const { headers } = await postLegacy(at, 'initialize', initializeParams())
        return headers.get('mcp-session-id') ?? ''
      }),
    )
    expect(new Set(labels).size).toBe(2)
    const [label = ''] = labels
    await postLegacy(at, 'tools/call', { name: 'echo' }, { id: 7, headers: { 'mcp-session-id': label } })
    const cancellation = {
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 7, reason: 'enough' },
    }
    const cancelled = await post(at, JSON.stringify(cancellation), { headers: { 'mcp-session-id': label } })
    expect(cancelled.status).toBe(202)
    expect(at.door.calls.map(({ message, headers }) => [message, headers['mcp-session-id']])).toMatchObject([
      [{ method: 'tools/call', id: 7 }, label],
      [cancellation, label],
    ])
  })

  test('sends a client with a label of another place back to initialize', async () => {
    const answer = await postLegacy(at, 'tools/list', {}, { headers: { 'mcp-session-id': 'not ours' } })
    expect(answer.status).toBe(404)
    expect(at.door.received).toEqual([])
    const again = await postLegacy(at, 'initialize', initializeParams(), { headers: { 'mcp-session-id': 'not ours' } })
    expect(again.status).toBe(200)
  })

  test('ignores a cancellation that names no request', async () => {
    for (const params of [undefined, {}, { requestId: null }, { requestId: { a: 1 } }]) {
      const answer = await post(at, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }))
      expect(answer.status).toBe(202)
    }
    expect(at.door.calls).toEqual([])
  })

  test('takes a missing version header for 2025-03-26', async () => {
    await postLegacy(at, 'tools/list', {}, { headers: { 'mcp-protocol-version': undefined } })
    expect(at.door.received[0]?.headers).toMatchObject({
      'x-sekisho-era': 'legacy',
      'mcp-protocol-version': '2025-03-26',
    })
  })

  test('turns down a version nobody knows', async () => {
    const answer = await postLegacy(at, 'tools/list', {}, { version: '1999-01-01' })
    expect(answer.status).toBe(400)
    expect(at.door.received).toEqual([])
  })

  test('lists and calls with every member the app server gave, and adds none of the newer era', async () => {
    const list = await postLegacy(at, 'tools/list')
    expect(list.body.result).toEqual({ tools: [echoTool], futureMember: { kept: true } })
    const call = await postLegacy(at, 'tools/call', { name: 'echo', arguments: { said: 1 } })
    expect(call.headers.get('content-type')).toContain('application/json')
    expect(call.body.result).toEqual(echoOf(at.door.received[1] as never))
  })

  test('relays progress as a stream', async () => {
    const answer = await postLegacy(at, 'tools/call', { name: 'progress', _meta: { progressToken: 0 } })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    expect(eventsOf(answer)).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 0, progress: 1 } },
      { method: 'notifications/progress', params: { progressToken: 0, progress: 2 } },
      { id: 1, result: { futureResultMember: 'kept' } },
    ])
  })

  test('tells in the body that a method is unknown', async () => {
    for (const method of ['no/such', 'server/discover', 'logging/setLevel', 'prompts/list']) {
      const answer = await postLegacy(at, method, { level: 'info' })
      expect([answer.status, answer.body.error.code]).toEqual([200, -32601])
    }
    expect(at.door.calls).toEqual([])
  })

  test('wants clients to take both kinds of answer', async () => {
    const answer = await postLegacy(at, 'tools/list', {}, { headers: { accept: 'application/json' } })
    expect(answer.status).toBe(406)
    expect(at.door.received).toEqual([])
  })

  test('answers a batch of 2025-03-26, each message by its id', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { said: 'one' } } },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'x' } },
      { jsonrpc: '2.0', id: '1', method: 'tools/call', params: { name: 'echo', arguments: { said: 'two' } } },
      { jsonrpc: '2.0', id: 2, method: 'no/such' },
      { jsonrpc: '2.0', id: 3, method: 'ping' },
    ]
    const { status, body } = await post(at, JSON.stringify(batch))
    expect(status).toBe(200)
    const byId = new Map(body.map((answer: { id: unknown }) => [answer.id, answer]))
    expect(byId.get(1)).toMatchObject({ result: { structuredContent: { said: 'one' } } })
    expect(byId.get('1')).toMatchObject({ result: { structuredContent: { said: 'two' } } })
    expect(byId.get(2)).toMatchObject({ error: { code: -32601 } })
    expect(byId.get(3)).toMatchObject({ result: {} })
    expect(at.door.calls.map(({ message }) => message.method).sort()).toEqual([
      'notifications/cancelled',
      'tools/call',
      'tools/call',
    ])
  })
})

describe('JSON-RPC errors of the door', () => {
  test.each(['modern', 'legacy'])('reach a %s client as they are', async (era) => {
    at.door.tools.set('unknown', ({ message }, response) => {
      const error = { code: -32602, message: 'There is no tool "unknown".', data: { did_you_mean: ['echo'] } }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, error }))
    })
    const answer = await (era === 'modern' ? postModern : postLegacy)(at, 'tools/call', { name: 'unknown' })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32602, message: 'There is no tool "unknown".', data: { did_you_mean: ['echo'] } },
    })
  })
})

test('a request id goes through both processes and back', async () => {
  const given = await postModern(at, 'tools/list', {}, { headers: { 'x-request-id': 'from.the-proxy_1' } })
  expect(given.headers.get('x-request-id')).toBe('from.the-proxy_1')
  for (const bad of ['', 'x'.repeat(65), 'a b', 'a"b']) {
    const made = await postModern(at, 'tools/list', {}, { headers: { 'x-request-id': bad } })
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
  const ids = at.door.received.map(({ headers }) => headers['x-request-id'])
  expect(ids[0]).toBe('from.the-proxy_1')
  expect(new Set(ids).size).toBe(5)
})
