// Bounds how often a person may have tokens tried at services: each try is a request of ours to somebody else.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { t } from './t.js'

/** Tries of one person within the minutes, on one replica. */
export const triesAtOnce = 20
const windowMinutes = 10
const maxPeople = 10_000

@Injectable()
export class TokenAttempts {
  /** When each person's window began, and the tries in it. */
  private readonly windows = new Map<string, { beganAtMs: number; tries: number }>()

  /** Throws Problem rate-limited. */
  count(userId: string, nowMs = Date.now()): void {
    const known = this.windows.get(userId)
    const open = known && nowMs - known.beganAtMs < windowMinutes * 60_000
    if (open) {
      known.tries++
      if (known.tries > triesAtOnce) throw tooMany()
      return
    }
    // Deleted first, so that the map stays in the order of the beginnings and the oldest goes when there are too many.
    this.windows.delete(userId)
    this.windows.set(userId, { beganAtMs: nowMs, tries: 1 })
    const [oldest] = this.windows.keys()
    if (this.windows.size > maxPeople && oldest !== undefined) this.windows.delete(oldest)
  }
}

function tooMany(): Problem {
  return new Problem(
    'rate-limited',
    t('More than {count} tokens were tried within {minutes} minutes. Wait that long and try again.', {
      count: triesAtOnce,
      minutes: windowMinutes,
    }),
    { retry_after_seconds: windowMinutes * 60 },
    { headers: { 'Retry-After': String(windowMinutes * 60) } },
  )
}
