// `npm run demo` with small stand-ins for the two programs: it says that nothing is real, and touches nothing that is.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { demoServices } from './demo-services.js'
import {
  closeBench,
  environmentOf,
  events,
  fail,
  freePort,
  killAll,
  newProject,
  openBench,
  processesNaming,
  start,
  until,
} from './start-bench.js'

const root = fileURLToPath(new URL('..', import.meta.url))

beforeAll(
  () => openBench({ projects: ['libs/local-postgres', 'libs/fakes'], module: 'demo-stack.js', run: 'runDemo' }),
  120_000,
)
afterEach(killAll)
afterAll(closeBench)

/** The first of as many free ports in a row as there are services. */
async function freePorts() {
  for (;;) {
    const first = await freePort()
    const looks = demoServices.map((_, at) => isFree(first + at))
    if ((await Promise.all(looks)).every(Boolean)) return first
  }
}

function isFree(port) {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', () => settle(false))
    server.listen(port, '127.0.0.1', () => server.close(() => settle(true)))
  })
}

async function isServed(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
  return answer !== undefined
}

async function databaseOf(project) {
  return (await environmentOf(project, 'app-server')).DATABASE_URL
}

describe('the demo', () => {
  test('says that nothing is real and what to try first, and ends in order on Ctrl-C', async () => {
    const project = await newProject()
    const first = await freePorts()
    const demo = await start(project, { DEMO_PORT: first })
    expect(demo.output()).toContain('This is the DEMO of Sekisho.')
    expect(demo.output()).toContain(`Open http://localhost:${demo.appPort} and sign in`)
    expect(demo.output()).toContain(`http sekisho-demo http://localhost:${demo.routerPort}/mcp`)
    for (const [at, { name }] of demoServices.entries()) {
      expect(demo.output()).toMatch(new RegExp(`^ +${name} +http://127\\.0\\.0\\.1:${first + at}$`, 'm'))
      const page = await fetch(`http://127.0.0.1:${first + at}/`, { headers: { accept: 'text/html' } })
      expect(await page.text()).toContain('Its people and all they have are made up')
    }
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(0)
    expect(await events(project)).toEqual(['mcp-router ended', 'app-server ended, its database still there'])
    expect(processesNaming(project)).toEqual([])
    for (const at of demoServices.keys()) expect(await isServed(first + at)).toBe(false)
  })

  test('follows none of the settings of a real start, leads to the pretended services alone, and keeps its data apart', async () => {
    const project = await newProject()
    const real = 'postgres://me@db.example.com/mine'
    await writeFile(
      join(project, '.env'),
      `DATABASE_URL=${real}\nGITHUB_CLIENT_SECRET=real\nSIGN_IN_DOMAINS=example.com\n`,
    )
    await mkdir(join(project, '.data'))
    await writeFile(join(project, '.data/sealing-key'), 'the real one')
    const demo = await start(project, {
      DEMO_PORT: await freePorts(),
      NODE_ENV: 'production',
      DATABASE_URL: real,
      GOOGLE_CLIENT_SECRET_FILE: '/etc/real',
      JIRA_CLIENT_SECRET: 'real',
      PUBLIC_URL: 'https://sekisho.example.com',
    })
    const given = await environmentOf(project, 'app-server')
    expect(given).toMatchObject({
      NODE_ENV: 'development',
      PUBLIC_URL: `http://localhost:${demo.appPort}`,
      SEALING_KEY_FILE: join(project, '.data/demo/sealing-key'),
    })
    expect(given.DATABASE_URL).toContain('@127.0.0.1:')
    expect(given).not.toHaveProperty('SIGN_IN_DOMAINS')
    expect(Object.values(given).filter((value) => /\breal\b|example\.com/.test(value))).toEqual([])
    const hosts = given.OUTBOUND_ALLOWED_HOSTS.split(',')
    const ownAddresses = new Set(['PUBLIC_URL', 'MCP_URL', 'APP_SERVER_URL'])
    const addresses = Object.entries(given).filter(([name, value]) => /^https?:/.test(value) && !ownAddresses.has(name))
    expect(addresses.length).toBeGreaterThan(demoServices.length)
    for (const [name, address] of addresses) expect([name, hosts.includes(new URL(address).host)]).toEqual([name, true])
    demo.child.kill('SIGTERM')
    expect(await demo.ended).toBe(0)
    expect(await readFile(join(project, '.data/sealing-key'), 'utf8')).toBe('the real one')
    await expect(stat(join(project, '.data/postgres'))).rejects.toThrow('ENOENT')
  })

  test('begins afresh each time, and not under one that runs', async () => {
    const project = await newProject()
    const first = await start(project, { DEMO_PORT: await freePorts() })
    const database = await databaseOf(project)
    const refused = await start(project, { DEMO_PORT: await freePorts() }).catch((error) => error)
    expect(refused.message).toMatch(/^A demo runs in another terminal on the same data\. .*\n$/)
    expect(await databaseOf(project)).toBe(database)
    first.child.kill('SIGKILL')
    await until(() => processesNaming(project).length === 0)
    const second = await start(project, { DEMO_PORT: await freePorts() })
    // The password is made with the database.
    expect((await databaseOf(project)).split('@')[0]).not.toBe(database.split('@')[0])
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
  })

  test('says in one line each which ports are taken, and how to choose others', async () => {
    const project = await newProject()
    const first = await freePorts()
    const others = [createServer(), createServer()]
    for (const [at, other] of others.entries())
      await new Promise((settle) => other.listen(first + at, '127.0.0.1', settle))
    expect(await fail(project, { DEMO_PORT: first })).toBe(
      `Port ${first + 1} is in use by another program, perhaps by a Sekisho in another terminal. End that, or set DEMO_PORT to a free port, e.g. DEMO_PORT=${first + 2} npm run demo\n`,
    )
    for (const other of others) other.close()
    expect(await fail(project, { DEMO_PORT: first, ROUTER_PORT: first + 2 })).toBe(
      `ROUTER_PORT and DEMO_PORT must differ; both want port ${first + 2}.\n`,
    )
    expect(await fail(project, { DEMO_PORT: 'four' })).toContain('DEMO_PORT must be a port number')
    expect(await fail(project, { DEMO_PORT: '65535' })).toContain('DEMO_PORT must be a port number')
  })
})

describe('the pretended services', () => {
  test('are in no image and no dependency of the two programs', async () => {
    for (const program of ['app-server', 'mcp-router']) {
      const { dependencies } = JSON.parse(await readFile(join(root, program, 'package.json'), 'utf8'))
      expect(Object.keys(dependencies)).toContain('@sekisho/contracts')
      expect(Object.keys(dependencies)).not.toContain('@sekisho/fakes')
    }
    const [, shipped = ''] = (await readFile(join(root, 'Dockerfile'), 'utf8')).split(' AS runtime\n')
    expect(shipped).toContain('libs/contracts/dist')
    expect(shipped).not.toMatch(/fakes|COPY --from=build \S*\/libs /)
  })
})
