// The targets of the bench: where each is asked, and which processes its calls cost time in.
import { DOOR_PATH, doorHeaders } from '@sekisho/contracts'
import { portOf, startChild } from './child.js'

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} what
 * @property {number} port
 * @property {string} path
 * @property {string} host
 * @property {(era: import('./plan.js').Era) => Record<string, string>} headers besides those of the call
 * @property {readonly string[]} bearers
 * @property {Record<string, number>} processes pid by the part it plays; `postgres` stands for all of its processes
 */

/** @type {(era: import('./plan.js').Era) => Record<string, string>} */
const none = () => ({})

/**
 * Starts the bench's own servers beside the stack.
 * @param {import('./stack.js').MeasuredStack} stack
 * @param {object} answer the result the stack gives, for the others to give too
 */
export async function startTargets(stack, answer) {
  /** @type {import('node:child_process').ChildProcess[]} */
  const children = []
  const start = async (
    /** @type {string} */ file,
    /** @type {string[]} */ args = [],
    /** @type {Record<string, string>} */ env = {},
  ) => {
    const child = await startChild(file, { args, env: { BENCH_ANSWER: JSON.stringify(answer), ...env } })
    children.push(child)
    return { port: await portOf(child), pid: /** @type {number} */ (child.pid) }
  }
  const echo = await start('echo.js')
  const back = await start('relay-back.js')
  const front = await start('relay-front.js', [String(back.port)])
  const honestBack = await start('relay-back.js', [], { BENCH_DATABASE_URL: stack.databaseUrl })
  const honestFront = await start('relay-front.js', [String(honestBack.port)])
  const sdk = await start('sdk-server.js')
  const local = (/** @type {number} */ port) => ({ port, path: '/mcp', host: `127.0.0.1:${port}`, headers: none })
  /** @type {Target[]} */
  const targets = [
    {
      name: 'ceiling',
      what: 'the load generator alone, against raw sockets',
      ...local(echo.port),
      bearers: [],
      processes: { echo: echo.pid },
    },
    {
      name: 'relay',
      what: 'bare relay: node:http before node:http',
      ...local(front.port),
      bearers: stack.bearers,
      processes: { front: front.pid, back: back.pid },
    },
    {
      name: 'honest',
      what: 'relay + 1 verification, 1 select, 1 durable insert',
      ...local(honestFront.port),
      bearers: stack.bearers,
      processes: { front: honestFront.pid, back: honestBack.pid, postgres: stack.postgresPid },
    },
    {
      name: 'sdk',
      what: 'bare SDK v2 server, one process, no auth, no database',
      ...local(sdk.port),
      bearers: [],
      processes: { server: sdk.pid },
    },
    {
      name: 'door',
      what: 'app server alone, at its door',
      port: stack.appPort,
      path: DOOR_PATH,
      host: `127.0.0.1:${stack.appPort}`,
      headers: (era) => ({ [doorHeaders.era]: era, accept: 'application/json' }),
      bearers: stack.bearers,
      processes: { app: stack.appServerPid, postgres: stack.postgresPid },
    },
    {
      name: 'sekisho',
      what: 'router + app server, everything on',
      port: stack.routerPort,
      path: '/mcp',
      host: `localhost:${stack.routerPort}`,
      headers: none,
      bearers: stack.bearers,
      processes: { router: stack.routerPid, app: stack.appServerPid, postgres: stack.postgresPid },
    },
  ]
  return {
    targets,
    stop: () => {
      for (const child of children) if (child.connected) child.disconnect()
    },
  }
}
