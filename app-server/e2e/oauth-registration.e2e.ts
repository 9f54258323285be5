// Programs register themselves: told what was made of it, never allowed to lie, to flood or to lead anywhere hostile.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Person, programRedirectUri } from '@sekisho/testing'
import { registrationLimits } from '../src/oauth/clients.js'
import { startTestApp, type TestApp } from './app.js'
import { knock } from './oauth-bench.js'

let app: TestApp
let aki: Person

beforeAll(async () => {
  app = await startTestApp({ env: { TRUSTED_PROXIES: '1' } })
  aki = await app.signedIn('Aki Tanaka')
})

afterAll(() => app.close())

async function register(metadata: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${app.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text || '{}') as Record<string, unknown>,
  }
}

const usual = { client_name: 'Test program', redirect_uris: [programRedirectUri], token_endpoint_auth_method: 'none' }

describe('a program that registers itself', () => {
  test('is told its id and what was made of its request', async () => {
    const { status, headers, body } = await register({
      ...usual,
      scope: 'booking:read nonsense',
      application_type: 'web',
      unknown: 1,
    })
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(body).toMatchObject({
      client_id: expect.any(String),
      client_id_issued_at: expect.any(Number),
      client_name: 'Test program',
      redirect_uris: [programRedirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    })
    for (const member of ['client_secret', 'scope', 'unknown', 'registration_access_token']) {
      expect(body).not.toHaveProperty(member)
    }
  })

  test('without asking for refresh tokens gets them all the same', async () => {
    const { body } = await register(usual)
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl, body.client_id as string)
    expect((await program.authorize(aki, 'booking:read')).refresh_token).toEqual(expect.any(String))
  })

  test('that wants none gets none, and its token still works', async () => {
    const { body } = await register({ ...usual, grant_types: ['authorization_code'] })
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl, body.client_id as string)
    const tokens = await program.authorize(aki, 'booking:read')
    expect(tokens.refresh_token).toBeUndefined()
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test.each<[string, unknown, string]>([
    ['no JSON', '{"redirect_uris":', 'invalid_request'],
    ['no object', '[]', 'invalid_request'],
    ['null', 'null', 'invalid_request'],
    ['no address to answer to', { client_name: 'x' }, 'invalid_redirect_uri'],
    ['an empty list of addresses', { ...usual, redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a text instead of a list', { ...usual, redirect_uris: 'https://example.com' }, 'invalid_redirect_uri'],
    ['an address in the clear', { ...usual, redirect_uris: ['http://example.com/cb'] }, 'invalid_redirect_uri'],
    ['an address that runs a script', { ...usual, redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['an address with a fragment', { ...usual, redirect_uris: ['https://example.com/#x'] }, 'invalid_redirect_uri'],
    ['a name that is a number', { ...usual, client_name: 5 }, 'invalid_client_metadata'],
    ['a name with a zero byte', { ...usual, client_name: 'a\u0000b' }, 'invalid_client_metadata'],
    ['an implicit grant', { ...usual, grant_types: ['implicit'] }, 'invalid_client_metadata'],
    [
      'a device grant',
      { ...usual, grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] },
      'invalid_client_metadata',
    ],
    ['a token for an answer', { ...usual, response_types: ['token'] }, 'invalid_client_metadata'],
    [
      'an unknown way to prove itself',
      { ...usual, token_endpoint_auth_method: 'tls_client_auth' },
      'invalid_client_metadata',
    ],
    [
      'twenty-one addresses',
      { ...usual, redirect_uris: Array.from({ length: 21 }, (_, at) => `https://e.com/${at}`) },
      'invalid_redirect_uri',
    ],
    [
      '20 kB',
      { ...usual, policy_uri: 'https://e.com', jwks: { keys: [{ kty: 'RSA', n: 'x'.repeat(20_000), e: 'AQAB' }] } },
      'invalid_client_metadata',
    ],
  ])('with %s is refused', async (_what, metadata, error) => {
    const { status, body } = await register(metadata)
    expect(status).toBe(400)
    expect(body.error).toBe(error)
    expect(JSON.stringify(body)).not.toMatch(/at \/|node_modules|SyntaxError/)
  })

  test('with far too much is not even read', async () => {
    const { status } = await register({ ...usual, client_name: 'x'.repeat(40_000) })
    expect(status).toBe(413)
  })

  test('in another content type is refused', async () => {
    expect(
      (await register('redirect_uris=x', { 'content-type': 'application/x-www-form-urlencoded' })).body.error,
    ).toBe('invalid_request')
  })

  describe('too often', () => {
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const fill = (network: string, count: number) =>
      app.sql(
        `INSERT INTO oauth_clients (id, kind, metadata, registered_from)
         SELECT 'filler-' || gen_random_uuid(), 'registered', '{}', $1::cidr FROM generate_series(1, $2)`,
        [network, count],
      )

    beforeEach(() => app.sql(`DELETE FROM oauth_clients WHERE id LIKE 'filler-%'`))
    afterAll(() => app.sql(`DELETE FROM oauth_clients WHERE id LIKE 'filler-%'`))

    test('from one address is put off, while others go on', async () => {
      await fill('198.51.100.7/32', registrationLimits.perAddress)
      const refused = await register(usual, from('198.51.100.7'))
      expect(refused.status).toBe(429)
      expect(refused.body.error).toBe('temporarily_unavailable')
      expect((await register(usual, from('198.51.100.8'))).status).toBe(201)
    })

    test('from one IPv6 network is put off whatever its last half', async () => {
      await fill('2001:db8:1:2::/64', registrationLimits.perAddress)
      expect((await register(usual, from('2001:db8:1:2:abcd::1'))).status).toBe(429)
      expect((await register(usual, from('2001:db8:1:3::1'))).status).toBe(201)
    })

    test('altogether is put off', async () => {
      await fill('203.0.113.1/32', registrationLimits.total)
      expect((await register(usual, from('203.0.113.2'))).status).toBe(429)
    })

    test('and may again an hour later', async () => {
      await fill('198.51.100.7/32', registrationLimits.perAddress)
      await app.sql(`UPDATE oauth_clients SET created_at = now() - interval '61 minutes' WHERE id LIKE 'filler-%'`)
      expect((await register(usual, from('198.51.100.7'))).status).toBe(201)
    })
  })
})

describe('a program with a secret', () => {
  test('proves itself with it, in either way, and with nothing else', async () => {
    const { body } = await register({ ...usual, token_endpoint_auth_method: 'client_secret_post' })
    const secret = body.client_secret as string
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl, body.client_id as string)
    const { url, verifier } = program.begin('booking:read')
    const code = (await program.consent(aki, url)).get('code') ?? ''
    const redeem = (more: Record<string, string>) =>
      program.token({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: programRedirectUri,
        ...more,
      })
    expect((await redeem({})).status).toBe(401)
    expect((await redeem({ client_secret: `${secret.slice(0, -1)}_` })).status).toBe(401)
    const answer = await redeem({ client_secret: secret })
    expect(answer.status).toBe(200)
    const basic = await fetch(program.metadata.token_endpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${body.client_id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: answer.body.refresh_token ?? '' }),
    })
    expect(basic.status).toBe(200)
  })

  test('has it sealed in the database, for its own row only', async () => {
    const [one, other] = [
      await register({ ...usual, token_endpoint_auth_method: 'client_secret_post' }),
      await register({ ...usual, token_endpoint_auth_method: 'client_secret_post' }),
    ]
    const [row] = await app.sql<{ text: string }>('SELECT c::text AS text FROM oauth_clients c WHERE id = $1', [
      one.body.client_id,
    ])
    expect(row?.text).not.toContain(one.body.client_secret)
    await app.sql(
      'UPDATE oauth_clients SET client_secret = (SELECT client_secret FROM oauth_clients WHERE id = $2) WHERE id = $1',
      [other.body.client_id, one.body.client_id],
    )
    const stolen = await OAuthProgram.at(app.url, app.settings.mcpUrl, other.body.client_id as string)
    const answer = await stolen.token({
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_secret: one.body.client_secret as string,
    })
    expect(answer.status).toBe(500)
    expect(answer.body).toEqual({ error: 'server_error', error_description: expect.any(String) })
  })
})
