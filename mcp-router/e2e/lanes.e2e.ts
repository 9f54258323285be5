// The two lanes of the router side by side: whatever is sent, nobody but a stop-watch can tell which one it took.
import { inspect, isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals'
import { pino } from 'pino'
import { PlainAnswers } from '../src/plain-answer.js'
import { PlainRequests } from '../src/plain-request.js'
import { type RunningRouter, startRouter } from '../src/router.js'
import { loadSettings } from '../src/settings.js'
import { everyBend, generated, type Input } from './lanes-corpus.js'
import { LanesDoor, type Seen } from './lanes-door.js'
import { label } from './lanes-draft.js'
import { type RawAnswer, RawClient } from './raw-http.js'

interface Lane {
  door: LanesDoor
  router: RunningRouter
}

let plain: Lane
let sdk: Lane

async function startLane(plainLane: boolean): Promise<Lane> {
  const door = new LanesDoor()
  const url = await door.start()
  // The same public URL for both, because answers name it.
  const env = { NODE_ENV: 'test', ROUTER_PORT: '0', APP_SERVER_URL: url, MCP_URL: 'http://localhost:8080/mcp' }
  return { door, router: await startRouter(loadSettings(env), pino({ level: 'silent' }), { plainLane }) }
}

beforeAll(async () => {
  plain = await startLane(true)
  sdk = await startLane(false)
})
afterAll(async () => {
  for (const { door, router } of [plain, sdk]) {
    await router.close()
    await door.stop()
  }
})
afterEach(() => {
  jest.restoreAllMocks()
})

const madeId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a client can tell of an answer; ids the router made up, the date and the spelling of equal JSON aside. */
function told(answer: RawAnswer | undefined): unknown {
  if (!answer) return 'the connection was closed'
  const { date: _date, ...headers } = answer.headers
  const body = parsed(answer.body)
  for (const name of ['x-request-id', 'mcp-session-id']) if (madeId.test(headers[name] ?? '')) headers[name] = 'made'
  if (body !== undefined) delete headers['content-length']
  return { status: answer.status, headers, body: body ?? answer.body.toString('latin1') }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

/** What the door saw of a request; the ids of the router's own questions aside. */
function witnessed(seen: Seen[] | undefined): unknown {
  return seen?.map(({ headers, message }) => {
    const asked = message as { id?: unknown; method?: unknown }
    return asked.method === 'ping' ? { headers, method: 'ping' } : { headers, message }
  })
}

/** What was sent, and what came of it in each lane. */
type Difference = [what: string, plain: string, sdk: string]

/** Of two unlike things the first place where they differ, in few words, for whoever has to mend it. */
function apart(first: unknown, second: unknown): [string, string] {
  const [one, other] = [first, second].map((thing) =>
    inspect(thing, { depth: null, sorted: true, breakLength: 200 }),
  ) as [string, string]
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const from = Math.max(0, at - 100)
  return [one.slice(from, at + 200), other.slice(from, at + 200)]
}

const connections = 8

/** Sends every input through both lanes until so many were treated differently; those, in the order they were found. */
async function differences(
  inputs: Iterable<Input>,
  enough = Number.POSITIVE_INFINITY,
): Promise<{ found: Difference[]; sent: number }> {
  const queue = inputs[Symbol.iterator]()
  const found: Difference[] = []
  let sent = 0
  const worker = async () => {
    const clients = [plain, sdk].map(({ router }) => new RawClient(router.port)) as [RawClient, RawClient]
    for (let next = queue.next(); !next.done && found.length < enough; next = queue.next()) {
      const { what, request } = next.value
      // The door knows it again by this id, unless the input has one of its own.
      const id = `n${sent++}`
      const hasId = request.headers.some(([name]) => name.toLowerCase() === 'x-request-id')
      const whole = hasId ? request : { ...request, headers: [...request.headers, ['X-Request-Id', id] as const] }
      const [byPlain, bySdk] = await Promise.all(clients.map((client) => client.send(whole)))
      const first = { answer: told(byPlain), door: witnessed(plain.door.seen.get(id)) }
      const second = { answer: told(bySdk), door: witnessed(sdk.door.seen.get(id)) }
      if (!isDeepStrictEqual(first, second)) found.push([what, ...apart(first, second)])
      plain.door.seen.delete(id)
      sdk.door.seen.delete(id)
    }
    for (const client of clients) client.close()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return { found, sent }
}

/** How many requests were taken for plain, and how many of their answers. */
function watchPlainLane(): { requests: number; answers: number } {
  const counted = { requests: 0, answers: 0 }
  const findRequest = PlainRequests.prototype.find
  const findAnswer = PlainAnswers.prototype.find
  jest.spyOn(PlainRequests.prototype, 'find').mockImplementation(function (this: PlainRequests, ...given) {
    const found = findRequest.apply(this, given)
    if (found) counted.requests++
    return found
  })
  jest.spyOn(PlainAnswers.prototype, 'find').mockImplementation(function (this: PlainAnswers, ...given) {
    const found = findAnswer.apply(this, given)
    if (found) counted.answers++
    return found
  })
  return counted
}

test('every single deviation of a request or an answer is told, and seen by the door, as the SDK has it', async () => {
  const counted = watchPlainLane()
  const { found, sent } = await differences(everyBend())
  expect(found.slice(0, 10)).toEqual([])
  expect(sent).toBeGreaterThan(1_500)
  expect(counted.requests).toBeGreaterThan(300)
  expect(counted.answers).toBeGreaterThan(150)
}, 120_000)

test.each([1, 7])(
  'thousands of generated requests find no difference (seed %i)',
  async (seed) => {
    const counted = watchPlainLane()
    const { found, sent } = await differences(generated(3_000, seed))
    expect(found.slice(0, 10)).toEqual([])
    expect(sent).toBe(3_000)
    expect(counted.requests).toBeGreaterThan(700)
    expect(counted.answers).toBeGreaterThan(500)
  },
  120_000,
)

type FindRequest = PlainRequests['find']
type FindAnswer = PlainAnswers['find']

/** Faults a plain lane could have. */
const faults: [what: string, request: (find: FindRequest) => FindRequest, answer: (find: FindAnswer) => FindAnswer][] =
  [
    ['does not compare Mcp-Name', (find) => withHeaders(find, { 'mcp-name': 'echo' }), (find) => find],
    [
      'takes any Accept',
      (find) => withHeaders(find, { accept: 'application/json, text/event-stream' }),
      (find) => find,
    ],
    ['takes any label for one of ours', (find) => withHeaders(find, { 'mcp-session-id': label }), (find) => find],
    [
      'loses the label',
      (find) =>
        function (this: PlainRequests, ...given) {
          const found = find.apply(this, given)
          return found && { ...found, sessionLabel: undefined }
        },
      (find) => find,
    ],
    [
      'reads a number anew',
      (find) =>
        function (this: PlainRequests, incoming, bytes) {
          const found = find.call(this, incoming, bytes)
          return found && { ...found, bytes: Buffer.from(bytes.toString().replace('0.5', '0.50001')) }
        },
      (find) => find,
    ],
    [
      'lets out an answer to another request',
      (find) => find,
      (find) =>
        function (this: PlainAnswers, request, answer) {
          return find.call(this, request, answer) ?? (answer.includes('4711') ? answer : undefined)
        },
    ],
    [
      'does not say who answers',
      (find) => find,
      (find) =>
        function (this: PlainAnswers, request, answer) {
          return find.call(this, request, answer) && answer
        },
    ],
    [
      'takes an answer for complete that is not',
      (find) => find,
      (find) =>
        function (this: PlainAnswers, request, answer) {
          return find.call(this, request, answer) ?? (answer.includes('input_required') ? answer : undefined)
        },
    ],
  ]

/** The find that sees these headers instead of those that came, as long as some came. */
function withHeaders(find: FindRequest, headers: Record<string, string>): FindRequest {
  return function (this: PlainRequests, incoming, bytes) {
    const other = Object.fromEntries(Object.entries(headers).filter(([name]) => name in incoming.headers))
    const { rawHeaders, httpVersion } = incoming
    return find.call(this, { rawHeaders, httpVersion, headers: { ...incoming.headers, ...other } } as never, bytes)
  }
}

test.each(faults)(
  'a plain lane that %s would be noticed',
  async (_what, ofRequest, ofAnswer) => {
    jest.spyOn(PlainRequests.prototype, 'find').mockImplementation(ofRequest(PlainRequests.prototype.find))
    jest.spyOn(PlainAnswers.prototype, 'find').mockImplementation(ofAnswer(PlainAnswers.prototype.find))
    const { found } = await differences(generated(3_000, 7), 1)
    expect(found.length).toBeGreaterThan(0)
  },
  120_000,
)
