// Bounds how much one person has under way on a replica, so that nobody takes the places of all.
import { Problem } from '@sekisho/contracts'

export class PlacesPerPerson {
  private readonly taken = new Map<string, number>()

  /**
   * @param most things a person may have under way
   * @param what they are, e.g. "calls"
   */
  constructor(
    private readonly most: number,
    private readonly what: string,
  ) {}

  /** Does the work while a place of the person is held for it. Throws Problem rate-limited when all of theirs are taken. */
  async hold<Result>(userId: string, work: () => Promise<Result>): Promise<Result> {
    const taken = this.taken.get(userId) ?? 0
    if (taken >= this.most) {
      throw new Problem(
        'rate-limited',
        `You have ${this.most} ${this.what} running already. Wait until some have finished, then call again.`,
        { retry_after_seconds: 1 },
        { headers: { 'Retry-After': '1' } },
      )
    }
    this.taken.set(userId, taken + 1)
    try {
      return await work()
    } finally {
      const left = (this.taken.get(userId) ?? 1) - 1
      if (left > 0) this.taken.set(userId, left)
      else this.taken.delete(userId)
    }
  }
}
