// The router's memory: the same after a hundred thousand calls as after the first ones, whoever they come from.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { RawClient, type RawRequest } from './raw-http.js'
import { modern } from './router-at-test.js'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const connections = 32
const callsOfOne = 50_000
const clients = 5_000
const callsOfEach = 10

let door: Server
let router: ChildProcess
let port: number

beforeAll(async () => {
  door = createServer((incoming, response) => {
    let text = ''
    incoming.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
    })
    incoming.on('end', () => {
      const id = /"id":(\d+)/.exec(text)?.[1]
      const result = '{"resultType":"complete","content":[],"structuredContent":{"a":"b"}}'
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"jsonrpc":"2.0","id":${id},"result":${result}}`)
    })
  })
  door.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  // A small nursery, so that what V8 keeps in store for speed does not hide what is kept by mistake.
  router = spawn(process.execPath, ['--max-semi-space-size=2', program], {
    env: {
      NODE_ENV: 'test',
      ROUTER_PORT: '0',
      APP_SERVER_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  port = await new Promise<number>((resolve, reject) => {
    router.once('exit', () => reject(new Error('the router has ended')))
    createInterface({ input: router.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (line.includes('the router listens')) resolve(JSON.parse(line).port)
    })
  })
})
afterAll(async () => {
  router.kill('SIGKILL')
  door.closeAllConnections()
  await new Promise((resolve) => door.close(resolve))
})

const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${router.pid}/status`, 'latin1'))?.[1]) / 1024

/** A call of one of many clients, each with a token, a name and a label of its own. */
function callOf(client: number, call: number): RawRequest {
  const { message, headers } = modern('tools/call', { name: 'echo', arguments: { call } }, call)
  const isModern = call % 2 === 0
  const own: Record<string, string | undefined> = isModern
    ? headers
    : { 'mcp-protocol-version': '2025-11-25', 'mcp-session-id': randomUUID() }
  const info = { 'io.modelcontextprotocol/clientInfo': { name: `client ${client}`, version: '1' } }
  const { _meta, ...params } = message.params
  const body = { ...message, params: isModern ? { ...params, _meta: { ..._meta, ...info } } : params }
  return {
    line: 'POST /mcp HTTP/1.1',
    headers: [
      ['Host', `localhost:${client}`],
      ['Authorization', `Bearer token.${client}.${'x'.repeat(500)}`],
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json, text/event-stream'],
      ...Object.entries(own).map(([name, value]) => [name, String(value)] as const),
    ],
    body: Buffer.from(JSON.stringify(body)),
  }
}

/** Makes so many calls over a few connections; each must be answered with its own id. */
async function make(calls: number, requestOf: (call: number) => RawRequest): Promise<void> {
  let made = 0
  const work = async () => {
    const raw = new RawClient(port)
    while (made < calls) {
      const call = made++
      const answer = await raw.send(requestOf(call))
      if (answer?.status !== 200 || !answer.body.includes(`"id":${call},`)) throw new Error(`call ${call} went wrong`)
    }
    raw.close()
  }
  await Promise.all(Array.from({ length: connections }, work))
}

const onLinux = existsSync('/proc/self/status') ? test : test.skip

onLinux(
  'stays where it was over 100,000 calls and 5,000 clients',
  async () => {
    await make(callsOfOne / 2, (call) => callOf(1, call))
    const settled = residentMb()
    await make(callsOfOne / 2, (call) => callOf(1, call))
    const ofOne = residentMb()
    await make(clients * callsOfEach, (call) => callOf(1 + Math.floor(call / callsOfEach), call))
    const ofMany = residentMb()
    expect(ofOne - settled).toBeLessThan(24)
    expect(ofMany - ofOne).toBeLessThan(24)
  },
  300_000,
)
