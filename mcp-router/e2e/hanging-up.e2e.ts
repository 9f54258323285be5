// Clients that hang up: what that means in each era, and that nothing is left behind.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { echoOf, progressOf, type Received, stream, succeed } from './fake-door.js'
import { postLegacy, postModern, type RouterAtTest, startRouterAtTest } from './router-at-test.js'

let at: RouterAtTest
let finish: () => void

beforeAll(async () => {
  at = await startRouterAtTest({ MAX_CONCURRENT_CALLS: '4', CALL_TIMEOUT_MS: '5000' })
  at.door.tools.set('waits', async (received, response) => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    if (!response.destroyed) succeed(received, response, echoOf(received))
  })
  at.door.tools.set('streams', async (received, response) => {
    for (let step = 1; step < 500 && !response.destroyed; step++) {
      await (step === 1 ? stream(response, [progressOf(received, step)]) : undefined)
      response.write(`data: ${JSON.stringify(progressOf(received, step))}\n\n`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
})
afterAll(() => at.close())
beforeEach(() => {
  at.door.received.length = 0
})

async function callAtDoor(): Promise<Received> {
  const until = Date.now() + 3_000
  for (;;) {
    const [call] = at.door.calls
    if (call) return call
    if (Date.now() > until) throw new Error('the call did not come to the door')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const within = (ms: number, promise: Promise<void>) =>
  Promise.race([promise.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, ms, false))])

test.each(['waits', 'streams'])(
  'a modern client that hangs up cancels: the door loses the connection (%s)',
  async (name) => {
    const client = new AbortController()
    const params = { name, _meta: { progressToken: 1 } }
    const calling = postModern(at, 'tools/call', params, { signal: client.signal }).catch(() => undefined)
    const call = await callAtDoor()
    client.abort()
    expect(await within(2_000, call.hungUp)).toBe(true)
    await calling
  },
)

test('a legacy client that hangs up has not cancelled: its call runs on to its end', async () => {
  const client = new AbortController()
  const calling = postLegacy(at, 'tools/call', { name: 'waits' }, { signal: client.signal }).catch(() => undefined)
  const call = await callAtDoor()
  client.abort()
  await calling
  expect(await within(300, call.hungUp)).toBe(false)
  finish()
  expect(await within(100, call.hungUp)).toBe(false)
})

test('clients that hang up leave their places to others', async () => {
  for (let round = 0; round < 20; round++) {
    at.door.received.length = 0
    const client = new AbortController()
    const calling = postModern(at, 'tools/call', { name: 'waits' }, { signal: client.signal }).catch(() => undefined)
    const call = await callAtDoor()
    client.abort()
    await Promise.all([calling, call.hungUp])
  }
  const answers = await Promise.all([1, 2, 3, 4].map(() => postModern(at, 'tools/call', { name: 'echo' })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
})
