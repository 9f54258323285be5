// People as the other rooms see them, and the collection of what has ended, on a database without a server.
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { Accounts } from '../src/accounts/accounts.js'
import { Expiry } from '../src/accounts/expiry.js'
import { accountsMigrations } from '../src/accounts/migrations.js'
import { createDataSource, migrate } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'
import type { Jobs } from '../src/platform/jobs.js'
import type { Settings } from '../src/platform/settings.js'

const day = 24 * 3_600_000
const settings = { adminEmails: [] as string[], sessionIdleMs: 7 * day, sessionMaxMs: 30 * day } as unknown as Settings
let test1: TestDatabase
let dataSource: DataSource
let database: Database
let accounts: Accounts

beforeAll(async () => {
  test1 = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: test1.url, databasePoolSize: 5 }, accountsMigrations, () => undefined)
  await dataSource.initialize()
  await migrate(dataSource)
  database = new Database(dataSource)
  accounts = new Accounts(database, settings)
})

afterAll(async () => {
  await dataSource.destroy()
  await test1.drop()
})

afterEach(() => database.query('DELETE FROM users'))

const nobody = '01890000-0000-7000-8000-000000000000'

function signIn(email: string) {
  return accounts.signIn({ provider: 'google', subject: email, email, name: email })
}

async function session(userId: string, changes = ''): Promise<void> {
  await database.query(
    `INSERT INTO sessions (token_digest, user_id, expires_at, user_agent, address)
     VALUES ($1, $2, now() + interval '30 days', '', '127.0.0.1')`,
    [randomBytes(32), userId],
  )
  if (changes) await database.query(`UPDATE sessions SET ${changes} WHERE user_id = $1`, [userId])
}

describe('a person', () => {
  test('is found by id and by e-mail, whatever its case', async () => {
    const { id } = await signIn('Mika@example.com')
    expect(await accounts.find(id)).toMatchObject({
      id,
      email: 'Mika@example.com',
      status: 'active',
      role: 'administrator',
    })
    expect((await accounts.findByEmail('mika@EXAMPLE.com'))?.id).toBe(id)
    expect((await accounts.require(id)).lastSignInAt).toBeInstanceOf(Date)
  })

  test('who does not exist is not found, and is not active', async () => {
    expect(await accounts.find(nobody)).toBeUndefined()
    expect(await accounts.findByEmail('nobody@example.com')).toBeUndefined()
    await expect(accounts.require(nobody)).rejects.toMatchObject({ code: 'not-found' })
    await expect(accounts.requireActive(nobody)).rejects.toMatchObject({ code: 'account-not-active' })
    await expect(accounts.setStatus(nobody, 'suspended')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('who is suspended is signed out everywhere and cannot sign in until reactivated', async () => {
    const [mika, ken] = [await signIn('mika@example.com'), await signIn('ken@example.com')]
    for (const { id } of [mika, mika, ken]) await session(id)
    expect((await accounts.setStatus(mika.id, 'suspended')).status).toBe('suspended')
    expect(await database.query('SELECT user_id FROM sessions')).toEqual([{ user_id: ken.id }])
    await expect(accounts.requireActive(mika.id)).rejects.toMatchObject({ code: 'account-not-active' })
    await expect(signIn('mika@example.com')).rejects.toMatchObject({ code: 'account-not-active' })
    await accounts.setStatus(mika.id, 'active')
    expect((await accounts.requireActive(mika.id)).id).toBe(mika.id)
    expect((await signIn('mika@example.com')).id).toBe(mika.id)
  })

  test('who is refused leaves no new identity behind', async () => {
    const { id } = await signIn('mika@example.com')
    await accounts.setStatus(id, 'disabled')
    const other = { provider: 'other', subject: 'm', email: 'mika@example.com', name: 'Mika' }
    await expect(accounts.signIn(other)).rejects.toMatchObject({ code: 'account-not-active' })
    expect(await database.query(`SELECT FROM identities WHERE provider = 'other'`)).toEqual([])
  })
})

describe('collecting', () => {
  const expiry = new Expiry(undefined as unknown as Jobs, settings)

  test('removes what has ended by itself and nothing else', async () => {
    const people = await Promise.all(['a', 'b', 'c', 'd'].map((name) => signIn(`${name}@example.com`)))
    const changes = [
      '',
      `expires_at = now() - interval '1 second'`,
      `last_seen_at = now() - interval '7 days 1 second'`,
      `created_at = now() - interval '30 days 1 second'`,
    ]
    for (const [index, { id }] of people.entries()) await session(id, changes[index])
    await database.query(`INSERT INTO sign_in_attempts (network, created_at)
      VALUES ('192.0.2.1', now() - interval '11 minutes'), ('192.0.2.2', now() - interval '9 minutes')`)
    await database.transaction((sql) => expiry.collect(sql))
    expect(await database.query('SELECT user_id FROM sessions')).toEqual([{ user_id: people[0]?.id }])
    expect(await database.query('SELECT network::text FROM sign_in_attempts')).toEqual([{ network: '192.0.2.2/32' }])
  })

  test('takes a bounded portion at a time', async () => {
    const { id } = await signIn('mika@example.com')
    await database.query(
      `INSERT INTO sessions (token_digest, user_id, expires_at, user_agent, address)
       SELECT sha256(n::text::bytea), $1, now() - interval '1 day', '', '127.0.0.1' FROM generate_series(1, 1500) n`,
      [id],
    )
    const left = async () => (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM sessions'))[0]?.n
    await database.transaction((sql) => expiry.collect(sql))
    expect(await left()).toBe(500)
    await database.transaction((sql) => expiry.collect(sql))
    expect(await left()).toBe(0)
  })
})
