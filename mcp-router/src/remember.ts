// Remembering the outcome of a question for a moment, so that many who ask at once cause one look-up.

/**
 * Wraps a look-up: those who ask while it runs share it, its value counts for `freshMs`, its failure for `failureMs`.
 */
export function remember<Value>(
  lookUp: () => Promise<Value>,
  { freshMs, failureMs }: { freshMs: number; failureMs: number },
): () => Promise<Value> {
  let known: Promise<Value> | undefined
  let until = 0
  return () => {
    if (known && performance.now() < until) return known
    const asking = lookUp()
    known = asking
    until = Number.POSITIVE_INFINITY
    const countsFor = (ms: number) => {
      until = performance.now() + ms
    }
    asking.then(
      () => countsFor(freshMs),
      () => countsFor(failureMs),
    )
    return asking
  }
}
