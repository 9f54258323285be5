// The whole of Sekisho on one machine: checks what it needs, starts database, app server and router, and ends them in order.
import { existsSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { onStopRequest } from './processes.js'
import { Program } from './program.js'
import { list, readStartSettings, requireDirectory, requireFreePorts, requireSealingKeys, StartFault } from './setup.js'
import { welcome } from './welcome.js'

/** A first start applies all migrations and sample data; later ones take two seconds. */
const readyDeadlineMs = 60_000
/** What a call in flight may still take before its process is ended the hard way. */
const stopDeadlineMs = 10_000

/**
 * @typedef {object} Beside
 * @property {import('./setup.js').Port[]} ports
 * @property {(dataDirectory: string) => Promise<{ env: NodeJS.ProcessEnv, end: () => Promise<void> }>} start
 *   after the build; gives settings of the programs that lead to it, and what ends it
 */

/**
 * Runs Sekisho until it is asked to stop or a part of it ends by itself.
 * @param {object} options
 * @param {string} options.root where `.env` is, and what a relative DATA_DIRECTORY is relative to
 * @param {NodeJS.ProcessEnv} options.env what `.env` in the root adds to is taken from here
 * @param {(signal: AbortSignal) => Promise<boolean>} options.build makes the programs; false when it printed why it cannot
 * @param {{ appServer: string, router: string }} options.programs
 * @param {(env: NodeJS.ProcessEnv) => Promise<string[]>} [options.findFaults] what the programs will not take, a line each
 * @param {Beside} [options.beside] what else runs for as long
 * @param {string} [options.command] how it was started, to be told how to start it otherwise
 * @param {(settings: import('./setup.js').StartSettings) => string} [options.say] what to say when everything is up
 * @returns {Promise<number>} the status to end with: 0 after a request to stop
 */
export async function runStack({
  root,
  env: ownEnv,
  build,
  programs,
  findFaults = async () => [],
  beside,
  command = 'npm start',
  say = welcome,
}) {
  const stopping = new AbortController()
  /** @type {(() => Promise<void>)[]} what to end, last started first */
  const endings = []
  let hurried = false
  /** @type {Program[]} */
  const running = []

  // A terminal that is gone must not keep us from ending the rest in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const asked = new Promise((resolve) => {
    onStopRequest(() => {
      if (stopping.signal.aborted) {
        hurried = true
        for (const program of running) program.kill()
        return
      }
      console.log('\nStopping … (once more to hurry)')
      stopping.abort()
      resolve(undefined)
    })
  })

  try {
    const settings = readStartSettings(root, ownEnv)
    const ports = [...settings.ports, ...(beside?.ports ?? [])]
    await requireFreePorts({ ports, command }, stopping.signal)
    const data = settings.dataDirectory
    await requireDirectory(data)
    await requireDirectory(join(data, 'logs'))
    const sealing = settings.needsSealingKey ? await requireSealingKeys(data) : {}

    if (!(await build(stopping.signal))) {
      if (stopping.signal.aborted) return 0
      throw new StartFault('The build has faults (above), so nothing was started.')
    }
    stopping.signal.throwIfAborted()

    /** @type {NodeJS.ProcessEnv} */
    const env = { ...settings.env, ...sealing }
    if (beside) {
      const started = await beside.start(data)
      endings.push(started.end)
      Object.assign(env, started.env)
    }
    // Both programs' faults in one message, before a database is made for them.
    const faults = await findFaults(env)
    if (faults.length > 0) throw new StartFault(`These settings need your attention:\n${list(faults)}`)
    /** @type {Promise<string>} */
    let databaseEnded = new Promise(() => {})
    if (settings.needsDatabase) {
      const postgres = await startDatabase(join(data, 'postgres'))
      endings.push(() => postgres.stop())
      env.DATABASE_URL = postgres.url()
      databaseEnded = postgres.exited.then(
        ({ lastWords }) => `The database ended by itself. It last said:\n${lastWords}`,
      )
    }
    stopping.signal.throwIfAborted()

    const showAll = settings.showAllLogs
    const parts = [
      { name: 'app-server', file: programs.appServer, env, readyUrl: `${settings.appServerUrl}/readyz` },
      { name: 'mcp-router', file: programs.router, env: withoutSecrets(env), readyUrl: `${settings.routerUrl}/readyz` },
    ]
    for (const part of parts) {
      const program = new Program({ ...part, logFile: join(data, 'logs', `${part.name}.log`), showAll })
      running.push(program)
      endings.push(() => program.stop(hurried ? 0 : stopDeadlineMs))
    }
    const ended = Promise.race([databaseEnded, ...running.map((program) => program.exited)])
    const ready = Promise.all(running.map((program) => program.ready(readyDeadlineMs, stopping.signal)))
    const failure = await Promise.race([ready.then(() => undefined), ended, asked])
    if (stopping.signal.aborted) return 0
    if (failure) throw new StartFault(failure)

    console.log(say({ ...settings, dataDirectory: pathToShow(data) }))
    for (const program of running) program.speakUp()
    const end = await Promise.race([ended, asked])
    if (stopping.signal.aborted) return 0
    throw new StartFault(end)
  } catch (error) {
    if (stopping.signal.aborted) return 0
    // Only what nobody foresaw needs a stack trace.
    console.error(isForPeople(error) ? error.message : error)
    return 1
  } finally {
    stopping.abort()
    // In order, and each of them even when one before it fails.
    for (const end of endings.reverse()) await end().catch((error) => console.error(error))
  }
}

/** @param {string} directory */
async function startDatabase(directory) {
  const { startLocalPostgres } = await import('@sekisho/local-postgres')
  if (!existsSync(join(directory, 'cluster'))) console.log('Making a database …')
  return await startLocalPostgres({ dataDirectory: directory, durable: true })
}

/**
 * The router holds no secret, so it is given none.
 * @param {NodeJS.ProcessEnv} env
 */
function withoutSecrets(env) {
  const secret = /^(DATABASE_URL|SEALING_KEY)|SECRET|PASSWORD|API_KEY/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.test(name)))
}

/** @param {unknown} error @returns {error is Error} */
function isForPeople(error) {
  return error instanceof Error && (error instanceof StartFault || error.name === 'LocalPostgresFailure')
}

/** @param {string} path */
function pathToShow(path) {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') || isAbsolute(short) ? path : short
}
