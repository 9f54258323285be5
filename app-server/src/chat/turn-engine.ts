// Works on turns: takes one under a lease, lets model and tools take turns until it is answered, waits or must stop, and hands over.
import { randomUUID } from 'node:crypto'
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { approvalDecided } from '../approvals/approvals.js'
import { Database, isDatabaseAway } from '../platform/database/database.js'
import { Notices } from '../platform/database/notices.js'
import { Jobs } from '../platform/jobs.js'
import { Log } from '../platform/log.js'
import { Metrics } from '../platform/metrics.js'
import { LiveTurn } from './live-turn.js'
import { RoomEvents } from './room-events.js'
import type { TurnFailure } from './turn.js'
import { type Claim, LeaseLost, leaseMs, type TurnEnd, TurnStore } from './turn-store.js'
import { TurnWork } from './turn-work.js'
import { TurnWriter } from './turn-writer.js'
import { Turns, turnWorkTopic } from './turns.js'

/** Turns one replica works on at once; others are left to other replicas, or wait. */
export const maxTurnsAtOnce = 400
/** How often turns are looked for that nobody works on, in milliseconds. */
const lookMs = 2_000

/** Why work on a turn was broken off from outside. */
export type Break = 'person' | 'handover' | 'lost'

interface Run {
  readonly breakOff: AbortController
  readonly over: Promise<void>
}

@Injectable()
export class TurnEngine implements OnApplicationBootstrap {
  private readonly runs = new Map<string, Run>()
  private ending = false

  constructor(
    private readonly store: TurnStore,
    private readonly turns: Turns,
    private readonly work: TurnWork,
    private readonly events: RoomEvents,
    private readonly database: Database,
    private readonly notices: Notices,
    private readonly jobs: Jobs,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.notices.on(turnWorkTopic, (turnId) => this.attend(turnId))
    this.notices.on(approvalDecided, (approvalId) => void this.takeDecided(approvalId))
    this.jobs.scheduleErrand({ name: 'forgotten turns', everyMs: lookMs, run: () => this.takeForgotten() })
    // A replica that was stopped in order has left its turns to whoever starts next.
    void this.takeForgotten().catch((error: unknown) =>
      this.log.warn({ error: String(error) }, 'no look for turns yet'),
    )
  }

  /** How many turns this replica works on. */
  get count(): number {
    return this.runs.size
  }

  /** Lets go of all turns, so that other replicas, or the next start, go on with them at once. */
  async handOver(): Promise<void> {
    this.ending = true
    const runs = [...this.runs.values()]
    for (const { breakOff } of runs) breakOff.abort('handover' satisfies Break)
    await Promise.all(runs.map(({ over }) => over))
  }

  /** A turn is new, may go on, or is to stop. */
  private attend(turnId: string): void {
    const run = this.runs.get(turnId)
    if (run) void this.lookWhetherToStop(turnId, run)
    else this.begin(turnId)
  }

  private async takeForgotten(): Promise<void> {
    const room = maxTurnsAtOnce - this.runs.size
    if (this.ending || room <= 0) return
    for (const turnId of await this.store.forgotten(room)) this.begin(turnId)
  }

  /** The turn that waits for this decision goes on; where this fails, the next look for forgotten turns finds it. */
  private async takeDecided(approvalId: string): Promise<void> {
    try {
      for (const turnId of await this.store.waitingFor(approvalId)) this.begin(turnId)
    } catch (error) {
      this.log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'a decision could not be taken up yet',
      )
    }
  }

  private begin(turnId: string): void {
    if (this.ending || this.runs.has(turnId) || this.runs.size >= maxTurnsAtOnce) return
    const breakOff = new AbortController()
    const over = this.run(turnId, breakOff)
      .catch((error: unknown) => this.log.error({ error, turn: turnId }, 'work on a turn broke off'))
      .finally(() => this.runs.delete(turnId))
    this.runs.set(turnId, { breakOff, over })
  }

  private async lookWhetherToStop(turnId: string, { breakOff }: Run): Promise<void> {
    const [row] = await this.database
      .query<{ asked: boolean }>('SELECT stop_asked_at IS NOT NULL AS asked FROM chat_turns WHERE id = $1', [turnId])
      // The lease's next renewal asks again.
      .catch(() => [])
    if (row?.asked) breakOff.abort('person' satisfies Break)
  }

  private async run(turnId: string, breakOff: AbortController): Promise<void> {
    const leaseId = randomUUID()
    const claimed = await this.store.claim(turnId, leaseId)
    if (!claimed) return
    this.log.info({ turn: turnId }, 'took a turn')
    const { turn, stopAsked, wholeRounds, unfinished } = claimed
    if (unfinished) await this.store.dropUnfinished(turnId, wholeRounds)
    const snapshot = await this.turns.snapshotOf(turn)
    const held = { id: turnId, roomId: turn.roomId, leaseId }
    if (stopAsked) breakOff.abort('person' satisfies Break)
    const renewing = this.keepLease(held, breakOff)
    const startedAt = performance.now()
    const live = new LiveTurn(turn, snapshot.attachments, snapshot.parts, (changed) => {
      this.events.tell(changed.snapshot())
      writer.poke()
    })
    const writer = new TurnWriter(
      live,
      (parts) => this.store.store(held, parts),
      (error) => this.giveUp(error, breakOff),
    )
    // Rounds that never became whole are begun anew.
    live.change({ status: 'running', rounds: wholeRounds })
    if (unfinished) live.addNote({ code: 'resumed' })
    try {
      const end = await this.outcome(live, claimed, held, writer, breakOff.signal)
      await writer.flush()
      if (end === 'handover') await this.store.release(held, live.turn)
      else await this.close(live, held, end)
      const [status, reason] = end === 'handover' ? [end, ''] : [end.status, end.failure?.code ?? end.endReason ?? '']
      this.metrics.turn(status, reason, performance.now() - startedAt)
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error
    } finally {
      clearInterval(renewing)
      writer.stop()
    }
  }

  /** How the turn is to be left. Throws LeaseLost. */
  private async outcome(
    live: LiveTurn,
    claim: Claim,
    held: { id: string; roomId: string; leaseId: string },
    writer: TurnWriter,
    signal: AbortSignal,
  ): Promise<TurnEnd | 'handover'> {
    try {
      return await this.work.advance(live, {
        claim,
        signal,
        endRound: async () => {
          await writer.flush()
          await this.store.endRound(held, live.turn)
        },
      })
    } catch (error) {
      if (error instanceof LeaseLost || signal.reason === 'lost') throw new LeaseLost()
      if (signal.reason === 'handover') return 'handover'
      // It had no room, or was away for a moment: whoever takes the turn next goes on.
      if (isDatabaseAway(error)) return 'handover'
      if (signal.reason === 'person') return { status: 'stopped', endReason: 'person' }
      return { status: 'failed', endReason: 'failure', failure: this.failureOf(error, live.turn.id) }
    }
  }

  private async close(
    live: LiveTurn,
    held: { id: string; roomId: string; leaseId: string },
    end: TurnEnd,
  ): Promise<void> {
    // Also of an answer that was cut behind its calls: nobody makes them any more.
    if (end.status !== 'waiting') {
      for (const { idx } of live.calls('asked', 'running', 'approval')) live.changeCall(idx, { state: 'stopped' })
    }
    if (live.dirty.size > 0) {
      await this.store.store(held, live.partsToStore())
      live.dirty.clear()
    }
    await this.store.end(held, live.turn, end)
    const endedAt = end.status === 'waiting' ? null : new Date()
    live.change({ status: end.status, endReason: end.endReason, failure: end.failure ?? null, endedAt })
  }

  private keepLease(held: { id: string; roomId: string; leaseId: string }, breakOff: AbortController): NodeJS.Timeout {
    let busy = false
    return setInterval(() => {
      if (busy) return
      busy = true
      this.store
        .keepLease(held)
        .then(({ stopAsked }) => stopAsked && breakOff.abort('person' satisfies Break))
        .catch((error: unknown) => {
          // A database that is away for a moment is no reason to stop: another replica cannot take the turn either.
          if (error instanceof LeaseLost) breakOff.abort('lost' satisfies Break)
        })
        .finally(() => {
          busy = false
        })
    }, leaseMs / 3)
  }

  /** What cannot be stored may not be shown as if it were. */
  private giveUp(error: unknown, breakOff: AbortController): void {
    if (!(error instanceof LeaseLost)) this.log.error({ error }, 'a turn could not be stored')
    breakOff.abort((error instanceof LeaseLost ? 'lost' : 'handover') satisfies Break)
  }

  private failureOf(error: unknown, turnId: string): TurnFailure {
    const known = this.work.failureOf(error)
    if (known) return known
    const reference = randomUUID()
    this.log.error({ error, reference, turn: turnId }, 'a turn failed unexpectedly')
    return { code: 'internal', reference }
  }
}
