// Tokens that our own parts mint for themselves open the same door, under the same rules.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { JWK } from 'jose'
import { DataSource } from 'typeorm'
import type { Session } from '../src/accounts/session.js'
import { jwtService, MintedTokens } from '../src/oauth/minted-tokens.js'
import { SigningKeys } from '../src/oauth/signing-keys.js'
import { Database } from '../src/platform/database/database.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { providers } from '../src/providers/index.js'
import { ProviderRegistry } from '../src/providers/provider-registry.js'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf, knock } from './oauth-bench.js'

let app: TestApp
let dataSource: DataSource
let keys: SigningKeys

beforeAll(async () => {
  app = await startTestApp()
  await app.signedIn('Aki Tanaka')
  dataSource = await new DataSource({ type: 'postgres', url: app.settings.databaseUrl }).initialize()
  keys = await SigningKeys.load(new Database(dataSource), new SecretBox(app.settings))
})

afterAll(async () => {
  await dataSource.destroy()
  await app.close()
})

describe('a token minted for a part of ours', () => {
  let session: Session
  let minted: MintedTokens

  beforeEach(async () => {
    await app.sql(`DELETE FROM users WHERE name = 'Chat Person'`)
    await app.signedIn('Chat Person')
    const [row] = await app.sql<{ sessionId: string; userId: string; email: string }>(
      `SELECT s.id AS "sessionId", u.id AS "userId", u.email FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE u.name = 'Chat Person'`,
    )
    if (!row) throw new Error('no session')
    const viewer = { id: row.userId, name: 'Chat Person', email: row.email, administrator: false }
    session = { id: row.sessionId, viewer, csrfToken: '', createdAt: new Date() }
    minted = new MintedTokens(jwtService(), keys, new ProviderRegistry(providers), app.settings)
  })

  const mint = () => minted.mint({ part: 'chat', holder: { session }, scopes: ['booking:read'], seconds: 60 })

  test('opens the same door and says the same things', async () => {
    const token = await mint()
    expect((await knock(app.url, token)).status).toBe(200)
    const claims = claimsOf(token)
    expect(claims).toEqual({
      iss: app.url,
      aud: app.settings.mcpUrl,
      sub: session.viewer.id,
      iat: expect.any(Number),
      exp: (claims.iat as number) + 60,
      jti: expect.any(String),
      scope: 'booking:read',
      client_id: 'urn:sekisho:chat',
      session_id: session.id,
      user: { id: session.viewer.id, name: 'Chat Person', email: session.viewer.email },
    })
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as JWK & { typ: string }
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: keys.current.kid })
  })

  test.each([
    ['when the session is ended', 'DELETE FROM sessions WHERE id = $1'],
    ['when the session has expired', 'UPDATE sessions SET expires_at = now() WHERE id = $1'],
    [
      'when the session was left alone too long',
      `UPDATE sessions SET last_seen_at = now() - interval '8 days' WHERE id = $1`,
    ],
    [
      'when the person is suspended',
      `UPDATE users SET status = 'suspended' WHERE id = (SELECT user_id FROM sessions WHERE id = $1)`,
    ],
  ])('is refused at the very next call %s', async (_when, statement) => {
    const token = await mint()
    expect((await knock(app.url, token)).status).toBe(200)
    await app.sql(statement, [session.id])
    expect((await knock(app.url, token)).status).toBe(401)
  })

  test('does not work with the session of another person', async () => {
    const [other] = await app.sql<{ id: string }>(
      `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.name = 'Aki Tanaka' LIMIT 1`,
    )
    session = { ...session, id: other?.id ?? '' }
    expect((await knock(app.url, await mint())).status).toBe(401)
  })

  test('is never made for longer than ten minutes, for a scope that does not exist or for a stranger', async () => {
    await expect(minted.mint({ part: 'chat', holder: { session }, scopes: [], seconds: 601 })).rejects.toThrow(
      RangeError,
    )
    await expect(minted.mint({ part: 'chat', holder: { session }, scopes: ['admin'], seconds: 60 })).rejects.toThrow(
      RangeError,
    )
    await expect(minted.mint({ part: 'https://x', holder: { session }, scopes: [], seconds: 60 })).rejects.toThrow(
      RangeError,
    )
  })
})
