// Whatever is malformed gets its answer here, and never reaches the door.
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { doorLimits } from '@sekisho/contracts'
import { goodBearer } from './fake-door.js'
import {
  type Answer,
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
})
afterAll(() => at.close())
beforeEach(() => {
  at.door.received.length = 0
})
afterEach(() => {
  expect(at.door.received).toEqual([])
})

function nested(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels))
}

const bodies: [string, string | Uint8Array, number, number][] = [
  ['nothing', '', 400, -32700],
  ['text', 'hello', 400, -32700],
  ['half a message', '{"jsonrpc":"2.0","id":1', 400, -32700],
  ['JSON with something behind it', '{"jsonrpc":"2.0","id":1,"method":"ping"}x', 400, -32700],
  ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, -32700],
  ['a form', 'jsonrpc=2.0&method=ping', 400, -32700],
  ['null', 'null', 400, -32600],
  ['a number', '7', 400, -32600],
  ['a string', '"ping"', 400, -32600],
  ['an empty object', '{}', 400, -32600],
  ['no jsonrpc', '{"id":1,"method":"tools/list"}', 400, -32600],
  ['another jsonrpc', '{"jsonrpc":"1.0","id":1,"method":"tools/list"}', 400, -32600],
  ['no method', '{"jsonrpc":"2.0","id":1,"params":{}}', 400, -32600],
  ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":7}', 400, -32600],
  ['an id of null', '{"jsonrpc":"2.0","id":null,"method":"tools/list"}', 400, -32600],
  ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"tools/list"}', 400, -32600],
  ['an id that is a fraction', '{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}', 400, -32600],
  ['params that are a list', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}', 400, -32600],
  ['params that are text', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}', 400, -32600],
  ['params that are null', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}', 400, -32600],
  ['a _meta that is text', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"x"}}', 400, -32600],
  [
    'a progress token that is an object',
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"progressToken":{}}}}',
    400,
    -32600,
  ],
  ['an empty batch', '[]', 400, -32600],
  ['a batch of nonsense', '[1,2]', 400, -32600],
  ['a batch in a batch', '[[{"jsonrpc":"2.0","id":1,"method":"ping"}]]', 400, -32600],
  [
    'a batch with two equal ids',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    400,
    -32600,
  ],
  [
    'a batch of too many',
    `[${Array.from({ length: 17 }, (_, id) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}`).join()}]`,
    400,
    -32600,
  ],
  [
    'a batch with two handshakes',
    '[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"a","version":"1"}}},{"jsonrpc":"2.0","id":2,"method":"ping"}]',
    400,
    -32600,
  ],
  ['a batch with a modern message', `[${JSON.stringify(modern('tools/list').message)}]`, 400, -32600],
  ['nesting without end', '['.repeat(500_000), 400, -32600],
  [
    'a call that nests too deep',
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'x', arguments: { a: nested(doorLimits.requestDepth) } },
    }),
    400,
    -32600,
  ],
]

test.each(bodies)('refuses a body that is %s', async (_what, body, status, code) => {
  const answer = await post(at, body)
  expect(answer.status).toBe(status)
  expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { code } })
})

test('counts nesting outside of text only', async () => {
  const said = '[{"'.repeat(1_000)
  const answer = await postModern(at, 'tools/call', { name: 'echo', arguments: { said } })
  expect(answer.body.result.structuredContent.said).toBe(said)
  at.door.received.length = 0
})

test.each(['2025-06-18', '2025-11-25', '2026-07-28'])('refuses any batch in %s, which has none', async (version) => {
  const batch = '[{"jsonrpc":"2.0","id":1,"method":"tools/list"},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]'
  const answer = await post(at, batch, { headers: { 'mcp-protocol-version': version } })
  expect([answer.status, answer.body.error.code]).toEqual([400, -32600])
})

describe('params that do not fit the method', () => {
  const params: [string, Record<string, unknown>][] = [
    ['tools/call', {}],
    ['tools/call', { name: '' }],
    ['tools/call', { name: 7 }],
    ['tools/call', { name: 'echo', arguments: 'text' }],
    ['tools/call', { name: 'echo', arguments: [1] }],
    ['tools/call', { name: 'echo', arguments: null }],
    ['tools/list', { cursor: 7 }],
  ]

  test.each([
    {},
    { protocolVersion: 7 },
    { protocolVersion: '2025-11-25', capabilities: {} },
    { protocolVersion: '2025-11-25', capabilities: 'all', clientInfo: { name: 'a', version: '1' } },
    { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a' } },
  ])('initialize %j is told what it needs', async (given) => {
    const answer = await postLegacy(at, 'initialize', given)
    expect(answer.body).toMatchObject({
      id: 1,
      error: { code: -32602, message: expect.stringContaining('clientInfo') },
    })
    expect(answer.headers.get('mcp-session-id')).toBeNull()
    expect(at.door.calls).toEqual([])
    at.door.received.length = 0
  })

  test.each(params)('%s %j is told what is wrong', async (method, given) => {
    for (const send of [postLegacy, postModern]) {
      const answer = await send(at, method, given)
      expect(answer.status).toBe(200)
      expect(answer.body.error).toMatchObject({ code: -32602, message: expect.stringContaining('params') })
    }
    expect(at.door.calls).toEqual([])
    at.door.received.length = 0
  })
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/plain; a=application/json', 'multipart/form-data'])(
  'refuses the content type %s',
  async (type) => {
    const answer = await postLegacy(at, 'tools/list', {}, { headers: { 'content-type': type } })
    expect(answer.status).toBe(415)
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'unsupported-media-type' } } })
  },
)

test('refuses a compressed body', async () => {
  const answer = await postLegacy(at, 'tools/list', {}, { headers: { 'content-encoding': 'gzip' } })
  expect(answer.status).toBe(415)
})

test.each(['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD'])('refuses %s', async (method) => {
  for (const bearer of [{}, { authorization: `Bearer ${goodBearer}` }]) {
    const response = await fetch(`${at.base}/mcp`, { method, headers: { accept: 'text/event-stream', ...bearer } })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    await response.arrayBuffer()
  }
})

describe('a body that is too large', () => {
  const overSize = JSON.stringify({
    ...modern('tools/call', { name: 'echo' }).message,
    padding: 'x'.repeat(doorLimits.requestBytes),
  })

  test('is refused with its length told', async () => {
    const answer = await post(at, overSize, modern('tools/call', { name: 'echo' }))
    expect(answer.status).toBe(413)
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'payload-too-large' } } })
  })

  test('is refused as soon as it is too much, with no length told', async () => {
    const answer = await sendInChunks(`${at.base}/mcp`, overSize)
    expect(answer.status).toBe(413)
    expect(answer.body).toMatchObject({ error: { data: { code: 'payload-too-large' } } })
  })

  test('is not read without end', async () => {
    const sent = await sendUntilCut(at.router.port)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('is taken up to the limit', async () => {
    const { message, headers } = modern('tools/call', { name: 'echo', arguments: { said: '' } })
    const room = doorLimits.requestBytes - Buffer.byteLength(JSON.stringify(message))
    message.params = { ...message.params, arguments: { said: 'x'.repeat(room) } } as typeof message.params
    const answer = await post(at, JSON.stringify(message), { headers })
    expect(answer.status).toBe(200)
    expect(answer.body.result.structuredContent.said).toHaveLength(room)
    at.door.received.length = 0
  })
})

describe('who asks, and from where', () => {
  test.each(['evil.example', 'localhost.evil.example', '169.254.169.254', 'a@localhost', 'localhost/x', '[::1'])(
    'refuses the Host "%s"',
    async (host) => {
      for (const path of ['/mcp', '/.well-known/oauth-protected-resource/mcp']) {
        const status = await statusWithHost(at.router.port, path, host)
        expect([400, 403]).toContain(status)
      }
    },
  )

  test.each(['localhost', 'localhost:1', '127.0.0.1:8080', '[::1]:9'])('takes the Host "%s"', async (host) => {
    expect(await statusWithHost(at.router.port, '/.well-known/oauth-protected-resource/mcp', host)).toBe(200)
  })

  test.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'null',
    'file://',
    'nonsense',
    'chrome-extension://abc',
  ])('refuses pages of %s, and no preflight lets them in', async (origin) => {
    const answer = await postModern(at, 'tools/list', {}, { headers: { origin } })
    expect(answer.status).toBe(403)
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { data: { code: 'forbidden' } } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await preflightFrom(origin)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each(['http://localhost:6274', 'http://127.0.0.1:3000'])(
    'lets pages of this machine in while the router is local: %s',
    async (origin) => {
      const preflight = await preflightFrom(origin)
      expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
      const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase()
      expect(allowed?.split(', ')).toEqual(browserHeaders.filter((name) => name !== 'x-evil'))
      const answer = await postModern(at, 'tools/list', {}, { headers: { origin }, bearer: undefined })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      expect(answer.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('www-authenticate')
    },
  )

  test('with a public URL, only its own and the listed names and origins pass', async () => {
    const other = await startRouterAtTest({
      MCP_URL: 'https://mcp.example.com/mcp',
      ALLOWED_HOSTS: 'mcp-router',
      ALLOWED_ORIGINS: 'https://inspector.example.com',
    })
    try {
      const path = '/.well-known/oauth-protected-resource/mcp'
      const status = (host: string) => statusWithHost(other.router.port, path, host)
      expect(await Promise.all(['mcp.example.com', 'mcp-router:8080', 'localhost', '127.0.0.1'].map(status))).toEqual([
        200, 200, 403, 403,
      ])
      const fromPage = async (origin: string) => {
        const headers = { host: 'mcp.example.com', origin, authorization: 'Bearer x' }
        return statusOf(other.router.port, '/mcp', headers, 'POST')
      }
      expect(await fromPage('https://inspector.example.com')).toBe(415)
      expect(await fromPage('https://mcp.example.com')).toBe(415)
      expect(await fromPage('http://localhost:6274')).toBe(403)
    } finally {
      await other.close()
    }
  })

  test('health is told under any Host, for those who ask by address', async () => {
    expect(await statusWithHost(at.router.port, '/healthz', '10.1.2.3:8080')).toBe(200)
  })
})

test("fastmcp's own endpoints answer nobody", async () => {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  for (const path of ['/.parked', '/sse', '/messages', '/health', '/ready', '/mcp/']) {
    expect((await fetch(at.base + path, { method: 'POST', headers, body })).status).toBe(404)
    expect((await fetch(at.base + path, { headers: { accept: 'text/event-stream' } })).status).not.toBe(200)
  }
})

const browserHeaders = [
  'authorization',
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'mcp-param-region',
  'x-evil',
]

function preflightFrom(origin: string): Promise<Response> {
  return fetch(`${at.base}/mcp`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': browserHeaders.join(','),
    },
  })
}

/** fetch sets Host itself, so this asks by node:http. */
function statusWithHost(port: number, path: string, host: string): Promise<number | undefined> {
  return statusOf(port, path, { host }, path === '/mcp' ? 'POST' : 'GET')
}

function statusOf(port: number, path: string, headers: Record<string, string>, method: string) {
  return new Promise<number | undefined>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

function sendInChunks(url: string, body: string): Promise<Pick<Answer, 'status' | 'body'>> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${goodBearer}` }
    const sending = httpRequest(url, { method: 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }))
    }).on('error', reject)
    for (let from = 0; from < body.length; from += 64 * 1024) sending.write(body.slice(from, from + 64 * 1024))
    sending.end()
  })
}

/** Sends a body that never ends; returns how many bytes went out before the router cut the connection. */
function sendUntilCut(port: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let sent = 0
    const chunk = Buffer.alloc(256 * 1024, 0x20)
    const frame = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
    const more = () => {
      while (!socket.destroyed && sent < 128 * 1024 * 1024) {
        sent += chunk.length
        if (!socket.write(frame)) return
      }
    }
    socket
      .on('error', () => undefined)
      .on('close', () => resolve(sent))
      .on('drain', more)
      .resume()
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${goodBearer}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    more()
  })
}
