// Both processes as they are shipped, started from their built files on a database of the test's own.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { localhostCertificate } from './client-metadata-server.js'
import { createTestDatabase, type TestDatabase } from './database.js'
import { Person, signIn } from './person.js'
import { eventually, freePort } from './ports.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface StackProcess {
  url: string
  process: ChildProcess
  /** Lines of standard output so far: the structured log. */
  logLines: Record<string, unknown>[]
  /** Ends it as an operator would, and waits. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again with the same settings, after it was stopped. */
  start(): Promise<void>
}

export interface Stack {
  appServer: StackProcess
  router: StackProcess
  /** The public MCP endpoint. */
  mcpUrl: URL
  sql<Row = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<Row[]>
  signedIn(name: string, email?: string): Promise<Person>
  /** A second app server on the same database, with the same settings but its port, and a router before it. */
  replica(): Promise<Replica>
  close(): Promise<void>
}

export interface Replica {
  appServer: StackProcess
  router: StackProcess
}

export interface StackOptions {
  appEnv?: Record<string, string>
  routerEnv?: Record<string, string>
  /** Instead of a new one on the Postgres of the tests; dropped at the end all the same. */
  database?: TestDatabase
}

export async function startStack({ appEnv = {}, routerEnv = {}, ...options }: StackOptions = {}): Promise<Stack> {
  const database = options.database ?? (await createTestDatabase())
  const [appPort, routerPort] = [await freePort(), await freePort()]
  const publicUrl = `http://localhost:${appPort}`
  const mcpUrl = `http://localhost:${routerPort}/mcp`
  const allAppEnv = {
    PUBLIC_URL: publicUrl,
    MCP_URL: mcpUrl,
    DATABASE_URL: database.url,
    SEALING_KEY: randomBytes(32).toString('base64'),
    SAMPLE_DATA: 'true',
    NODE_EXTRA_CA_CERTS: fileURLToPath(localhostCertificate),
    ...appEnv,
  }
  const startPair = async (ports: { app: number; router: number }): Promise<Replica> => {
    const appServer = await startProcess('app-server', ports.app, { APP_PORT: String(ports.app), ...allAppEnv })
    appServer.url = `http://localhost:${ports.app}`
    const router = await startProcess('mcp-router', ports.router, {
      ROUTER_PORT: String(ports.router),
      MCP_URL: mcpUrl,
      APP_SERVER_URL: `http://127.0.0.1:${ports.app}`,
      ...routerEnv,
    })
    return { appServer, router }
  }
  const { appServer, router } = await startPair({ app: appPort, router: routerPort })
  const replicas: Replica[] = []
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => undefined)
  return {
    appServer,
    router,
    mcpUrl: new URL(mcpUrl),
    async sql<Row>(text: string, parameters: unknown[] = []) {
      return (await pool.query(text, parameters)).rows as Row[]
    },
    async signedIn(name, email = `${name.toLowerCase().replaceAll(/\W+/g, '.')}@example.test`) {
      const person = new Person([publicUrl])
      const page = await signIn(person, name, email)
      if (page.status !== 200) throw new Error(`sign-in ended at ${page.url} with ${page.status}`)
      return person
    },
    async replica() {
      const replica = await startPair({ app: await freePort(), router: await freePort() })
      replicas.push(replica)
      return replica
    },
    async close() {
      const all = [{ appServer, router }, ...replicas]
      await Promise.all(all.flatMap((one) => [one.router.stop(), one.appServer.stop()]))
      await pool.end()
      await database.drop()
    },
  }
}

async function startProcess(name: string, port: number, env: Record<string, string>): Promise<StackProcess> {
  const url = `http://127.0.0.1:${port}`
  const logLines: Record<string, unknown>[] = []
  const stack: StackProcess = { url, logLines, process: undefined as never, start, stop }
  let errors = ''

  async function start(): Promise<void> {
    errors = ''
    const child = spawn(process.execPath, ['--enable-source-maps', `${root}${name}/dist/main.js`], {
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', SEKISHO_PARENT_PIPE: 'stdin', ...env },
      // Its standard input ends with this process, and with it the child.
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    stack.process = child
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('{')) logLines.push(JSON.parse(line))
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4_000)
    })
    await eventually(async () => {
      if (child.exitCode !== null) {
        throw new Error(`${name} ended with ${child.exitCode}: ${errors}\n${JSON.stringify(logLines.slice(-5))}`)
      }
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined)
      return answer?.ok
    }, 20_000)
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = stack.process
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(timer)
  }

  await start()
  return stack
}
