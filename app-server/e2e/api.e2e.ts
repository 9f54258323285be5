// The tools over plain HTTP: for a program with a bearer, for a person with a session, and for nobody else.
import SwaggerParser from '@apidevtools/swagger-parser'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, OAuthProgram, Person } from '@sekisho/testing'
import { providers } from '../src/providers/index.js'
import { startTestApp, type TestApp } from './app.js'
import { abortedWaits, fixturesProvider, innerWords } from './fixtures-provider.js'
import { challengeOf, claimsOf } from './oauth-bench.js'

let app: TestApp
let aki: Person
let akiId: string
let cookie: string
let csrf: string
let program: OAuthProgram
let bearer: string

/** With an OAuth client for each connected service, so that the tools of all of them are there. */
const everyService = Object.fromEntries(
  ['GCAL', 'GITHUB', 'NOTION', 'JIRA'].flatMap((prefix) => [
    [`${prefix}_CLIENT_ID`, 'id'],
    [`${prefix}_CLIENT_SECRET`, 'a-secret-of-a-service'],
  ]),
)

beforeAll(async () => {
  app = await startTestApp({ providers: [...providers, fixturesProvider], env: everyService })
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  bearer = (await program.authorize(aki, 'fixtures:use product:read')).access_token
  akiId = String(claimsOf(bearer).sub)
  cookie = `sekisho_session=${aki.cookie('sekisho_session')}`
  csrf = ((await (await get('/api/session', { cookie })).json()) as { csrf_token: string }).csrf_token
})

afterAll(() => app.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, { headers, redirect: 'manual' })

function call(tool: string, args: unknown, headers: Record<string, string>, init: RequestInit = {}) {
  return fetch(`${app.url}/api/tools/${tool}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof args === 'string' ? args : JSON.stringify(args),
    ...init,
  })
}

const withBearer = () => ({ authorization: `Bearer ${bearer}` })
const withSession = () => ({ cookie, 'x-csrf-token': csrf })

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  expect(response.headers.get('cache-control')).toContain('no-store')
  return (await response.json()) as Record<string, unknown>
}

async function lastEntry(tool: string) {
  const [entry] = await app.sql(
    'SELECT actor_id, client_id, grant_id, outcome, reason FROM audit_entries WHERE tool = $1 ORDER BY id DESC LIMIT 1',
    [tool],
  )
  return entry
}

describe('a tool runs', () => {
  test('for a program with a bearer, and the log names the program', async () => {
    const response = await call('fixtures.who', {}, withBearer())
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ userId: akiId, email: 'aki.tanaka@example.test', name: 'Aki Tanaka' })
    expect(await lastEntry('fixtures.who')).toEqual({
      actor_id: akiId,
      client_id: program.clientId,
      grant_id: claimsOf(bearer).grant_id,
      outcome: 'ok',
      reason: null,
    })
  })

  test('for a person with a session and its token, and the log says that they called themselves', async () => {
    const response = await call('fixtures.who', {}, withSession())
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ userId: akiId })
    expect(await lastEntry('fixtures.who')).toEqual({
      actor_id: akiId,
      client_id: 'urn:sekisho:api',
      grant_id: null,
      outcome: 'ok',
      reason: null,
    })
  })

  test('without a body when it needs no arguments', async () => {
    const response = await fetch(`${app.url}/api/tools/fixtures.who`, { method: 'POST', headers: withBearer() })
    expect(response.status).toBe(200)
  })

  test('once for a repeated Idempotency-Key, with or without quotes', async () => {
    const key = { ...withSession(), 'idempotency-key': '"key-1"' }
    const first = await (await call('fixtures.write', { note: 'one' }, key)).json()
    expect(first).toMatchObject({ note: 'one' })
    expect(
      await (await call('fixtures.write', { note: 'one' }, { ...key, 'idempotency-key': 'key-1' })).json(),
    ).toEqual(first)
    expect(
      await (await call('fixtures.write', { note: 'one', idempotency_key: 'key-1' }, withSession())).json(),
    ).toEqual(first)
    const other = await call('fixtures.write', { note: 'two' }, key)
    expect(other.status).toBe(409)
    expect(await problemOf(other)).toMatchObject({ code: 'idempotency-conflict' })
    const both = await call('fixtures.write', { note: 'one', idempotency_key: 'key-2' }, key)
    expect(both.status).toBe(400)
    expect(await problemOf(both)).toMatchObject({ code: 'invalid-arguments' })
    // A tool that only reads takes no key, and a client that always sends one is none the worse.
    expect((await call('fixtures.who', {}, key)).status).toBe(200)
  })
})

describe('whoever shows nothing that counts', () => {
  const ways: [string, () => Promise<Response>][] = [
    ['to list', () => get('/api/tools', { accept: 'text/html' })],
    ['to look', () => get('/api/tools/product.search', { accept: 'text/html' })],
    ['to call', () => call('product.search', {}, { accept: 'text/html' })],
  ]

  test.each(ways)('is answered 401 with a challenge %s, and never sent to a page', async (_what, ask) => {
    const response = await ask()
    expect(response.status).toBe(401)
    expect(response.headers.get('location')).toBeNull()
    expect(challengeOf(response)).toHaveProperty('resource_metadata')
    expect(await problemOf(response)).toMatchObject({ code: 'sign-in-required', status: 401 })
  })

  test('is told so when asking for the session', async () => {
    const response = await get('/api/session', { accept: 'text/html' })
    expect(response.status).toBe(401)
    expect(await problemOf(response)).toMatchObject({ code: 'sign-in-required' })
    expect((await get('/api/session', withBearer())).status).toBe(401)
  })

  test('gets nowhere by a bad bearer, also when a good session comes with it', async () => {
    for (const authorization of ['Bearer a.b.c', 'Bearer', 'Basic YTpi']) {
      const response = await call('fixtures.who', {}, { ...withSession(), authorization })
      expect(response.status).toBe(401)
      expect(challengeOf(response)).toHaveProperty('resource_metadata')
      await problemOf(response)
    }
    const expired = await call('fixtures.who', {}, { cookie: 'sekisho_session=x', 'x-csrf-token': csrf })
    expect(expired.status).toBe(401)
  })

  test('cannot call with a session alone: its token must come in the header, and be its own', async () => {
    const other = await app.signedIn('Other Person')
    const otherCookie = `sekisho_session=${other.cookie('sekisho_session')}`
    for (const headers of [
      { cookie },
      { cookie, 'x-csrf-token': `${csrf.slice(0, -1)}x` },
      { cookie: otherCookie, 'x-csrf-token': csrf },
    ]) {
      const response = await call('fixtures.who', {}, headers as Record<string, string>)
      expect(response.status).toBe(403)
      expect(await problemOf(response)).toMatchObject({ code: 'form-expired' })
    }
  })

  test('cannot call from the page of another site', async () => {
    const response = await call('fixtures.who', {}, { ...withSession(), origin: 'https://evil.example' })
    expect(response.status).toBe(403)
    expect(await problemOf(response)).toMatchObject({ code: 'forbidden' })
    const session = await get('/api/session', { cookie, origin: 'https://evil.example' })
    expect(session.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('is refused at the next call when suspended', async () => {
    const person = await app.signedIn('Soon Suspended')
    const headers = { cookie: `sekisho_session=${person.cookie('sekisho_session')}` }
    expect((await get('/api/tools', headers)).status).toBe(200)
    await app.sql(`UPDATE users SET status = 'suspended' WHERE name = 'Soon Suspended'`)
    expect((await get('/api/tools', headers)).status).toBe(401)
  })
})

describe('a failure is a problem document with the right status:', () => {
  test('a scope that the bearer lacks', async () => {
    const response = await call('order.list', {}, withBearer())
    expect(response.status).toBe(403)
    expect(challengeOf(response)).toMatchObject({
      error: 'insufficient_scope',
      scope: 'fixtures:use order:read product:read',
    })
    expect(await problemOf(response)).toMatchObject({ code: 'insufficient-scope', missing_scopes: ['order:read'] })
    expect(await lastEntry('order.list')).toMatchObject({ outcome: 'refused', reason: 'insufficient-scope' })
  })

  test('a tool there is not', async () => {
    for (const response of [
      await call('product.serch', {}, withSession()),
      await get('/api/tools/product.serch', { cookie }),
    ]) {
      expect(response.status).toBe(404)
      expect(await problemOf(response)).toMatchObject({
        code: 'unknown-tool',
        similar: expect.arrayContaining(['product.search']),
      })
    }
  })

  test.each([
    ['arguments that do not fit', 'fixtures.echo', { text: 1 }, 400, 'invalid-arguments'],
    ['a body that is no object', 'fixtures.echo', [1], 400, 'invalid-request'],
    ['a body that is no JSON', 'fixtures.echo', '{"text":', 400, 'invalid-request'],
    ['what the tool refuses', 'fixtures.refuse', {}, 409, 'conflict'],
    ['a tool that breaks', 'fixtures.break', {}, 500, 'internal'],
    ['a tool whose output is not what it promised', 'fixtures.lie', {}, 500, 'internal'],
    ['a body that is too large', 'fixtures.echo', { text: 'x'.repeat(1_100_000) }, 413, 'payload-too-large'],
  ])('%s', async (_what, tool, args, status, code) => {
    const response = await call(tool, args, withSession())
    expect(response.status).toBe(status)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code, status, detail: expect.stringMatching(/\w/) })
    expect(text).not.toContain(innerWords)
  })

  test('a body of another type', async () => {
    const form = { ...withSession(), 'content-type': 'application/x-www-form-urlencoded' }
    const response = await call('fixtures.echo', 'text=hello', form)
    expect(response.status).toBe(415)
    expect(await problemOf(response)).toMatchObject({ code: 'unsupported-media-type' })
  })
})

test('a caller that hangs up has cancelled', async () => {
  const controller = new AbortController()
  const running = call('fixtures.wait', { ms: 20_000, label: 'hung up' }, withSession(), { signal: controller.signal })
  setTimeout(() => controller.abort(), 300)
  await expect(running).rejects.toThrow()
  await eventually(async () => abortedWaits.has('hung up'), 5_000)
  await eventually(async () => (await lastEntry('fixtures.wait')) !== undefined, 5_000)
  expect(await lastEntry('fixtures.wait')).toMatchObject({ outcome: 'failed', reason: 'cancelled' })
})

test('the list says of each tool what it needs and whether this caller has it', async () => {
  const list = async (headers: Record<string, string>) =>
    ((await (await get('/api/tools', headers)).json()) as { tools: Record<string, unknown>[] }).tools
  const forBearer = await list(withBearer())
  expect(forBearer.find(({ name }) => name === 'product.search')).toMatchObject({
    scope: 'product:read',
    allowed: true,
    inputSchema: { type: 'object' },
  })
  expect(forBearer.find(({ name }) => name === 'order.create')).toMatchObject({ allowed: false })
  expect((await list({ cookie })).every(({ allowed }) => allowed)).toBe(true)
  expect(await (await get('/api/tools/order.create', withBearer())).json()).toEqual(
    forBearer.find(({ name }) => name === 'order.create'),
  )
})

test('GET /api/session says who is signed in', async () => {
  expect(await (await get('/api/session', { cookie })).json()).toMatchObject({
    person: { id: akiId, name: 'Aki Tanaka', email: 'aki.tanaka@example.test' },
    csrf_token: csrf,
  })
})

describe('the OpenAPI document', () => {
  type Document = {
    paths: Record<string, Record<string, { operationId: string; security: object[]; parameters?: object[] }>>
  }

  async function document(): Promise<Document> {
    const response = await get('/api/openapi.json')
    expect(response.status).toBe(200)
    return (await response.json()) as Document
  }

  test('is a valid one of OpenAPI 3.1', async () => {
    const given = await document()
    await expect(SwaggerParser.validate(structuredClone(given) as never)).resolves.toBeDefined()
    const broken = structuredClone(given) as unknown as { paths: Record<string, { post?: { responses?: unknown } }> }
    delete broken.paths['/api/tools/product.search']?.post?.responses
    ;(broken as unknown as { info: object }).info = {}
    await expect(SwaggerParser.validate(broken as never)).rejects.toThrow()
  })

  test('describes every tool as it is called, with the scope it needs', async () => {
    const { paths } = await document()
    const tools = [...providers, fixturesProvider].flatMap((provider) => provider.tools)
    expect(Object.keys(paths).sort()).toEqual(
      ['/api/session', '/api/tools', ...tools.map(({ name }) => `/api/tools/${name}`)].sort(),
    )
    for (const { name, scope } of tools) {
      const { post } = paths[`/api/tools/${name}`] ?? {}
      expect(post?.security).toEqual([{ oauth: [scope] }, { session: [], csrf: [] }])
    }
    expect(paths['/api/tools/order.create']?.post?.parameters).toHaveLength(1)
    expect(paths['/api/tools/product.search']?.post).not.toHaveProperty('parameters')
    const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('the pages', () => {
  test('send whoever is not signed in to sign in, and back', async () => {
    const page = await new Person([app.url]).open('/api/docs/product.search')
    expect(page.url.pathname).toBe('/auth/login')
    expect(page.url.searchParams.get('returnTo')).toBe('/api/docs/product.search')
  })

  test('list every tool, and each has a page of its own', async () => {
    const list = await aki.open('/api/docs')
    expect(list.status).toBe(200)
    for (const { name } of providers.flatMap((provider) => provider.tools)) {
      expect(list.body).toContain(`href="/api/docs/${name}"`)
      const page = await aki.open(`/api/docs/${name}`)
      expect(page.status).toBe(200)
      expect(page.body).toContain(`/api/tools/${name}`)
    }
    expect((await aki.open('/api/docs/nothing.like_it')).status).toBe(404)
  })

  async function attempt(tool: string, text: string, changes: Record<string, string> = {}) {
    const page = await aki.open(`/api/docs/${tool}`)
    const form = page.forms.find(({ action }) => action === `/api/docs/${tool}`)
    if (!form) throw new Error('no form to try it')
    return aki.submit(page, form, { arguments: text, ...changes })
  }

  test('run a tool in the name of the reader, and show what came of it as text', async () => {
    const page = await attempt('fixtures.echo', '{"text":"<script>alert(1)</script>"}')
    expect(page.status).toBe(200)
    expect(page.body).toContain('It ran')
    expect(page.body).not.toContain('<script>alert')
    expect(page.body).toContain('&lt;script&gt;alert')
    expect(await lastEntry('fixtures.echo')).toMatchObject({ client_id: 'urn:sekisho:api', outcome: 'ok' })
  })

  test.each([
    ['{"text":', 400, 'not one JSON object'],
    ['[]', 400, 'not one JSON object'],
    ['{}', 400, 'Mend these arguments'],
  ])('say what is wrong with %s and keep it in the form', async (text, status, words) => {
    const page = await attempt('fixtures.echo', text)
    expect(page.status).toBe(status)
    expect(page.body).toContain(words)
    const form = page.forms.find(({ action }) => action === '/api/docs/fixtures.echo')
    expect(form?.fields).toContainEqual(['arguments', text])
  })

  test('run nothing for a form that is not theirs', async () => {
    const before = await app.sql('SELECT id FROM audit_entries WHERE tool = $1', ['fixtures.write'])
    const page = await attempt('fixtures.write', '{"note":"x"}', { _csrf: 'forged' })
    expect(page.status).toBe(403)
    expect(await app.sql('SELECT id FROM audit_entries WHERE tool = $1', ['fixtures.write'])).toEqual(before)
  })
})
