// A new sealing key while a thousand connected accounts are used and renewed on two app servers: no call notices.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { GoogleFake } from '@sekisho/fakes'
import { createTestDatabase, eventually, type Replica, type TestDatabase } from '@sekisho/testing'
import { DataSource } from 'typeorm'
import { keyIdsInUse, rotate, startRotation } from '../../app-server/e2e/keys-bench.js'
import { Database } from '../../app-server/src/platform/database/database.js'
import { placeIn } from '../../app-server/src/platform/sealed-values.js'
import { SecretBox } from '../../app-server/src/platform/secret-box.js'
import { rereadSealingKeys } from '../../app-server/src/platform/settings.js'
import { Connections } from '../../app-server/src/vault/connections.js'
import { sealedRefreshTokens } from '../../app-server/src/vault/sealed-columns.js'
import {
  addGoogleAccount,
  askFor,
  type ConnectedStack,
  connect,
  type Newcomer,
  secretsOf,
  startConnectedStack,
} from './connections-bench.js'
import { postModern } from './router-at-test.js'

const peopleCount = 50
/** Of each person; the first is connected through the pages, the others as the pages keep them. */
const accountsEach = 20
const callsAtOnce = 8
const googleScopes = ['openid', 'userinfo.email', 'calendar.events.readonly', 'calendar.calendarlist.readonly'].map(
  (scope) => (scope === 'openid' ? scope : `https://www.googleapis.com/auth/${scope}`),
)
const freeBusyScope = 'https://www.googleapis.com/auth/calendar.freebusy'

/** An account, and whose calls use it. */
interface Connected {
  readonly owner: Newcomer
  readonly label: string
  readonly secret: string
}

let at: ConnectedStack
let replica: Replica
let testDatabase: TestDatabase
let folder: string
let files: { current: string; old: string }
const connected: Connected[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-connected-keys-'))
  files = { current: join(folder, 'sealing-key'), old: join(folder, 'sealing-keys-old') }
  await writeFile(files.current, randomBytes(32).toString('base64'))
  await writeFile(files.old, '')
  testDatabase = await createTestDatabase()
  at = await startConnectedStack({
    database: testDatabase,
    appEnv: {
      SEALING_KEY: '',
      SEALING_KEY_FILE: files.current,
      SEALING_KEYS_OLD_FILE: files.old,
      ACCESS_TOKEN_SECONDS: '3600',
    },
  })
  // Each renewal ends the refresh token before: one that is lost on the way is an account that is lost.
  at.google.oauth.options.refreshTokens = 'rotating'
  replica = await at.stack.replica()
  await connectAll()
}, 180_000)

afterAll(async () => {
  await at?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function connectAll(): Promise<void> {
  const dataSource = await new DataSource({ type: 'postgres', url: testDatabase.url }).initialize()
  const connections = new Connections(new Database(dataSource), boxNow())
  const [client] = await at.stack.sql<{ id: string }>(`SELECT id FROM credentials WHERE provider = 'gcal'`)
  for (let person = 0; person < peopleCount; person++) {
    const owner = await at.newcomer()
    const [user] = await at.stack.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [owner.email])
    await connect(owner, 'gcal')
    connected.push({ owner, label: `calendar-${owner.number}@example.com`, secret: owner.secrets.gcal })
    for (let account = 1; account < accountsEach; account++) {
      const number = 1_000 + connected.length
      const id = addGoogleAccount(at.google, number)
      const label = `calendar-${number}@example.com`
      const scopes = [...googleScopes, freeBusyScope]
      const tokens = tokensFor(at.google, id, scopes)
      await connections.keep({
        userId: user?.id ?? '',
        provider: 'gcal',
        credentialId: client?.id ?? '',
        account: { id, label, details: {} },
        scopes,
        tokens,
      })
      connected.push({ owner, label, secret: secretsOf(number).gcal })
    }
  }
  await dataSource.destroy()
}

/** Tokens as Google's token endpoint gives them for a code. */
function tokensFor({ oauth, accounts }: GoogleFake, accountId: string, scopes: readonly string[]) {
  const account = accounts.find(({ id }) => id === accountId)
  if (!account) throw new Error(`there is no account ${accountId}`)
  const redirect = 'http://localhost/callback'
  const code = oauth.codeFor(account, scopes, redirect)
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect })
  const { clientId, clientSecret } = oauth.options
  const body = oauth.token(form, { id: clientId, secret: clientSecret }).body as Record<string, string>
  return {
    accessToken: body.access_token ?? '',
    refreshToken: body.refresh_token ?? '',
    expiresAt: new Date(Date.now() + 3_600_000),
  }
}

/** A box with the keys of the files as they are now. */
function boxNow(): SecretBox {
  const keys = rereadSealingKeys(files)
  if (!keys) throw new Error('the keys are files')
  return new SecretBox(keys)
}

const env = () => ({
  DATABASE_URL: testDatabase.url,
  SEALING_KEY_FILE: files.current,
  SEALING_KEYS_OLD_FILE: files.old,
})

/** Every other account's token is about to end, so that its next call renews it. */
async function letHalfExpire(): Promise<void> {
  await at.stack.sql(
    `UPDATE oauth_tokens SET expires_at = now() WHERE connection_id IN (
       SELECT id FROM (SELECT id, row_number() OVER (ORDER BY label) AS n FROM connections) AS numbered WHERE n % 2 = 0)`,
  )
}

/** Calls with one account after the other, on both app servers, until it is stopped; what went wrong is kept. */
function useAll() {
  const routers = [at.stack.router.url, replica.router.url]
  const wrong: string[] = []
  let calls = 0
  let stopped = false
  const work = async () => {
    while (!stopped) {
      const index = calls++
      const { owner, label, secret } = connected[index % connected.length] as Connected
      const base = routers[Math.floor(index / 3) % 2] as string
      const call = { name: askFor.gcal.name, arguments: { connection: label } }
      const { text } = await postModern({ base }, 'tools/call', call, { bearer: owner.bearer })
      if (!text.includes(secret)) wrong.push(`${label}: ${text.slice(0, 300)}`)
    }
  }
  const workers = Array.from({ length: callsAtOnce }, work)
  return {
    wrong,
    calls: () => calls,
    /** Ends after so many more calls. */
    async endAfter(more: number) {
      const enough = calls + more
      await eventually(() => calls >= enough, 90_000)
      stopped = true
      await Promise.all(workers)
    },
  }
}

/** Refresh tokens that are kept, by the key of now, and are not the last ones Google gave. */
async function tokensOutOfDate(): Promise<string[]> {
  const kept = await at.stack.sql<{ id: string; sealed: Buffer }>(
    'SELECT connection_id AS id, refresh_token AS sealed FROM oauth_tokens',
  )
  expect(kept).toHaveLength(connected.length)
  const box = boxNow()
  const tokens = kept.map(({ id, sealed }) => box.open(sealed, placeIn(sealedRefreshTokens, id)).toString())
  return tokens.filter((token) => !at.google.oauth.isNewest(token))
}

const renewals = () => at.google.oauth.refreshes

test('a rotation while a thousand accounts are used and renewed fails no call, and seals everything anew', async () => {
  expect(connected).toHaveLength(peopleCount * accountsEach)
  const [former] = boxNow().keyIds
  expect(await keyIdsInUse(at.stack.sql)).toEqual([former])
  await letHalfExpire()
  const use = useAll()
  await eventually(() => use.calls() > 20)
  const before = { calls: use.calls(), renewals: renewals() }
  const { code, output } = await rotate(['sealing'], env())
  const during = { calls: use.calls() - before.calls, renewals: renewals() - before.renewals }
  // All of them once more, by the new key.
  await use.endAfter(connected.length)
  expect([code, output]).toEqual([0, expect.stringContaining('Everything is sealed by it now')])
  expect(use.wrong).toEqual([])
  expect(during.calls).toBeGreaterThan(10)
  expect(during.renewals).toBeGreaterThan(0)
  expect(renewals()).toBeGreaterThanOrEqual(connected.length / 2)

  const [present] = boxNow().keyIds
  expect(present).not.toBe(former)
  expect(await keyIdsInUse(at.stack.sql)).toEqual([present])
  expect(await tokensOutOfDate()).toEqual([])
}, 180_000)

test('a rotation that is killed in the middle fails no call either, and goes on where it was', async () => {
  const [former] = boxNow().keyIds
  await letHalfExpire()
  const use = useAll()
  await eventually(() => use.calls() > 20)
  const run = startRotation(['sealing'], env())
  run.process.stdout?.on('data', () => {
    if (/oauth_tokens\.\w+: \d+ sealed anew/.test(run.output())) run.process.kill('SIGKILL')
  })
  expect([await run.ended, run.output()]).toEqual([null, expect.stringContaining('oauth_tokens')])
  const [present] = boxNow().keyIds
  expect((await keyIdsInUse(at.stack.sql)).sort()).toEqual([former, present].sort())
  const before = use.calls()
  await eventually(() => use.calls() > before + 50, 20_000)
  const { code, output } = await rotate(['sealing'], env())
  await use.endAfter(200)
  expect([code, output]).toEqual([0, expect.stringContaining('without another new key')])
  expect(use.wrong).toEqual([])
  expect(await keyIdsInUse(at.stack.sql)).toEqual([present])
  const [lost] = await at.stack.sql(`SELECT count(*)::int AS n FROM connections WHERE status <> 'connected'`)
  expect(lost).toEqual({ n: 0 })
  expect(await tokensOutOfDate()).toEqual([])
}, 180_000)
