// What happens between a tool and its service: tokens that are refused, limits that pass, addresses that are not the service's.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { type FakeAnswer, FakeService } from '@sekisho/fakes'
import { GuardedFetch, type OutboundRequest } from '../platform/guarded-fetch.js'
import type { Services } from '../platform/service-settings.js'
import type { Connect } from './connect.js'
import { retryAfterOf, type TokenSource, upstreamFetch, upstreamProblem } from './upstream.js'

class Service extends FakeService {
  goodToken = 'first'
  answers: FakeAnswer[] = []

  constructor() {
    super()
    for (const method of ['GET', 'POST']) {
      this.route(method, '/api/things', ({ headers }) => {
        if (headers.authorization !== `Bearer ${this.goodToken}`) return { status: 401 }
        return this.answers.shift() ?? { body: { ok: true } }
      })
    }
  }
}

let service: Service
let guard: GuardedFetch

beforeAll(async () => {
  service = await new Service().listen()
  guard = new GuardedFetch({ outboundAllowedHosts: [service.host] })
})

afterAll(async () => {
  await guard.onApplicationShutdown()
  await service.close()
})

beforeEach(() => {
  service.behave()
  service.answers = []
  service.goodToken = 'first'
})

/** The way to the service, whose token source gives these tokens one after another. */
function way(tokens: string[], connect: Partial<Connect> = {}, signal = new AbortController().signal) {
  const renewals: string[] = []
  let current = `Bearer ${tokens.shift()}`
  const source: TokenSource = {
    authorization: async () => current,
    async renewed(refused) {
      renewals.push(refused)
      const next = tokens.shift()
      if (next !== undefined) current = `Bearer ${next}`
      return next === undefined ? undefined : current
    },
  }
  const ask = upstreamFetch({
    connect: { service: 'Things', apiUrls: () => [`${service.url}/api`], ...connect } as Connect,
    services: {} as Services,
    details: {},
    tokens: source,
    fetch: guard,
    signal,
  })
  return { renewals, ask: (request?: OutboundRequest) => ask(`${service.url}/api/things`, request), askAt: ask }
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof Problem)) throw error ?? new Error('nothing was refused')
  return error
}

describe('a token the service refuses', () => {
  test('is renewed once, and the request is repeated once', async () => {
    const { ask, renewals } = way(['old', 'first'])
    expect((await ask({ method: 'POST', body: 'x' })).status).toBe(200)
    expect(renewals).toEqual(['Bearer old'])
    expect(service.seen.map(({ headers, text }) => [headers.authorization, text])).toEqual([
      ['Bearer old', 'x'],
      ['Bearer first', 'x'],
    ])
  })

  test('is not renewed a second time when the new one is refused, too', async () => {
    const { ask, renewals } = way(['old', 'older', 'first'])
    expect((await ask()).status).toBe(401)
    expect(renewals).toHaveLength(1)
    expect(service.seen).toHaveLength(2)
  })

  test('stays refused when there is no other', async () => {
    const { ask } = way(['old'])
    expect((await ask()).status).toBe(401)
    expect(service.seen).toHaveLength(1)
  })
})

describe('a service that wants to be asked later', () => {
  test('is asked again after the time it says, when that is short', async () => {
    service.answers = [{ status: 429, headers: { 'retry-after': '1' } }]
    const { ask } = way(['first'])
    const began = performance.now()
    expect((await ask({ method: 'POST' })).status).toBe(200)
    expect(performance.now() - began).toBeGreaterThan(950)
  })

  test('is not waited for when that is long, nor more than twice', async () => {
    service.answers = [{ status: 429, headers: { 'retry-after': '60' } }]
    expect((await way(['first']).ask()).status).toBe(429)
    expect(service.seen).toHaveLength(1)
    service.seen.length = 0
    service.answers = Array.from({ length: 5 }, () => ({ status: 429, headers: { 'retry-after': '0' } }))
    expect((await way(['first']).ask()).status).toBe(429)
    expect(service.seen).toHaveLength(3)
  })

  test('is asked again after 503 for what only reads, and not for what may have been done', async () => {
    service.answers = [{ status: 503, headers: { 'retry-after': '0' } }]
    expect((await way(['first']).ask()).status).toBe(200)
    service.answers = [{ status: 503, headers: { 'retry-after': '0' } }]
    expect((await way(['first']).ask({ method: 'POST' })).status).toBe(503)
  })

  test('may say it in its own way', async () => {
    service.answers = [{ status: 403, headers: { 'x-wait': '0' } }]
    const retryAfterSeconds = async ({ headers }: Response) => Number(headers.get('x-wait') ?? Number.NaN) || 0
    expect((await way(['first'], { retryAfterSeconds }).ask()).status).toBe(200)
  })

  test('is no longer waited for when the caller gives up', async () => {
    service.answers = [{ status: 429, headers: { 'retry-after': '5' } }]
    const end = new AbortController()
    const asked = problemOf(way(['first'], {}, end.signal).ask())
    setTimeout(() => end.abort(), 100)
    expect((await asked).code).toBe('cancelled')
  })
})

describe('a token', () => {
  test.each([
    ['another host', () => 'http://example.com/api/things'],
    ['another port', () => `${service.url.replace(/\d+$/, '1')}/api/things`],
    ['another path', () => `${service.url}/apix/things`],
    ['a path that climbs out', () => `${service.url}/api/../internal`],
    ['a path that climbs out in code', () => `${service.url}/api/%2e%2e/internal`],
  ])('never goes to %s', async (_where, url) => {
    await expect(way(['first']).askAt(url())).rejects.toThrow("is not where Things's tokens go")
    expect(service.seen).toHaveLength(0)
  })
})

describe('a connection that breaks', () => {
  test('is told as the fault of the service, with the doubt about what was asked to be done', async () => {
    service.misbehave('/api/things', { kind: 'drop' })
    const read = await problemOf(way(['first']).ask())
    expect([read.code, read.detail]).toEqual([
      'upstream-failed',
      'Things cannot be reached right now. Try again in a minute.',
    ])
    const write = await problemOf(way(['first']).ask({ method: 'POST' }))
    expect(write.detail).toContain('It may or may not have been done')
  })

  test('is told as too slow when the time is over', async () => {
    service.misbehave('/api/things', { kind: 'hang' })
    expect((await problemOf(way(['first']).ask({ timeoutMs: 200 }))).code).toBe('timeout')
  })
})

describe('an error answer', () => {
  test.each([
    [400, 'invalid-arguments'],
    [401, 'upstream-failed'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [410, 'not-found'],
    [412, 'conflict'],
    [418, 'upstream-failed'],
    [422, 'invalid-arguments'],
    [429, 'rate-limited'],
    [500, 'upstream-failed'],
  ])('with status %i becomes %s', (status, code) => {
    expect(upstreamProblem({ service: 'Things', status, words: undefined }).code).toBe(code)
  })

  test("carries the service's words as data: on one line, in one quotation, of bounded length", () => {
    const words = `no "such"\n\nthing\u0007 ${'x'.repeat(1_000)}`
    const { detail } = upstreamProblem({ service: 'Things', status: 404, words })
    expect(detail).toContain(`Things says: "no 'such' thing xxx`)
    expect(detail.length).toBeLessThan(500)
  })

  test('keeps the words of a fault inside the service to itself', () => {
    expect(upstreamProblem({ service: 'Things', status: 500, words: 'stack trace' }).detail).not.toContain('stack')
  })

  test('of a rate limit says how long, in words and in numbers', () => {
    const problem = upstreamProblem({ service: 'Things', status: 429, words: undefined, retryAfterSeconds: 90.2 })
    expect(problem.detail).toContain('91 seconds')
    expect([problem.members.retry_after_seconds, problem.headers['Retry-After']]).toEqual([91, '91'])
  })
})

test.each([
  ['12', 12],
  [' 7 ', 7],
  [new Date(Date.now() + 30_000).toUTCString(), expect.closeTo(30, -1)],
  [new Date(Date.now() - 30_000).toUTCString(), 0],
  ['soon', undefined],
])('reads Retry-After: %s', (value, seconds) => {
  expect(retryAfterOf(new Response(null, { headers: { 'retry-after': value } }))).toEqual(seconds)
})
