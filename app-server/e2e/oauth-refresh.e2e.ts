// Codes and refresh tokens: each is good once, honest repetitions are forgiven, theft ends everything.
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Person, programRedirectUri, type TokenAnswer } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf, knock } from './oauth-bench.js'

const graceSeconds = 2

let app: TestApp
let aki: Person
let program: OAuthProgram

beforeAll(async () => {
  app = await startTestApp({ env: { REFRESH_REUSE_SECONDS: String(graceSeconds) } })
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
})

afterAll(() => app.close())

async function code(scope = 'booking:read') {
  const { url, verifier } = program.begin(scope)
  return { value: (await program.consent(aki, url)).get('code') ?? '', verifier }
}

describe('a code', () => {
  test('redeemed many times at once gives tokens once, and those are good', async () => {
    const { value, verifier } = await code()
    const answers = await Promise.all(Array.from({ length: 10 }, () => program.redeem(value, verifier)))
    const good = answers.filter(({ status }) => status === 200)
    expect(good).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(9)
    const [row] = await app.sql<{ count: string }>(
      `SELECT count(*) FROM oauth_artifacts WHERE model = 'RefreshToken' AND grant_id = $1`,
      [claimsOf(good[0]?.body.access_token ?? '').grant_id],
    )
    expect(row?.count).toBe('1')
  })

  test('redeemed again gives nothing, and later than a retry would come it ends what it gave', async () => {
    const { value, verifier } = await code()
    const { body } = await program.redeem(value, verifier)
    expect((await program.redeem(value, verifier)).body.error).toBe('invalid_grant')
    expect((await knock(app.url, body.access_token)).status).toBe(200)
    await wait(graceSeconds * 1000 + 200)
    expect((await program.redeem(value, verifier)).body.error).toBe('invalid_grant')
    expect((await knock(app.url, body.access_token)).status).toBe(401)
    expect((await program.refresh(body.refresh_token ?? '')).body.error).toBe('invalid_grant')
    expect(
      app.logLines.some(({ level, grantId }) => level === 'warn' && grantId === claimsOf(body.access_token).grant_id),
    ).toBe(true)
  })

  test('is worth nothing to whoever lacks the proof key, and does its owner no harm', async () => {
    const { value, verifier } = await code()
    for (const wrong of ['x'.repeat(43), verifier.slice(0, -1).concat('_'), '']) {
      expect((await program.redeem(value, wrong)).status).toBe(400)
    }
    expect((await program.redeem(value, verifier)).status).toBe(200)
  })

  test('is worth nothing to another program', async () => {
    const { value, verifier } = await code()
    const other = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    expect((await other.redeem(value, verifier)).body.error).toBe('invalid_grant')
  })

  test('is worth nothing with another address, even of the same program', async () => {
    const { value, verifier } = await code()
    const { body } = await program.token({
      grant_type: 'authorization_code',
      code: value,
      code_verifier: verifier,
      redirect_uri: programRedirectUri.replace('41999', '42000'),
    })
    expect(body.error).toBe('invalid_grant')
  })

  test('gives no token for another resource', async () => {
    const { value, verifier } = await code()
    const { body } = await program.token({
      grant_type: 'authorization_code',
      code: value,
      code_verifier: verifier,
      redirect_uri: programRedirectUri,
      resource: 'https://other.example/mcp',
    })
    expect(body.error).toBe('invalid_target')
  })

  test('that was not redeemed in a minute is worth nothing', async () => {
    const { value, verifier } = await code()
    await app.sql(`UPDATE oauth_artifacts SET expires_at = now() WHERE model = 'AuthorizationCode'`)
    expect((await program.redeem(value, verifier)).body.error).toBe('invalid_grant')
  })

  test('of an authorization that was withdrawn meanwhile is worth nothing', async () => {
    const { value, verifier } = await code()
    await app.sql('DELETE FROM oauth_grants WHERE client_id = $1', [program.clientId])
    expect((await program.redeem(value, verifier)).body.error).toBe('invalid_grant')
  })
})

describe('a refresh token', () => {
  let tokens: TokenAnswer
  const refreshToken = () => tokens.refresh_token ?? ''

  beforeEach(async () => {
    tokens = await program.authorize(aki, 'booking:read booking:create')
  })

  test('gives new tokens of both kinds, of the same authorization', async () => {
    const { status, body } = await program.refresh(refreshToken())
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(refreshToken())
    expect(body.scope).toBe('booking:read booking:create')
    expect(claimsOf(body.access_token).grant_id).toBe(claimsOf(tokens.access_token).grant_id)
    expect((await knock(app.url, body.access_token)).status).toBe(200)
    expect((await program.refresh(body.refresh_token ?? '')).status).toBe(200)
  })

  test('sent twice by an honest client (a lost answer, two calls at once) is answered twice', async () => {
    const first = await program.refresh(refreshToken())
    const second = await program.refresh(refreshToken())
    expect([first.status, second.status]).toEqual([200, 200])
    for (const { body } of [first, second]) {
      expect((await knock(app.url, body.access_token)).status).toBe(200)
      expect((await program.refresh(body.refresh_token ?? '')).status).toBe(200)
    }
  })

  test('sent twenty times at once is answered twenty times, on two replicas', async () => {
    const replica = await app.replica()
    try {
      const twin = await OAuthProgram.at(app.url, app.settings.mcpUrl, program.clientId)
      Object.assign(twin.metadata, { token_endpoint: `${replica.url}/oauth/token` })
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 ? twin : program).refresh(refreshToken())),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
      const calls = await Promise.all(answers.map(({ body }) => knock(app.url, body.access_token)))
      expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]))
    } finally {
      await replica.close()
    }
  })

  test('that comes back after its grace was stolen: the whole authorization ends', async () => {
    const { body: next } = await program.refresh(refreshToken())
    await wait(graceSeconds * 1000 + 200)
    expect((await program.refresh(refreshToken())).body.error).toBe('invalid_grant')
    expect((await knock(app.url, next.access_token)).status).toBe(401)
    expect((await knock(app.url, tokens.access_token)).status).toBe(401)
    expect((await program.refresh(next.refresh_token ?? '')).body.error).toBe('invalid_grant')
    expect(await app.sql('SELECT id FROM oauth_grants WHERE id = $1', [claimsOf(next.access_token).grant_id])).toEqual(
      [],
    )
  })

  test('in a flood within its grace is answered no more, and nobody is punished', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => program.refresh(refreshToken())))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(10)
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test('of one program is worth nothing to another, and does its owner no harm', async () => {
    const other = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    expect((await other.refresh(refreshToken())).body.error).toBe('invalid_grant')
    expect((await program.refresh(refreshToken())).status).toBe(200)
  })

  test('gives less when less is asked for, never more', async () => {
    const ask = (scope: string) => program.token({ grant_type: 'refresh_token', refresh_token: refreshToken(), scope })
    expect((await ask('booking:read')).body.scope).toBe('booking:read')
    expect((await ask('booking:read order:create')).body.error).toBe('invalid_scope')
  })

  test('that has expired is worth nothing', async () => {
    await app.sql(`UPDATE oauth_artifacts SET expires_at = now() WHERE model = 'RefreshToken'`)
    expect((await program.refresh(refreshToken())).body.error).toBe('invalid_grant')
  })

  test('of a suspended person is worth nothing, and is good again when the suspension is lifted', async () => {
    await app.sql(`UPDATE users SET status = 'suspended' WHERE name = 'Aki Tanaka'`)
    expect((await program.refresh(refreshToken())).body.error).toBe('invalid_grant')
    await app.sql(`UPDATE users SET status = 'active' WHERE name = 'Aki Tanaka'`)
    expect((await program.refresh(refreshToken())).status).toBe(200)
  })

  test('keeps its authorization alive for as long as it lives itself', async () => {
    const expiry = async () => {
      const [grant] = await app.sql<{ seconds: number }>(
        `SELECT extract(epoch FROM expires_at - now())::float8 AS seconds FROM oauth_grants WHERE id = $1`,
        [claimsOf(tokens.access_token).grant_id],
      )
      return grant?.seconds ?? 0
    }
    expect(await expiry()).toBeGreaterThan(app.settings.refreshTokenSeconds - 60)
    await app.sql(`UPDATE oauth_grants SET expires_at = now() + interval '1 hour' WHERE id = $1`, [
      claimsOf(tokens.access_token).grant_id,
    ])
    await program.refresh(refreshToken())
    expect(await expiry()).toBeGreaterThan(app.settings.refreshTokenSeconds - 60)
  })
})

test('without a grace, of parallel uses of a refresh token one succeeds', async () => {
  const strict = await startTestApp({ env: { REFRESH_REUSE_SECONDS: '0' } })
  try {
    const person = await strict.signedIn('Strict Person')
    const strictProgram = await OAuthProgram.at(strict.url, strict.settings.mcpUrl)
    const { refresh_token: token = '' } = await strictProgram.authorize(person, 'booking:read')
    const answers = await Promise.all(Array.from({ length: 10 }, () => strictProgram.refresh(token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  } finally {
    await strict.close()
  }
})

test('an authorization whose code was never fetched is not kept', async () => {
  const { url } = program.begin('booking:read')
  await program.consent(aki, url)
  const [grant] = await app.sql<{ seconds: number }>(
    'SELECT extract(epoch FROM expires_at - now())::float8 AS seconds FROM oauth_grants ORDER BY created_at DESC LIMIT 1',
  )
  expect(grant?.seconds).toBeLessThanOrEqual(600)
})

test('the database and the log hold no code, no token and no secret', async () => {
  const { value, verifier } = await code()
  const { body } = await program.redeem(value, verifier)
  const dump = await app.sql<{ text: string }>(
    `SELECT a::text AS text FROM oauth_artifacts a UNION ALL SELECT g::text FROM oauth_grants g UNION ALL SELECT c::text FROM oauth_clients c`,
  )
  const everything = [...dump.map(({ text }) => text), ...app.logLines.map((line) => JSON.stringify(line))].join('\n')
  for (const secret of [value, verifier, body.refresh_token ?? 'none', body.access_token]) {
    expect(everything).not.toContain(secret)
  }
})
