// A new sealing key while everything runs: every sealed value is sealed anew, also when that is cut short and begun again.
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, programRedirectUri } from '@sekisho/testing'
import { placeIn } from '../src/platform/sealed-values.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { rereadSealingKeys } from '../src/platform/settings.js'
import { sealedColumns } from '../src/sealed-columns.js'
import { startTestApp, type TestApp } from './app.js'
import { keyIdsInUse as keyIdsOf, rotate, startRotation } from './keys-bench.js'

const secrets = { table: 'oauth_clients', key: 'id', column: 'client_secret' }

let app: TestApp
let replica: { url: string; close(): Promise<void> }
let folder: string
let files: { current: string; old: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sekisho-keys-'))
  files = { current: join(folder, 'sealing-key'), old: join(folder, 'sealing-keys-old') }
  await writeFile(files.current, randomBytes(32).toString('base64'))
  await writeFile(files.old, '')
  app = await startTestApp({
    env: { SEALING_KEY: '', SEALING_KEY_FILE: files.current, SEALING_KEYS_OLD_FILE: files.old },
  })
  replica = await app.replica()
})

afterAll(async () => {
  await replica?.close()
  await app?.close()
  await rm(folder, { recursive: true, force: true })
})

const env = () => ({
  DATABASE_URL: app.settings.databaseUrl,
  SEALING_KEY_FILE: files.current,
  SEALING_KEYS_OLD_FILE: files.old,
})

/** A box with the keys of the files as they are now. */
function boxNow(): SecretBox {
  const keys = rereadSealingKeys(files)
  if (!keys) throw new Error('the keys are files')
  return new SecretBox(keys)
}

const keyIdsInUse = () => keyIdsOf(app.sql)

/** Many clients with secrets, as if they had registered. */
async function addClients(count: number, prefix: string): Promise<void> {
  const box = boxNow()
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(6, '0')}`)
  await app.sql(
    `INSERT INTO oauth_clients (id, kind, metadata, client_secret, created_at)
     SELECT id, 'registered', json_build_object('client_id', id), secret, now() - interval '1 day'
       FROM unnest($1::text[], $2::bytea[]) AS given (id, secret)`,
    [ids, ids.map((id) => box.seal(`secret of ${id}`, placeIn(secrets, id)))],
  )
}

async function register(url: string) {
  const response = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'With a secret',
      redirect_uris: [programRedirectUri],
      token_endpoint_auth_method: 'client_secret_post',
    }),
  })
  if (response.status !== 201) throw new Error(`registration: ${response.status} ${await response.text()}`)
  return (await response.json()) as { client_id: string; client_secret: string }
}

/** Whether the client is known by its secret there: its sealed value was opened. */
async function isKnown(url: string, { client_id, client_secret }: { client_id: string; client_secret: string }) {
  const body = new URLSearchParams({ client_id, client_secret, token: 'any' })
  return (await fetch(`${url}/oauth/introspect`, { method: 'POST', body })).status === 200
}

describe('a rotation', () => {
  test('fails nobody: clients register and prove themselves on every replica all the while', async () => {
    await addClients(3_000, 'early')
    const before = await keyIdsInUse()
    expect(before).toHaveLength(1)
    const failures: string[] = []
    const registered: { client_id: string; client_secret: string }[] = []
    let over = false
    async function work(mine: string, other: string) {
      while (!over && registered.length < 80) {
        const client = await register(mine)
        registered.push(client)
        for (const url of [other, mine]) if (!(await isKnown(url, client))) failures.push(client.client_id)
      }
    }
    const workers = [work(app.url, replica.url), work(replica.url, app.url)]
    await eventually(async () => registered.length > 4, 10_000)
    const { code, output } = await rotate(['sealing'], env())
    over = true
    await Promise.all(workers)
    expect([code, output]).toEqual([0, expect.stringContaining('Everything is sealed by it now')])
    expect(output).toMatch(/oauth_clients\.client_secret: \d+ sealed anew/)
    expect(failures).toEqual([])

    const [present] = boxNow().keyIds
    expect(before).not.toContain(present)
    await eventually(async () => (await keyIdsInUse()).join() === present, 5_000)
    for (const client of registered) expect(await isKnown(app.url, client)).toBe(true)
    // New values are sealed by the new key, without a restart of anybody.
    await register(app.url)
    await register(replica.url)
    expect(await keyIdsInUse()).toEqual([present])
    const late = await app.replica()
    expect((await fetch(`${late.url}/.well-known/jwks.json`)).status).toBe(200)
    await late.close()
  })

  test('that is killed in the middle loses nothing, and goes on where it was when begun again', async () => {
    await addClients(6_000, 'killed')
    const client = await register(app.url)
    const [former] = boxNow().keyIds
    const run = startRotation(['sealing'], env())
    await eventually(async () => /client_secret: \d+ sealed anew/.test(run.output()), 20_000)
    run.process.kill('SIGKILL')
    expect(await run.ended).toBeNull()

    const [present] = boxNow().keyIds
    expect(present).not.toBe(former)
    expect((await keyIdsInUse()).sort()).toEqual([former, present].sort())
    for (const url of [app.url, replica.url]) expect(await isKnown(url, client)).toBe(true)
    const started = await app.replica()
    expect(await isKnown(started.url, client)).toBe(true)
    await started.close()

    const { code, output } = await rotate(['sealing'], env())
    expect([code, output]).toEqual([0, expect.stringContaining('without another new key')])
    expect(boxNow().keyIds[0]).toBe(present)
    expect(await keyIdsInUse()).toEqual([present])
    const box = boxNow()
    const rows = await app.sql<{ id: string; client_secret: Buffer }>(
      `SELECT id, client_secret FROM oauth_clients WHERE id LIKE 'killed-%'`,
    )
    expect(rows).toHaveLength(6_000)
    for (const { id, client_secret: sealed } of rows) {
      expect(box.open(sealed, placeIn(secrets, id)).toString()).toBe(`secret of ${id}`)
    }
  })

  test('leaves a damaged value as it is, names it, and does the others', async () => {
    await addClients(10, 'damaged')
    await app.sql(
      `UPDATE oauth_clients SET client_secret = set_byte(client_secret, 40, get_byte(client_secret, 40) # 1)
        WHERE id = 'damaged-000004'`,
    )
    const { code, output } = await rotate(['sealing'], env())
    expect(code).toBe(1)
    expect(output).toContain('oauth_clients.client_secret/damaged-000004')
    const left = await app.sql(
      `SELECT id FROM oauth_clients WHERE client_secret IS NOT NULL AND encode(substring(client_secret FROM 2 FOR 8), 'hex') <> $1`,
      [boxNow().keyIds[0]],
    )
    expect(left).toEqual([{ id: 'damaged-000004' }])
    await app.sql(`DELETE FROM oauth_clients WHERE id = 'damaged-000004'`)
  })

  test('is one at a time', async () => {
    await addClients(4_000, 'together')
    const runs = await Promise.all([rotate(['sealing'], env()), rotate(['sealing'], env())])
    const refused = runs.find(({ code }) => code !== 0)
    // On a slow machine one may be over before the other begins.
    if (refused) expect(refused.output).toContain('under way')
    expect(await keyIdsInUse()).toEqual([boxNow().keyIds[0]])
  })
})

describe('with the keys in the environment', () => {
  const inEnvironment = async (keys: { SEALING_KEY: string; SEALING_KEYS_OLD?: string }) =>
    rotate(['sealing'], { DATABASE_URL: app.settings.databaseUrl, ...keys })
  const keyNow = async () => (await readFile(files.current, 'utf8')).trim()

  test('nothing is made up: it says that there is nothing to do, and how to go on', async () => {
    const { code, output } = await inEnvironment({ SEALING_KEY: await keyNow() })
    expect(code).toBe(0)
    expect(output).toContain('nothing to do')
    expect(output).toContain('SEALING_KEYS_OLD')
  })

  test('everything is sealed by the key that is given, and by the former one again', async () => {
    const former = await keyNow()
    const next = randomBytes(32).toString('base64')
    const there = await inEnvironment({ SEALING_KEY: next, SEALING_KEYS_OLD: former })
    expect([there.code, there.output]).toEqual([0, expect.stringContaining('Everything is sealed by it now')])
    expect(await keyIdsInUse()).toEqual(new SecretBox({ sealingKey: Buffer.from(next, 'base64') }).keyIds)
    const back = await inEnvironment({ SEALING_KEY: former, SEALING_KEYS_OLD: next })
    expect(back.code).toBe(0)
    expect(await keyIdsInUse()).toEqual([boxNow().keyIds[0]])
  })

  test('a key that is missing is named, by the rotation and by a start, and nothing is changed', async () => {
    const stranger = randomBytes(32).toString('base64')
    const [present] = boxNow().keyIds
    const { code, output } = await inEnvironment({ SEALING_KEY: stranger })
    expect(code).toBe(78)
    expect(output).toContain(`sealed by key ${present}`)
    expect(await keyIdsInUse()).toEqual([present])
    await expect(startReplicaWith(stranger)).rejects.toThrow(`sealed by key ${present}`)
  })

  async function startReplicaWith(key: string): Promise<void> {
    const { startAppServer } = await import('../src/app.js')
    const { Log } = await import('../src/platform/log.js')
    const settings = { ...app.settings, port: 0, sealingKey: Buffer.from(key, 'base64'), oldSealingKeys: [] }
    const server = await startAppServer(
      { ...settings, sealingKeyFiles: { current: undefined, old: undefined } },
      { log: new Log('silent') },
    )
    await server.close()
  }
})

test('without a place for the old key, or where nothing can be written, it changes nothing and says why', async () => {
  const before = await readFile(files.current, 'utf8')
  const noPlace = await rotate(['sealing'], { DATABASE_URL: app.settings.databaseUrl, SEALING_KEY_FILE: files.current })
  expect([noPlace.code, noPlace.output]).toEqual([78, expect.stringContaining('SEALING_KEYS_OLD_FILE')])
  await mkdir(`${files.old}.new`)
  const cannotWrite = await rotate(['sealing'], env())
  await rm(`${files.old}.new`, { recursive: true })
  expect([cannotWrite.code, cannotWrite.output]).toEqual([78, expect.stringContaining('nothing was changed')])
  expect(await readFile(files.current, 'utf8')).toBe(before)
})

/** Bytes that are no secrets: files as people sent them. */
const plain = ['chat_attachments.body']

test('every column that may hold sealed values is among those that are sealed anew', async () => {
  const columns = await app.sql<{ name: string }>(
    `SELECT c.table_name || '.' || c.column_name AS name FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND c.data_type = 'bytea' AND t.table_type = 'BASE TABLE'
        AND c.column_name NOT LIKE '%digest' AND c.table_name || '.' || c.column_name <> ALL ($1)`,
    [plain],
  )
  expect(columns.map(({ name }) => name).sort()).toEqual(
    sealedColumns.map(({ table, column }) => `${table}.${column}`).sort(),
  )
})
