// Runs the calls that a round of the model asked for: at once where they are independent, and not before a person allowed it.
import { setTimeout as wait } from 'node:timers/promises'
import { pieceOf, readMore } from './history.js'
import type { LiveTurn } from './live-turn.js'
import type { OfferedTool, ToolAnswer, ToolSession } from './tool-session.js'
import { isRouterAway } from './tool-session.js'
import type { CallData, CallPart } from './turn.js'

/** Calls of one turn at once. */
const maxAtOnce = 8
/** Characters of a result that are kept. */
export const maxResultLength = 400_000
/** How often a router that cannot be reached is tried for one call, and how long to wait between, in milliseconds. */
const attempts = 4
const betweenMs = 1_500

export interface CallRound {
  readonly live: LiveTurn
  readonly calls: readonly CallPart[]
  readonly tools: ReadonlyMap<string, OfferedTool>
  readonly session: ToolSession
  readonly signal: AbortSignal
}

/** Runs calls to their ends; those that need a person's word are left in the state `approval`. Throws the signal's reason. */
export async function runCalls({ calls, ...round }: CallRound): Promise<void> {
  const waiting = [...calls]
  const work = async () => {
    for (let call = waiting.shift(); call; call = waiting.shift()) await runCall(call, round)
  }
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, calls.length) }, work))
}

async function runCall(call: CallPart, { live, tools, session, signal }: Omit<CallRound, 'calls'>): Promise<void> {
  signal.throwIfAborted()
  const { idx, data } = call
  if (data.tool === readMore.name) {
    const { text, isError } = pieceOf(live.parts, data.arguments)
    live.changeCall(idx, { state: isError ? 'failed' : 'done', result: text, resultLength: text.length, durationMs: 0 })
    return
  }
  const tool = tools.get(data.tool)
  if (!tool) {
    const text = `There is no tool ${data.tool} in this room. Use one of those that were offered.`
    live.changeCall(idx, { state: 'failed', result: text, resultLength: text.length })
    return
  }
  const startedAt = performance.now()
  live.changeCall(idx, { state: 'running', startedAt: new Date().toISOString(), problem: null })
  // The part's place is the key: a call that is asked for again after a crash is done once.
  const key = tool.keyed ? `chat-${live.turn.id}-${idx}` : undefined
  const answer = await callPatiently(session, data, tool, key, signal)
  live.changeCall(idx, { durationMs: Math.round(performance.now() - startedAt), ...changeFor(answer) })
}

/**
 * A router that is just being replaced is waited for. A call that may have been done is only repeated where that does it once:
 * under its key, or because repeating changes nothing.
 */
async function callPatiently(
  session: ToolSession,
  { tool: name, arguments: given }: CallData,
  tool: OfferedTool,
  key: string | undefined,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await session.call(name, given, key, signal)
      // The first try of the same key is still under way.
      const underWay = attempt > 1 && key !== undefined && answer.problem?.code === 'conflict'
      if (!underWay || attempt === attempts) return answer
    } catch (error) {
      signal.throwIfAborted()
      if (!isRouterAway(error)) throw error
      const again = key !== undefined || tool.repeatable || wasRefused(error)
      if (!again || attempt === attempts) return outOfReach(wasRefused(error))
    }
    await wait(betweenMs, undefined, { signal })
  }
}

function outOfReach(nothingDone: boolean): ToolAnswer {
  const done = nothingDone ? 'Nothing was done.' : 'Whether it was done is not known: look before you try again.'
  return {
    text: `The tools cannot be reached right now. ${done} Do not make up a result.`,
    problem: null,
    isError: true,
  }
}

/** Whether no connection came about, so that nothing can have been done. */
function wasRefused(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ECONNREFUSED') return true
  }
  return false
}

function changeFor({ text, problem, isError }: ToolAnswer): Partial<CallData> {
  if (problem?.code === 'approval-needed') {
    return {
      state: 'approval',
      problem,
      approvalId: String(problem.approval_id),
      approvalUntil: String(problem.expires_at),
      // Nothing ran yet.
      durationMs: null,
    }
  }
  const state = problem?.code === 'approval-denied' ? 'denied' : isError ? 'failed' : 'done'
  return { state, problem, result: text.slice(0, maxResultLength), resultLength: text.length }
}
