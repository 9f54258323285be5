// Ports and waiting, for tests that start servers.
import { createServer } from 'node:net'

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Asks until `check` gives something true, for at most `withinMs`. */
export async function eventually<Result>(
  check: () => Promise<Result> | Result,
  withinMs = 5_000,
): Promise<NonNullable<Result>> {
  const until = Date.now() + withinMs
  for (;;) {
    const result = await check()
    if (result) return result as NonNullable<Result>
    if (Date.now() > until) throw new Error(`not within ${withinMs} ms: ${check.toString().slice(0, 200)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
