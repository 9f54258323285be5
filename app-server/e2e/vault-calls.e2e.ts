// Tools of connected providers run with the caller's own account, or say what is missing and where it is mended.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { akisAccount, akisOtherAccount, bensAccount } from './cloud-service.js'
import { callTool, openVaultBench, type VaultBench, type VaultCaller } from './vault-bench.js'

let bench: VaultBench
let aki: VaultCaller
let ben: VaultCaller
let carol: VaultCaller

beforeAll(async () => {
  bench = await openVaultBench()
  aki = await bench.caller('Aki Tanaka')
  ben = await bench.caller('Ben Sato')
  carol = await bench.caller('Carol')
  await bench.connect(aki, akisAccount)
  await bench.connect(aki, akisOtherAccount, ['profile', 'files.read'])
  await bench.connect(ben, bensAccount)
})

afterAll(() => bench?.close())

const call = (caller: VaultCaller, tool: string, given?: Record<string, unknown>) =>
  callTool(bench.app.url, caller, tool, given)

async function lastEntry(caller: VaultCaller) {
  const [entry] = await bench.app.sql<{ outcome: string; reason: string; details: Record<string, unknown> }>(
    `SELECT outcome, reason, details FROM audit_entries WHERE kind = 'call' AND actor_id = $1 ORDER BY at DESC LIMIT 1`,
    [caller.userId],
  )
  return entry
}

describe('a call', () => {
  test('acts with the default account, and the audit log says with which', async () => {
    const answer = await call(aki, 'cloud.who')
    expect(answer).toEqual({
      status: 200,
      body: { id: akisAccount.id, label: akisAccount.email, saw: akisAccount.email },
    })
    const [connection] = await bench.connections.list(aki.userId)
    expect(await lastEntry(aki)).toMatchObject({
      outcome: 'ok',
      details: { connection: { id: connection?.id, label: akisAccount.email } },
    })
  })

  test('acts with the account it names, by label or id, however it is written', async () => {
    const other = (await bench.connections.list(aki.userId)).find(({ account }) => account.id === akisOtherAccount.id)
    for (const connection of ['AKI@work.example', ` ${akisOtherAccount.email} `, String(other?.id).toUpperCase()]) {
      expect((await call(aki, 'cloud.who', { connection })).body).toMatchObject({ saw: akisOtherAccount.email })
    }
  })

  test('waits for nobody who has all their calls at a service that is silent', async () => {
    bench.cloud.misbehave(/./, { kind: 'slow', delayMs: 3_000 }, { times: 32 })
    const slow = Array.from({ length: 32 }, () => call(aki, 'cloud.who'))
    await eventually(async () => bench.cloud.seen.filter(({ path }) => path !== '/token').length >= 32)
    const { status, body } = await call(aki, 'cloud.who')
    expect([status, body.code, body.retry_after_seconds]).toEqual([429, 'rate-limited', 1])
    expect((await call(ben, 'cloud.who')).body).toMatchObject({ saw: bensAccount.email })
    expect(new Set((await Promise.all(slow)).map((answer) => answer.status))).toEqual(new Set([200]))
    expect((await call(aki, 'cloud.who')).status).toBe(200)
  })

  test('with an unknown name is told which accounts there are, and never those of others', async () => {
    const { status, body } = await call(aki, 'cloud.who', { connection: bensAccount.email })
    expect(status).toBe(403)
    expect(body).toMatchObject({
      code: 'not-connected',
      provider: 'cloud',
      reason: 'unknown-account',
      connections: [akisAccount.email, akisOtherAccount.email],
    })
    expect(body.detail).toContain(`"${akisAccount.email}", "${akisOtherAccount.email}"`)
  })

  test('of somebody without an account says to connect one, and where', async () => {
    const { status, body } = await call(carol, 'cloud.who')
    expect(status).toBe(403)
    const url = `${bench.app.url}/connections/cloud/connect?scopes=cloud:read`
    expect(body).toMatchObject({ code: 'not-connected', reason: 'no-account', connect_url: url })
    expect(body.detail).toContain(url)
    expect(await lastEntry(carol)).toMatchObject({
      outcome: 'refused',
      reason: 'not-connected',
      details: { not_connected: 'no-account' },
    })
  })

  test('of a service that nobody has set up says what the operator must do, and is no unknown tool', async () => {
    const { status, body } = await call(aki, 'stray.who')
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'not-connected', reason: 'not-set-up', provider: 'stray' })
    expect(body.detail).toContain(`${bench.app.url}/admin/credentials`)
  })

  test('that needs more than the account gave asks for that, for this account', async () => {
    const { status, body } = await call(aki, 'cloud.change', { connection: akisOtherAccount.email })
    const other = (await bench.connections.list(aki.userId)).find(({ account }) => account.id === akisOtherAccount.id)
    expect(status).toBe(403)
    expect(body).toMatchObject({
      code: 'not-connected',
      reason: 'more-access-needed',
      missing_scopes: ['files.write'],
      connection: akisOtherAccount.email,
      connect_url: `${bench.app.url}/connections/cloud/connect?scopes=cloud:write&account=${other?.id}`,
    })
    expect(await lastEntry(aki)).toMatchObject({
      details: { not_connected: 'more-access-needed', connection: { id: other?.id, label: akisOtherAccount.email } },
    })
    expect((await call(aki, 'cloud.change')).status).toBe(200)
  })

  test('is refused on another replica as soon as the account is disconnected', async () => {
    const replica = await bench.app.replica()
    try {
      expect((await callTool(replica.url, ben, 'cloud.who')).status).toBe(200)
      const [connection] = await bench.connections.list(ben.userId)
      await bench.connections.remove(ben.userId, String(connection?.id))
      expect((await callTool(replica.url, ben, 'cloud.who')).body).toMatchObject({ reason: 'no-account' })
    } finally {
      await replica.close()
    }
  })

  test('is refused on another replica as soon as the person is suspended', async () => {
    const replica = await bench.app.replica()
    const dora = await bench.caller('Dora')
    await bench.connect(dora, { id: 'dora', email: 'dora@clouds.example', name: 'Dora' })
    try {
      expect((await callTool(replica.url, dora, 'cloud.who')).status).toBe(200)
      const asked = bench.cloud.seen.length
      await bench.app.sql(`UPDATE users SET status = 'suspended' WHERE id = $1`, [dora.userId])
      expect((await callTool(replica.url, dora, 'cloud.who')).status).toBe(401)
      expect(bench.cloud.seen).toHaveLength(asked)
    } finally {
      await replica.close()
    }
  })
})

test('the use of an account is noted at most once a minute', async () => {
  await call(aki, 'cloud.who')
  const [first] = await bench.connections.list(aki.userId)
  expect(first?.lastUsedAt).not.toBeNull()
  await call(aki, 'cloud.who')
  expect((await bench.connections.list(aki.userId))[0]?.lastUsedAt).toEqual(first?.lastUsedAt)
})

test('200 interleaved calls of 20 people, half of them with an account, never mix', async () => {
  const people = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const caller = await bench.caller(`Person ${n}`)
      const account = { id: `many-${n}`, email: `${n}@many.example`, name: `Person ${n}` }
      if (n % 2 === 0) await bench.connect(caller, account)
      return { caller, email: n % 2 === 0 ? account.email : undefined }
    }),
  )
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const { caller, email } = people[n % 20] as (typeof people)[number]
      return { email, ...(await call(caller, 'cloud.who')) }
    }),
  )
  for (const { email, status, body } of answers) {
    if (email) expect(body).toMatchObject({ saw: email, label: email })
    else expect({ status, reason: body.reason }).toEqual({ status: 403, reason: 'no-account' })
  }
})
