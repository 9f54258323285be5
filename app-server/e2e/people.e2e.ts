// People as the other rooms see them, and the collection of what has ended, on a database without a server.
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { Accounts } from '../src/accounts/accounts.js'
import { Directory } from '../src/accounts/directory.js'
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
    const [ken, mika] = [await signIn('ken@example.com'), await signIn('mika@example.com')]
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
    await signIn('administrator@example.com')
    const { id } = await signIn('mika@example.com')
    await accounts.setStatus(id, 'disabled')
    const other = { provider: 'other', subject: 'm', email: 'mika@example.com', name: 'Mika' }
    await expect(accounts.signIn(other)).rejects.toMatchObject({ code: 'account-not-active' })
    expect(await database.query(`SELECT FROM identities WHERE provider = 'other'`)).toEqual([])
  })
})

describe('administrators', () => {
  async function administrator(email: string) {
    const { id } = await signIn(email)
    await accounts.setRole(id, 'administrator')
    return id
  }

  const administrators = () =>
    database.query<{ email: string }>(`SELECT email FROM users WHERE role = 'administrator' AND status = 'active'`)

  test('the last active one can be neither suspended, disabled nor made a member', async () => {
    const [first, second] = [await administrator('a@example.com'), await administrator('b@example.com')]
    await accounts.setStatus(second, 'suspended')
    for (const act of [
      () => accounts.setStatus(first, 'suspended'),
      () => accounts.setStatus(first, 'disabled'),
      () => accounts.setRole(first, 'member'),
      () => accounts.setRole(first, 'member', first),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'conflict' })
    }
    expect(await administrators()).toEqual([{ email: 'a@example.com' }])
    await accounts.setStatus(second, 'active')
    expect((await accounts.setRole(first, 'member', first)).role).toBe('member')
  })

  test.each([2, 3])('of %i who demote one another at once, one is left', async (count) => {
    for (let round = 0; round < 5; round++) {
      const ids = await Promise.all(['a', 'b', 'c'].slice(0, count).map((name) => administrator(`${name}@example.com`)))
      const acts = ids.map((by, index) => accounts.setRole(ids[(index + 1) % count] ?? '', 'member', by))
      const done = await Promise.allSettled(acts)
      // In a ring of three the first to act leaves two, of whom one was made a member before it could act itself.
      expect((await administrators()).length).toBeGreaterThanOrEqual(1)
      const refused = done.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code)
      expect(refused.length).toBeGreaterThanOrEqual(1)
      expect(new Set([...refused, 'forbidden', 'conflict'])).toEqual(new Set(['forbidden', 'conflict']))
    }
  })

  test('who was suspended or made a member a moment ago does nothing more', async () => {
    const [by, member] = [await administrator('a@example.com'), (await signIn('m@example.com')).id]
    await administrator('b@example.com')
    await accounts.setStatus(by, 'suspended')
    await expect(accounts.setStatus(member, 'suspended', by)).rejects.toMatchObject({ code: 'forbidden' })
    await accounts.setStatus(by, 'active')
    await accounts.setRole(by, 'member')
    await expect(accounts.setRole(member, 'administrator', by)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await accounts.require(member)).toMatchObject({ status: 'active', role: 'member' })
  })

  test('do not lock themselves out', async () => {
    const by = await administrator('a@example.com')
    await administrator('b@example.com')
    await expect(accounts.setStatus(by, 'suspended', by)).rejects.toMatchObject({ code: 'conflict' })
    expect((await accounts.require(by)).status).toBe('active')
  })
})

describe('the directory', () => {
  const emails = async (query: Partial<Parameters<Directory['search']>[0]>) =>
    (await new Directory(database, settings).search({ limit: 100, ...query })).items.map(({ email }) => email)

  test('finds people by a part of name or address, by status and by role, and takes every sign literally', async () => {
    for (const email of ['ada@example.com', 'bob_b@example.com', 'bobxb@example.com', 'c%d@example.com']) {
      await signIn(email)
    }
    const { id } = await signIn('bob_b@example.com')
    await accounts.setStatus(id, 'suspended')
    expect(await emails({})).toEqual(['c%d@example.com', 'bobxb@example.com', 'bob_b@example.com', 'ada@example.com'])
    expect(await emails({ text: 'BOB' })).toEqual(['bobxb@example.com', 'bob_b@example.com'])
    expect(await emails({ text: 'b_b' })).toEqual(['bob_b@example.com'])
    expect(await emails({ text: 'c%d' })).toEqual(['c%d@example.com'])
    expect(await emails({ text: '\\' })).toEqual([])
    expect(await emails({ text: 'a\u0000da' })).toEqual(['ada@example.com'])
    expect(await emails({ status: 'suspended' })).toEqual(['bob_b@example.com'])
    expect(await emails({ role: 'administrator' })).toEqual(['ada@example.com'])
  })

  test('goes on where the page before ended, and refuses a cursor that is none of ours', async () => {
    for (let n = 0; n < 5; n++) await signIn(`p${n}@example.com`)
    const directory = new Directory(database, settings)
    const first = await directory.search({ limit: 2 })
    const second = await directory.search({ limit: 2, cursor: first.next_cursor ?? '' })
    const third = await directory.search({ limit: 2, cursor: second.next_cursor ?? '' })
    const all = [...first.items, ...second.items, ...third.items].map(({ email }) => email)
    expect(all).toEqual(['p4', 'p3', 'p2', 'p1', 'p0'].map((name) => `${name}@example.com`))
    expect(third.next_cursor).toBeNull()
    for (const cursor of ['x', Buffer.from('["a"]').toString('base64url')]) {
      await expect(directory.search({ limit: 2, cursor })).rejects.toMatchObject({ code: 'invalid-arguments' })
    }
  })

  test('counts people by status, active administrators, and sessions that have not ended', async () => {
    const ids = []
    for (const name of ['a', 'b', 'c', 'd']) ids.push((await signIn(`${name}@example.com`)).id)
    for (const id of ids) await session(id)
    await accounts.setStatus(ids[1] ?? '', 'suspended')
    await accounts.setStatus(ids[2] ?? '', 'disabled')
    await database.query(`UPDATE sessions SET last_seen_at = now() - interval '8 days' WHERE user_id = $1`, [ids[3]])
    expect(await new Directory(database, settings).figures()).toEqual({
      people: 4,
      active: 2,
      suspended: 1,
      disabled: 1,
      administrators: 1,
      sessions: 1,
    })
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
