// Work that comes round by itself: run on one replica at a time, never overlapping itself, ended with the process.
import { createHash } from 'node:crypto'
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common'
import { Database, type Sql } from './database/database.js'
import { Log } from './log.js'

export interface Job {
  /** Unique; also the advisory lock that keeps two replicas from doing it together. */
  name: string
  everyMs: number
  /** Does one bounded portion of work in the transaction that holds the lock. */
  run(sql: Sql): Promise<void>
}

/**
 * Work that goes out to others, so it may hold neither a transaction nor a lock: every replica is at it, and it claims what
 * it does by a statement of its own.
 */
export interface Errand {
  /** For the log. */
  name: string
  everyMs: number
  /** @param ending aborted when the process ends: what has begun may end, nothing else begins */
  run(ending: AbortSignal): Promise<void>
}

@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>()
  private readonly running = new Set<Promise<void>>()
  private readonly ending = new AbortController()

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** Starts a job; its first run comes after one interval, spread a little so that replicas do not march in step. */
  schedule(job: Job): void {
    this.repeat(job, () => this.runOnce(job))
  }

  /** Starts an errand, as `schedule` does a job; but every replica runs it. */
  scheduleErrand(errand: Errand): void {
    this.repeat(errand, () => errand.run(this.ending.signal))
  }

  private repeat({ name, everyMs }: Pick<Job, 'name' | 'everyMs'>, work: () => Promise<void>): void {
    let busy = false
    const timer = setInterval(
      () => {
        if (busy) return
        busy = true
        const run = work()
          .catch((error: unknown) => this.log.error({ error, job: name }, 'a periodic job failed'))
          .finally(() => {
            busy = false
            this.running.delete(run)
          })
        this.running.add(run)
      },
      everyMs * (0.9 + Math.random() * 0.2),
    )
    timer.unref()
    this.timers.add(timer)
  }

  /** Runs a job now unless another replica is at it. */
  async runOnce(job: Job): Promise<void> {
    const lock = createHash('sha256').update(`job:${job.name}`).digest().readBigInt64BE()
    await this.database.transaction(async (sql) => {
      const [row] = await sql.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [
        lock.toString(),
      ])
      if (row?.mine) await job.run(sql)
    })
  }

  /** Before the database and the way out are closed, which what still runs needs. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending.abort()
    for (const timer of this.timers) clearInterval(timer)
    await Promise.allSettled(this.running)
  }
}
