// Several replicas: starting at once on an empty database, and ending one by one while calls come in.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  createTestDatabase,
  eventually,
  freePort,
  OAuthProgram,
  Person,
  signIn,
  type TestDatabase,
} from '@sekisho/testing'
import pg from 'pg'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sealingKey = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7)).toString('base64')

let database: TestDatabase
let pool: pg.Pool
let undo: (() => unknown)[]

beforeEach(async () => {
  database = await createTestDatabase()
  pool = new pg.Pool({ connectionString: database.url, max: 1 })
  undo = [() => database.drop(), () => pool.end()]
})

afterEach(async () => {
  for (const step of undo.reverse()) await step()
})

class Replica {
  private child: ChildProcess | undefined
  private output = ''

  constructor(
    private readonly name: 'app-server' | 'mcp-router',
    readonly port: number,
    private readonly env: Record<string, string>,
  ) {
    undo.push(() => this.stop())
  }

  async start(): Promise<void> {
    const portName = this.name === 'app-server' ? 'APP_PORT' : 'ROUTER_PORT'
    const child = spawn(process.execPath, [`${root}${this.name}/dist/main.js`], {
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', [portName]: String(this.port), ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-2_000)
      })
    }
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${this.name} ended with ${child.exitCode}: ${this.output}`)
      const answer = await fetch(`http://127.0.0.1:${this.port}/readyz`).catch(() => undefined)
      return answer?.ok
    }, 60_000)
  }

  /** Ends it as an operator would; gives its exit code. */
  async stop(): Promise<number | null> {
    const { child } = this
    if (!child || child.exitCode !== null) return child?.exitCode ?? null
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    return child.exitCode
  }
}

/** Connects to the ports in turn, and to the next where one refuses: what a name with several addresses comes to. */
async function balance(ports: readonly number[]): Promise<number> {
  let turn = 0
  const open = new Set<Socket>()
  const server = createServer((caller) => {
    const first = turn++
    const attempt = (tried: number) => {
      if (tried === ports.length) return caller.destroy()
      const target = connect(ports[(first + tried) % ports.length] as number, '127.0.0.1')
      const refused = () => attempt(tried + 1)
      target.once('error', refused)
      target.once('connect', () => {
        target.off('error', refused)
        open.add(caller).add(target)
        // Whoever ends, ends the other when everything has got there; a connection that breaks breaks the other.
        const over = () => open.delete(caller) && open.delete(target)
        pipeline(caller, target, over)
        pipeline(target, caller, over)
      })
    }
    attempt(0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  undo.push(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

describe('three app servers that start at once on an empty database', () => {
  test('bring the schema up to date once, fill it once, and are all ready', async () => {
    await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    const env = { DATABASE_URL: database.url, SEALING_KEY: sealingKey, SAMPLE_DATA: 'true' }
    const replicas: Replica[] = []
    for (let at = 0; at < 3; at++) replicas.push(new Replica('app-server', await freePort(), env))
    await Promise.all(replicas.map((replica) => replica.start()))
    const { rows } = await pool.query(`
      SELECT (SELECT count(*)::int FROM migrations) AS migrations,
        (SELECT count(DISTINCT name)::int FROM migrations) AS different_migrations,
        (SELECT count(*)::int FROM oauth_signing_keys) AS keys,
        (SELECT count(*)::int FROM products) AS products,
        (SELECT count(DISTINCT title)::int FROM products) AS different_products`)
    const { migrations, different_migrations, keys, products, different_products } = rows[0]
    expect(migrations).toBeGreaterThan(5)
    expect(different_migrations).toBe(migrations)
    expect(keys).toBe(1)
    expect(products).toBeGreaterThan(0)
    expect(different_products).toBe(products)
  }, 120_000)
})

describe('a rolling restart under load', () => {
  test('of two app servers and two routers fails not one call', async () => {
    const appPorts = [await freePort(), await freePort()] as const
    const routerPorts = [await freePort(), await freePort()] as const
    const publicUrl = `http://localhost:${await balance(appPorts)}`
    const mcpUrl = `http://localhost:${await balance(routerPorts)}/mcp`
    const common = { MCP_URL: mcpUrl, DRAIN_DELAY_MS: '6000', ALLOWED_HOSTS: '127.0.0.1' }
    const appEnv = { ...common, PUBLIC_URL: publicUrl, DATABASE_URL: database.url, SEALING_KEY: sealingKey }
    const apps = appPorts.map((port) => new Replica('app-server', port, { ...appEnv, SAMPLE_DATA: 'true' }))
    for (const app of apps) await app.start()
    const appServerUrl = `http://127.0.0.1:${new URL(publicUrl).port}`
    const routers = routerPorts.map(
      (port) => new Replica('mcp-router', port, { ...common, APP_SERVER_URL: appServerUrl }),
    )
    for (const router of routers) await router.start()

    const person = new Person([publicUrl])
    await signIn(person, 'Nao Ito', 'nao@example.test')
    const program = await OAuthProgram.at(publicUrl, mcpUrl)
    const { access_token } = await program.authorize(person, 'product:read')

    let ended = false
    let answered = 0
    const failures: string[] = []
    const caller = async () => {
      while (!ended) {
        try {
          const response = await fetch(mcpUrl, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              accept: 'application/json, text/event-stream',
              'mcp-protocol-version': '2025-11-25',
              authorization: `Bearer ${access_token}`,
            },
            body: JSON.stringify({
              jsonrpc: '2.0',
              id: 1,
              method: 'tools/call',
              params: { name: 'product.search', arguments: { limit: 1 } },
            }),
          })
          const text = await response.text()
          if (response.ok && text.includes('"structuredContent"') && !text.includes('"isError"')) answered++
          else failures.push(`${response.status} ${text.slice(0, 200)}`)
        } catch (error) {
          failures.push(String((error as Error).cause ?? error))
        }
      }
    }
    const callers = Array.from({ length: 12 }, caller)
    const exitCodes: (number | null)[] = []
    for (const replica of [...apps, ...routers]) {
      exitCodes.push(await replica.stop())
      await replica.start()
    }
    ended = true
    await Promise.all(callers)
    expect(failures).toEqual([])
    expect(exitCodes).toEqual([0, 0, 0, 0])
    expect(answered).toBeGreaterThan(500)
  }, 240_000)
})
