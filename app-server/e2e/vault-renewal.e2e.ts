// Tokens are renewed exactly once however many ask, and nothing but a person's "no" ends what they connected.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { akisAccount } from './cloud-service.js'
import {
  allCloudScopes,
  type CallAnswer,
  callTool,
  expireTokens,
  openVaultBench,
  secretWords,
  type VaultBench,
  type VaultCaller,
  writtenDown,
} from './vault-bench.js'

let bench: VaultBench
let aki: VaultCaller
let replica: { url: string; close(): Promise<void> }
let connectionId: string
const answers: CallAnswer[] = []

beforeAll(async () => {
  bench = await openVaultBench()
  aki = await bench.caller('Aki Tanaka')
  replica = await bench.app.replica()
})

afterAll(async () => {
  await replica?.close()
  await bench?.close()
})

beforeEach(async () => {
  const { oauth } = bench.cloud
  oauth.options.refreshTokens = 'rotating'
  oauth.options.reuseMs = 0
  bench.cloud.sendsRefreshTokens = true
  oauth.options.accessTokenSeconds = 3600
  connectionId = (await bench.connect(aki, akisAccount)).id
  bench.cloud.behave()
  oauth.refreshes = 0
})

afterEach(() => bench.cloud.behave())

async function call(url = bench.app.url, tool = 'cloud.who'): Promise<CallAnswer> {
  const answer = await callTool(url, aki, tool)
  answers.push(answer)
  return answer
}

async function row() {
  const [found] = await bench.app.sql<{
    status: string
    status_reason: string | null
    generation: number
    failures: number
    failure: string | null
    pause: number | null
    lease_id: string | null
    renewal_began_at: Date | null
  }>(
    `SELECT c.status, c.status_reason, t.generation, t.failures, t.failure, t.lease_id, t.renewal_began_at,
            extract(epoch FROM t.retry_at - now())::float8 AS pause
       FROM connections c JOIN oauth_tokens t ON t.connection_id = c.id WHERE c.id = $1`,
    [connectionId],
  )
  if (!found) throw new Error('there is no such connection')
  return found
}

/** As if the pause after failures were over. */
const endPause = () => bench.app.sql('UPDATE oauth_tokens SET retry_at = now() WHERE retry_at IS NOT NULL')

const fine = { status: 200, body: { id: akisAccount.id, label: akisAccount.email, saw: akisAccount.email } }

describe('an expired token', () => {
  test('is renewed exactly once for 20 calls on each of two app servers, and all succeed', async () => {
    for (let round = 1; round <= 3; round++) {
      await expireTokens(bench)
      // As slow as in life, so that all of them meet it.
      bench.cloud.misbehave('/token', { kind: 'slow', delayMs: 200 })
      const urls = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? bench.app.url : replica.url))
      const given = await Promise.all(urls.map((url) => call(url)))
      for (const answer of given) expect(answer).toEqual(fine)
      expect(bench.cloud.oauth.refreshes).toBe(round)
      expect(bench.cloud.requests('/token')).toBe(round)
      expect(await row()).toMatchObject({ status: 'connected', lease_id: null, renewal_began_at: null })
    }
  })

  test('is renewed with the refresh token kept when none is sent back', async () => {
    bench.cloud.oauth.options.refreshTokens = 'steady'
    bench.cloud.sendsRefreshTokens = false
    await expireTokens(bench)
    expect(await call()).toEqual(fine)
    await expireTokens(bench)
    expect(await call(replica.url)).toEqual(fine)
    expect(bench.cloud.oauth.refreshes).toBe(2)
  })

  test('that another replica has renewed meanwhile is simply replaced by the newer one', async () => {
    bench.cloud.oauth.expireAccessTokens()
    await Promise.all([call(), call(replica.url)])
    expect(bench.cloud.oauth.refreshes).toBe(1)
  })
})

describe('a token that expires soon', () => {
  const soon = () =>
    bench.app.sql(
      `UPDATE oauth_tokens SET expires_at = now() + interval '1 minute', refreshed_at = now() - interval '59 minutes'`,
    )

  test('is used at once while it is renewed ahead, once', async () => {
    await soon()
    const { generation } = await row()
    const release = bench.cloud.holdTokenAnswers()
    try {
      const given = await Promise.all([call(), call(), call(replica.url), call(replica.url)])
      for (const answer of given) expect(answer).toEqual(fine)
      await eventually(() => bench.cloud.requests('/token') === 1)
      expect(await call(replica.url)).toEqual(fine)
      expect((await row()).generation).toBe(generation)
    } finally {
      release()
    }
    await eventually(async () => (await row()).lease_id === null)
    expect(bench.cloud.oauth.refreshes).toBe(1)
    expect(bench.cloud.requests('/token')).toBe(1)
    expect((await row()).generation).toBe(generation + 1)
    expect(await call()).toEqual(fine)
  })

  test('is used on when it cannot be renewed yet', async () => {
    await soon()
    bench.cloud.misbehave('/token', { kind: 'answer', status: 503 })
    expect(await call()).toEqual(fine)
    await eventually(async () => (await row()).failures === 1)
    const asked = bench.cloud.requests('/token')
    expect(await call(replica.url)).toEqual(fine)
    expect(bench.cloud.requests('/token')).toBe(asked)
    expect(await row()).toMatchObject({ status: 'connected', failures: 1 })
  })
})

describe('a bad moment of the token endpoint', () => {
  beforeEach(() => expireTokens(bench))

  test('that is short is not noticed', async () => {
    bench.cloud.misbehave('/token', { kind: 'answer', status: 500 }, { times: 1 })
    bench.cloud.misbehave('/token', { kind: 'drop' }, { times: 1 })
    expect(await call()).toEqual(fine)
    expect(bench.cloud.requests('/token')).toBe(3)
    expect(await row()).toMatchObject({ status: 'connected', failures: 0, renewal_began_at: null })
  })

  test.each([
    ['500', { kind: 'answer', status: 500, body: { error: 'invalid_grant' } }, 'unavailable:status-500'],
    ['502', { kind: 'answer', status: 502, body: '<html>' }, 'unavailable:status-502'],
    ['429', { kind: 'answer', status: 429, body: { error: 'invalid_grant' } }, 'unavailable:status-429'],
    ['a dropped connection', { kind: 'drop' }, 'unavailable:unreachable'],
    [
      'a fault of its own',
      { kind: 'answer', status: 400, body: { error: 'invalid_request' } },
      'faulty:invalid_request',
    ],
    [
      'a refusal of our client',
      { kind: 'answer', status: 401, body: { error: 'invalid_client' } },
      'client:invalid_client',
    ],
  ] as const)('(%s) keeps the connection, and makes all replicas pause', async (_what, how, failure) => {
    bench.cloud.misbehave('/token', how)
    const first = await call()
    expect(first.status).toBe(failure.startsWith('unavailable') ? 503 : 502)
    expect(first.body).toMatchObject({ provider: 'cloud', retry_after_seconds: expect.any(Number) })
    expect(await row()).toMatchObject({ status: 'connected', failures: 1, failure, lease_id: null })

    const asked = bench.cloud.requests('/token')
    expect(asked).toBeLessThanOrEqual(3)
    const others = await Promise.all(Array.from({ length: 10 }, (_, n) => call(n % 2 ? bench.app.url : replica.url)))
    for (const { body } of others) expect(body.code).toBe(first.body.code)
    expect(bench.cloud.requests('/token')).toBe(asked)

    bench.cloud.behave()
    await endPause()
    expect(await call(replica.url)).toEqual(fine)
    expect(await row()).toMatchObject({ status: 'connected', failures: 0, failure: null, pause: null })
  })

  test('that is about the OAuth client names whoever must mend it', async () => {
    bench.cloud.misbehave('/token', { kind: 'answer', status: 401, body: { error: 'invalid_client' } })
    expect((await call()).body.detail).toContain(`An administrator must check it at ${bench.app.url}/admin/credentials`)
    const page = async () => (await aki.person.open('/connections')).body
    expect(await page()).toContain('does not take the OAuth client of this server')
    await bench.app.sql('UPDATE credentials SET owner_id = $1 WHERE id = $2', [aki.userId, bench.sharedClientId])
    try {
      expect((await call()).body.detail).toContain(`They must check it at ${bench.app.url}/connections/cloud/client`)
      expect(await page()).toContain('does not take your own OAuth client')
    } finally {
      await bench.app.sql('UPDATE credentials SET owner_id = NULL WHERE id = $1', [bench.sharedClientId])
    }
  })

  test('that lasts makes the pauses longer, up to five minutes, and a Retry-After counts', async () => {
    bench.cloud.misbehave('/token', { kind: 'answer', status: 503 })
    const pauses: number[] = []
    for (let failures = 1; failures <= 8; failures++) {
      // Each with one request: the pauses between the attempts within a call are not what this is about.
      await bench.app.sql('UPDATE oauth_tokens SET failures = $1', [failures - 1])
      bench.cloud.behave()
      bench.cloud.misbehave('/token', { kind: 'answer', status: 503, headers: { 'retry-after': '2' } })
      await call()
      pauses.push(Math.round((await row()).pause ?? 0))
      await endPause()
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300])
    bench.cloud.behave()
    bench.cloud.misbehave('/token', { kind: 'answer', status: 429, headers: { 'retry-after': '900' } })
    expect((await call()).body.retry_after_seconds).toBeGreaterThan(890)
  })

  test('that is a silence keeps the connection too', async () => {
    bench.cloud.misbehave('/token', { kind: 'hang' })
    expect(await call()).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect(await row()).toMatchObject({ status: 'connected', failure: 'unavailable:timeout' })
    bench.cloud.behave()
    await endPause()
    expect(await call()).toEqual(fine)
  })

  test('that swallows the answer keeps the connection where the service lets a used refresh token work a while', async () => {
    bench.cloud.oauth.options.reuseMs = 30_000
    bench.cloud.misbehave('/token', { kind: 'cut' }, { times: 1 })
    expect(await call()).toEqual(fine)
    expect(await row()).toMatchObject({ status: 'connected', renewal_began_at: null })
  })

  test('that swallows the answer, where it does not, is told as what it was', async () => {
    bench.cloud.misbehave('/token', { kind: 'cut' }, { times: 1 })
    const { status, body } = await call()
    expect(status).toBe(403)
    expect(body).toMatchObject({
      code: 'not-connected',
      reason: 'reconnect-needed',
      lost_because: 'renewal-interrupted',
    })
    expect(body.detail).toMatch(
      /a renewal of its access that began at 20\S+Z was cut off before Cloud's new tokens were kept/,
    )
    expect((await row()).status_reason).toMatch(/^renewal-interrupted:20/)
  })
})

describe('a person’s no', () => {
  test('ends the connection, with the reason, one audit entry and the link to connect it again', async () => {
    await expireTokens(bench)
    bench.cloud.oauth.revokeAccount(akisAccount.id)
    await bench.app.sql('DELETE FROM notifications')
    const before = await losses()
    const given = await Promise.all(Array.from({ length: 20 }, (_, n) => call(n % 2 ? bench.app.url : replica.url)))
    for (const { status, body } of given) {
      expect(status).toBe(403)
      expect(body).toMatchObject({
        code: 'not-connected',
        reason: 'reconnect-needed',
        lost_because: 'grant-gone',
        connection: akisAccount.email,
        connect_url: `${bench.app.url}/connections/cloud/connect?scopes=cloud:read&account=${connectionId}`,
      })
      expect(body.detail).toContain('Cloud says that its access was withdrawn or has expired')
    }
    expect(bench.cloud.requests('/token')).toBe(1)
    expect(await row()).toMatchObject({ status: 'reconnect-needed', status_reason: 'grant-gone' })
    expect((await losses()).length - before.length).toBe(1)
    expect((await losses()).at(-1)).toMatchObject({
      reason: 'grant-gone',
      target_id: connectionId,
      details: { provider: 'cloud', account: akisAccount.email },
    })
    const told = await bench.app.sql(
      'SELECT kind, words, link FROM notifications WHERE user_id = $1 AND link LIKE $2',
      [aki.userId, `%${connectionId}`],
    )
    expect(told).toEqual([
      {
        kind: 'connection.lost',
        words: expect.stringContaining('Cloud says that its access was withdrawn or has expired'),
        link: `${bench.app.url}/connections/cloud/connect?scopes=cloud:read,cloud:write&account=${connectionId}`,
      },
    ])
  })

  test('does not end what was connected again meanwhile', async () => {
    await expireTokens(bench)
    bench.cloud.oauth.revokeAccount(akisAccount.id)
    const release = bench.cloud.holdTokenAnswers()
    const running = call()
    await eventually(() => bench.cloud.requests('/token') === 1)
    await bench.connect(aki, akisAccount, allCloudScopes)
    release()
    expect(await running).toEqual(fine)
    expect(await row()).toMatchObject({ status: 'connected', status_reason: null })
  })

  const losses = () =>
    bench.app.sql<Record<string, unknown>>(
      `SELECT reason, target_id, details FROM audit_entries WHERE kind = 'connection' AND action = 'lose' ORDER BY at`,
    )
})

describe('a token that looked good and is refused', () => {
  test('is renewed once, and the request repeated once', async () => {
    bench.cloud.oauth.expireAccessTokens()
    expect(await call()).toEqual(fine)
    expect(bench.cloud.requests('/token')).toBe(1)
    expect(bench.cloud.requests('/api/me')).toBe(2)
  })

  test('is renewed once for requests of one call that go side by side, though one is refused only afterwards', async () => {
    bench.cloud.oauth.expireAccessTokens()
    bench.cloud.misbehave('/api/files', { kind: 'slow', delayMs: 500 }, { times: 1 })
    expect(await call(bench.app.url, 'cloud.both')).toEqual(fine)
    expect(bench.cloud.requests('/token')).toBe(1)
    expect(bench.cloud.requests('/api/files')).toBe(2)
  })

  test('is renewed once for many calls on two app servers', async () => {
    bench.cloud.oauth.expireAccessTokens()
    const urls = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? bench.app.url : replica.url))
    for (const answer of await Promise.all(urls.map((url) => call(url)))) expect(answer).toEqual(fine)
    expect(bench.cloud.requests('/token')).toBe(1)
  })

  test('is not renewed again and again by a service that refuses everything', async () => {
    bench.cloud.misbehave('/api/me', { kind: 'answer', status: 401 })
    for (let n = 0; n < 5; n++) expect((await call()).status).toBe(502)
    expect(bench.cloud.requests('/token')).toBe(1)
    expect(await row()).toMatchObject({ status: 'connected' })
  })
})

describe('a token that cannot be renewed', () => {
  const withoutRenewal = async () => {
    bench.cloud.oauth.options.refreshTokens = 'none'
    bench.cloud.oauth.options.accessTokenSeconds = undefined
    await bench.connections.remove(aki.userId, connectionId)
    connectionId = (await bench.connect(aki, akisAccount)).id
    bench.cloud.behave()
  }

  test('and is refused for one thing stays connected while the service still knows it', async () => {
    await withoutRenewal()
    bench.cloud.misbehave('/api/files', { kind: 'answer', status: 401 })
    expect(await call(bench.app.url, 'cloud.change')).toMatchObject({ status: 502, body: { code: 'upstream-failed' } })
    expect(bench.cloud.requests('/api/me')).toBe(1)
    expect(await row()).toMatchObject({ status: 'connected' })
  })

  test('and that the service does not know any more is revoked', async () => {
    await withoutRenewal()
    bench.cloud.oauth.revokeAccount(akisAccount.id)
    expect(await call()).toMatchObject({
      status: 403,
      body: { code: 'not-connected', reason: 'revoked', lost_because: 'token-refused' },
    })
    expect(await row()).toMatchObject({ status: 'revoked', status_reason: 'token-refused' })
    const asked = bench.cloud.seen.length
    expect((await call(replica.url)).body).toMatchObject({ reason: 'revoked' })
    expect(bench.cloud.seen).toHaveLength(asked)
  })

  test('because it is a person’s own is asked about before it counts as revoked, and works again once replaced', async () => {
    await bench.connections.remove(aki.userId, connectionId)
    const secret = bench.cloud.oauth.personalToken(akisAccount)
    const own = { provider: 'cloud', kind: 'token', ownerId: aki.userId, label: 'mine', secret } as const
    const { id } = await bench.credentials.create(own)
    const account = { id: akisAccount.id, label: akisAccount.email, details: {} }
    const given = { userId: aki.userId, provider: 'cloud', credentialId: id, account, scopes: null, tokens: undefined }
    await bench.connections.keep(given)
    expect(await call()).toEqual(fine)
    bench.cloud.misbehave('/api/files', { kind: 'answer', status: 401 })
    expect((await call(bench.app.url, 'cloud.change')).status).toBe(502)
    expect(await call()).toEqual(fine)
    bench.cloud.oauth.revokeAccount(akisAccount.id)
    expect((await call()).body).toMatchObject({ reason: 'revoked', lost_because: 'token-refused' })
    await bench.credentials.update(id, { secret: bench.cloud.oauth.personalToken(akisAccount) })
    expect(await call(replica.url)).toEqual(fine)
    const [kept] = await bench.connections.list(aki.userId)
    await bench.connections.remove(aki.userId, kept?.id ?? '')
  })
})

test('a sealed token in another account’s row gives nobody anything', async () => {
  const ben = await bench.caller('Ben Sato')
  const { id } = await bench.connect(ben, { ...akisAccount, id: 'another', email: 'ben@x.example' })
  await bench.app.sql(
    `UPDATE oauth_tokens t SET access_token = s.access_token FROM oauth_tokens s
      WHERE t.connection_id = $1 AND s.connection_id = $2`,
    [id, connectionId],
  )
  const answer = await callTool(bench.app.url, ben, 'cloud.who')
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
  expect(JSON.stringify(answer)).not.toContain(akisAccount.email)
  await bench.connections.remove(ben.userId, id)
})

test('no token or secret stands in a log line, an audit entry or a problem', async () => {
  expect(answers.length).toBeGreaterThan(100)
  expect(JSON.stringify(answers)).not.toMatch(secretWords)
  expect(await writtenDown(bench)).not.toMatch(secretWords)
  expect(await writtenDown(bench)).toContain('tokens were not renewed')
})
