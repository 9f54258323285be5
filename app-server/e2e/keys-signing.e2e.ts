// A new signing key while everything runs: nobody notices, and what the old key signed is good until it has expired.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, OAuthProgram, type Person } from '@sekisho/testing'
import { DataSource } from 'typeorm'
import { maxKeys, removeRetired, type SigningKey, SigningKeys } from '../src/oauth/signing-keys.js'
import { Database } from '../src/platform/database/database.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { startTestApp, type TestApp } from './app.js'
import { rotate } from './keys-bench.js'
import { claimsOf, knock } from './oauth-bench.js'

let app: TestApp
let replica: { url: string; close(): Promise<void> }
let aki: Person
let program: OAuthProgram
let dataSource: DataSource
let database: Database

beforeAll(async () => {
  app = await startTestApp()
  replica = await app.replica()
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  dataSource = await new DataSource({ type: 'postgres', url: app.settings.databaseUrl }).initialize()
  database = new Database(dataSource)
})

afterAll(async () => {
  await dataSource?.destroy()
  await replica?.close()
  await app?.close()
})

const env = () => ({
  DATABASE_URL: app.settings.databaseUrl,
  SEALING_KEY: app.settings.sealingKey.toString('base64'),
})

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid as string

async function publishedKids(url: string): Promise<string[]> {
  const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}

/** A token like another, signed by a key of ours that need not be the present one. */
function signedBy(key: Pick<SigningKey, 'kid' | 'privateKey'>, like: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { ...claimsOf(like), jti: randomUUID(), exp: Math.floor(Date.now() / 1000) + 3000 }
  const body = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })}.${encode(claims)}`
  return `${body}.${sign('RSA-SHA256', Buffer.from(body), key.privateKey).toString('base64url')}`
}

const presentKeys = () => SigningKeys.load(database, new SecretBox(app.settings))

describe('a rotation', () => {
  test('fails no call and no refresh that goes on meanwhile, on any replica', async () => {
    const before = await program.authorize(aki, 'booking:read')
    const oldKid = kidOf(before.access_token)
    const failures: string[] = []
    const kids = new Set<string>()
    let rounds = 0
    let over = false
    async function work(mine: typeof before) {
      let tokens = mine
      while (!over) {
        const { status, body } = await program.refresh(tokens.refresh_token ?? '')
        if (status !== 200) failures.push(`refresh: ${status} ${body.error}`)
        else tokens = body
        kids.add(kidOf(tokens.access_token))
        // At once on the other replica, which may not have heard of the key yet.
        for (const url of [replica.url, app.url]) {
          const answer = await knock(url, tokens.access_token)
          if (answer.status !== 200) failures.push(`call: ${answer.status}`)
        }
        rounds++
      }
    }
    const workers = []
    for (let each = 0; each < 4; each++) workers.push(work(await program.authorize(aki, 'booking:read')))
    await eventually(async () => rounds > 8, 20_000)
    const { code, output } = await rotate(['signing'], env())
    expect([code, output]).toEqual([0, expect.stringContaining(oldKid)])
    await eventually(async () => kids.size === 2, 10_000)
    const until = rounds + 12
    await eventually(async () => rounds > until, 20_000)
    over = true
    await Promise.all(workers)
    expect(failures).toEqual([])

    const newKid = [...kids].find((kid) => kid !== oldKid)
    expect(output).toContain(newKid)
    for (const url of [app.url, replica.url]) {
      expect(await publishedKids(url)).toEqual([newKid, oldKid])
      expect((await knock(url, before.access_token)).status).toBe(200)
    }
  })

  test('of long ago takes the old key away, and with it whatever it signed', async () => {
    const tokens = await program.authorize(aki, 'booking:read')
    const keys = await presentKeys()
    const old = keys.all().find(({ kid }) => kid !== keys.current.kid)
    if (!old) throw new Error('the test before has rotated')
    const ofOld = signedBy(old, tokens.access_token)
    expect((await knock(app.url, ofOld)).status).toBe(200)
    expect((await knock(replica.url, ofOld)).status).toBe(200)

    // Not while one of its tokens may be alive.
    await app.sql(
      `UPDATE oauth_signing_keys SET retired_at = now() - interval '64 minutes' WHERE retired_at IS NOT NULL`,
    )
    expect(await removeRetired(database, 65 * 60)).toEqual([])
    await app.sql(
      `UPDATE oauth_signing_keys SET retired_at = now() - interval '66 minutes' WHERE retired_at IS NOT NULL`,
    )
    expect(await removeRetired(database, 65 * 60)).toEqual([old.kid])
    for (const url of [app.url, replica.url]) {
      await eventually(async () => (await publishedKids(url)).length === 1, 5_000)
      expect(await publishedKids(url)).toEqual([keys.current.kid])
      expect((await knock(url, ofOld)).status).toBe(401)
      expect((await knock(url, tokens.access_token)).status).toBe(200)
    }
  })

  test('that a replica has not heard of is found when the first token of the new key comes', async () => {
    const tokens = await program.authorize(aki, 'booking:read')
    const box = new SecretBox(app.settings)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const kid = `quiet-${randomUUID()}`
    const sealed = box.seal(
      JSON.stringify(privateKey.export({ format: 'jwk' })),
      `oauth_signing_keys.private_jwk/${kid}`,
    )
    await app.sql('INSERT INTO oauth_signing_keys (kid, private_jwk) VALUES ($1, $2)', [kid, sealed])
    expect(await publishedKids(replica.url)).not.toContain(kid)
    expect((await knock(replica.url, signedBy({ kid, privateKey }, tokens.access_token))).status).toBe(200)
    expect(await publishedKids(replica.url)).toContain(kid)
    await app.sql('DELETE FROM oauth_signing_keys WHERE kid = $1', [kid])
  })

  test('at once ends every access token everywhere, and no authorization', async () => {
    const tokens = await program.authorize(aki, 'booking:read')
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
    expect((await knock(replica.url, tokens.access_token)).status).toBe(200)
    const { code } = await rotate(['signing', '--at-once'], env())
    expect(code).toBe(0)
    for (const url of [app.url, replica.url]) {
      await eventually(async () => (await knock(url, tokens.access_token)).status === 401, 5_000)
    }
    const { status, body } = await program.refresh(tokens.refresh_token ?? '')
    expect(status).toBe(200)
    expect((await knock(replica.url, body.access_token)).status).toBe(200)
    expect(await app.sql('SELECT kid FROM oauth_signing_keys')).toEqual([{ kid: kidOf(body.access_token) }])
  })

  test('by several operators at once makes a key each, one after the other', async () => {
    const before = await app.sql('SELECT kid FROM oauth_signing_keys')
    const runs = await Promise.all([rotate(['signing'], env()), rotate(['signing'], env())])
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(await app.sql('SELECT kid FROM oauth_signing_keys')).toHaveLength(before.length + 2)
    expect(await app.sql('SELECT kid FROM oauth_signing_keys WHERE retired_at IS NULL')).toHaveLength(1)
  })

  test('is refused when too many keys are alive, and says how long to wait', async () => {
    const [{ count } = { count: 0 }] = await app.sql<{ count: number }>('SELECT count(*)::int FROM oauth_signing_keys')
    await app.sql(
      `INSERT INTO oauth_signing_keys (kid, private_jwk, retired_at, created_at)
       SELECT 'filler-' || n, '', now(), now() - interval '1 day' FROM generate_series(1, $1) n`,
      [maxKeys - count],
    )
    try {
      const { code, output } = await rotate(['signing'], env())
      expect(code).toBe(78)
      expect(output).toContain('an hour at most')
    } finally {
      await app.sql(`DELETE FROM oauth_signing_keys WHERE kid LIKE 'filler-%'`)
    }
  })
})

describe('the command', () => {
  test.each([[[]], [['nothing']], [['signing', '--now']]])(
    'says how it is used when called with %j',
    async (options) => {
      const { code, output } = await rotate(options, env())
      expect(code).toBe(64)
      expect(output).toContain('keys:rotate -- signing')
    },
  )

  test('names every fault of its settings', async () => {
    const { code, output } = await rotate(['signing'], { SEALING_KEY: 'short' })
    expect(code).toBe(78)
    expect(output).toContain('DATABASE_URL')
    expect(output).toContain('SEALING_KEY')
  })
})
