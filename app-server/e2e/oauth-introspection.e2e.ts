// What is told of a token that we gave out, and to whom (RFC 7662); and how a client gives one back (RFC 7009).
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Person, programRedirectUri, type TokenAnswer } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { challengeOf, claimsOf, knock } from './oauth-bench.js'

let app: TestApp
let boss: Person
let aki: Person
let program: OAuthProgram
let other: OAuthProgram
let tokens: TokenAnswer

beforeAll(async () => {
  app = await startTestApp({ env: { TRUSTED_PROXIES: '1', REFRESH_REUSE_SECONDS: '20' } })
  boss = await app.signedIn('The Boss')
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  other = await OAuthProgram.at(app.url, app.settings.mcpUrl)
})

afterAll(() => app.close())

beforeEach(async () => {
  tokens = await program.authorize(aki, 'booking:read booking:create')
})

type Answer = Record<string, unknown>

async function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  at = app.url,
): Promise<{ status: number; headers: Headers; text: string; body: Answer }> {
  const response = await fetch(`${at}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? (JSON.parse(text) as Answer) : {},
  }
}

const introspect = (token: string, by = program, at = app.url) =>
  post('/oauth/introspect', { client_id: by.clientId, token }, {}, at)
const revoke = (token: string, by = program, at = app.url) =>
  post('/oauth/revoke', { client_id: by.clientId, token }, {}, at)

/** A client with a secret, as `method` wants it sent. */
async function registerConfidential(method: 'client_secret_basic' | 'client_secret_post') {
  const response = await fetch(`${app.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'With a secret',
      redirect_uris: [programRedirectUri],
      token_endpoint_auth_method: method,
    }),
  })
  return (await response.json()) as { client_id: string; client_secret: string }
}

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
})

test('both endpoints and how to authenticate there stand in the metadata', async () => {
  const metadata = await (await fetch(`${app.url}/.well-known/oauth-authorization-server`)).json()
  const methods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']
  expect(metadata).toMatchObject({
    introspection_endpoint: `${app.url}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: methods,
    revocation_endpoint: `${app.url}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_methods_supported: methods,
  })
})

describe('introspection', () => {
  test('tells a client what its access token is good for', async () => {
    const { status, headers, body } = await introspect(tokens.access_token)
    const claims = claimsOf(tokens.access_token)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(body).toEqual({
      active: true,
      scope: 'booking:read booking:create',
      client_id: program.clientId,
      username: 'aki.tanaka@example.test',
      token_type: 'Bearer',
      exp: claims.exp,
      iat: claims.iat,
      sub: claims.sub,
      aud: app.settings.mcpUrl,
      iss: app.url,
      jti: claims.jti,
    })
  })

  test('tells a client of its refresh token, which is no bearer', async () => {
    const { status, body } = await introspect(tokens.refresh_token ?? '')
    expect(status).toBe(200)
    expect(body).toEqual({
      active: true,
      scope: 'booking:read booking:create',
      client_id: program.clientId,
      username: 'aki.tanaka@example.test',
      exp: expect.any(Number),
      iat: expect.any(Number),
      sub: claimsOf(tokens.access_token).sub,
      iss: app.url,
    })
    const lifeSeconds = Number(body.exp) - Number(body.iat)
    expect(Math.abs(lifeSeconds - app.settings.refreshTokenSeconds)).toBeLessThan(5)
  })

  test.each(['access_token', 'refresh_token'] as const)(
    'says nothing of the %s of another client but that it is not active',
    async (kind) => {
      const { status, body } = await introspect(tokens[kind] ?? '', other)
      expect(status).toBe(200)
      expect(body).toEqual({ active: false })
    },
  )

  test.each([
    ['made up', () => 'made-up'],
    ['a signed one of a stranger', () => `${tokens.access_token.split('.').slice(0, 2).join('.')}.AAAA`],
    ['three dotted words', () => 'a.b.c'],
    ['with a zero byte', () => 'x\u0000y'],
    ['very long', () => 'x'.repeat(20_000)],
  ])('calls a token inactive that is %s', async (_what, make) => {
    const { status, body } = await introspect(make())
    expect(status).toBe(200)
    expect(body).toEqual({ active: false })
  })

  test('gives the hint no more weight than it deserves', async () => {
    for (const token_type_hint of ['refresh_token', 'access_token', 'nonsense']) {
      const { body } = await post('/oauth/introspect', {
        client_id: program.clientId,
        token: tokens.access_token,
        token_type_hint,
      })
      expect(body.active).toBe(true)
    }
  })

  test.each([
    ['its person is suspended', `UPDATE users SET status = 'suspended' WHERE name = 'Aki Tanaka'`],
    ['its authorization is withdrawn', 'DELETE FROM oauth_grants'],
    ['its authorization has expired', `UPDATE oauth_grants SET expires_at = now()`],
  ])('on any replica calls both tokens inactive as soon as %s', async (_when, statement) => {
    const replica = await app.replica()
    try {
      expect((await introspect(tokens.access_token, program, replica.url)).body.active).toBe(true)
      await app.sql(statement)
      expect((await introspect(tokens.access_token, program, replica.url)).body).toEqual({ active: false })
      expect((await introspect(tokens.refresh_token ?? '', program, replica.url)).body).toEqual({ active: false })
    } finally {
      await app.sql(`UPDATE users SET status = 'active'`)
      await replica.close()
    }
  })

  test('calls a replaced refresh token inactive and its successor active', async () => {
    const { body: next } = await program.refresh(tokens.refresh_token ?? '')
    expect((await introspect(tokens.refresh_token ?? '')).body).toEqual({ active: false })
    expect((await introspect(next.refresh_token ?? '')).body.active).toBe(true)
  })

  test('shows no more scopes than the authorization allows by now', async () => {
    await app.sql(`UPDATE oauth_grants SET scopes = '{booking:read}' WHERE id = $1`, [
      claimsOf(tokens.access_token).grant_id,
    ])
    expect((await introspect(tokens.access_token)).body.scope).toBe('booking:read')
    expect((await introspect(tokens.refresh_token ?? '')).body.scope).toBe('booking:read')
  })
})

describe.each(['/oauth/introspect', '/oauth/revoke'])('%s', (path) => {
  test.each(['client_secret_basic', 'client_secret_post'] as const)(
    'takes a client with a secret by %s, and nobody else in its name',
    async (method) => {
      const { client_id, client_secret } = await registerConfidential(method)
      const send = (secret: string) =>
        method === 'client_secret_basic'
          ? post(path, { token: 'any' }, basic(client_id, secret))
          : post(path, { token: 'any', client_id, client_secret: secret })
      expect((await send(client_secret)).status).toBe(200)
      const wrong = await send(`${client_secret.slice(0, -1)}x`)
      expect(wrong.status).toBe(401)
      expect(wrong.body.error).toBe('invalid_client')
      expect((await post(path, { token: 'any', client_id })).status).toBe(401)
      if (method === 'client_secret_basic') expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic /)
    },
  )

  test.each([
    ['no client', { token: 'any' }, 400, 'invalid_request'],
    ['an unknown client', { token: 'any', client_id: 'nobody' }, 401, 'invalid_client'],
    ['no token', { client_id: 'ours' }, 400, 'invalid_request'],
  ])('refuses a request with %s in the words of RFC 6749', async (_what, fields, status, error) => {
    const named =
      'client_id' in fields && fields.client_id === 'ours' ? { ...fields, client_id: program.clientId } : fields
    const answer = await post(path, named as Record<string, string>)
    expect(answer.status).toBe(status)
    expect(answer.body.error).toBe(error)
  })

  test('takes no JSON, no GET and no oversized body', async () => {
    const asJson = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: program.clientId, token: tokens.access_token }),
    })
    expect(asJson.status).toBe(400)
    expect((await fetch(`${app.url}${path}`)).status).toBe(405)
    expect((await post(path, { client_id: program.clientId, token: 'x'.repeat(100_000) })).status).toBe(413)
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test('is open to programs in browsers of any site, without cookies', async () => {
    const headers = { origin: 'https://inspector.example' }
    const answer = await post(path, { client_id: program.clientId, token: 'any' }, headers)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://inspector.example')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('has enough of one address that asks on and on, and of no other', async () => {
    const address = path.endsWith('revoke') ? '192.0.2.7' : '198.51.100.7'
    const from = (address: string) =>
      post(path, { client_id: 'nobody', token: 'any' }, { 'x-forwarded-for': address }).then(({ status }) => status)
    const statuses = new Set<number>()
    // Two minutes may be met.
    for (let round = 0; round < 26 && !statuses.has(429); round++) {
      for (const status of await Promise.all(Array.from({ length: 100 }, () => from(address)))) statuses.add(status)
    }
    expect([...statuses].sort()).toEqual([401, 429])
    expect(await from('192.0.2.8')).toBe(401)
  })
})

describe('an administrator', () => {
  let bossTokens: TokenAnswer

  beforeEach(async () => {
    bossTokens = await other.authorize(boss, 'product:read')
  })

  const asBearer = (token: string, bearer: string) =>
    post('/oauth/introspect', { token }, { authorization: `Bearer ${bearer}` })

  test('is told of any token, by a bearer', async () => {
    const { status, body, headers } = await asBearer(tokens.access_token, bossTokens.access_token)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(body).toMatchObject({ active: true, client_id: program.clientId, username: 'aki.tanaka@example.test' })
    expect((await asBearer(tokens.refresh_token ?? '', bossTokens.access_token)).body.active).toBe(true)
  })

  test('is told of any token, by a session with its form token', async () => {
    const cookie = `sekisho_session=${boss.cookie('sekisho_session')}`
    const page = (await boss.open('/')).body
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const fields = { token: tokens.access_token }
    expect((await post('/oauth/introspect', fields, { cookie, 'x-csrf-token': csrf })).body.active).toBe(true)
    const wrong = await post('/oauth/introspect', fields, { cookie, 'x-csrf-token': 'x' })
    expect(wrong.status).toBe(403)
    expect(wrong.body.error).toBe('access_denied')
    // Without the form token a session is no credential at all here.
    expect((await post('/oauth/introspect', fields, { cookie })).body.error).toBe('invalid_request')
    const stranger = await post('/oauth/introspect', fields, { 'x-csrf-token': csrf })
    expect(stranger.status).toBe(401)
    const foreign = { cookie, 'x-csrf-token': csrf, origin: 'https://evil.example' }
    expect((await post('/oauth/introspect', fields, foreign)).status).toBe(403)
  })

  test('no longer is told anything when no administrator any more', async () => {
    await app.sql(`UPDATE users SET role = 'member' WHERE name = 'The Boss'`)
    try {
      const { status, body } = await asBearer(tokens.access_token, bossTokens.access_token)
      expect(status).toBe(403)
      expect(body.error).toBe('access_denied')
    } finally {
      await app.sql(`UPDATE users SET role = 'administrator' WHERE name = 'The Boss'`)
    }
  })

  test('must show a token that is good, and say which one to look at', async () => {
    const refused = await asBearer(tokens.access_token, 'a.b.c')
    expect(refused.status).toBe(401)
    expect(refused.body.error).toBe('invalid_token')
    expect(challengeOf({ headers: refused.headers } as Response).error).toBe('invalid_token')
    const empty = await asBearer('', bossTokens.access_token)
    expect(empty.status).toBe(400)
    expect(empty.body.error).toBe('invalid_request')
  })

  test('is who it takes: the bearer of anybody else is refused', async () => {
    const { status, body } = await asBearer(tokens.access_token, tokens.access_token)
    expect(status).toBe(403)
    expect(body).toEqual({ error: 'access_denied', error_description: expect.any(String) })
  })
})

describe('revocation', () => {
  let replica: { url: string; close(): Promise<void> }

  beforeEach(async () => {
    replica = await app.replica()
  })

  afterEach(() => replica.close())

  test.each(['access_token', 'refresh_token'] as const)(
    'of the %s ends the authorization: no token of it works at the next call, on any replica',
    async (kind) => {
      expect((await knock(replica.url, tokens.access_token)).status).toBe(200)
      const { status, text } = await revoke(tokens[kind] ?? '')
      expect(status).toBe(200)
      expect(text).toBe('')
      expect((await knock(app.url, tokens.access_token)).status).toBe(401)
      expect((await knock(replica.url, tokens.access_token)).status).toBe(401)
      expect((await program.refresh(tokens.refresh_token ?? '')).body.error).toBe('invalid_grant')
      expect((await revoke(tokens[kind] ?? '')).status).toBe(200)
    },
  )

  test('is written down as the client giving it back', async () => {
    await revoke(tokens.access_token)
    const { grant_id: grantId, sub } = claimsOf(tokens.access_token)
    expect(
      await app.sql(
        'SELECT kind, action, outcome, reason, client_id, target_id FROM audit_entries WHERE grant_id = $1 AND kind = $2',
        [grantId, 'grant'],
      ),
    ).toEqual([
      {
        kind: 'grant',
        action: 'end',
        outcome: 'ok',
        reason: 'given-back',
        client_id: program.clientId,
        target_id: sub,
      },
    ])
  })

  test('ends one authorization and leaves the others of the same client and person', async () => {
    const second = await program.authorize(aki, 'booking:read')
    await revoke(tokens.refresh_token ?? '')
    expect((await knock(app.url, tokens.access_token)).status).toBe(401)
    expect((await knock(app.url, second.access_token)).status).toBe(200)
    expect((await program.refresh(second.refresh_token ?? '')).status).toBe(200)
  })

  test('by the refresh token that was just replaced works too', async () => {
    const { body: next } = await program.refresh(tokens.refresh_token ?? '')
    await revoke(tokens.refresh_token ?? '')
    expect((await knock(app.url, next.access_token)).status).toBe(401)
    expect((await program.refresh(next.refresh_token ?? '')).body.error).toBe('invalid_grant')
  })

  test.each(['access_token', 'refresh_token'] as const)(
    'of the %s of another client has no effect, and is not told apart',
    async (kind) => {
      const { status, text } = await revoke(tokens[kind] ?? '', other)
      expect(status).toBe(200)
      expect(text).toBe('')
      expect((await knock(app.url, tokens.access_token)).status).toBe(200)
      expect((await program.refresh(tokens.refresh_token ?? '')).status).toBe(200)
    },
  )

  test('is not for bearers: not even an administrator ends tokens here', async () => {
    const bossTokens = await other.authorize(boss, 'product:read')
    const answer = await post(
      '/oauth/revoke',
      { token: tokens.access_token },
      { authorization: `Bearer ${bossTokens.access_token}` },
    )
    expect(answer.status).toBe(400)
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })
})
