// kill -9 of the app server, the router and the database in the middle of load: what was acknowledged is there, and once.
import { randomInt } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type LocalPostgres, startLocalPostgres } from '@sekisho/local-postgres'
import { freePort, OAuthProgram, type Stack, startStack } from '@sekisho/testing'
import { type CrashLoad, startLoad } from './crash-load.js'

/** How long it crashes, in seconds: CRASH_SECONDS=600 for a long run. */
const crashSeconds = Number(process.env.CRASH_SECONDS ?? 20)
const workers = 8
/** A kill comes this long after the service was back, in milliseconds: at any moment of any call. */
const calm = { from: 50, to: 900 }
/** Longest time until the next order is acknowledged, from when what was killed is up again. */
const backWithinMs = 15_000
/** Far from any limit of a real shop: no order fails for lack of stock. */
const stock = 100_000_000

let directory: string
let postgres: LocalPostgres
let stack: Stack
let load: CrashLoad

const startPostgres = (port: number) =>
  startLocalPostgres({ dataDirectory: join(directory, 'postgres'), durable: true, port })

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sekisho-crashes-'))
  // Durable, unlike the database of other tests: what is told to be done must have reached the disk.
  postgres = await startPostgres(await freePort())
  stack = await startStack({
    appEnv: { ACCESS_TOKEN_SECONDS: '3600', TRUSTED_PROXIES: '1' },
    database: { url: postgres.url(), drop: async () => undefined },
  })
}, 60_000)

afterAll(async () => {
  load?.abort()
  await stack?.close()
  await postgres?.stop()
  await rm(directory, { recursive: true, force: true })
}, 60_000)

async function serverPid(): Promise<number> {
  const lock = await readFile(join(directory, 'postgres/cluster/postmaster.pid'), 'utf8')
  return Number(lock.split('\n')[0])
}

/** The processes that serve a connection each: children of the server that work for a client. */
async function backendPids(): Promise<number[]> {
  const parent = await serverPid()
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  const backends = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return status.includes(`\nPPid:\t${parent}\n`) && title.includes('127.0.0.1(') ? pid : undefined
    }),
  )
  return backends.filter((pid) => pid !== undefined)
}

/** What is killed, and what a supervisor does about it: starts it again. */
const victims: Record<string, () => Promise<void>> = {
  async 'app server'() {
    await stack.appServer.stop('SIGKILL')
    await stack.appServer.start()
  },
  async router() {
    await stack.router.stop('SIGKILL')
    await stack.router.start()
  },
  async database() {
    process.kill(await serverPid(), 'SIGKILL')
    await postgres.exited
    postgres = await startPostgres(postgres.port)
  },
  // Postgres then ends every connection and repairs itself; nobody starts anything.
  async 'a connection of the database'() {
    const pids = await backendPids()
    expect(pids.length).toBeGreaterThan(0)
    process.kill(pids[randomInt(pids.length)] as number, 'SIGKILL')
  },
  async 'all three at once'() {
    process.kill(await serverPid(), 'SIGKILL')
    await Promise.all([stack.appServer.stop('SIGKILL'), stack.router.stop('SIGKILL'), postgres.exited])
    postgres = await startPostgres(postgres.port)
    await stack.appServer.start()
    await stack.router.start()
  },
}

test(
  'a kill -9 of anything loses no acknowledged write, does none twice, and the service returns by itself',
  async () => {
    const program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
    const tokens: string[] = []
    for (let index = 0; index < workers; index++) {
      const person = await stack.signedIn(`Person ${index}`)
      tokens.push((await program.authorize(person, 'order:create')).access_token)
    }
    const [product] = await stack.sql<{ id: string }>('UPDATE products SET stock = $1 RETURNING id', [stock])
    load = startLoad({ mcpUrl: stack.mcpUrl, tokens, productId: product?.id ?? '' })
    await load.untilServed(backWithinMs)

    const began = performance.now()
    const backMs: Record<string, number[]> = {}
    const order = Object.keys(victims)
    for (let round = 0; performance.now() - began < crashSeconds * 1000 || round < order.length; round++) {
      const name = order[round % order.length] as string
      await delay(randomInt(calm.from, calm.to))
      await victims[name]?.()
      backMs[name] = [...(backMs[name] ?? []), Math.round(await load.untilServed(backWithinMs))]
    }
    await load.finish(60_000)

    const rows = await stack.sql<{ id: string; note: string }>('SELECT id, note FROM orders')
    const orderOf = new Map(rows.map(({ id, note }) => [note, id]))
    const [taken] = await stack.sql<{ pieces: number; lines: number; stock: number }>(
      `SELECT (SELECT $1 - stock FROM products WHERE id = $2) AS pieces, (SELECT count(*)::int FROM order_lines) AS lines`,
      [stock, product?.id],
    )
    const [entries] = await stack.sql<{ ok: number }>(
      `SELECT count(*)::int AS ok FROM audit_entries WHERE tool = 'order.create' AND outcome = 'ok'`,
    )
    const { acknowledged, abandoned } = load
    const lost = [...acknowledged].filter(([key, id]) => orderOf.get(key) !== id)
    const unknown = rows.filter(({ note }) => !acknowledged.has(note) && !abandoned.has(note))
    console.log(
      `${Object.values(backMs).flat().length} kills in ${Math.round((performance.now() - began) / 1000)} s: ` +
        `${load.acknowledged.size} orders acknowledged, ${lost.length} lost, ${rows.length - orderOf.size} twice; ` +
        `${load.abandoned.size} given up by their client; attempts by status ${JSON.stringify(Object.fromEntries(load.attempts))}; ` +
        `audit entries ${entries?.ok}; milliseconds from up again to served: ${JSON.stringify(backMs)}`,
    )
    expect(load.acknowledged.size).toBeGreaterThan(20)
    expect(lost).toEqual([])
    expect(rows.length).toBe(orderOf.size)
    expect(unknown).toEqual([])
    expect([taken?.pieces, taken?.lines]).toEqual([rows.length, rows.length])
    expect(load.contradictions).toEqual([])
    // A crash is told as one: nobody is sent to sign in, or told that their wish was wrong.
    expect(load.refusals).toEqual([])
    // There were moments of crash in this at all.
    expect([...load.attempts].filter(([status]) => status !== 200)).not.toEqual([])
  },
  (crashSeconds + 150) * 1000,
)
