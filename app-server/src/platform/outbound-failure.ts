// Why a request of ours to somebody else brought no answer, or not a whole one.

/**
 * - refused: the URL or the address it leads to is not one we go to
 * - unreachable: no connection, or it broke
 * - timeout, cancelled: by the clock, by the caller
 * - too-large, too-many-redirects: the answer
 * - busy: too many requests are under way
 */
export type OutboundReason =
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'too-large'
  | 'too-many-redirects'
  | 'busy'

/** A request that did not bring an answer. The message is for the log: it can name inside addresses. */
export class OutboundFailure extends Error {
  constructor(
    readonly reason: OutboundReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'OutboundFailure'
  }
}

/** What an error of undici's means, by who gave up first. */
export function toFailure(error: unknown, clock: AbortSignal, caller: AbortSignal | undefined): OutboundFailure {
  if (error instanceof OutboundFailure) return error
  if (caller?.aborted) return new OutboundFailure('cancelled', 'the caller gave up', { cause: error })
  if (clock.aborted) return new OutboundFailure('timeout', 'no whole answer in time', { cause: error })
  const cause = (error as { cause?: unknown }).cause
  if (cause instanceof OutboundFailure) return cause
  const words = (cause as Error | undefined)?.message ?? (error as Error).message
  return new OutboundFailure('unreachable', words, { cause: error })
}
