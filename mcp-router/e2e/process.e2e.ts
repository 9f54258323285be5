// The router as a process: what it says when it cannot start, how it ends, and what it writes into its log.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { echoOf, FakeDoor, goodBearer, succeed } from './fake-door.js'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

let door: FakeDoor
const children: ChildProcess[] = []

beforeEach(async () => {
  door = new FakeDoor()
  await door.start()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await door.stop()
})

interface Running {
  child: ChildProcess
  /** The lines of its log so far. */
  log: Record<string, unknown>[]
  errors: () => string
  ended: Promise<{ code: number | null; signal: string | null }>
}

function start(env: Record<string, string>): Running {
  const child = spawn(process.execPath, [program], {
    env: { NODE_ENV: 'test', APP_SERVER_URL: door.url, ROUTER_PORT: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  children.push(child)
  const log: Record<string, unknown>[] = []
  let errors = ''
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    log.push(...lines.map((line) => JSON.parse(line)))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return { child, log, errors: () => errors, ended }
}

async function listening(env: Record<string, string> = {}): Promise<Running & { base: string }> {
  const running = start(env)
  const line = await eventually(() => running.log.find(({ msg }) => msg === 'the router listens'))
  return { ...running, base: `http://127.0.0.1:${line.port}` }
}

async function eventually<Value>(find: () => Value | undefined): Promise<Value> {
  const until = Date.now() + 10_000
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`not in time: ${find}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function call(
  base: string,
  name: string,
  options: { said?: unknown; headers?: Record<string, string>; agent?: Agent } = {},
) {
  const { said, headers, agent } = options
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: { said } } })
  return new Promise<{ status: number; connection: string | undefined; body: Record<string, unknown> }>(
    (resolve, reject) => {
      request(`${base}/mcp`, {
        method: 'POST',
        ...(agent ? { agent } : {}),
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          authorization: `Bearer ${goodBearer}`,
          ...headers,
        },
      })
        .on('error', reject)
        .on('response', (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
          })
          response.on('error', reject).on('end', () => {
            const { statusCode: status = 0, headers: answered } = response
            resolve({ status, connection: answered.connection, body: JSON.parse(text) })
          })
        })
        .end(body)
    },
  )
}

describe('a start that cannot be', () => {
  test('lists every fault of its settings at once and ends with 78', async () => {
    const { ended, errors } = start({
      ROUTER_PORT: 'http',
      MCP_URL: 'https://example.com/other',
      ALLOWED_ORIGINS: 'example.com',
      CALL_TIMEOUT_MS: '1',
      LOG_LEVEL: 'loud',
    })
    expect(await ended).toMatchObject({ code: 78 })
    for (const name of ['ROUTER_PORT', 'CALL_TIMEOUT_MS', 'LOG_LEVEL']) expect(errors()).toContain(name)
    expect(errors()).not.toContain('    at ')
  })

  test('says in one line that the port is taken, and what to change', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    const { ended, errors } = start({ ROUTER_PORT: String(port) })
    expect(await ended).toMatchObject({ code: 78 })
    expect(errors()).toBe(
      `Port ${port} on 127.0.0.1 is taken. End the program that has it, or set ROUTER_PORT to a free port.\n`,
    )
    taken.close()
  })

  test('says that a host is none of this machine', async () => {
    const { ended, errors } = start({ ROUTER_HOST: '192.0.2.1' })
    expect(await ended).toMatchObject({ code: 78 })
    expect(errors()).toContain('ROUTER_HOST')
  })
})

describe('its end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('on %s what runs is finished, what is new is not taken', async (signal) => {
    let finish = () => undefined as unknown
    door.tools.set('waits', (received, response) => {
      finish = () => succeed(received, response, echoOf(received))
    })
    const { child, base, ended, log } = await listening()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect((await call(base, 'echo', { agent })).status).toBe(200)
    const calling = call(base, 'waits', { said: 'to the end', agent })
    await eventually(() => door.calls.find(({ message }) => message.params?.name === 'waits'))
    child.kill(signal)
    await eventually(() => log.find(({ msg }) => msg === 'the router is ending'))
    await expect(call(base, 'echo')).rejects.toThrow('ECONNREFUSED')
    finish()
    expect(await calling).toMatchObject({
      status: 200,
      connection: 'close',
      body: { result: { structuredContent: { said: 'to the end' } } },
    })
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(log.at(-1)).toMatchObject({ msg: 'the router has ended' })
    agent.destroy()
  })

  test('comes at once when nothing runs, idle connections or not', async () => {
    const { child, base, ended } = await listening()
    const agent = new Agent({ keepAlive: true })
    await call(base, 'echo', { agent })
    const startedAt = Date.now()
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
    expect(Date.now() - startedAt).toBeLessThan(1_000)
    agent.destroy()
  })

  test('comes after ten seconds even when a call does not, and its client is told', async () => {
    door.tools.set('hangs', () => undefined)
    const { child, base, ended } = await listening()
    const calling = call(base, 'hangs')
    const atDoor = await eventually(() => door.calls[0])
    const startedAt = Date.now()
    child.kill('SIGTERM')
    expect(await calling).toMatchObject({ status: 503, body: { error: { data: { code: 'unavailable' } } } })
    expect(await ended).toMatchObject({ code: 0 })
    expect(Date.now() - startedAt).toBeLessThan(12_000)
    await atDoor.hungUp
  })

  test('comes with the end of its parent when it was told to watch it', async () => {
    const { child, ended } = await listening({ SEKISHO_PARENT_PIPE: 'stdin' })
    child.stdin?.end()
    expect(await ended).toEqual({ code: 0, signal: null })
  })

  test('does not come with the end of standard input otherwise', async () => {
    const { child, base } = await listening()
    child.stdin?.end()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await call(base, 'echo')).status).toBe(200)
  })
})

describe('its log', () => {
  test('has one line for a request, with its id in both processes, and no token and no argument', async () => {
    const { child, base, log, ended, errors } = await listening({ LOG_LEVEL: 'trace' })
    await call(base, 'echo', { said: 'a-secret-argument', headers: { 'x-request-id': 'id-of-the-test' } })
    await call(base, 'echo', {
      headers: { authorization: 'Bearer good.a-secret-token', origin: 'https://evil.example' },
    })
    await call(base, 'echo', { headers: { authorization: 'Bearer bad-secret-token' } })
    await call(base, 'a-secret-name\u0000', { headers: { 'mcp-protocol-version': 'a-secret-version' } })
    child.kill('SIGTERM')
    await ended
    const lines = log.filter(({ msg }) => msg === 'request')
    expect(lines).toMatchObject([
      { requestId: 'id-of-the-test', path: '/mcp', method: 'tools/call', era: 'legacy', status: 200 },
      { path: '/mcp', status: 403 },
      { path: '/mcp', method: 'tools/call', era: 'legacy', status: 401 },
      { path: '/mcp', method: 'tools/call', status: 400 },
    ])
    expect(lines.every(({ durationMs }) => typeof durationMs === 'number')).toBe(true)
    expect(door.calls[0]?.headers['x-request-id']).toBe('id-of-the-test')
    const said = JSON.stringify(log) + errors()
    for (const secret of ['secret-argument', 'secret-token', 'secret-name', goodBearer])
      expect(said).not.toContain(secret)
  })

  test('says when it is given another resource than the app server has', async () => {
    door.metadata.body = { resource: 'https://elsewhere.example/mcp' }
    const { base, log } = await listening()
    await call(base, 'echo', { headers: { authorization: '' } })
    const line = await eventually(() => log.find(({ level }) => level === 'error'))
    expect(line).toMatchObject({ resource: 'https://elsewhere.example/mcp', msg: expect.stringContaining('MCP_URL') })
  })
})
