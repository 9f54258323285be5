// Work that comes round by itself: run on one replica at a time, never overlapping itself, ended with the process.
import { createHash } from 'node:crypto'
import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import { Database, type Sql } from './database/database.js'
import { Log } from './log.js'

export interface Job {
  /** Unique; also the advisory lock that keeps two replicas from doing it together. */
  name: string
  everyMs: number
  /** Does one bounded portion of work in the transaction that holds the lock. */
  run(sql: Sql): Promise<void>
}

@Injectable()
export class Jobs implements OnApplicationShutdown {
  private readonly timers = new Set<NodeJS.Timeout>()
  private readonly running = new Set<Promise<void>>()

  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /** Starts a job; its first run comes after one interval, spread a little so that replicas do not march in step. */
  schedule(job: Job): void {
    let busy = false
    const timer = setInterval(
      () => {
        if (busy) return
        busy = true
        const run = this.runOnce(job)
          .catch((error: unknown) => this.log.error({ error, job: job.name }, 'a periodic job failed'))
          .finally(() => {
            busy = false
            this.running.delete(run)
          })
        this.running.add(run)
      },
      job.everyMs * (0.9 + Math.random() * 0.2),
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

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer)
    await Promise.allSettled(this.running)
  }
}
