// What happens at the door: every kind of good and bad message, with the audit entry it leaves.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DOOR_PATH, doorLimits } from '@sekisho/contracts'
import { eventually, OAuthProgram } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { abortedWaits, fixturesProvider, innerWords } from './fixtures-provider.js'

let app: TestApp
let token: string
let narrowToken: string

beforeAll(async () => {
  app = await startTestApp({ providers: [fixturesProvider] })
  const person = await app.signedIn('Aki Tanaka')
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  token = (await program.authorize(person, 'fixtures:use')).access_token
  narrowToken = (await program.authorize(person, 'fixtures:other')).access_token
})

afterAll(() => app.close())

/** When the test began; entries stay for ever, so each test looks at its own. */
let began: Date

beforeEach(async () => {
  ;[{ began }] = (await app.sql<{ began: Date }>('SELECT clock_timestamp()::timestamptz(3) AS began')) as [
    { began: Date },
  ]
})

interface Answer {
  status: number
  headers: Headers
  body: {
    result?: { isError?: boolean; structuredContent?: Record<string, unknown>; [name: string]: unknown }
    error?: { code: number; message: string; data?: unknown }
    [name: string]: unknown
  }
}

interface Knock {
  bearer?: string | null
  headers?: Record<string, string>
  signal?: AbortSignal
}

async function knock(message: unknown, { bearer = token, headers = {}, signal }: Knock = {}): Promise<Answer> {
  const response = await fetch(`${app.url}${DOOR_PATH}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
    ...(signal ? { signal } : {}),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
}

function call(name: string, args: Record<string, unknown> = {}, meta?: Record<string, unknown>) {
  const params = { name: `fixtures.${name}`, arguments: args, ...(meta ? { _meta: meta } : {}) }
  return { jsonrpc: '2.0', id: 7, method: 'tools/call', params }
}

async function audit() {
  return app.sql<{ tool: string; outcome: string; reason: string | null; arguments: Record<string, unknown> }>(
    'SELECT tool, outcome, reason, arguments FROM audit_entries WHERE at > $1 ORDER BY at, id',
    [began],
  )
}

describe('a good call', () => {
  test('is answered with the same id, as text and as structured content, and leaves one entry', async () => {
    const { status, body } = await knock(call('echo', { text: 'hello', secret_token: 'hunter2' }))
    expect(status).toBe(200)
    expect(body).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: { content: [{ type: 'text', text: '{"text":"hello"}' }], structuredContent: { text: 'hello' } },
    })
    expect(await audit()).toEqual([
      { tool: 'fixtures.echo', outcome: 'ok', reason: null, arguments: { text: 'hello', secret_token: '[redacted]' } },
    ])
  })

  test('shows what the tool gave beside its output after the text, and keeps it out of the structured content', async () => {
    const { body } = await knock(call('show'))
    expect(body.result).toEqual({
      content: [
        { type: 'text', text: '{"places":3}' },
        { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
        { type: 'resource_link', uri: 'https://example.test/places', name: 'places' },
      ],
      structuredContent: { places: 3 },
    })
  })

  test('says resultType to clients of the modern era', async () => {
    const { body } = await knock(call('echo', { text: 'x' }), { headers: { 'x-sekisho-era': 'modern' } })
    expect(body.result).toMatchObject({ resultType: 'complete' })
  })

  test('runs as the person of the token, whatever headers and arguments claim', async () => {
    const { body } = await knock(call('who'), { headers: { 'x-user-id': 'somebody', 'x-forwarded-user': 'else' } })
    expect(body.result?.structuredContent).toMatchObject({ email: 'aki.tanaka@example.test', name: 'Aki Tanaka' })
    const forged = await knock(call('who', { userId: 'somebody' }))
    expect(forged.body.result).toMatchObject({ isError: true })
  })

  test('keeps the id a request brings along, in its answer and in the audit', async () => {
    const { headers } = await knock(call('echo', { text: 'x' }), { headers: { 'x-request-id': 'from-the-router.1' } })
    expect(headers.get('x-request-id')).toBe('from-the-router.1')
    expect(await app.sql('SELECT request_id FROM audit_entries WHERE at > $1', [began])).toEqual([
      { request_id: 'from-the-router.1' },
    ])
    const forged = await knock(call('echo', { text: 'x' }), { headers: { 'x-request-id': 'x y\tz' } })
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a request', () => {
  test('leaves one line in the log, with its id and nothing of its bearer', async () => {
    await knock(call('echo', { text: 'x' }), { headers: { 'x-request-id': 'one-line' } })
    const lines = await eventually(() => {
      const found = app.logLines.filter(({ requestId }) => requestId === 'one-line')
      return found.length > 0 && found
    })
    expect(lines).toMatchObject([{ msg: 'request', method: 'POST', path: DOOR_PATH, status: 200 }])
    expect(JSON.stringify(lines)).not.toContain(token)
  })
})

describe('the list of tools', () => {
  test('has plain object schemas and truthful annotations, in one order', async () => {
    const { body } = await knock({ jsonrpc: '2.0', id: 'a', method: 'tools/list' })
    const tools = body.result?.tools as { name: string; inputSchema: { type: string }; annotations: object }[]
    expect(tools.map(({ name }) => name)).toEqual(fixturesProvider.tools.map(({ name }) => name))
    expect(tools.every(({ inputSchema }) => inputSchema.type === 'object')).toBe(true)
    expect(body.id).toBe('a')
  })

  test('may be kept by modern clients, for this person only', async () => {
    const { body } = await knock(
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { headers: { 'x-sekisho-era': 'modern' } },
    )
    expect(body.result).toMatchObject({ resultType: 'complete', cacheScope: 'private', ttlMs: expect.any(Number) })
  })

  test('refuses a cursor it never gave', async () => {
    const { body } = await knock({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { cursor: 'x' } })
    expect(body.error?.code).toBe(-32602)
  })
})

describe('a call that cannot be', () => {
  test('without a token is 401 with a challenge, for every method', async () => {
    for (const method of ['ping', 'tools/list', 'tools/call', 'no/such']) {
      const { status, headers, body } = await knock({ jsonrpc: '2.0', id: 1, method }, { bearer: null })
      expect([method, status, body.code]).toEqual([method, 401, 'invalid-token'])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata="/)
    }
  })

  test('beyond the scopes of the token is 403, names all scopes needed, and nothing ran', async () => {
    const { status, headers, body } = await knock(call('write', { note: 'never' }), { bearer: narrowToken })
    expect([status, body.code]).toEqual([403, 'insufficient-scope'])
    expect(headers.get('www-authenticate')).toContain('scope="fixtures:other fixtures:use"')
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(await audit()).toMatchObject([{ tool: 'fixtures.write', outcome: 'refused', reason: 'insufficient-scope' }])
  })

  test('of an unknown tool is a JSON-RPC error that names similar ones', async () => {
    const { status, body } = await knock(call('ecko'))
    expect([status, body.error?.code]).toEqual([200, -32602])
    expect(JSON.stringify(body.error)).toContain('fixtures.echo')
    expect(await audit()).toMatchObject([{ tool: 'fixtures.ecko', outcome: 'refused', reason: 'unknown-tool' }])
  })

  test('with wrong arguments is told all faults at once, for a model to mend', async () => {
    const { body } = await knock(call('echo', { text: 5, extra: true }))
    expect(body.result?.isError).toBe(true)
    expect(body.result?.structuredContent).toMatchObject({ code: 'invalid-arguments' })
    const text = JSON.stringify(body.result?.content)
    expect(text).toContain('text:')
    expect(text).toContain('extra')
    expect(await audit()).toMatchObject([{ outcome: 'refused', reason: 'invalid-arguments' }])
  })

  test.each([
    ['of no known method', { jsonrpc: '2.0', id: 1, method: 'tools/destroy' }, -32601],
    ['without a name', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} }, -32602],
    ['with a name that is a number', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 5 } }, -32602],
    [
      'with arguments that are a list',
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a', arguments: [] } },
      -32602,
    ],
    [
      'with arguments that are null',
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'a', arguments: null } },
      -32602,
    ],
  ])('%s is a JSON-RPC error', async (_what, message, code) => {
    const { status, body } = await knock(message)
    expect([status, body.error?.code]).toEqual([200, code])
  })

  test.each([
    ['no JSON', '{"jsonrpc":', 400],
    ['nothing', '', 400],
    ['a batch', '[]', 400],
    ['a bare text', '"hello"', 400],
    ['no JSON-RPC', '{"method":"ping"}', 400],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 400],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}', 400],
    ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', 400],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":1}', 400],
    [
      'too much',
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: 'x'.repeat(doorLimits.requestBytes) } }),
      413,
    ],
  ])('whose body is %s is a problem that says what to send', async (_what, body, status) => {
    const answer = await knock(body)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body.detail).toEqual(expect.stringMatching(/.{20,}/))
    expect(await audit()).toEqual([])
  })

  test('in another content type is not taken', async () => {
    const answer = await knock('{"jsonrpc":"2.0","id":1,"method":"ping"}', {
      headers: { 'content-type': 'text/plain' },
    })
    expect(answer.status).toBe(400)
  })

  test('compressed is told to come as it is', async () => {
    const answer = await knock('{"jsonrpc":"2.0","id":1,"method":"ping"}', { headers: { 'content-encoding': 'gzip' } })
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported-media-type'])
  })

  test('with deep nesting or odd member names harms nobody', async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
    const nested = await knock(
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fixtures.echo","arguments":${deep}}}`,
    )
    expect(nested.body.result?.isError).toBe(true)
    const odd = await knock(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fixtures.echo","arguments":{"__proto__":{"text":"x"},"constructor":1}}}',
    )
    expect(odd.body.result?.isError).toBe(true)
    expect(({} as { text?: string }).text).toBeUndefined()
    const nul = await knock(call('echo', { 'te\u0000xt': '\u0000', text: 'a\u0000b\ud800' }))
    expect(nul.status).toBe(200)
    expect(await audit()).toHaveLength(3)
  })
})

describe('a withdrawal amid a crowd of calls', () => {
  test('refuses every call that comes after it, and nobody else', async () => {
    const person = await app.signedIn('Withdrawn')
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const { access_token: theirs } = await program.authorize(person, 'fixtures:use')
    const statusesOf = (bearer: string, count: number) =>
      Promise.all(Array.from({ length: count }, async () => (await knock(call('who'), { bearer })).status))
    let going = true
    const crowd = Promise.all(
      Array.from({ length: 12 }, async () => {
        const statuses: number[] = []
        while (going) statuses.push((await knock(call('who'))).status)
        return statuses
      }),
    )
    expect(await statusesOf(theirs, 12)).toEqual(Array(12).fill(200))
    const before = statusesOf(theirs, 12)
    await app.sql('DELETE FROM oauth_grants WHERE client_id = $1', [program.clientId])
    expect(await statusesOf(theirs, 12)).toEqual(Array(12).fill(401))
    expect((await before).every((status) => status === 200 || status === 401)).toBe(true)
    going = false
    expect(new Set((await crowd).flat())).toEqual(new Set([200]))
  })
})

describe('a tool that fails', () => {
  test('unexpectedly leaks no inner word, and gives a reference that is in the log', async () => {
    const { body } = await knock(call('break'))
    expect(body.result).toMatchObject({ isError: true, structuredContent: { code: 'internal' } })
    expect(JSON.stringify(body)).not.toContain('hunter2')
    const reference = body.result?.structuredContent?.reference
    const line = app.logLines.find((entry) => entry.reference === reference)
    expect(JSON.stringify(line)).toContain(innerWords)
    expect(await audit()).toMatchObject([{ outcome: 'failed', reason: 'internal' }])
  })

  test('on purpose says what and what next', async () => {
    const { body } = await knock(call('refuse'))
    expect(body.result).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'It does not fit. Try another one.' }],
      structuredContent: { code: 'conflict', other: 1, status: 409 },
    })
    expect(await audit()).toMatchObject([{ outcome: 'refused', reason: 'conflict' }])
  })

  test.each(['lie', 'garble'])('to keep its own promise is our fault, not a wrong answer: %s', async (name) => {
    const { body } = await knock(call(name))
    expect(body.result).toMatchObject({ isError: true, structuredContent: { code: 'internal' } })
  })
})

describe('a long call', () => {
  const stream = { accept: 'application/json, text/event-stream' }

  async function events(
    message: unknown,
  ): Promise<{ contentType: string | null; messages: Record<string, unknown>[] }> {
    const response = await fetch(`${app.url}${DOOR_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...stream },
      body: JSON.stringify(message),
    })
    const text = await response.text()
    const messages = text.split('\n\n').filter(Boolean)
    return {
      contentType: response.headers.get('content-type'),
      messages: messages.map((event) => JSON.parse(event.replace(/^data: /, ''))),
    }
  }

  test('tells its progress to a client that asked for it, then answers', async () => {
    const { contentType, messages } = await events(
      call('wait', { ms: 60, label: 'p', steps: 3 }, { progressToken: 'tok' }),
    )
    expect(contentType).toContain('text/event-stream')
    expect(messages.map(({ method, id }) => method ?? id)).toEqual([...Array(3).fill('notifications/progress'), 7])
    expect(messages[0]).toMatchObject({ params: { progressToken: 'tok', progress: 1, total: 3, message: 'step 1' } })
  })

  test('tells none to a client that did not ask', async () => {
    const response = await knock(call('wait', { ms: 30, label: 'q', steps: 2 }), { headers: stream })
    expect(response.headers.get('content-type')).toContain('application/json')
  })

  test('ends when its client hangs up', async () => {
    const hangUp = new AbortController()
    const gone = knock(call('wait', { ms: 30_000, label: 'hung-up' }), { signal: hangUp.signal }).catch(() => 'gone')
    await new Promise((resolve) => setTimeout(resolve, 100))
    hangUp.abort()
    expect(await gone).toBe('gone')
    await eventually(() => abortedWaits.has('hung-up'))
    await eventually(async () => (await audit()).length === 1)
    expect(await audit()).toMatchObject([{ outcome: 'failed', reason: 'cancelled' }])
  })

  test('ends when its client cancels it, on whichever replica it runs', async () => {
    const replica = await app.replica()
    const session = { 'mcp-session-id': 'label-one' }
    const running = knock({ ...call('wait', { ms: 30_000, label: 'cancelled' }), id: 42 }, { headers: session })
    await new Promise((resolve) => setTimeout(resolve, 150))
    const response = await fetch(`${replica.url}${DOOR_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...session },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 42 } }),
    })
    expect(response.status).toBe(202)
    expect((await running).body.result).toMatchObject({ isError: true, structuredContent: { code: 'cancelled' } })
    await replica.close()
  })

  test('is not ended by the same id from another client, another person or another type', async () => {
    const stranger = await app.signedIn('Stranger')
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const { access_token: theirs } = await program.authorize(stranger, 'fixtures:use')
    const running = knock(
      { ...call('wait', { ms: 600, label: 'kept' }), id: 43 },
      { headers: { 'mcp-session-id': 'mine' } },
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    const cancel = (bearer: string, label: string, requestId: unknown) =>
      knock(
        { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } },
        { bearer, headers: { 'mcp-session-id': label } },
      )
    await cancel(token, 'another-label', 43)
    await cancel(theirs, 'mine', 43)
    await cancel(token, 'mine', '43')
    await cancel(token, 'mine', { malformed: true })
    expect((await running).body.result).toMatchObject({ structuredContent: { label: 'kept' } })
  })
})

describe('a write with an idempotency key', () => {
  test('happens once', async () => {
    const first = await knock(call('write', { note: 'n', idempotency_key: 'k1' }))
    const again = await knock(call('write', { note: 'n', idempotency_key: 'k1' }))
    expect(again.body.result?.structuredContent).toEqual(first.body.result?.structuredContent)
    const other = await knock(call('write', { note: 'other', idempotency_key: 'k1' }))
    expect(other.body.result).toMatchObject({ isError: true, structuredContent: { code: 'idempotency-conflict' } })
  })
})

describe('a foreign page', () => {
  test.each([
    ['GET', '/healthz'],
    ['POST', DOOR_PATH],
  ])('cannot reach this server by another name: %s %s', async (method, path) => {
    const { request } = await import('node:http')
    const { port } = new URL(app.url)
    const headers = { host: `evil.example:${port}`, authorization: `Bearer ${token}` }
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, method, path, headers }, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })

  test('cannot write here', async () => {
    const answer = await knock(
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { headers: { origin: 'https://evil.example' } },
    )
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden'])
  })
})
