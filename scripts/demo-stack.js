// The demo: the stack of a start on data of its own, with pretended services for people to connect their accounts at.
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import { demoServices } from './demo-services.js'
import { StartFault } from './setup.js'
import { runStack } from './stack.js'
import { demoWelcome } from './welcome.js'

/** The first of the ports that the pretended services get, one after the other. */
const defaultPort = 4301

/** What of one's own settings a demo follows: all others are its own, so that it touches nothing that is real. */
const followed = ['APP_PORT', 'ROUTER_PORT', 'LOG_LEVEL', 'LOG_STDOUT']

/** A database whose parent was killed a moment ago ends by itself. */
const databaseEndsWithinMs = 5_000

/**
 * Runs the demo until it is asked to stop or a part of it ends by itself.
 * @param {Omit<Parameters<typeof runStack>[0], 'beside' | 'command' | 'say'>} options root: the project's directory
 * @returns {Promise<number>} the status to end with: 0 after a request to stop
 */
export async function runDemo({ root, env, ...options }) {
  const firstPort = Number(env.DEMO_PORT || defaultPort)
  const lastPort = firstPort + demoServices.length - 1
  if (!Number.isInteger(firstPort) || firstPort < 1 || lastPort > 65535) {
    console.error(
      `These settings need your attention:\n  - DEMO_PORT must be a port number, with ${demoServices.length - 1} more behind it, not "${env.DEMO_PORT}"`,
    )
    return 1
  }
  const services = demoServices.map(({ name, start }, at) => ({ name, start, port: firstPort + at }))
  return await runStack({
    ...options,
    // A `.env` of the project is for its real start; here is none.
    root: join(root, '.data/demo'),
    env: { ...ownSettings(env), NODE_ENV: 'development', DATA_DIRECTORY: '.' },
    beside: {
      ports: services.map(({ port }) => ({ name: 'DEMO_PORT', host: '127.0.0.1', port })),
      start: async (dataDirectory) => {
        await forgetFormerDemo(join(dataDirectory, 'postgres'))
        const running = await Promise.all(services.map(({ start, port }) => start(port)))
        return {
          env: {
            ...Object.assign({}, ...running.map(({ settings }) => settings)),
            OUTBOUND_ALLOWED_HOSTS: running.flatMap(({ hosts }) => hosts).join(','),
          },
          end: async () => {
            await Promise.all(running.map(({ end }) => end()))
          },
        }
      },
    },
    command: 'npm run demo',
    say: (settings) => demoWelcome(settings, services),
  })
}

/**
 * The environment without what is meant for a real start. `.env.example` has every setting.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function ownSettings(env) {
  const names = Object.keys(parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8')))
  const dropped = new Set(names.filter((name) => !followed.includes(name)).flatMap((name) => [name, `${name}_FILE`]))
  return Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.has(name)))
}

/**
 * The pretended services remember nothing, so neither does the demo: tokens of theirs from an earlier one would be dead.
 * @param {string} directory of its database
 */
async function forgetFormerDemo(directory) {
  const { findLocalPostgres } = await import('@sekisho/local-postgres')
  const deadline = performance.now() + databaseEndsWithinMs
  while (await findLocalPostgres(directory)) {
    if (performance.now() > deadline) {
      throw new StartFault('A demo runs in another terminal on the same data. End that one first (Ctrl-C there).')
    }
    await delay(100)
  }
  await rm(directory, { recursive: true, force: true })
}
