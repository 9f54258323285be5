// Rotates keys of the Sekisho that `npm start` runs here: finds its database and its key, whether it runs or not.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readStartSettings, requireSealingKeys, StartFault, sealingKeyFiles } from './setup.js'

/**
 * @param {object} options
 * @param {string} options.root the project's directory
 * @param {NodeJS.ProcessEnv} options.env what `.env` in the root adds to is taken from here
 * @param {string[]} options.words what to rotate, and how; the program itself checks them
 * @param {string} options.program the app server's own rotation
 * @returns {Promise<number>} the status to end with
 */
export async function rotateKeys({ root, env: ownEnv, words, program }) {
  /** @type {(() => Promise<void>)[]} */
  const endings = []
  try {
    const settings = readStartSettings(root, ownEnv)
    const env = { ...settings.env }
    if (settings.needsSealingKey) {
      const { current } = sealingKeyFiles(settings.dataDirectory)
      if (!existsSync(current)) throw nothingYet(current)
      Object.assign(env, await requireSealingKeys(settings.dataDirectory))
    }
    if (settings.needsDatabase) {
      const { url, stop } = await openDatabase(join(settings.dataDirectory, 'postgres'))
      endings.push(stop)
      env.DATABASE_URL = url
    }
    return await run(program, words, env)
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof StartFault || error.name === 'LocalPostgresFailure'))
      throw error
    console.error(error.message)
    return 1
  } finally {
    for (const end of endings) await end()
  }
}

/**
 * The database of a running start, or one of our own on the same data for as long as this takes.
 * @param {string} directory
 */
async function openDatabase(directory) {
  const { findLocalPostgres, startLocalPostgres } = await import('@sekisho/local-postgres')
  if (!existsSync(join(directory, 'cluster'))) throw nothingYet(directory)
  const running = await findLocalPostgres(directory)
  if (running !== undefined) return { url: running, stop: async () => {} }
  const postgres = await startLocalPostgres({ dataDirectory: directory, durable: true })
  return { url: postgres.url(), stop: () => postgres.stop() }
}

/** @param {string} missing */
function nothingYet(missing) {
  return new StartFault(
    `There is no ${missing}, so there is nothing to rotate yet. Run npm start once, or set DATABASE_URL and SEALING_KEY.`,
  )
}

/**
 * @param {string} program
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function run(program, words, env) {
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...words], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal)
    process.on('SIGTERM', pass)
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGTERM', pass)
      settle(code ?? 1)
    })
  })
}
