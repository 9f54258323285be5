// Both processes as shipped, under a crowd, with one of them away, and what their logs say.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DOOR_PATH, doorHeaders } from '@sekisho/contracts'
import { eventually, OAuthProgram, Person, type Stack, signIn, startStack } from '@sekisho/testing'
import { PlainAnswers } from '../src/plain-answer.js'
import type { PlainRequest } from '../src/plain-request.js'

const crowd = 100
const scopes = 'booking:read booking:create product:read'

let stack: Stack
let program: OAuthProgram

beforeAll(async () => {
  // Each person has an address of their own, as people have.
  stack = await startStack({ appEnv: { TRUSTED_PROXIES: '1' } })
  program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
}, 60_000)

afterAll(() => stack?.close())

async function tokenOf(index: number): Promise<string> {
  const person = new Person([stack.appServer.url], { 'x-forwarded-for': `198.51.100.${index + 1}` })
  await signIn(person, `Person ${index}`, `person-${index}@example.test`)
  return (await program.authorize(person, scopes)).access_token
}

interface Answer {
  status: number
  headers: Headers
  body: {
    result?: { isError?: boolean; structuredContent: Record<string, unknown>; content: { text: string }[] }
    error?: { code: number; message: string; data?: Record<string, unknown> }
  }
}

async function call(token: string, name: string, args: Record<string, unknown>, headers = {}): Promise<Answer> {
  const response = await fetch(stack.mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    // Every client counts its requests from the same number.
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
    signal: AbortSignal.timeout(30_000),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
}

describe('a crowd', () => {
  test('of 100 that books the last place at once: one succeeds, 99 are told which slots are free', async () => {
    const tokens: string[] = []
    for (let at = 0; at <= crowd; at += 10) {
      const some = Array.from({ length: Math.min(10, crowd + 1 - at) }, (_, offset) => tokenOf(at + offset))
      tokens.push(...(await Promise.all(some)))
    }
    const [first = '', ...others] = tokens
    expect(others).toHaveLength(crowd)

    const services = await call(first, 'booking.list_services', {})
    const list = services.body.result?.structuredContent.services as { id: string; capacity: number }[]
    const service = list.reduce((most, other) => (other.capacity > most.capacity ? other : most))
    const found = await call(first, 'booking.find_slots', { service_id: service.id, limit: 1 })
    const [slot] = (found.body.result?.structuredContent.slots ?? []) as { start: string }[]
    const wish = { service_id: service.id, start: slot?.start }
    // Other people take all places but one.
    for (const token of others.slice(0, service.capacity - 1)) {
      expect((await call(token, 'booking.create', wish)).body.result?.isError ?? false).toBe(false)
    }
    const contenders = [first, ...others.slice(service.capacity - 1)]
    while (contenders.length < crowd) contenders.push(await tokenOf(tokens.length + contenders.length))

    const answers = await Promise.all(contenders.map((token) => call(token, 'booking.create', wish)))
    const taken = answers.filter(({ body }) => body.result?.isError)
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect([answers.length - taken.length, taken.length]).toEqual([1, contenders.length - 1])
    for (const { body } of taken) {
      expect(body.result?.structuredContent).toMatchObject({ code: 'slot-taken', status: 409 })
      const free = body.result?.structuredContent.free_slots as { start: string }[]
      expect(free.length).toBeGreaterThan(0)
      expect(body.result?.content[0]?.text).toContain(free[0]?.start)
    }
    const [{ held } = { held: 0 }] = await stack.sql<{ held: number }>(
      `SELECT count(*)::int AS held FROM bookings WHERE service_id = $1 AND starts_at = $2 AND status = 'confirmed'`,
      [service.id, slot?.start],
    )
    expect(held).toBe(service.capacity)
    const [{ entries } = { entries: 0 }] = await stack.sql<{ entries: number }>(
      `SELECT count(*)::int AS entries FROM audit_entries WHERE tool = 'booking.create' AND reason = 'slot-taken'`,
    )
    expect(entries).toBe(contenders.length - 1)
  }, 120_000)
})

describe('the app server', () => {
  test('being away is told cleanly, and being back is noticed without a restart', async () => {
    const token = await tokenOf(240)
    expect((await call(token, 'product.search', {})).status).toBe(200)
    await stack.appServer.stop('SIGKILL')
    const startedAt = performance.now()
    const away = await call(token, 'product.search', {})
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(away.status).toBe(503)
    expect(away.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(away.body.error?.message).toMatch(/app server|again/i)
    expect(JSON.stringify(away.body)).not.toMatch(/ECONNREFUSED|undici|127\.0\.0\.1/)
    expect((await fetch(`${stack.router.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${stack.router.url}/healthz`)).status).toBe(200)
    await stack.appServer.start()
    expect((await call(token, 'product.search', {})).status).toBe(200)
  }, 60_000)
})

test.each(['modern', 'legacy'] as const)(
  'the app server answers plain requests of the %s era so that the router can pass it on as it is',
  async (era) => {
    const token = await tokenOf(era === 'modern' ? 242 : 243)
    const plain = new PlainAnswers()
    for (const [method, params] of [
      ['tools/list', {}],
      ['tools/call', { name: 'product.search', arguments: {} }],
      ['tools/call', { name: 'product.get', arguments: { product_id: 'none' } }],
    ] as const) {
      const response = await fetch(stack.appServer.url + DOOR_PATH, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          [doorHeaders.era]: era,
          [doorHeaders.protocolVersion]: era === 'modern' ? '2026-07-28' : '2025-11-25',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 'a-1', method, params }),
      })
      const answer = Buffer.from(await response.arrayBuffer())
      expect(plain.find({ era, method, id: 'a-1' } as PlainRequest, answer)).toBeDefined()
    }
  },
  60_000,
)

describe('the logs of both', () => {
  test('have the request id of a call, and never its token or arguments', async () => {
    const token = await tokenOf(241)
    const requestId = `trace-${Date.now()}`
    const answer = await call(
      token,
      'product.search',
      { query: 'planted-secret-argument' },
      { 'x-request-id': requestId },
    )
    expect(answer.headers.get('x-request-id')).toBe(requestId)
    const of = (lines: Record<string, unknown>[]) => lines.filter((line) => line.requestId === requestId)
    await eventually(() => of(stack.router.logLines).length > 0 && of(stack.appServer.logLines).length > 0)
    const all = JSON.stringify([stack.router.logLines, stack.appServer.logLines])
    for (const secret of [token, token.split('.')[2] ?? '', 'planted-secret-argument'])
      expect(all).not.toContain(secret)
    expect(all).not.toMatch(/"authorization"|"cookie"/i)
  })
})
