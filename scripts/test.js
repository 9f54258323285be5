// `npm test`: builds, starts a Postgres with one migrated template, runs jest on it with the arguments given, and ends both.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from './build.js'
import { COUNTS_FILE } from './count-reporter.js'
import { requireNewNode } from './node24.js'
import { onStopRequest } from './processes.js'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
/** The database every cluster comes with; it becomes the template. */
const template = 'sekisho'

await requireNewNode(import.meta.url)

/** @type {import('node:child_process').ChildProcess | undefined} */
let running
let stopping = false
onStopRequest((signal) => {
  stopping = true
  running?.kill(signal)
})

// An explicit end: the pipe to a parent, where there is one, would keep us here.
process.exit(await main(process.argv.slice(2)))

/** @param {string[]} given what npm was given after `--`: `--skip-build`, if anything of ours, comes first; the rest is jest's */
async function main(given) {
  const skipBuild = given[0] === '--skip-build'
  const jestArguments = skipBuild ? given.slice(1) : given
  if (!skipBuild && !(await compile(root))) {
    console.error('The build has faults (above); no test was run.')
    return 1
  }
  const { LocalPostgresFailure, startLocalPostgres } = await import('../libs/local-postgres/dist/index.js')
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-test-'))
  let postgres
  try {
    postgres = await startLocalPostgres({ dataDirectory: join(directory, 'postgres'), durable: false })
    const migrated = await run([join(root, 'app-server/dist/migrate.js')], { DATABASE_URL: postgres.url(template) })
    if (migrated !== 0) {
      console.error('The migrations failed (above); no test was run.')
      return 1
    }
    if (stopping) return 1
    const counts = join(directory, 'counts')
    const status = await run(
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        join(root, 'node_modules/jest/bin/jest.js'),
        // First what was given: after an option that takes several values, jest would take a path for one more of them.
        ...jestArguments,
        '--reporters=default',
        `--reporters=${join(root, 'scripts/count-reporter.js')}`,
      ],
      {
        TEST_DATABASE_URL: postgres.url('postgres'),
        TEST_TEMPLATE: template,
        [COUNTS_FILE]: counts,
        ...findChromium(),
      },
    )
    // Without the file jest was ended before it had counted, or was only asked something (--listTests).
    const line = await readFile(counts, 'utf8').catch(() => '')
    if (line) console.log(line)
    return status
  } catch (error) {
    if (!(error instanceof LocalPostgresFailure)) throw error
    console.error(error.message)
    return 1
  } finally {
    await postgres?.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * Runs a Node script to its end.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env added to our own
 * @returns {Promise<number>} its status; 1 when a signal ended it
 */
async function run(command, env) {
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  running = child
  return await new Promise((settle, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => settle(code ?? 1))
  })
}

/** Tells whether the browser tests will run, and hands them the browser. */
function findChromium() {
  const named = process.env.CHROMIUM_PATH
  const onPath = (process.env.PATH ?? '').split(delimiter)
  const found = [
    ...(named ? [named] : ['/usr/bin/chromium', '/usr/bin/chromium-browser']),
    ...(named ? [] : ['chromium', 'google-chrome'].flatMap((name) => onPath.map((place) => join(place, name)))),
  ].find((path) => existsSync(path))
  if (found) {
    console.log(`Browser tests use ${found}.`)
    return { CHROMIUM_PATH: found }
  }
  console.log(
    `No Chromium found${named ? ` at CHROMIUM_PATH (${named})` : ''}: the browser tests are skipped. ` +
      'Install it (apt-get install chromium) or set CHROMIUM_PATH to run them.',
  )
  return {}
}
