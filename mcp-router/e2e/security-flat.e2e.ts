// Thousands of programs that come and go, politely and not, leave nothing behind in either process.
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually, OAuthProgram, type Stack, startStack } from '@sekisho/testing'
import { initializeParams, modern } from './router-at-test.js'

/** SECURITY_CONNECTS=10000 for a long run. */
const connects = Number(process.env.SECURITY_CONNECTS ?? 3_000)
const atOnce = 20
/** Growth that is no leak: buffers and code of a process that has just become busy. Ten kB kept of each connection exceed it. */
const allowedGrowthMb = 28

let stack: Stack
let token: string

beforeAll(async () => {
  // Little room, so that what could be collected is: otherwise a busy process grows for long before anything is a leak.
  const NODE_OPTIONS = '--max-old-space-size=96 --max-semi-space-size=2'
  stack = await startStack({ appEnv: { NODE_OPTIONS }, routerEnv: { NODE_OPTIONS } })
  const person = await stack.signedIn('Aki')
  const program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
  token = (await program.authorize(person, 'product:read')).access_token
}, 60_000)

afterAll(() => stack?.close())

interface Size {
  residentMb: number
  handles: number
  children: number
}

async function sizeOf(pid: number): Promise<Size> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return {
    residentMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024),
    handles: (await readdir(`/proc/${pid}/fd`)).length,
    children: children.split(' ').filter(Boolean).length,
  }
}

const legacy = (method: string, params: object, id?: number) => ({
  message: { jsonrpc: '2.0', method, params, ...(id === undefined ? {} : { id }) },
  headers: { 'mcp-protocol-version': '2025-11-25' } as Record<string, string | undefined>,
})
const messages = [
  legacy('initialize', initializeParams(), 1),
  legacy('tools/list', {}, 1),
  modern('server/discover'),
  modern('tools/call', { name: 'product.search', arguments: { limit: 1 } }),
  legacy('tools/call', { name: 'product.search', arguments: { limit: 1 }, _meta: { progressToken: 1 } }, 1),
]

/** One connection of its own: comes, says something whole or half, waits for the answer or not, and goes. */
function comeAndGo(number: number): Promise<void> {
  const { message, headers } = messages[number % messages.length] as (typeof messages)[number]
  const body = JSON.stringify(message)
  const { port, host } = stack.mcpUrl
  const lines = [
    'POST /mcp HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  const text = `${lines.join('\r\n')}\r\n\r\n${body}`
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined).on('close', () => resolve())
    socket.setTimeout(10_000, () => socket.destroy())
    socket.on('connect', () => {
      switch (number % 4) {
        case 0: // says half of it and goes
          socket.write(text.slice(0, text.length - 10), () => socket.destroy())
          break
        case 1: // says all of it and does not wait
          socket.write(text, () => socket.destroy())
          break
        case 2: // goes in the middle of the answer
          socket.write(text)
          socket.once('data', () => socket.destroy())
          break
        default: // waits for the answer and takes its leave
          socket.write(text.replace('\r\nAccept:', '\r\nConnection: close\r\nAccept:'))
          socket.resume().on('end', () => socket.end())
      }
    })
  })
}

async function crowd(count: number): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await comeAndGo(next++)
    }),
  )
}

test(
  'memory, handles and child processes are what they were, in router and app server',
  async () => {
    const pids = [stack.router, stack.appServer].map(({ process }) => process.pid as number)
    const sizes = () => Promise.all(pids.map(sizeOf))
    await crowd(Math.max(1_000, connects / 3))
    const before = await sizes()
    await crowd(connects)
    // What is held for a connection that is gone is let go in a moment.
    await eventually(
      async () => (await sizes()).every(({ handles }, at) => handles <= (before[at]?.handles ?? 0) + 5),
      15_000,
    )
    const after = await sizes()
    console.log(
      `${connects} connects: router and app server were ${JSON.stringify(before)}, are ${JSON.stringify(after)}`,
    )
    for (const [at, { residentMb, children }] of after.entries()) {
      expect(children).toBe(before[at]?.children)
      expect(residentMb - (before[at]?.residentMb ?? 0)).toBeLessThan(allowedGrowthMb)
    }
    const answer = await fetch(`${stack.router.url}/readyz`)
    expect(answer.status).toBe(200)
  },
  60_000 + connects * 20,
)
