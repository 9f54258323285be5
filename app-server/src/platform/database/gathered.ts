// Group commit: calls that arrive while a statement is in flight gather and share the next one; a lone call never waits.
import { AsyncLocalStorage } from 'node:async_hooks'
import { Problem } from '@sekisho/contracts'
import { isFaultOfData } from './database.js'

export interface GatheredOptions {
  /** Most inputs one statement takes. */
  maxBatch: number
  /** Most inputs that wait for a statement; one more is refused, so that a database that hangs fills no memory. */
  maxWaiting: number
}

interface Waiting<Input, Output> {
  readonly input: Input
  resolve(output: Output): void
  reject(error: unknown): void
}

/**
 * Runs many callers' inputs with few statements, one statement at a time.
 * Inputs that arrive in the same turn of the event loop, or while a statement is in flight, go together in the order they
 * came. Each caller waits for the statement that carries its input: when that is a durable write, so is the answer.
 */
export class Gathered<Input, Output> {
  private waiting: Waiting<Input, Output>[] = []
  private running = false
  /** A batch belongs to no single request, so it must not run (and log) in the context of the one that started it. */
  private readonly outsideRequests = AsyncLocalStorage.snapshot()

  /**
   * @param runBatch runs one statement for 1 to `maxBatch` inputs; its outputs are in the order of the inputs.
   *   It may be asked again for single inputs when Postgres refused the data of a batch, so nothing of a refused batch may stay.
   */
  constructor(
    private readonly runBatch: (inputs: readonly Input[]) => Promise<readonly Output[]>,
    private readonly options: GatheredOptions,
  ) {}

  /** Inputs that wait for the statement in flight to end. */
  get waitingCount(): number {
    return this.waiting.length
  }

  /**
   * Gives the output of one input.
   * Throws what the statement threw; a fault of another caller's data is not thrown here. Throws Problem unavailable when
   * too many wait.
   */
  add(input: Input): Promise<Output> {
    if (this.waiting.length >= this.options.maxWaiting) {
      return Promise.reject(
        new Problem(
          'unavailable',
          'The database does not keep up right now. Try again in a few seconds.',
          { retry_after_seconds: 2 },
          { headers: { 'Retry-After': '2' } },
        ),
      )
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, resolve, reject })
      if (this.running) return
      this.running = true
      // Not at once: what else this turn of the event loop brings shares the statement. At rest the turn ends right here.
      this.outsideRequests(setImmediate, () => void this.runAll())
    })
  }

  private async runAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, this.options.maxBatch)
      this.waiting = this.waiting.slice(batch.length)
      await this.settle(batch)
    }
    this.running = false
  }

  /** Never throws: every caller of the batch is told its outcome. */
  private async settle(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      const outputs = await this.runBatch(batch.map(({ input }) => input))
      if (outputs.length !== batch.length) {
        throw new Error(`a statement for ${batch.length} inputs gave ${outputs.length} outputs`)
      }
      // The lengths are equal, so there is an output for each.
      for (const [at, output] of outputs.entries()) batch[at]?.resolve(output)
    } catch (error) {
      if (batch.length > 1 && isFaultOfData(error)) {
        // Somebody's data is at fault; alone, each meets only its own.
        for (const one of batch) await this.settle([one])
        return
      }
      for (const { reject } of batch) reject(error)
    }
  }
}
