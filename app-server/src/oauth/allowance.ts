// How often something may happen within a minute, for one address and altogether; each replica keeps count for itself.

/** Limits of one minute. */
export interface AllowanceLimits {
  readonly perAddress: number
  readonly total: number
}

/** Guards this process, not a fact: a count that is lost at a restart is no loss. */
export class Allowance {
  private readonly counts = new Map<string, number>()
  private total = 0
  private minute = 0

  /** @param now the time in milliseconds */
  constructor(
    private readonly limits: AllowanceLimits,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes one for this address; false when none is left in this minute. */
  take(address: string): boolean {
    const minute = Math.floor(this.now() / 60_000)
    if (minute !== this.minute) {
      this.minute = minute
      this.total = 0
      this.counts.clear()
    }
    const count = this.counts.get(address) ?? 0
    if (count >= this.limits.perAddress || this.total >= this.limits.total) return false
    this.counts.set(address, count + 1)
    this.total++
    return true
  }
}
