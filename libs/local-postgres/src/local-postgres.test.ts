// The local Postgres starts anywhere, keeps its data, and never outlives whoever started it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { type LocalPostgres, startLocalPostgres } from './index.js'

const workspace = fileURLToPath(new URL('..', import.meta.url))
const isRoot = process.geteuid?.() === 0
let scratch: string
const started: LocalPostgres[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sekisho-local-postgres-'))
  await chmod(scratch, 0o755)
  // The parents that get killed are plain Node programs and import the compiled library.
  const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', workspace], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stdout)
}, 120_000)

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(started.map((postgres) => postgres.stop()))
  await rm(scratch, { recursive: true, force: true })
})

describe('a local Postgres', () => {
  test('keeps its data and its password from one start to the next', async () => {
    const first = await start('kept')
    await query(first, 'CREATE TABLE kept (word text)')
    await query(first, "INSERT INTO kept VALUES ('still here')")
    await first.stop()
    expect(await first.exited).toMatchObject({ expected: true })

    const second = await start('kept')
    expect(await query(second, 'SELECT word FROM kept')).toEqual([{ word: 'still here' }])
    await second.stop()
    expect((await stat(join(scratch, 'kept/cluster/sekisho-password'))).mode & 0o777).toBe(0o600)
  })

  test('sorts by code point, thinks in UTC, knows time zones by name, and loses nothing when asked not to', async () => {
    const postgres = await start('kept', { durable: true })
    const [settings] = await query(
      postgres,
      `SELECT current_setting('TimeZone') AS zone, current_setting('server_encoding') AS encoding,
        current_setting('max_connections') AS connections, current_setting('fsync') AS fsync,
        current_setting('synchronous_commit') AS commits, current_setting('full_page_writes') AS pages,
        (SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()) AS locale,
        '2026-07-01 00:00Z'::timestamptz AT TIME ZONE 'America/New_York' = '2026-06-30 20:00' AS summer,
        lower('ÄÖÜ') AS lower`,
    )
    expect(settings).toEqual({
      zone: 'UTC',
      encoding: 'UTF8',
      connections: '200',
      fsync: 'on',
      commits: 'on',
      pages: 'on',
      locale: 'bC.UTF-8',
      summer: true,
      lower: 'äöü',
    })
    await postgres.stop()
  })

  test('for tests does not wait for the disk', async () => {
    const postgres = await start('kept')
    expect(await query(postgres, 'SHOW fsync')).toEqual([{ fsync: 'off' }])
    expect(await query(postgres, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }])
    await postgres.stop()
  })

  test('lets nobody in without its password', async () => {
    const postgres = await start('kept')
    const url = new URL(postgres.url())
    url.password = 'guess'
    await expect(connect(url.href)).rejects.toThrow(/password authentication failed/)
    await postgres.stop()
  })

  test('runs as an ordinary user when root starts it', async () => {
    if (!isRoot) return
    const postgres = await start('kept')
    const [status] = spawnSync('ps', ['-o', 'uid=', '-p', String(await serverPid('kept'))], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
    expect(Number(status)).toBeGreaterThan(0)
    await postgres.stop()
  })

  test("runs on data in root's own private directory", async () => {
    if (!isRoot) return
    await mkdir(join(scratch, 'private'), { mode: 0o700 })
    const postgres = await start('private/data')
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await postgres.stop()
  })

  test('is the same database for the ordinary user who made it and for root', async () => {
    if (!isRoot) return
    await mkdir(join(scratch, 'shared'), { mode: 0o777 })
    await chmod(join(scratch, 'shared'), 0o777)
    const user = await startParent('shared/data', { uid: 65534, gid: 65534 })
    user.child.kill('SIGTERM')
    await until(async () => !(await lives(user.serverPid)))
    const postgres = await start('shared/data')
    expect(await query(postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await stat(join(scratch, 'shared/data/cluster'))).uid).toBe(65534)
    await postgres.stop()
  })
})

describe('when the parent', () => {
  test('is killed outright, the server ends and the next start finds what was committed', async () => {
    const parent = await startParent('orphan')
    const client = await connect(parent.url)
    client.on('error', () => {})
    await client.query('CREATE TABLE survives AS SELECT 1 AS one')
    parent.child.kill('SIGKILL')

    await until(async () => (await processesOf('orphan')).length === 0)
    const postgres = await start('orphan')
    expect(await query(postgres, 'SELECT one FROM survives')).toEqual([{ one: 1 }])
    await postgres.stop()
  })

  test('gets a Ctrl-C with its whole process group, the server stays until the parent is done', async () => {
    const parent = await startParent('ctrl-c', { detached: true })
    const client = await connect(parent.url)
    client.on('error', () => {})
    process.kill(-(parent.child.pid ?? 0), 'SIGINT')
    await delay(300)
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])

    parent.child.kill('SIGTERM')
    await until(async () => (await processesOf('ctrl-c')).length === 0)
  })

  test('hears of a server that was killed', async () => {
    const postgres = await start('kept')
    process.kill(await serverPid('kept'), 'SIGKILL')
    expect(await postgres.exited).toMatchObject({ expected: false })
    await postgres.stop()
  })
})

describe('a start', () => {
  test('gets over the lock file of a server that crashed', async () => {
    const crashed = await start('crashed', { durable: true })
    await query(crashed, 'CREATE TABLE kept AS SELECT 1 AS one')
    const lock = await readFile(join(scratch, 'crashed/cluster/postmaster.pid'), 'utf8')
    process.kill(await serverPid('crashed'), 'SIGKILL')
    await crashed.exited
    expect(await readFile(join(scratch, 'crashed/cluster/postmaster.pid'), 'utf8')).toBe(lock)

    const postgres = await start('crashed')
    expect(await query(postgres, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
    await postgres.stop()
  })

  test('gets over a lock file whose number now belongs to another program', async () => {
    await (await start('reused')).stop()
    const stranger = spawn(
      'sleep',
      ['60'],
      (await stat(join(scratch, 'reused/cluster'))) as { uid: number; gid: number },
    )
    children.push(stranger)
    const lock = join(scratch, 'reused/cluster/postmaster.pid')
    await writeFile(lock, `${stranger.pid}\n${scratch}\n1\n5432\n\n127.0.0.1\n  1  1\nready   \n`)

    await (await start('reused')).stop()
    expect(stranger.exitCode).toBeNull()
  })

  test('on data that is in use says so and leaves the running server alone', async () => {
    const running = await start('kept')
    await expect(start('kept')).rejects.toThrow(/in use by another Postgres \(process \d+\)/)
    expect(await query(running, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await running.stop()
  })

  test('of two at once leaves one server and one clear message', async () => {
    const both = await Promise.allSettled([start('twice'), start('twice')])
    const [refused] = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(String(refused)).toMatch(/in use by another Postgres/)
  })

  test('names the directory it cannot write to', async () => {
    await writeFile(join(scratch, 'file'), '')
    await expect(start('file/data')).rejects.toThrow(
      new RegExp(`Cannot write to the data directory ${scratch}/file/data \\(ENOTDIR\\)`),
    )
    if (!isRoot) return
    const asNobody = await runParent('file-of-root', { uid: 65534, gid: 65534 })
    expect(asNobody.output).toMatch(/Cannot write to the data directory .*\(EACCES\)/)
  })

  test('names the port it cannot have', async () => {
    const other = createServer()
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
    const { port } = other.address() as { port: number }
    await expect(start('kept', { port })).rejects.toThrow(`Port ${port} on 127.0.0.1, meant for Postgres, is busy`)
    other.close()
  })

  test('refuses data of another Postgres version, and data whose password is lost', async () => {
    await (await start('old')).stop()
    await rm(join(scratch, 'old/cluster/sekisho-password'))
    await expect(start('old')).rejects.toThrow(/sekisho-password is missing/)
    await writeFile(join(scratch, 'old/cluster/PG_VERSION'), '12\n')
    await expect(start('old')).rejects.toThrow(/made by Postgres 12, but this is Postgres 18/)
  })
})

async function start(name: string, options: { durable?: boolean; port?: number } = {}): Promise<LocalPostgres> {
  const postgres = await startLocalPostgres({ dataDirectory: join(scratch, name), durable: false, ...options })
  started.push(postgres)
  return postgres
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  return client
}

async function query(postgres: LocalPostgres, statement: string): Promise<unknown[]> {
  const client = await connect(postgres.url())
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

interface ParentOptions {
  uid?: number
  gid?: number
  detached?: boolean
}

/** A program that starts the database, prints where it is, and then waits; SIGINT it ignores, SIGTERM ends it. */
function spawnParent(name: string, options: ParentOptions): ChildProcess {
  const library = pathToFileURL(join(workspace, 'dist/index.js')).href
  const program = `
    import { startLocalPostgres } from ${JSON.stringify(library)}
    process.on('SIGINT', () => {})
    const postgres = await startLocalPostgres({ dataDirectory: ${JSON.stringify(join(scratch, name))}, durable: true })
    process.on('SIGTERM', () => postgres.stop().then(() => process.exit()))
    console.log(postgres.url())
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { ...options, cwd: '/' })
  children.push(child)
  return child
}

async function startParent(name: string, options: ParentOptions = {}) {
  const child = spawnParent(name, options)
  const url = await new Promise<string>((found, reject) => {
    let faults = ''
    child.stderr?.on('data', (chunk) => {
      faults += chunk
    })
    child.once('exit', () => reject(new Error(faults)))
    child.stdout?.once('data', (chunk) => found(String(chunk).trim()))
  })
  return { child, url, serverPid: await serverPid(name) }
}

async function runParent(name: string, options: ParentOptions): Promise<{ output: string }> {
  const child = spawnParent(name, options)
  let output = ''
  child.stderr?.on('data', (chunk) => {
    output += chunk
  })
  await new Promise((ended) => child.once('close', ended))
  return { output }
}

async function serverPid(name: string): Promise<number> {
  return Number((await readFile(join(scratch, name, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0])
}

async function lives(pid: number): Promise<boolean> {
  return spawnSync('kill', ['-0', String(pid)]).status === 0
}

/** Every process, keeper included, that names this data directory. */
async function processesOf(name: string): Promise<string[]> {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.includes(join(scratch, name, 'cluster')))
}

async function until(condition: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${withinMs} ms: ${condition}`)
    await delay(50)
  }
}
