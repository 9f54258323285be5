// Stores a live turn as it grows: its first words at once, then as often as is worth a write, and never less than is there.
import type { LiveTurn } from './live-turn.js'
import type { Part } from './turn.js'

/** The longer a part is, the more a write of it costs; pages elsewhere see it this often, in milliseconds. */
function pauseFor(parts: readonly Part[]): number {
  const longest = Math.max(0, ...parts.map((part) => ('text' in part ? part.text.length : 0)))
  return longest > 16_000 ? 500 : longest > 2_000 ? 250 : 100
}

export class TurnWriter {
  private timer: NodeJS.Timeout | undefined
  private underWay: Promise<void> | undefined
  private lastAt = Number.NEGATIVE_INFINITY

  /**
   * @param store writes parts; when it throws, `onFailure` is told once and nothing more is written
   */
  constructor(
    private readonly live: LiveTurn,
    private readonly store: (parts: readonly Part[]) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Something is new: it is stored soon. */
  poke(): void {
    if (this.timer || this.live.dirty.size === 0) return
    const pause = Math.max(0, this.lastAt + pauseFor(this.live.partsToStore()) - performance.now())
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.flush().catch(this.onFailure)
    }, pause)
  }

  /** Stores all there is. Throws what the store throws. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    while (this.underWay) await this.underWay
    if (this.live.dirty.size === 0) return
    const parts = this.live.partsToStore()
    this.live.dirty.clear()
    this.lastAt = performance.now()
    this.underWay = this.store(parts)
    try {
      await this.underWay
    } catch (error) {
      for (const { idx } of parts) this.live.dirty.add(idx)
      throw error
    } finally {
      this.underWay = undefined
    }
    this.poke()
  }

  /** Writes nothing more by itself. */
  stop(): void {
    clearTimeout(this.timer)
    // A timer that is never run, so that no poke starts another.
    this.timer = setTimeout(() => undefined, 0)
  }
}
