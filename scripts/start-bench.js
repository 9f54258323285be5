// What the tests of `npm start` and `npm run demo` share: a project of their own, with small stand-ins for the two programs.
import { spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compile } from './build.js'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
let scratch = ''
/** @type {import('node:child_process').ChildProcess[]} */
const spawned = []

/**
 * @param {object} options
 * @param {string[]} options.projects what the command needs built
 * @param {string} options.module the file of scripts/ that has the command
 * @param {string} options.run its function
 */
export async function openBench({ projects, module, run }) {
  scratch = await mkdtemp(join(tmpdir(), 'sekisho-start-'))
  if (!(await compile(root, projects))) throw new Error('the build has faults')
  const programs = { appServer: join(scratch, 'app.mjs'), router: join(scratch, 'router.mjs') }
  await writeFile(
    runFile(),
    `import { ${run} } from ${JSON.stringify(join(root, 'scripts', module))}
    const programs = ${JSON.stringify(programs)}
    process.exit(await ${run}({ root: process.env.TEST_ROOT, env: process.env, build: async () => true, programs }))`,
  )
  await writeFile(programs.appServer, standIn('app-server', 'APP_PORT'))
  await writeFile(programs.router, standIn('mcp-router', 'ROUTER_PORT'))
}

/** Ends what a failed test left. */
export function killAll() {
  for (const child of spawned.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
}

export async function closeBench() {
  await until(() => processesNaming(scratch).length === 0)
  await rm(scratch, { recursive: true, force: true })
}

/** The script that runs the command. */
export function runFile() {
  return join(scratch, 'run.mjs')
}

/** A program that is ready at once, notes what happens to it, and misbehaves when told to. */
function standIn(/** @type {string} */ name, /** @type {string} */ portName) {
  return `// ${name}
    import { appendFileSync, writeFileSync } from 'node:fs'
    import { createServer } from 'node:http'
    import { connect } from 'node:net'
    const { TEST_ROOT, ${portName}: port, DATABASE_URL } = process.env
    const is = (variable) => process.env[variable] === '${name}'
    if (is('STAND_IN_FAULTY')) {
      console.log(JSON.stringify({ level: 'warn', msg: 'on the way' }))
      console.error('These settings need your attention:\\n  - LOG_LEVEL: must be a pino level')
      process.exit(78)
    }
    writeFileSync(TEST_ROOT + '/${name}.json', JSON.stringify(process.env))
    createServer((request, response) => response.writeHead(request.url === '/readyz' ? 200 : 404).end()).listen(port, '127.0.0.1')
    const end = async () => {
      if (is('STAND_IN_CLINGS')) return
      let note = ''
      if (DATABASE_URL?.includes('127.0.0.1')) {
        const there = await new Promise((settle) => {
          const socket = connect(new URL(DATABASE_URL).port, '127.0.0.1', () => settle(true))
          socket.on('error', () => settle(false))
        })
        note = there ? ', its database still there' : ', its database gone'
      }
      appendFileSync(TEST_ROOT + '/events', '${name} ended' + note + '\\n')
      process.exit(0)
    }
    process.on('SIGTERM', end)
    process.stdin.on('end', end).resume()
    if (is('STAND_IN_DIES')) setTimeout(() => { console.error('alas'); process.exit(3) }, 500)
    if (process.env.STAND_IN_SAYS) {
      console.log(JSON.stringify({ level: 'info', time: '2026-01-01T12:34:55.000Z', msg: 'all is well' }))
      console.log(JSON.stringify({ level: 'warn', time: '2026-01-01T12:34:56.000Z', service: '${name}', durationMs: 900, err: { message: 'took too long', stack: 'x' }, msg: 'slow query' }))
    }`
}

let projects = 0
export async function newProject() {
  projects += 1
  const project = join(scratch, `project-${projects}`)
  await mkdir(project)
  return project
}

/**
 * @param {string} project
 * @param {Record<string, string | number>} env
 * @param {string[]} [command]
 */
async function spawnStart(project, env, command) {
  const [file = '', ...args] = command ?? [process.execPath, runFile()]
  const [appPort, routerPort] = [await freePort(), await freePort()]
  const child = spawn(file, args, {
    // Nothing of the environment this test runs in may decide.
    env: stringified({
      PATH: process.env.PATH ?? '',
      TEST_ROOT: project,
      APP_PORT: appPort,
      ROUTER_PORT: routerPort,
      ...env,
    }),
    cwd: project,
  })
  spawned.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (output += chunk))
  /** @type {Promise<number | null>} */
  const ended = new Promise((settle) => child.once('close', settle))
  return { child, ended, appPort, routerPort, output: () => output }
}

/**
 * @param {string} project
 * @param {Record<string, string | number>} [env]
 * @param {string[]} [command]
 */
export async function start(project, env = {}, command = undefined) {
  const running = await spawnStart(project, env, command)
  await until(() => {
    // First this: what is started can be over again before anybody looks.
    if (running.output().includes('Stop          Ctrl-C')) return true
    if (running.child.exitCode !== null) throw new Error(running.output())
    return false
  })
  return running
}

/**
 * A start that must fail and leave nothing.
 * @param {string} project
 * @param {Record<string, string | number>} env
 * @returns {Promise<string>} what it said
 */
export async function fail(project, env) {
  const failing = await spawnStart(project, env)
  const status = await failing.ended
  const left = processesNaming(project)
  if (status !== 1 || left.length > 0)
    throw new Error(`it ended with ${status} and left ${left.join()}: ${failing.output()}`)
  return failing.output().replace(/^Making a database …\n/, '')
}

/**
 * What a stand-in was given.
 * @param {string} project
 * @param {'app-server' | 'mcp-router'} name
 */
export async function environmentOf(project, name) {
  return JSON.parse(await readFile(join(project, `${name}.json`), 'utf8'))
}

/** What the stand-ins did, in order. @param {string} project */
export async function events(project) {
  return (await readFile(join(project, 'events'), 'utf8')).trim().split('\n')
}

/**
 * The processes that are at work in a directory of this test: the environment tells, on Linux; elsewhere the arguments.
 * @param {string} directory
 */
export function processesNaming(directory) {
  const { stdout } = spawnSync('ps', ['axeww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const named = new RegExp(`${directory}(/|\\s|$)`, 'm')
  return stdout.split('\n').filter((line) => named.test(line) && !line.includes('jest'))
}

/** @param {{ appPort: number, routerPort: number }} start */
export function portsAreFree({ appPort, routerPort }) {
  const { stdout } = spawnSync('ps', ['axeww', '-o', 'args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return !stdout.includes(`APP_PORT=${appPort}`) && !stdout.includes(`ROUTER_PORT=${routerPort}`)
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((settle) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => settle(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/**
 * @param {() => unknown} condition
 * @param {number} [withinMs]
 */
export async function until(condition, withinMs = 15_000) {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${withinMs} ms: ${condition}`)
    await delay(50)
  }
}

/** @param {Record<string, string | number>} env */
function stringified(env) {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]))
}
