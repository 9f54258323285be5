// What a page of another web site can do: nothing, unless its origin is allowed, and then only with a token of its own.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { fixturesProvider } from './fixtures-provider.js'

const allowed = 'https://dashboard.example'
const foreign = 'https://evil.example'

let app: TestApp
let person: Person
let token: string

beforeAll(async () => {
  app = await startTestApp({ providers: [fixturesProvider], env: { ALLOWED_ORIGINS: allowed } })
  person = await app.signedIn('Sora Endo')
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  token = (await program.authorize(person, 'fixtures:use')).access_token
})

afterAll(() => app.close())

function call(origin: string, headers: Record<string, string> = {}, path = '/api/tools/fixtures.echo') {
  return fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ text: 'a' }),
  })
}

function preflight(origin: string, path = '/api/tools/fixtures.echo') {
  return fetch(`${app.url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
}

describe('a page of an allowed origin', () => {
  test('may ask, call with a token and read the answer', async () => {
    const asked = await preflight(allowed)
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe(allowed)
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization')
    const answer = await call(allowed, { authorization: `Bearer ${token}` })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  test('is never invited to send cookies, and gets nothing for one', async () => {
    for (const answer of [await preflight(allowed), await call(allowed, { authorization: `Bearer ${token}` })]) {
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
    }
    expect((await call(allowed)).status).toBe(403)
  })

  test.each(['/account/sessions/end-others', '/auth/logout', '/api/docs/fixtures.echo', '/programs/x/withdraw'])(
    'may not write to %s, token or not',
    async (path) => {
      const answer = await call(allowed, { authorization: `Bearer ${token}` }, path)
      expect(answer.status).toBe(403)
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
      expect((await preflight(allowed, path)).headers.has('access-control-allow-origin')).toBe(false)
    },
  )
})

describe('a page of any other origin', () => {
  test.each([foreign, 'null', `${allowed}.evil.example`, allowed.replace('https', 'http')])(
    'is refused and can read nothing: %s',
    async (origin) => {
      expect((await preflight(origin)).headers.has('access-control-allow-origin')).toBe(false)
      const answer = await call(origin, { authorization: `Bearer ${token}` })
      expect(answer.status).toBe(403)
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    },
  )

  test('may still get tokens: the endpoints for programs are for all, and take no cookie', async () => {
    for (const path of ['/oauth/token', '/oauth/register']) {
      const answer = await preflight(foreign, path)
      expect(answer.status).toBeLessThan(300)
      expect(answer.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/evil\.example)$/)
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
    }
  })
})
