// The app server as tests start it: in this process, on a database of its own, at an address that is also its public one.
import { randomBytes } from 'node:crypto'
import { createTestDatabase, freePort, Person, signIn } from '@sekisho/testing'
import pg from 'pg'
import { type AppServerOptions, startAppServer } from '../src/app.js'
import { Log } from '../src/platform/log.js'
import { loadSettings, type Settings } from '../src/platform/settings.js'

export interface TestApp {
  url: string
  settings: Settings
  /** Where the figures are, when APP_METRICS_PORT was given. */
  metricsUrl: string | undefined
  /** Lines of the log so far, parsed. */
  logLines: Record<string, unknown>[]
  /** Runs SQL on the test's database, to look behind the scenes. */
  sql<Row = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<Row[]>
  /** A new person, signed in by development sign-in. */
  signedIn(name: string, email?: string): Promise<Person>
  /** Starts a second app server on the same database and with the same settings, on another port. */
  replica(env?: Record<string, string>): Promise<{ url: string; close(): Promise<void> }>
  close(): Promise<void>
}

export interface TestAppOptions extends Pick<AppServerOptions, 'providers'> {
  /** Settings besides those a test always needs. */
  env?: Record<string, string>
}

export async function startTestApp({ env = {}, providers }: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const port = await freePort()
  const variables = {
    NODE_ENV: 'test',
    APP_PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    MCP_URL: 'http://localhost:8080/mcp',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '10',
    SEALING_KEY: randomBytes(32).toString('base64'),
    DEV_SIGN_IN: 'true',
    ...env,
  }
  const settings = loadSettings(variables)
  const logLines: Record<string, unknown>[] = []
  const log = new Log(settings.logLevel, { write: (line) => void logLines.push(JSON.parse(line)) })
  const options: AppServerOptions = { log, ...(providers ? { providers } : {}) }
  const app = await startAppServer(settings, options)
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  pool.on('error', () => undefined)
  const url = settings.publicUrl
  return {
    url,
    settings,
    metricsUrl: app.metricsUrl,
    logLines,
    async sql<Row>(text: string, parameters: unknown[] = []) {
      return (await pool.query(text, parameters)).rows as Row[]
    },
    async signedIn(name, email = `${name.toLowerCase().replaceAll(/\W+/g, '.')}@example.test`) {
      const person = new Person([url])
      const page = await signIn(person, name, email)
      if (page.status !== 200) throw new Error(`sign-in ended at ${page.url} with ${page.status}`)
      return person
    },
    async replica(changed = {}) {
      const second = loadSettings({ ...variables, APP_PORT: String(await freePort()), ...changed })
      return startAppServer(second, options)
    },
    async close() {
      await app.close()
      await pool.end()
      await database.drop()
    },
  }
}
