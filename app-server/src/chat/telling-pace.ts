// Shares out the time that telling pages may take, so that many answers at once are told less often instead of holding everything up.

/** Of the time of this process, this much is at most spent on it. */
const share = 1 / 3

export class TellingPace {
  /** In the order in which they asked. */
  private readonly waiting = new Set<() => void>()
  private timer: NodeJS.Timeout | undefined
  private freeAt = 0

  /** Does the work as soon as there is time for it; asked for twice it is done once. */
  soon(work: () => void): void {
    if (this.waiting.size === 0 && performance.now() >= this.freeAt) {
      this.now(work)
    } else {
      this.waiting.add(work)
      this.arm()
    }
  }

  /** Does the work without waiting; others wait a little longer for it. */
  now(work: () => void): void {
    this.waiting.delete(work)
    const startedAt = performance.now()
    work()
    const endedAt = performance.now()
    this.freeAt = Math.max(this.freeAt, startedAt) + (endedAt - startedAt) / share
  }

  drop(work: () => void): void {
    this.waiting.delete(work)
  }

  private arm(): void {
    this.timer ??= setTimeout(() => this.next(), Math.max(0, this.freeAt - performance.now()))
  }

  private next(): void {
    this.timer = undefined
    const [first] = this.waiting
    if (first) this.now(first)
    if (this.waiting.size > 0) this.arm()
  }
}
