// What a token endpoint says, and what it means for the person, the operator and the call.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type FakeRequest, FakeService } from '@sekisho/fakes'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import type { OAuthConnect } from '../providers/connect.js'
import { TokenEndpoint, TokenEndpointFailure } from './token-endpoint.js'

const client = { clientId: 'id:1', clientSecret: 'the secret&1' }
const refreshToken = 'refresh-token-kept'

class TokenService extends FakeService {
  given: Record<string, unknown> = {}
  asked: FakeRequest | undefined

  constructor() {
    super()
    this.route('POST', '/token', (request) => {
      this.asked = request
      return { body: this.given }
    })
  }
}

const service = new TokenService()
let fetch: GuardedFetch
let endpoint: TokenEndpoint

beforeAll(async () => {
  await service.listen()
  fetch = new GuardedFetch({ outboundAllowedHosts: [service.host] })
  endpoint = new TokenEndpoint(fetch, { services: {} as never })
})

afterEach(() => service.behave())

afterAll(async () => {
  await fetch.onApplicationShutdown()
  await service.close()
})

function oauth(more: Partial<OAuthConnect> = {}): OAuthConnect {
  return {
    endpoints: () => ({ authorizationUrl: `${service.url}/authorize`, tokenUrl: `${service.url}/token` }),
    clientAuthentication: 'client_secret_post',
    tokenRequest: 'form',
    alwaysScopes: [],
    scopes: {},
    incremental: false,
    setUp: { url: 'https://x.example', steps: [] },
    ...more,
  }
}

async function failureOf(request: Promise<unknown>): Promise<TokenEndpointFailure> {
  const failure = await request.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof TokenEndpointFailure)) throw failure ?? new Error('it did not fail')
  expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toMatch(/the secret|refresh-token-kept/)
  expect(failure.cause).toBeUndefined()
  return failure
}

describe('tokens', () => {
  test('are asked for with the code, its verifier and the client in the form', async () => {
    service.given = { access_token: 'a', token_type: 'bearer', expires_in: 3600, refresh_token: 'r', scope: 'x  y' }
    const before = Date.now()
    const exchange = { code: 'c', codeVerifier: 'v', redirectUri: 'https://s.example/callback' }
    const { expiresAt, ...tokens } = await endpoint.exchange(oauth(), client, exchange)
    expect(tokens).toEqual({ accessToken: 'a', refreshToken: 'r', scopes: ['x', 'y'] })
    expect(expiresAt?.getTime()).toBeGreaterThanOrEqual(before + 3600_000)
    expect(expiresAt?.getTime()).toBeLessThanOrEqual(Date.now() + 3600_000)
    expect(Object.fromEntries(service.asked?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'c',
      code_verifier: 'v',
      redirect_uri: 'https://s.example/callback',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    })
    expect(service.asked?.headers.accept).toBe('application/json')
  })

  test('are asked for in JSON and with HTTP Basic where the service wants that', async () => {
    service.given = { access_token: 'a' }
    const way = oauth({ clientAuthentication: 'client_secret_basic', tokenRequest: 'json' })
    expect(await endpoint.refresh(way, client, refreshToken)).toEqual({ accessToken: 'a' })
    expect(service.asked?.json).toEqual({ grant_type: 'refresh_token', refresh_token: refreshToken })
    const basic = Buffer.from(String(service.asked?.headers.authorization).slice(6), 'base64').toString()
    expect(basic).toBe('id%3A1:the%20secret%261')
  })

  test('come with the scopes that the service tells in its own way, and are kept when it tells them badly', async () => {
    service.given = { access_token: 'a', scope: 'x,y' }
    const told = (givenScopes: OAuthConnect['givenScopes']) =>
      endpoint.refresh(oauth(givenScopes ? { givenScopes } : {}), client, refreshToken)
    expect((await told(({ scope }) => scope?.split(','))).scopes).toEqual(['x', 'y'])
    expect((await told(() => undefined)).scopes).toBeNull()
    const broken = await told(() => {
      throw new Error('no such claim')
    })
    expect(broken).toEqual({ accessToken: 'a', scopes: null })
  })

  test('are read from a form too', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    service.misbehave('/token', { kind: 'answer', status: 200, body: 'access_token=a&expires_in=60', headers })
    expect(await endpoint.refresh(oauth(), client, refreshToken)).toMatchObject({ accessToken: 'a' })
  })
})

describe('an answer without tokens', () => {
  test.each([
    ['gone', 400, { error: 'invalid_grant' }],
    ['gone', 400, { object: 'error', status: 400, code: 'invalid_grant', message: 'Invalid refresh token.' }],
    ['gone', 200, { error: 'bad_refresh_token' }],
    ['client', 401, { error: 'invalid_client' }],
    ['client', 401, { error: 'access_denied' }],
    ['gone', 401, { error: 'invalid_grant' }],
    ['gone', 403, { error: 'unauthorized_client', error_description: 'refresh_token is invalid' }],
    ['client', 403, { error: 'unauthorized_client', error_description: 'The grant type is not allowed.' }],
    ['client', 400, { error: 'unauthorized_client' }],
    ['client', 400, { error: 'redirect_uri_mismatch' }],
    ['client', 200, { error: 'incorrect_client_credentials' }],
    ['unavailable', 500, { error: 'invalid_grant' }],
    ['unavailable', 503, '<html>'],
    ['unavailable', 429, { error: 'invalid_grant' }],
    ['unavailable', 400, { error: 'temporarily_unavailable' }],
    ['faulty', 400, { error: 'invalid_request' }],
    ['faulty', 400, { error: `echo ${refreshToken}` }],
    ['faulty', 403, '<html>blocked by a firewall</html>'],
    ['faulty', 401, {}],
    ['faulty', 200, {}],
    ['faulty', 200, { access_token: 'line\nbreak' }],
    ['faulty', 200, '[]'],
    ['faulty', 302, ''],
  ] as const)('is %s for status %i with %j', async (kind, status, body) => {
    service.misbehave('/token', { kind: 'answer', status, body })
    const goneErrors = [{ error: 'bad_refresh_token' }, { error: 'unauthorized_client', description: /refresh_token/ }]
    const way = oauth({ goneErrors })
    expect((await failureOf(endpoint.refresh(way, client, refreshToken))).kind).toBe(kind)
  })

  test('says when to come back', async () => {
    service.misbehave('/token', { kind: 'answer', status: 429, headers: { 'retry-after': '17' } })
    const failure = await failureOf(endpoint.refresh(oauth(), client, refreshToken))
    expect(failure).toMatchObject({ kind: 'unavailable', error: 'status-429', retryAfterSeconds: 17 })
  })

  test('that never came, or broke off, is a bad moment', async () => {
    service.misbehave('/token', { kind: 'cut' }, { times: 1 })
    expect(await failureOf(endpoint.refresh(oauth(), client, refreshToken))).toMatchObject({ kind: 'unavailable' })
    service.misbehave('/token', { kind: 'drop' }, { times: 1 })
    expect(await failureOf(endpoint.refresh(oauth(), client, refreshToken))).toMatchObject({ kind: 'unavailable' })
    await expect(endpoint.refresh(oauth(), client, refreshToken)).resolves.toBeDefined()
  })

  test('within ten seconds is a bad moment too', async () => {
    service.misbehave('/token', { kind: 'hang' })
    const startedAt = Date.now()
    const failure = await failureOf(endpoint.refresh(oauth(), client, refreshToken))
    expect(failure).toMatchObject({ kind: 'unavailable', error: 'timeout' })
    expect(Date.now() - startedAt).toBeLessThan(12_000)
  })
})
