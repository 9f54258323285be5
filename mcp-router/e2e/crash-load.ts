// People who order without pause while everything crashes around them, and who repeat what was not answered.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

export interface CrashLoad {
  /** Orders that were acknowledged: the id by what stands in their note. */
  readonly acknowledged: ReadonlyMap<string, string>
  /** Notes of orders whose outcome nobody was told and nobody asked for again. */
  readonly abandoned: ReadonlySet<string>
  /** How many attempts were answered with each status; 0: no answer at all. */
  readonly attempts: ReadonlyMap<number, number>
  /** Answers that told somebody they are not who they are, or may not do this: a crash must never say so. */
  readonly refusals: readonly string[]
  /** Acknowledgements that named another order than the one acknowledged before. Always empty, or keys do not work. */
  readonly contradictions: readonly string[]
  /** Settles with the milliseconds until the next order is acknowledged that was begun after this moment. */
  untilServed(withinMs: number): Promise<number>
  /** Lets every order that is under way come to its end, then ends. Throws when one does not. */
  finish(withinMs: number): Promise<void>
  /** Ends at once, whatever is under way. */
  abort(): void
}

interface LoadOptions {
  mcpUrl: URL
  /** One worker for each. */
  tokens: readonly string[]
  productId: string
}

interface Answer {
  result?: { isError?: boolean; structuredContent?: { order?: { id: string }; code?: string } }
}

const attemptMs = 15_000
/** Of this many orders one is abandoned at its first failure: a client that went away. */
const abandonEvery = 10

export function startLoad({ mcpUrl, tokens, productId }: LoadOptions): CrashLoad {
  const acknowledged = new Map<string, string>()
  const abandoned = new Set<string>()
  const attempts = new Map<number, number>()
  const refusals: string[] = []
  const contradictions: string[] = []
  const waiting = new Set<{ since: number; served: () => void }>()
  let stopping = false
  const aborted = new AbortController()

  /** One attempt: the order's id, or undefined when it is unclear or failed. */
  async function attempt(token: string, key: string): Promise<string | undefined> {
    const count = (status: number) => attempts.set(status, (attempts.get(status) ?? 0) + 1)
    try {
      const response = await fetch(mcpUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-11-25',
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: {
            name: 'order.create',
            arguments: { lines: [{ product_id: productId, quantity: 1 }], note: key, idempotency_key: key },
          },
        }),
        signal: AbortSignal.any([AbortSignal.timeout(attemptMs), aborted.signal]),
      })
      const answer = (await response.json()) as Answer
      count(response.status)
      const { isError, structuredContent } = answer.result ?? {}
      const code = structuredContent?.code ?? ''
      const refused = [401, 403].includes(response.status) || (isError && !['internal', 'unavailable'].includes(code))
      if (refused) refusals.push(`${response.status} ${JSON.stringify(answer).slice(0, 300)}`)
      return isError ? undefined : structuredContent?.order?.id
    } catch {
      count(0)
      return undefined
    }
  }

  async function order(token: string, number: number): Promise<void> {
    const key = randomUUID()
    const begun = performance.now()
    while (!aborted.signal.aborted) {
      const id = await attempt(token, key)
      if (id !== undefined) {
        acknowledged.set(key, id)
        for (const one of waiting) {
          if (begun < one.since) continue
          waiting.delete(one)
          one.served()
        }
        // Now and then the answer is taken for lost, so the very same is asked for again.
        if (number % 4 === 0) {
          const again = await attempt(token, key)
          if (again !== undefined && again !== id) contradictions.push(`${key}: ${id}, then ${again}`)
        }
        return
      }
      if (number % abandonEvery === 0) {
        abandoned.add(key)
        return
      }
      await delay(50)
    }
  }

  const workers = tokens.map(async (token, worker) => {
    for (let number = worker; !stopping; number++) await order(token, number)
  })

  return {
    acknowledged,
    abandoned,
    attempts,
    refusals,
    contradictions,
    async untilServed(withinMs) {
      const since = performance.now()
      const served = new Promise<void>((resolve) => waiting.add({ since, served: resolve }))
      await inTime(served, withinMs, 'no order was acknowledged')
      return performance.now() - since
    },
    async finish(withinMs) {
      stopping = true
      await inTime(Promise.all(workers), withinMs, 'an order that was under way found no end')
    },
    abort() {
      stopping = true
      aborted.abort()
    },
  }
}

async function inTime(work: Promise<unknown>, withinMs: number, otherwise: string): Promise<void> {
  const timer = new AbortController()
  const late = delay(withinMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${otherwise} within ${withinMs} ms`)
  })
  late.catch(() => undefined)
  try {
    await Promise.race([work, late])
  } finally {
    timer.abort()
  }
}
