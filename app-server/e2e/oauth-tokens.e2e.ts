// What becomes of tokens: who they let in, until when, and who ends them.
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DOOR_PATH } from '@sekisho/contracts'
import { OAuthProgram, type Person, type TokenAnswer } from '@sekisho/testing'
import { DataSource } from 'typeorm'
import { SigningKeys } from '../src/oauth/signing-keys.js'
import { Database } from '../src/platform/database/database.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { startTestApp, type TestApp } from './app.js'
import { challengeOf, claimsOf, knock } from './oauth-bench.js'

let app: TestApp
let aki: Person
let program: OAuthProgram
let dataSource: DataSource
let keys: SigningKeys

beforeAll(async () => {
  app = await startTestApp()
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  dataSource = await new DataSource({ type: 'postgres', url: app.settings.databaseUrl }).initialize()
  keys = await SigningKeys.load(new Database(dataSource), new SecretBox(app.settings))
})

afterAll(async () => {
  await dataSource.destroy()
  await app.close()
})

/** A token of ours with changed claims, signed with our own key: what only we could make. */
function forge(like: string, changes: Record<string, unknown>, header: Record<string, unknown> = {}): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: keys.current.kid, ...header })}.${encode({ ...claimsOf(like), ...changes })}`
  return `${body}.${sign('RSA-SHA256', Buffer.from(body), keys.current.privateKey).toString('base64url')}`
}

describe('a bearer is refused on every method, with a challenge that says where to get another', () => {
  let genuine: string

  beforeAll(async () => {
    genuine = (await program.authorize(aki, 'booking:read')).access_token
  })

  function resigned(alg: string, signature: (body: string) => string): string {
    const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid: keys.current.kid })).toString('base64url')
    const body = `${header}.${genuine.split('.')[1]}`
    return `${body}.${signature(body)}`
  }

  const bad: [string, () => string][] = [
    ['a random text', () => randomUUID()],
    ['a refresh token', () => 'x'.repeat(43)],
    ['an unsigned token', () => resigned('none', () => '')],
    [
      'a token signed with our public key as a secret',
      () => {
        const pem = createPublicKey(keys.current.privateKey).export({ type: 'spki', format: 'pem' })
        return resigned('HS256', (body) => createHmac('sha256', pem).update(body).digest('base64url'))
      },
    ],
    [
      'a token signed by a stranger',
      () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        return resigned('RS256', (body) => sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64url'))
      },
    ],
    ['a token of another issuer', () => forge(genuine, { iss: 'https://other.example' })],
    ['a token for another audience', () => forge(genuine, { aud: app.url })],
    ['a token for us and others', () => forge(genuine, { aud: [app.settings.mcpUrl, 'https://other.example'] })],
    ['an expired token', () => forge(genuine, { exp: Math.floor(Date.now() / 1000) - 1 })],
    ['a token of another type', () => forge(genuine, {}, { typ: 'JWT' })],
    ['a token of an authorization that never was', () => forge(genuine, { grant_id: 'never' })],
    ['a token of nobody', () => forge(genuine, { sub: '00000000-0000-7000-8000-000000000000' })],
    ['a token of another program under this authorization', () => forge(genuine, { client_id: 'another' })],
    [
      'a token that passes for one of our own parts',
      () => forge(genuine, { grant_id: undefined, session_id: randomUUID() }),
    ],
    ['a token of 9 kB', () => `${'x'.repeat(9000)}.y.z`],
  ]

  test.each(bad)('%s', async (_what, make) => {
    const token = make()
    for (const method of ['tools/list', 'tools/call', 'server/discover', 'ping', 'nothing/like-it']) {
      const response = await fetch(`${app.url}${DOOR_PATH}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { name: 'booking.list', arguments: {} } }),
      })
      expect(response.status).toBe(401)
      expect(challengeOf(response)).toMatchObject({
        error: 'invalid_token',
        resource_metadata: 'http://localhost:8080/.well-known/oauth-protected-resource/mcp',
        scope: expect.stringContaining('booking:read'),
      })
      // The same words whatever was wrong: a refusal teaches nothing about the tokens of others.
      expect(await response.json()).toMatchObject({
        code: 'invalid-token',
        detail: 'The access token is not valid here, or no longer. Get a new one and try again.',
      })
    }
  })

  test('another person in the claims of a genuine-looking token changes nothing: the authorization is not theirs', async () => {
    await app.signedIn('Other Person')
    const [other] = await app.sql<{ id: string }>(`SELECT id FROM users WHERE name = 'Other Person'`)
    expect((await knock(app.url, forge(genuine, { sub: other?.id }))).status).toBe(401)
  })

  test('none at all, and then no error is named', async () => {
    const response = await knock(app.url, undefined)
    expect(response.status).toBe(401)
    expect(challengeOf(response)).not.toHaveProperty('error')
    expect(challengeOf(response)).toHaveProperty('resource_metadata')
    const basic = await fetch(`${app.url}${DOOR_PATH}`, { method: 'POST', headers: { authorization: 'Basic YTpi' } })
    expect(basic.status).toBe(401)
  })

  test('a genuine one in the wrong place: in the address, twice, or in the body', async () => {
    const inQuery = await knock(app.url, undefined, `${DOOR_PATH}?access_token=${genuine}`)
    expect(inQuery.status).toBe(400)
    expect(challengeOf(inQuery).error).toBe('invalid_request')
    expect((await knock(app.url, genuine, `${DOOR_PATH}?access_token=${genuine}`)).status).toBe(400)
    const inBody = await fetch(`${app.url}${DOOR_PATH}`, {
      method: 'POST',
      body: new URLSearchParams({ access_token: genuine }),
    })
    expect(inBody.status).toBe(401)
    const { request } = await import('node:http')
    const { port } = new URL(app.url)
    const twice = await new Promise<number | undefined>((resolve, reject) => {
      const headers = [
        'Host',
        `localhost:${port}`,
        'Authorization',
        `Bearer ${genuine}`,
        'authorization',
        `Bearer ${genuine}`,
      ]
      request({ host: '127.0.0.1', port, path: DOOR_PATH, method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(twice).toBe(400)
  })

  test('a session cookie is no bearer', async () => {
    const response = await aki.request('POST', new URL(DOOR_PATH, app.url), new URLSearchParams(), app.url)
    expect(response.status).toBe(401)
  })
})

describe('a token is refused at the very next call, on every replica,', () => {
  let tokens: TokenAnswer
  let person: Person
  let userId: string
  let count = 0

  beforeEach(async () => {
    const name = `Person ${++count}`
    person = await app.signedIn(name)
    tokens = await program.authorize(person, 'booking:read')
    const [user] = await app.sql<{ id: string }>('SELECT id FROM users WHERE name = $1', [name])
    userId = user?.id ?? ''
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test.each([
    ['when its person is suspended', `UPDATE users SET status = 'suspended' WHERE id = $1`],
    ['when its person is disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['when its person is gone', 'DELETE FROM users WHERE id = $1'],
    ['when its authorization is withdrawn', 'DELETE FROM oauth_grants WHERE user_id = $1'],
    ['when its authorization has expired', `UPDATE oauth_grants SET expires_at = now() WHERE user_id = $1`],
  ])('%s', async (_when, statement) => {
    const replica = await app.replica()
    try {
      expect((await knock(replica.url, tokens.access_token)).status).toBe(200)
      await app.sql(statement, [userId])
      expect((await knock(app.url, tokens.access_token)).status).toBe(401)
      expect((await knock(replica.url, tokens.access_token)).status).toBe(401)
      expect((await program.refresh(tokens.refresh_token ?? '')).body.error).toBe('invalid_grant')
    } finally {
      await replica.close()
    }
  })

  test('but works again when the suspension is lifted', async () => {
    await app.sql(`UPDATE users SET status = 'suspended' WHERE id = $1`, [userId])
    expect((await knock(app.url, tokens.access_token)).status).toBe(401)
    await app.sql(`UPDATE users SET status = 'active' WHERE id = $1`, [userId])
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test('and signing out of the browser ends no program', async () => {
    await app.sql('DELETE FROM sessions WHERE user_id = $1', [userId])
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test('and holds no more than its authorization does now', async () => {
    const both = await program.authorize(person, 'booking:read booking:create')
    const { grant_id: grantId } = claimsOf(both.access_token)
    await app.sql(`UPDATE oauth_grants SET scopes = '{booking:read}' WHERE id = $1`, [grantId])
    const response = await fetch(`${app.url}${DOOR_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${both.access_token}` },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'booking.create', arguments: {} },
      }),
    })
    expect(response.status).toBe(403)
    expect(challengeOf(response)).toMatchObject({ error: 'insufficient_scope', scope: 'booking:create booking:read' })
  })
})

test('a use is noted once a minute, not on every call', async () => {
  const person = await app.signedIn('Busy Person')
  const { access_token: token } = await program.authorize(person, 'booking:read')
  const lastUsed = async () => {
    const [grant] = await app.sql<{ last_used_at: Date | null; xmin: string }>(
      'SELECT last_used_at, xmin::text FROM oauth_grants WHERE id = $1',
      [claimsOf(token).grant_id],
    )
    return grant
  }
  expect((await lastUsed())?.last_used_at).toBeNull()
  await Promise.all(Array.from({ length: 20 }, () => knock(app.url, token)))
  const first = await lastUsed()
  expect(first?.last_used_at).toBeInstanceOf(Date)
  await knock(app.url, token)
  expect((await lastUsed())?.xmin).toBe(first?.xmin)
  await app.sql(`UPDATE oauth_grants SET last_used_at = now() - interval '61 seconds' WHERE id = $1`, [
    claimsOf(token).grant_id,
  ])
  await knock(app.url, token)
  expect((await lastUsed())?.last_used_at?.getTime()).toBeGreaterThan((first?.last_used_at?.getTime() ?? 0) - 1)
})
