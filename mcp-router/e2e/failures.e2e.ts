// When the app server is slow, hangs, breaks off, answers nonsense or is away: a clean word in time, and recovery.
import { createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { doorLimits, Problem } from '@sekisho/contracts'
import { echoOf, progressOf, refuse, stream } from './fake-door.js'
import {
  type Answer,
  eventsOf,
  initializeParams,
  post,
  postLegacy,
  postModern,
  type RouterAtTest,
  startRouterAtTest,
} from './router-at-test.js'

let at: RouterAtTest

beforeEach(async () => {
  at = await startRouterAtTest()
})
afterEach(() => at.close())

const eras = [
  ['modern', postModern],
  ['legacy', postLegacy],
] as const

function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body?.error?.data?.code]).toEqual([status, code])
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: 1, error: { message: expect.any(String), data: { status } } })
}

describe.each(eras)('a %s client', (_era, send) => {
  test('is told at once that the app server is away, and served again as soon as it is back', async () => {
    await at.door.stop()
    const startedAt = Date.now()
    for (const method of ['tools/list', 'tools/call']) {
      const answer = await send(at, method, { name: 'echo' })
      expectProblem(answer, 503, 'unavailable')
      expect(answer.headers.get('retry-after')).toBe('2')
      expect(answer.text).not.toContain('ECONNREFUSED')
    }
    expect(Date.now() - startedAt).toBeLessThan(2_000)
    await at.door.start()
    expect((await send(at, 'tools/call', { name: 'echo' })).status).toBe(200)
  })

  test('keeps being served when the app server was replaced between two calls', async () => {
    for (let round = 0; round < 3; round++) {
      expect((await send(at, 'tools/call', { name: 'echo' })).status).toBe(200)
      await at.door.stop()
      await at.door.start()
    }
    expect((await send(at, 'tools/list')).status).toBe(200)
  })

  test('is told when the time for a call is over, and the call is cancelled', async () => {
    await at.close()
    at = await startRouterAtTest({ CALL_TIMEOUT_MS: '1000' })
    at.door.tools.set('hang', () => undefined)
    for (const _meta of [{}, { progressToken: 1 }]) {
      const answer = await send(at, 'tools/call', { name: 'hang', _meta })
      expectProblem(answer, 504, 'timeout')
      await at.door.calls.at(-1)?.hungUp
    }
  })

  test('is told when the answer breaks off', async () => {
    at.door.tools.set('cut', (_received, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"jsonrpc":"2.0",')
      setTimeout(() => response.destroy(), 20)
    })
    at.door.tools.set('reset', (_received, response) => void response.destroy())
    for (const name of ['cut', 'reset']) {
      const answer = await send(at, 'tools/call', { name })
      expectProblem(answer, 503, 'unavailable')
      expect(answer.body.error.message).toContain('may or may not')
    }
  })

  test('is told within the stream when that breaks off', async () => {
    at.door.tools.set('cut', async (received, response) => {
      await stream(response, [progressOf(received, 1)], 50)
      response.destroy()
    })
    const answer = await send(at, 'tools/call', { name: 'cut', _meta: { progressToken: 1 } })
    expect(answer.status).toBe(200)
    expect(eventsOf(answer)).toMatchObject([
      { method: 'notifications/progress' },
      { id: 1, error: { code: -32603, data: { code: 'unavailable' } } },
    ])
  })

  test('is told in our words when the door answers nonsense', async () => {
    const nonsense: [string, number, string, string][] = [
      ['no JSON', 200, 'application/json', 'inner words'],
      ['no response', 200, 'application/json', '{"inner":"words"}'],
      ['an answer to another request', 200, 'application/json', '{"jsonrpc":"2.0","id":2,"result":{"inner":"words"}}'],
      ['a result that is text', 200, 'application/json', '{"jsonrpc":"2.0","id":1,"result":"inner words"}'],
      ['a page', 200, 'text/html', '<p>inner words</p>'],
      ['a stream nobody asked for', 200, 'text/event-stream', 'data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n'],
      ['a redirect', 302, 'text/plain', 'inner words'],
      ['an acknowledgement', 202, 'application/json', ''],
      ['a fault of its own', 500, 'text/plain', 'inner words at line 7'],
      ['a problem of no table', 500, 'application/problem+json', '{"code":"inner","detail":"inner words"}'],
      ['too much', 200, 'application/json', `"${'x'.repeat(doorLimits.responseBytes)}"`],
    ]
    for (const [name, status, type, body] of nonsense) {
      at.door.tools.set(name, (_received, response) => {
        response.writeHead(status, { 'content-type': type }).end(body)
      })
      const answer = await send(at, 'tools/call', { name })
      expectProblem(answer, 500, 'internal')
      expect(answer.text).not.toContain('inner')
    }
  })

  test.each([
    ['rate-limited', 429],
    ['unavailable', 503],
    ['timeout', 504],
    ['internal', 500],
    ['invalid-request', 400],
    ['account-not-active', 403],
    ['cancelled', 499],
  ] as const)('reads the problem %s of the door with its status and when to come back', async (code, status) => {
    at.door.tools.set('fail', (_received, response) => {
      refuse(
        response,
        new Problem(code, 'What to do next.', { reference: 'r-1' }, { headers: { 'Retry-After': '17' } }),
      )
    })
    const answer = await send(at, 'tools/call', { name: 'fail' })
    expectProblem(answer, status, code)
    expect(answer.headers.get('retry-after')).toBe('17')
    expect(answer.body.error).toMatchObject({ message: 'What to do next.', data: { reference: 'r-1' } })
  })

  test('sees nothing of the page of a proxy in between', async () => {
    at.door.tools.set('proxied', (_received, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>inner 10.0.0.7</h1>')
    })
    const answer = await send(at, 'tools/call', { name: 'proxied' })
    expectProblem(answer, 503, 'unavailable')
    expect(answer.text).not.toContain('inner')
  })

  test('gets a big answer whole', async () => {
    const big = 'ü'.repeat(1_000_000)
    at.door.tools.set('big', (received, response) => {
      const answer = JSON.stringify({ jsonrpc: '2.0', id: received.message.id, result: { ...echoOf(received), big } })
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
    })
    at.door.tools.set('big stream', async (received, response) => {
      const result = { ...echoOf(received), big }
      await stream(response, [progressOf(received, 1), { jsonrpc: '2.0', id: received.message.id, result }])
      response.end()
    })
    expect((await send(at, 'tools/call', { name: 'big' })).body.result.big).toBe(big)
    const streamed = await send(at, 'tools/call', { name: 'big stream', _meta: { progressToken: 1 } })
    expect(eventsOf(streamed).at(-1).result.big).toBe(big)
  })
})

test('framing, too, is answered only while the app server can say whether the bearer is good', async () => {
  await at.door.stop()
  expectProblem(await postModern(at, 'server/discover'), 503, 'unavailable')
  expectProblem(await postLegacy(at, 'initialize', initializeParams()), 503, 'unavailable')
  const notification = await post(at, '{"jsonrpc":"2.0","method":"notifications/initialized"}')
  expect([notification.status, notification.body.id]).toEqual([503, null])
})

test('without a bearer, 401 is still answered while the app server is away, only without scopes', async () => {
  await at.door.stop()
  const answer = await postModern(at, 'tools/list', {}, { bearer: undefined })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata="[^"]+"$/)
  const metadata = await fetch(`${at.base}/.well-known/oauth-protected-resource/mcp`)
  expect([metadata.status, metadata.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await metadata.json()).toMatchObject({ code: 'unavailable' })
})

test('a crowd without bearers makes one request to the app server', async () => {
  await Promise.all(Array.from({ length: 50 }, () => postModern(at, 'tools/list', {}, { bearer: undefined })))
  expect(at.door.metadataRequests).toBe(1)
})

test('a scope that would break out of the challenge is left out of it', async () => {
  at.door.metadata.body = { resource: at.router.url, scopes_supported: ['a:read', 'x", error="y', 'b c', ''] }
  const answer = await postModern(at, 'tools/list', {}, { bearer: undefined })
  expect(answer.headers.get('www-authenticate')).toMatch(/, scope="a:read"$/)
})

test('readiness follows the app server, liveness does not', async () => {
  const status = async (path: string) => (await fetch(at.base + path)).status
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200])
  at.door.ready = false
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
})

test('an app server that takes connections but never answers makes readiness fail in time', async () => {
  const sockets = new Set<{ destroy(): void }>()
  const silent = createTcpServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { port: number }
  const other = await startRouterAtTest({ APP_SERVER_URL: `http://127.0.0.1:${port}`, CALL_TIMEOUT_MS: '1000' })
  try {
    const startedAt = Date.now()
    expect((await fetch(`${other.base}/readyz`)).status).toBe(503)
    expectProblem(await postModern(other, 'tools/call', { name: 'echo' }), 504, 'timeout')
    expectProblem(await postModern(other, 'server/discover'), 504, 'timeout')
    expect(Date.now() - startedAt).toBeLessThan(7_000)
  } finally {
    for (const socket of sockets) socket.destroy()
    silent.close()
    await other.close()
  }
})

describe('more calls than it takes', () => {
  test('are sent away at once, and taken when there is room again', async () => {
    await at.close()
    at = await startRouterAtTest({ MAX_CONCURRENT_CALLS: '2', CALL_TIMEOUT_MS: '5000' })
    const waiting: (() => void)[] = []
    at.door.tools.set('wait', (received, response) => {
      waiting.push(() => {
        const answer = { jsonrpc: '2.0', id: received.message.id, result: echoOf(received) }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      })
    })
    const first = postModern(at, 'tools/call', { name: 'wait' })
    const second = postLegacy(at, 'tools/call', { name: 'wait' })
    while (waiting.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    const third = await postModern(at, 'tools/list')
    expectProblem(third, 503, 'unavailable')
    expect(third.headers.get('retry-after')).toBe('1')
    expect((await fetch(`${at.base}/healthz`)).status).toBe(200)
    for (const go of waiting) go()
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect((await postModern(at, 'tools/list')).status).toBe(200)
  })
})
