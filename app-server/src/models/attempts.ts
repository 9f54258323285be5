// Asking a model again when it had no time: only before it said anything, not for long, and telling so.
import { setTimeout as wait } from 'node:timers/promises'
import { OutboundFailure } from '../platform/guarded-fetch.js'
import { type ModelEvent, ModelFailure, type ModelFailureKind } from './model.js'

const maxAttempts = 4
/** Longest time spent waiting in all. */
const maxWaitMs = 60_000
/** The first pause that nobody asked for; the next are twice as long each. */
const firstPauseMs = 1_000

const passing: ReadonlySet<ModelFailureKind> = new Set(['rate-limited', 'overloaded', 'unreachable'])

/**
 * The events of the first attempt that brings any. Each attempt gets a signal that ends with it, whoever ended it.
 * Throws ModelFailure; the signal's reason when that was aborted.
 */
export async function* withAttempts(
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent, void, undefined> {
  let waitedMs = 0
  for (let made = 1; ; made++) {
    const failure = yield* once(signal, attempt)
    if (!failure) return
    const forMs = pauseMs(failure, { made, waitedMs })
    if (forMs === undefined) throw failure
    yield { kind: 'waiting', forMs, failure }
    waitedMs += forMs
    await wait(forMs, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** One attempt; the failure of one that said nothing, which may be made again. */
async function* once(
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent, ModelFailure | undefined, undefined> {
  signal.throwIfAborted()
  const end = new AbortController()
  let begun = false
  try {
    for await (const event of attempt(AbortSignal.any([signal, end.signal]))) {
      begun = true
      yield event
    }
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ModelFailure)) throw error
    if (!begun) return error
    throw error.kind === 'cut' ? error : new ModelFailure('cut', error.message, { cause: error, detail: error.detail })
  } finally {
    end.abort()
  }
}

/** How long to wait before the next attempt; undefined when there is none. */
export function pauseMs(
  failure: ModelFailure,
  { made, waitedMs }: { made: number; waitedMs: number },
  random: () => number = Math.random,
): number | undefined {
  if (!passing.has(failure.kind) || isRefusedHere(failure) || made >= maxAttempts) return undefined
  // Who was sent away together must not come back together.
  const told = failure.retryAfterMs
  const pause = told === undefined ? firstPauseMs * 2 ** (made - 1) * (0.5 + random()) : told * (1 + random() / 10)
  return waitedMs + pause > maxWaitMs ? undefined : Math.ceil(pause)
}

/** An address we do not go to will be none a second later. */
function isRefusedHere({ cause }: ModelFailure): boolean {
  return cause instanceof OutboundFailure && cause.reason === 'refused'
}
