// Calls of one round: made at once, repeated only where that does it once, and left waiting where a person must allow them.
import { expect, test } from '@jest/globals'
import { runCalls } from './call-round.js'
import { LiveTurn } from './live-turn.js'
import type { OfferedTool, ToolAnswer, ToolSession } from './tool-session.js'
import type { Turn } from './turn.js'

const turn = { id: 'turn', roomId: 'room', rounds: 1 } as Turn

function liveWith(...tools: string[]): LiveTurn {
  const live = new LiveTurn(turn, [], [], () => undefined)
  for (const [at, name] of tools.entries()) live.addCall({ kind: 'call', id: `c${at}`, name, arguments: {} }, name)
  return live
}

function toolOf(name: string, more: Partial<OfferedTool> = {}): OfferedTool {
  return { name, title: name, description: '', parameters: {}, repeatable: false, keyed: false, ...more }
}

const done = (text: string): ToolAnswer => ({ text, problem: null, isError: false })

/** A router that could not be reached, as undici says it. */
const refused = () =>
  Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })
const broken = () => new TypeError('fetch failed')

async function run(
  live: LiveTurn,
  tools: OfferedTool[],
  call: ToolSession['call'],
  signal = new AbortController().signal,
) {
  const session = { call } as ToolSession
  await runCalls({
    live,
    calls: live.calls('asked'),
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    session,
    signal,
  })
  return live.calls('done', 'failed', 'approval', 'denied').map(({ data }) => data)
}

test('calls are made at once, eight at most, and each gets its own answer', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `a.t${at}`)
  const live = liveWith(...names)
  let running = 0
  let most = 0
  const waiting: (() => void)[] = []
  const over = run(
    live,
    names.map((name) => toolOf(name)),
    async (name) => {
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => waiting.push(resolve))
      running--
      return done(name)
    },
  )
  while (waiting.length > 0 || running > 0) {
    waiting.shift()?.()
    await new Promise(setImmediate)
  }
  expect((await over).map(({ state, result }) => [state, result])).toEqual(names.map((name) => ['done', name]))
  expect(most).toBe(8)
})

test('the key of a write is the place of its part, so that the same call has the same key after a crash', async () => {
  const keys: unknown[] = []
  const call: ToolSession['call'] = async (_name, _given, key) => {
    keys.push(key)
    return done('')
  }
  await run(liveWith('a.read', 'a.write'), [toolOf('a.read'), toolOf('a.write', { keyed: true })], call)
  await run(liveWith('a.read', 'a.write'), [toolOf('a.read'), toolOf('a.write', { keyed: true })], call)
  expect(keys).toEqual([undefined, 'chat-turn-1', undefined, 'chat-turn-1'])
})

test.each([
  ['a write with a key', { keyed: true }, broken, 2],
  ['a read', { repeatable: true }, broken, 2],
  ['what was surely not done', {}, refused, 2],
  ['a write without a key that may have been done', {}, broken, 1],
])('%s is tried again as often as is right when the router goes away', async (_what, more, failure, tries) => {
  let made = 0
  const [call] = await run(liveWith('a.t'), [toolOf('a.t', more)], async () => {
    if (++made === 1) throw failure()
    return done('there')
  })
  expect(made).toBe(tries)
  expect(call?.state).toBe(tries === 1 ? 'failed' : 'done')
  if (tries === 1) expect(call?.result).toContain('not known')
})

test('a call that waits for a person keeps what it waits for, and one that they refused says so', async () => {
  const problem = (code: string) => ({ code, approval_id: 'a-1', expires_at: 'then' }) as never
  const answers: Record<string, ToolAnswer> = {
    'a.ask': { text: 'wait', problem: problem('approval-needed'), isError: true },
    'a.no': { text: 'no', problem: problem('approval-denied'), isError: true },
  }
  const calls = await run(
    liveWith('a.ask', 'a.no'),
    [toolOf('a.ask'), toolOf('a.no')],
    async (name) => answers[name] as ToolAnswer,
  )
  expect(calls).toMatchObject([
    { state: 'approval', approvalId: 'a-1', approvalUntil: 'then', result: null, durationMs: null },
    { state: 'denied', result: 'no', durationMs: expect.any(Number) },
  ])
})
