// What clients can find out before they ask anybody for anything.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { RESOURCE_METADATA_PATH } from '@sekisho/contracts'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})

afterAll(() => app.close())

async function json(path: string, init: RequestInit = {}) {
  const response = await fetch(`${app.url}${path}`, init)
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const wellKnown = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

describe('the authorization server', () => {
  test.each(wellKnown)('describes itself at %s', async (path) => {
    const { status, headers, body } = await json(path)
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(body).toMatchObject({
      issuer: app.url,
      authorization_endpoint: `${app.url}/oauth/authorize`,
      token_endpoint: `${app.url}/oauth/token`,
      registration_endpoint: `${app.url}/oauth/register`,
      jwks_uri: `${app.url}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token']),
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: expect.arrayContaining(['none', 'client_secret_post']),
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      scopes_supported: expect.arrayContaining(['booking:read', 'booking:create', 'order:create']),
    })
  })

  test('names no endpoint that is not there', async () => {
    const { body } = await json('/.well-known/oauth-authorization-server')
    for (const name of ['userinfo', 'end_session', 'device_authorization', 'pushed_authorization_request']) {
      expect(body).not.toHaveProperty(`${name}_endpoint`)
    }
    expect(body.grant_types_supported).toHaveLength(2)
  })

  test('speaks of itself by its public address, whatever it was called', async () => {
    const { port } = new URL(app.url)
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { host: `127.0.0.1:${port}`, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
      request({ host: '127.0.0.1', port, path: '/.well-known/oauth-authorization-server', headers }, (response) => {
        let body = ''
        response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body))
      })
        .on('error', reject)
        .end()
    })
    expect(JSON.parse(text)).toMatchObject({ issuer: app.url, token_endpoint: `${app.url}/oauth/token` })
    expect(text).not.toContain('evil.example')
  })

  test('publishes its keys without their private parts', async () => {
    const { body } = await json('/.well-known/jwks.json')
    const keys = body.keys as Record<string, unknown>[]
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', kid: expect.any(String) })
    expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
  })

  test.each([
    ['GET', '/oauth/token'],
    ['POST', '/oauth/authorize'],
    ['GET', '/oauth/register'],
    ['DELETE', '/.well-known/jwks.json'],
  ])('says which methods it takes when it gets %s %s', async (method, path) => {
    const { status, headers, body } = await json(path, { method })
    expect(status).toBe(405)
    expect(headers.get('allow')).toMatch(/GET|POST/)
    expect(body.error).toBe('invalid_request')
  })

  test.each([
    ['/oauth/token', 'authorization, content-type'],
    ['/oauth/register', 'content-type'],
    ['/.well-known/oauth-authorization-server', 'mcp-protocol-version'],
  ])('lets programs in browsers of any site reach %s', async (path, headers) => {
    const response = await fetch(`${app.url}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://inspector.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/inspector\.example)$/)
    expect(response.headers.get('access-control-allow-headers')).toContain(headers.split(', ').at(-1))
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })
})

describe('the MCP endpoint', () => {
  test('names its authorization server and its scopes', async () => {
    const { status, body, headers } = await json(RESOURCE_METADATA_PATH)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/json')
    expect(body).toMatchObject({
      resource: app.settings.mcpUrl,
      authorization_servers: [app.url],
      bearer_methods_supported: ['header'],
      scopes_supported: expect.arrayContaining(['booking:read', 'product:read', 'form:submit']),
    })
  })
})

test('several app servers that start together on an empty database make one signing key', async () => {
  await app.sql('DELETE FROM oauth_signing_keys')
  const replicas = await Promise.all([app.replica(), app.replica(), app.replica()])
  try {
    const sets = await Promise.all(
      replicas.map(async ({ url }) => (await fetch(`${url}/.well-known/jwks.json`)).text()),
    )
    expect(new Set(sets).size).toBe(1)
    expect(await app.sql('SELECT kid FROM oauth_signing_keys')).toHaveLength(1)
  } finally {
    await Promise.all(replicas.map((replica) => replica.close()))
  }
})

test('the signing key is sealed in the database', async () => {
  const [row] = await app.sql<{ private_jwk: Buffer }>('SELECT private_jwk FROM oauth_signing_keys')
  expect(row?.private_jwk.toString('latin1')).not.toMatch(/"d"|RSA|AQAB/)
})
