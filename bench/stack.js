// The real thing to measure: Postgres in durable mode, the app server and the router as built, and tokens that people consented to.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLocalPostgres } from '@sekisho/local-postgres'
import { eventually, freePort, OAuthProgram, Person, signIn } from '@sekisho/testing'
import pg from 'pg'

const root = fileURLToPath(new URL('..', import.meta.url))
/** People who call, each with a program and a grant of their own: one person may not have all calls there are. */
const people = 16

/** @typedef {Awaited<ReturnType<typeof startMeasuredStack>>} MeasuredStack */

/**
 * @param {string} directory for the database and the logs
 * @param {string | undefined} profileDirectory where the two processes leave CPU profiles when they end
 * @param {Record<string, string>} appEnv further settings of the app server
 */
export async function startMeasuredStack(directory, profileDirectory, appEnv = {}) {
  /** @type {(() => Promise<unknown>)[]} */
  const endings = []
  const stop = async () => {
    for (const end of endings.reverse()) await end()
  }
  try {
    const postgres = await startLocalPostgres({ dataDirectory: join(directory, 'postgres'), durable: true })
    endings.push(() => postgres.stop())
    const [appPort, routerPort] = [await freePort(), await freePort()]
    const appUrl = `http://localhost:${appPort}`
    const mcpUrl = `http://localhost:${routerPort}/mcp`
    const profile = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`]
    const start = async (
      /** @type {string} */ name,
      /** @type {number} */ port,
      /** @type {Record<string, string>} */ env,
    ) => {
      const program = await startProgram(name, port, { ...env, MCP_URL: mcpUrl }, { profile, directory })
      endings.push(program.stop)
      return program
    }
    const appServer = await start('app-server', appPort, {
      APP_PORT: String(appPort),
      PUBLIC_URL: appUrl,
      DATABASE_URL: postgres.url(),
      SEALING_KEY: randomBytes(32).toString('base64'),
      ACCESS_TOKEN_SECONDS: '3600',
      APP_METRICS_PORT: String(await freePort()),
      ...appEnv,
    })
    const router = await start('mcp-router', routerPort, {
      ROUTER_PORT: String(routerPort),
      APP_SERVER_URL: `http://127.0.0.1:${appPort}`,
      ROUTER_METRICS_PORT: String(await freePort()),
    })

    const database = new pg.Client({ connectionString: postgres.url() })
    await database.connect()
    endings.push(() => database.end())
    const { rows } = await database.query(
      'SELECT id, pg_backend_pid() AS pid FROM products WHERE active ORDER BY id LIMIT 1',
    )
    const [{ id: productId, pid: backend }] = rows
    return {
      appPort,
      routerPort,
      appUrl,
      mcpUrl,
      appServerPid: appServer.pid,
      routerPid: router.pid,
      /** The process all of Postgres' others come from. */
      postgresPid: Number(readFileSync(`/proc/${backend}/stat`, 'latin1').split(') ')[1]?.split(' ')[1]),
      databaseUrl: postgres.url(),
      productId: /** @type {string} */ (productId),
      bearers: await bearersAt(appUrl, mcpUrl),
      auditCount: async () => Number((await database.query('SELECT count(*) FROM audit_entries')).rows[0].count),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * Access tokens as clients get them: each person signs in, registers a program and consents.
 * @param {string} appUrl
 * @param {string} mcpUrl
 */
async function bearersAt(appUrl, mcpUrl) {
  const bearers = []
  for (let number = 1; number <= people; number++) {
    const person = new Person([appUrl])
    await signIn(person, `Person ${number}`, `person.${number}@example.test`)
    const program = await OAuthProgram.at(appUrl, mcpUrl)
    bearers.push((await program.authorize(person, 'product:read')).access_token)
  }
  return bearers
}

/**
 * @param {string} name the workspace
 * @param {number} port
 * @param {Record<string, string>} env
 * @param {{ profile: string[], directory: string }} options
 */
async function startProgram(name, port, env, { profile, directory }) {
  const log = join(directory, `${name}.log`)
  const output = openSync(log, 'w')
  const child = spawn(process.execPath, [...profile, '--enable-source-maps', join(root, name, 'dist/main.js')], {
    env: { PATH: process.env.PATH ?? '', SEKISHO_PARENT_PIPE: 'stdin', ...env },
    // Its standard input ends with this process, and with it the child; its log goes where a service's would: to a file.
    stdio: ['pipe', output, output],
  })
  closeSync(output)
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await exited
    clearTimeout(timer)
  }
  try {
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${readFileSync(log, 'utf8').slice(-2_000)}`)
      const url = `http://127.0.0.1:${port}/readyz`
      return (await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined))?.ok
    }, 30_000)
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: /** @type {number} */ (child.pid), stop }
}
