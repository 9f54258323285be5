// Refusals that anybody can cause at will: the first of a minute are written down one by one, the rest as a number.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { type AuditEntry, AuditLog } from './audit-log.js'

const windowMs = 60_000

/** Entries of one minute and replica: of one key (a token, an address), and of all keys together. */
export const refusalLimits = { perKey: 5, total: 300 } as const

interface Seen {
  written: number
  unwritten: number
  last: AuditEntry
}

/** Counts in memory: what is lost with the process is only how often something was refused once more. */
@Injectable()
export class AuditedRefusals implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly seen = new Map<string, Seen>()
  private written = 0
  /** Of keys that came when the whole minute's room was taken. */
  private others = 0
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly audit: Pick<AuditLog, 'record'>) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.endMinute(), windowMs)
    this.timer.unref()
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer)
    await this.endMinute()
  }

  /**
   * Writes the entry, or counts it when its key, or all together, had enough this minute. Never throws.
   * @param key what belongs together, e.g. one token's refusals for one reason
   */
  async record(key: string, entry: AuditEntry): Promise<void> {
    const known = this.seen.get(key)
    const room = this.written < refusalLimits.total
    if (known && (known.written >= refusalLimits.perKey || !room)) {
      known.unwritten++
      known.last = entry
      return
    }
    if (!room) {
      this.others++
      return
    }
    if (known) known.written++
    else this.seen.set(key, { written: 1, unwritten: 0, last: entry })
    this.written++
    await this.audit.record(entry)
  }

  /** Tells what was counted: one entry for each key, and one for all that had no room. */
  async endMinute(): Promise<void> {
    const counted = [...this.seen.values()].filter(({ unwritten }) => unwritten > 0)
    const { others } = this
    this.seen.clear()
    this.written = 0
    this.others = 0
    const entries = counted.map(({ last, unwritten }) => ({
      ...last,
      details: { ...last.details, further_times: unwritten },
    }))
    if (others > 0) {
      entries.push({
        kind: 'access',
        action: 'refuse',
        outcome: 'refused',
        reason: 'too-many-to-list',
        details: { further_times: others },
      })
    }
    await Promise.all(entries.map((entry) => this.audit.record(entry)))
  }
}
