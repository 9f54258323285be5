// `npm start` with small stand-ins for the two programs: it says what a newcomer needs, and leaves nothing behind.
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  closeBench,
  environmentOf,
  events,
  fail,
  killAll,
  newProject,
  openBench,
  portsAreFree,
  processesNaming,
  runFile,
  start,
  until,
} from './start-bench.js'

/** What most of these tests need no real one for. */
const ownDatabase = { DATABASE_URL: 'postgres://me@db.example.com/mine' }

beforeAll(() => openBench({ projects: ['libs/local-postgres'], module: 'stack.js', run: 'runStack' }), 120_000)
afterEach(killAll)
afterAll(closeBench)

describe('a start', () => {
  test('tells a newcomer where things are, ends in order on Ctrl-C and finds its data again', async () => {
    const project = await newProject()
    const first = await start(project)
    expect(first.output()).toContain(`Console       http://localhost:${first.appPort}\n`)
    expect(first.output()).toContain(
      `claude mcp add --transport http sekisho http://localhost:${first.routerPort}/mcp\n`,
    )
    expect(first.output()).toContain(
      `code --add-mcp '{"name":"sekisho","type":"http","url":"http://localhost:${first.routerPort}/mcp"}'\n`,
    )
    expect(first.output()).toContain(`{"mcpServers":{"sekisho":{"url":"http://localhost:${first.routerPort}/mcp"}}}\n`)
    expect(first.output()).toContain('with any name and e-mail')
    const key = await readFile(join(project, '.data/sealing-key'), 'utf8')
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
    expect((await stat(join(project, '.data/sealing-key'))).mode & 0o777).toBe(0o600)

    const appServer = await environmentOf(project, 'app-server')
    expect(appServer).toMatchObject({
      SEALING_KEY_FILE: join(project, '.data/sealing-key'),
      SEALING_KEYS_OLD_FILE: join(project, '.data/sealing-keys-old'),
      PUBLIC_URL: `http://localhost:${first.appPort}`,
      MCP_URL: `http://localhost:${first.routerPort}/mcp`,
      SEKISHO_PARENT_PIPE: 'stdin',
    })
    expect(appServer.DATABASE_URL).toMatch(/^postgres:\/\/sekisho:.+@127\.0\.0\.1:\d+\/sekisho$/)

    first.child.kill('SIGINT')
    // npm passes on the Ctrl-C that the terminal has sent already.
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(await events(project)).toEqual(['mcp-router ended', 'app-server ended, its database still there'])
    expect(processesNaming(project)).toEqual([])

    const second = await start(project)
    expect(await readFile(join(project, '.data/sealing-key'), 'utf8')).toBe(key)
    expect((await stat(join(project, '.data/sealing-keys-old'))).mode & 0o777).toBe(0o600)
    expect((await environmentOf(project, 'app-server')).DATABASE_URL.split('@')[0]).toBe(
      appServer.DATABASE_URL.split('@')[0],
    )
    second.child.kill('SIGTERM')
    expect(await second.ended).toBe(0)
  })

  test('gives the router no secret', async () => {
    const project = await newProject()
    const running = await start(project, { ...ownDatabase, GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'planted' })
    const router = await environmentOf(project, 'mcp-router')
    expect(Object.keys(router)).toEqual(expect.arrayContaining(['ROUTER_PORT', 'APP_SERVER_URL', 'MCP_URL']))
    for (const name of ['DATABASE_URL', 'SEALING_KEY_FILE', 'SEALING_KEYS_OLD_FILE', 'GOOGLE_CLIENT_SECRET'])
      expect(router).not.toHaveProperty(name)
    running.child.kill('SIGTERM')
    await running.ended
  })

  test('that is killed outright leaves no process', async () => {
    const project = await newProject()
    const running = await start(project)
    const names = processesNaming(project)
    expect(names.some((line) => line.includes('postgres'))).toBe(true)
    running.child.kill('SIGKILL')
    await until(() => processesNaming(project).length === 0 && portsAreFree(running))
  })

  test('right after one that was killed outright gets its ports and its data', async () => {
    const project = await newProject()
    const killed = await start(project)
    killed.child.kill('SIGKILL')
    const again = await start(project, { APP_PORT: String(killed.appPort), ROUTER_PORT: String(killed.routerPort) })
    again.child.kill('SIGTERM')
    expect(await again.ended).toBe(0)
  })

  test('under npm ends when npm is killed outright', async () => {
    const project = await newProject()
    // A shell that waits, as npm and the shell it uses do.
    const running = await start(project, { npm_lifecycle_event: 'start' }, [
      '/bin/sh',
      '-c',
      `"${process.execPath}" "${runFile()}"; :`,
    ])
    running.child.kill('SIGKILL')
    await until(() => processesNaming(project).length === 0 && portsAreFree(running))
  })

  test('shows warnings and errors in a readable line and keeps everything in the log file', async () => {
    const project = await newProject()
    const running = await start(project, { ...ownDatabase, STAND_IN_SAYS: 'yes' })
    await until(() => running.output().includes('slow'))
    expect(running.output()).toMatch(/^12:34:56 app-server warn: slow query \(took too long\) durationMs=900$/m)
    expect(running.output()).not.toContain('all is well')
    expect(await readFile(join(project, '.data/logs/app-server.log'), 'utf8')).toContain('all is well')
    running.child.kill('SIGTERM')
    await running.ended

    const talkative = await start(project, { ...ownDatabase, STAND_IN_SAYS: 'yes', LOG_STDOUT: 'true' })
    await until(() => talkative.output().includes('"msg":"all is well"'))
    talkative.child.kill('SIGTERM')
    await talkative.ended
  })

  test('reads .env and lets the real environment win', async () => {
    const project = await newProject()
    await writeFile(join(project, '.env'), 'ADMIN_EMAILS=a@example.com\nLOG_LEVEL=debug\nAPP_PORT=1\n')
    const running = await start(project, { ...ownDatabase, LOG_LEVEL: 'warn' })
    expect(await environmentOf(project, 'app-server')).toMatchObject({
      ADMIN_EMAILS: 'a@example.com',
      LOG_LEVEL: 'warn',
      APP_PORT: String(running.appPort),
    })
    running.child.kill('SIGTERM')
    await running.ended
  })

  test('on somebody’s own database starts none', async () => {
    const project = await newProject()
    const running = await start(project, ownDatabase)
    expect(await environmentOf(project, 'app-server')).toMatchObject({
      DATABASE_URL: 'postgres://me@db.example.com/mine',
    })
    await expect(stat(join(project, '.data/postgres'))).rejects.toThrow('ENOENT')
    running.child.kill('SIGTERM')
    await running.ended
  })

  test('in production makes up no key', async () => {
    const project = await newProject()
    const running = await start(project, { ...ownDatabase, NODE_ENV: 'production' })
    expect(await environmentOf(project, 'app-server')).not.toHaveProperty('SEALING_KEY_FILE')
    expect(running.output()).not.toContain('any name and e-mail')
    running.child.kill('SIGTERM')
    await running.ended
  })
})

describe('one clear message and no stack trace', () => {
  test('for busy ports', async () => {
    const project = await newProject()
    const other = createServer()
    await new Promise((listening) => other.listen(0, '127.0.0.1', listening))
    const { port } = other.address()
    const failed = await fail(project, { APP_PORT: String(port) })
    expect(failed).toBe(
      `Port ${port} is in use by another program, perhaps by a Sekisho in another terminal. End that, or set APP_PORT to a free port, e.g. APP_PORT=${port + 1} npm start\n`,
    )
    other.close()
  })

  test('for settings that are none, all of them at once', async () => {
    expect(await fail(await newProject(), { APP_PORT: 'abc', ROUTER_PORT: '70000', LOG_STDOUT: 'maybe' })).toBe(
      'These settings need your attention:\n' +
        '  - APP_PORT must be a port number between 1 and 65535, not "abc"\n' +
        '  - ROUTER_PORT must be a port number between 1 and 65535, not "70000"\n' +
        '  - LOG_STDOUT must be true or false\n',
    )
    expect(await fail(await newProject(), { APP_PORT: '4000', ROUTER_PORT: '4000' })).toContain('must differ')
  })

  test('for a data directory that cannot be written to', async () => {
    const project = await newProject()
    await writeFile(join(project, 'file'), '')
    expect(await fail(project, { DATA_DIRECTORY: 'file/data' })).toBe(
      `Cannot write to the data directory ${project}/file/data (ENOTDIR). Make it writable for this user, or set DATA_DIRECTORY to another directory.\n`,
    )
  })

  test('for a sealing key that is damaged, which is never replaced', async () => {
    const project = await newProject()
    const key = join(project, 'sealing-key')
    await writeFile(key, 'half a key')
    expect(await fail(project, { DATA_DIRECTORY: '.' })).toMatch(/sealing-key does not hold 32 bytes/)
    expect(await readFile(key, 'utf8')).toBe('half a key')
  })

  test('for settings a program finds faulty: its own words and nothing else', async () => {
    const failed = await fail(await newProject(), { ...ownDatabase, STAND_IN_FAULTY: 'app-server' })
    expect(failed).toBe('These settings need your attention:\n  - LOG_LEVEL: must be a pino level\n')
  })
})

describe('a program that', () => {
  test('ends by itself is named with its last words, and everything ends', async () => {
    const project = await newProject()
    const running = await start(project, { STAND_IN_DIES: 'mcp-router' })
    expect(await running.ended).toBe(1)
    expect(running.output()).toMatch(/mcp-router ended by itself \(status 3\)\.\nIt last said:\nalas/)
    expect(await events(project)).toEqual(['app-server ended, its database still there'])
    expect(processesNaming(project)).toEqual([])
  })

  test('does not end when asked is ended by a second Ctrl-C', async () => {
    const project = await newProject()
    const running = await start(project, { ...ownDatabase, STAND_IN_CLINGS: 'mcp-router' })
    running.child.kill('SIGINT')
    await delay(1_000)
    expect(running.child.exitCode).toBeNull()
    running.child.kill('SIGINT')
    expect(await running.ended).toBe(0)
    expect(processesNaming(project)).toEqual([])
  })

  test('is the database and is killed ends everything', async () => {
    const project = await newProject()
    const running = await start(project)
    const lock = await readFile(join(project, '.data/postgres/cluster/postmaster.pid'), 'utf8')
    process.kill(Number(lock.split('\n')[0]), 'SIGKILL')
    expect(await running.ended).toBe(1)
    expect(running.output()).toContain('The database ended by itself.')
    expect(processesNaming(project)).toEqual([])
  })
})
