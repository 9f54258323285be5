// How much a request may be, and how long it may take to come: whatever exceeds it is cut, and nothing reaches the door.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { requireServer, sendUntilClosed, shortenLimits } from '@sekisho/testing'
import { goodBearer } from './fake-door.js'
import { modern, postModern, type RouterAtTest, startRouterAtTest } from './router-at-test.js'

let at: RouterAtTest

beforeEach(async () => {
  at = await startRouterAtTest()
})
afterEach(() => at.close())

/** A call that is right, so that only its size or slowness speaks against it. */
function callWith({ target = '/mcp', headers = [] as string[] }) {
  const { message, headers: usual } = modern('tools/call', { name: 'echo', arguments: { said: 'hi' } })
  const body = JSON.stringify(message)
  const lines = [
    `POST ${target} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Authorization: Bearer ${goodBearer}`,
    ...Object.entries(usual).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
  ]
  return { head: `${lines.join('\r\n')}\r\n\r\n`, body }
}

async function send(parts: { target?: string; headers?: string[] }) {
  const { head, body } = callWith(parts)
  return (await sendUntilClosed(at.base, head + body)).text
}

async function expectUntouched(): Promise<void> {
  expect(at.door.received).toEqual([])
  expect((await postModern(at, 'tools/call', { name: 'echo' })).status).toBe(200)
  expect(at.door.received).toHaveLength(1)
}

describe('the head of a request', () => {
  test.each<[string, Parameters<typeof send>[0]]>([
    ['one header that is too long', { headers: [`X-Long: ${'x'.repeat(17_000)}`] }],
    ['headers that are too many', { headers: Array.from({ length: 1_100 }, (_, n) => `X-${n}: y`) }],
    ['a URL that is too long', { target: `/mcp?${'x'.repeat(17_000)}` }],
  ])('is refused with %s, and the next request is answered', async (_what, parts) => {
    expect(await send(parts)).toMatch(/^HTTP\/1\.1 431 /)
    await expectUntouched()
  })

  test('may have 14 KiB', async () => {
    expect(await send({ headers: [`X-Long: ${'x'.repeat(14 * 1024)}`] })).toMatch(/^HTTP\/1\.1 200 /)
    expect(at.door.received).toHaveLength(1)
  })
})

describe('a request that takes its time', () => {
  test('has 10 seconds for its head and 30 for all of it', async () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = await requireServer(at.base)
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 10_000, requestTimeout: 30_000 })
    expect(keepAliveTimeout).toBeGreaterThan(0)
    expect(maxConnections).toBe(2_048)
  })

  test('is cut when its head does not end', async () => {
    shortenLimits(await requireServer(at.base), { headersTimeout: 300, requestTimeout: 60_000 })
    const { head } = callWith({})
    const { text, livedMs } = await sendUntilClosed(at.base, head.slice(0, -2))
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(livedMs).toBeGreaterThan(250)
    await expectUntouched()
  })

  test('is cut when its body does not end', async () => {
    shortenLimits(await requireServer(at.base), { headersTimeout: 300, requestTimeout: 400 })
    const { head, body } = callWith({})
    const { text, livedMs } = await sendUntilClosed(at.base, head + body.slice(0, -1))
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(livedMs).toBeGreaterThan(350)
    await expectUntouched()
  })

  test('is not cut while a tool works on it, however long that takes', async () => {
    shortenLimits(await requireServer(at.base), { headersTimeout: 100, requestTimeout: 200 })
    at.door.tools.set('slow', (received, response) => {
      setTimeout(() => {
        const answer = { jsonrpc: '2.0', id: received.message.id, result: { content: [], structuredContent: {} } }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      }, 800)
    })
    expect((await postModern(at, 'tools/call', { name: 'slow' })).status).toBe(200)
  })
})
