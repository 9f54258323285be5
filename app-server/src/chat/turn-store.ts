// Stores what a turn brings as it comes: the parts of all turns of a replica in few statements, and only under their leases.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { Gathered } from '../platform/database/gathered.js'
import { noticeChannel, noticeOf } from '../platform/database/notices.js'
import { storableJson } from '../platform/database/storable.js'
import { RoomEvents } from './room-events.js'
import type { EndReason, Part, Turn, TurnFailure } from './turn.js'
import { type TurnNotice, turnColumns, turnTopic } from './turns.js'

/** A turn works on while it says so at least this often, in milliseconds; then another replica takes it. */
export const leaseMs = 15_000

/** Somebody else works on the turn now, or it was deleted: whatever this replica still has of it is void. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease of the turn is lost')
    this.name = 'LeaseLost'
  }
}

interface Held {
  readonly id: string
  readonly roomId: string
  readonly leaseId: string
}

interface Write extends Held {
  readonly parts: readonly Part[]
}

/** How far a turn may go before its person must say "go on". */
export interface Allowance {
  readonly rounds: number
  readonly tokens: number
  readonly costMicros: number | null
}

/** What is known of a turn when it is taken. */
export interface Claim {
  readonly turn: Turn
  /** Of whoever sent the message, or let it go on; null: it ended. */
  readonly sessionId: string | null
  /** It stays as it is while the turn is worked on. */
  readonly allowed: Allowance
  readonly stopAsked: boolean
  readonly wholeRounds: number
  /** Whether there are parts of a round that never became whole. */
  readonly unfinished: boolean
}

/** How a turn is left when nobody works on it any more. */
export interface TurnEnd {
  readonly status: Exclude<Turn['status'], 'running'>
  readonly endReason: EndReason | null
  readonly failure?: TurnFailure | null
}

const limits = { maxBatch: 128, maxWaiting: 4_096 }

/**
 * Has the statement's transaction answer before it is on disk: of a round that is not whole, nothing counts after a crash of
 * the database anyway, and whatever notes that it is whole puts on disk all that was written before (PostgreSQL, "Asynchronous
 * Commit").
 */
const unhurried = `set_config('synchronous_commit', 'off', true)`

@Injectable()
export class TurnStore {
  private readonly writes: Gathered<Write, boolean>

  constructor(
    private readonly database: Database,
    private readonly events: RoomEvents,
  ) {
    this.writes = new Gathered((batch) => this.write(batch), limits)
  }

  /** Takes a turn that nobody works on; undefined when there is nothing to take. */
  async claim(turnId: string, leaseId: string): Promise<Claim | undefined> {
    const [claimed] = await this.database.query<Omit<Claim, 'turn'> & Turn & { set_config: string }>(
      `UPDATE chat_turns t SET status = 'running', lease_id = $2, lease_until = now() + $3 * interval '1 millisecond'
        WHERE id = $1 AND status IN ('running', 'waiting') AND (lease_until IS NULL OR lease_until < now())
        RETURNING ${turnColumns}, t.session_id AS "sessionId",
                  json_build_object('rounds', rounds_allowed, 'tokens', tokens_allowed, 'costMicros', cost_allowed) AS allowed,
                  stop_asked_at IS NOT NULL AS "stopAsked", whole_rounds AS "wholeRounds",
                  EXISTS (SELECT 1 FROM chat_parts p
                           WHERE p.turn_id = t.id AND p.round > t.whole_rounds AND p.kind <> 'note') AS unfinished,
                  ${unhurried}`,
      [turnId, leaseId, leaseMs],
    )
    if (!claimed) return undefined
    const { sessionId, allowed, stopAsked, wholeRounds, unfinished, set_config: _, ...turn } = claimed
    return { turn, sessionId, allowed, stopAsked, wholeRounds, unfinished }
  }

  /** Says that the turn is still worked on, and whether it was asked to stop. Throws LeaseLost. */
  async keepLease({ id, leaseId }: Held): Promise<{ stopAsked: boolean }> {
    const [kept] = await this.database.query<{ stopAsked: boolean }>(
      `UPDATE chat_turns SET lease_until = now() + $3 * interval '1 millisecond'
        WHERE id = $1 AND lease_id = $2 RETURNING stop_asked_at IS NOT NULL AS "stopAsked", ${unhurried}`,
      [id, leaseId, leaseMs],
    )
    if (!kept) throw new LeaseLost()
    return kept
  }

  /** Turns whose replica is gone, or that wait for a decision that was made or came too late. */
  async forgotten(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT t.id FROM chat_turns t
        WHERE (t.status = 'running' AND (t.lease_until IS NULL OR t.lease_until < now())
               AND t.created_at < now() - interval '2 seconds')
           OR (t.status = 'waiting' AND (t.stop_asked_at IS NOT NULL OR EXISTS (
                 SELECT 1 FROM chat_parts p JOIN approvals a ON a.id = (p.data ->> 'approvalId')::uuid
                  WHERE p.turn_id = t.id AND p.data ->> 'state' = 'approval'
                    AND (a.decided_at IS NOT NULL OR a.expires_at < now()))))
        ORDER BY t.lease_until NULLS FIRST LIMIT $1`,
      [limit],
    )
    return rows.map(({ id }) => id)
  }

  /** The turns of which a call waits for this approval. */
  async waitingFor(approvalId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT DISTINCT p.turn_id AS id FROM chat_parts p
        WHERE p.data ->> 'approvalId' = $1 AND p.data ->> 'state' = 'approval'`,
      [approvalId],
    )
    return rows.map(({ id }) => id)
  }

  /** Stores parts. Throws LeaseLost. */
  async store(held: Held, parts: readonly Part[]): Promise<void> {
    if (!(await this.writes.add({ ...held, parts }))) throw new LeaseLost()
  }

  /** Notes that all parts of a round are there, and what the model used for it. Throws LeaseLost. */
  async endRound({ id, leaseId }: Held, turn: Turn): Promise<void> {
    await this.requireHeld(
      `UPDATE chat_turns SET rounds = $9, whole_rounds = $9, ${usedAs}
        WHERE id = $1 AND lease_id = $2 RETURNING id`,
      [id, leaseId, ...usedIn(turn), turn.rounds],
    )
  }

  /** Takes away what a round brought that was never whole. */
  async dropUnfinished(turnId: string, wholeRounds: number): Promise<void> {
    await this.database.query(`DELETE FROM chat_parts WHERE turn_id = $1 AND round > $2 AND kind <> 'note'`, [
      turnId,
      wholeRounds,
    ])
  }

  /**
   * Gives the lease back with the turn as it was left, and with what the model used for it, that of a round that broke off
   * included. The last round of a turn that is done is whole with it. Throws LeaseLost.
   */
  async end({ id, roomId, leaseId }: Held, turn: Turn, { status, endReason, failure = null }: TurnEnd): Promise<void> {
    await this.requireHeld(
      `WITH ended AS (
         UPDATE chat_turns SET status = $9, end_reason = $10, failure = $11, lease_id = NULL, lease_until = NULL,
                ended_at = CASE WHEN $9 <> 'waiting' THEN now() END, rounds = CASE WHEN $9 = 'done' THEN $12 ELSE rounds END,
                whole_rounds = CASE WHEN $9 = 'done' THEN $12 ELSE whole_rounds END, ${usedAs}
          WHERE id = $1 AND lease_id = $2 RETURNING id, room_id
       ), used AS (
         UPDATE chat_rooms SET last_turn_at = now() WHERE id = (SELECT room_id FROM ended)
       )
       SELECT id, pg_notify($13, $14) FROM ended`,
      [
        id,
        leaseId,
        ...usedIn(turn),
        status,
        endReason,
        failure && JSON.stringify(failure),
        turn.rounds,
        noticeChannel,
        this.notice({ id, roomId }),
      ],
    )
  }

  /** Lets go of a turn at once, so that another replica goes on with it. */
  async release({ id, leaseId }: Held, turn: Turn): Promise<void> {
    await this.database.query(
      `UPDATE chat_turns SET lease_id = NULL, lease_until = NULL, ${usedAs} WHERE id = $1 AND lease_id = $2`,
      [id, leaseId, ...usedIn(turn)],
    )
  }

  private async requireHeld(text: string, parameters: readonly unknown[]): Promise<void> {
    const rows = await this.database.query(text, parameters)
    if (rows.length === 0) throw new LeaseLost()
  }

  /** One statement for the parts of many turns; the turns' rows are held, so that no replica takes one in between. */
  private async write(batch: readonly Write[]): Promise<boolean[]> {
    const rows = batch.flatMap(({ id, leaseId, parts }) => parts.map((part) => rowOf(id, leaseId, part)))
    const notices = batch.map((held) => ({ turn_id: held.id, notice: this.notice(held) }))
    const written = await this.database.query<{ id: string }>(
      `WITH held AS (
         SELECT t.id FROM chat_turns t
          WHERE (t.id, t.lease_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) ORDER BY t.id FOR SHARE
       ), stored AS (
         INSERT INTO chat_parts (turn_id, idx, round, kind, text, signature, data)
         SELECT g.turn_id, g.idx, g.round, g.kind, g.text, g.signature, g.data
           FROM jsonb_to_recordset($3::jsonb) AS g(
             turn_id uuid, lease_id uuid, idx int, round int, kind text, text text, signature text, data jsonb)
           JOIN held ON held.id = g.turn_id
         ON CONFLICT (turn_id, idx) DO UPDATE
            SET text = excluded.text, signature = excluded.signature, data = excluded.data
       )
       SELECT held.id, pg_notify($4, n.notice), ${unhurried}
         FROM held JOIN jsonb_to_recordset($5::jsonb) AS n(turn_id uuid, notice text) ON n.turn_id = held.id`,
      [
        batch.map(({ id }) => id),
        batch.map(({ leaseId }) => leaseId),
        JSON.stringify(rows),
        noticeChannel,
        JSON.stringify(notices),
      ],
    )
    const held = new Set(written.map(({ id }) => id))
    return batch.map(({ id }) => held.has(id))
  }

  private notice({ id, roomId }: { id: string; roomId: string }): string {
    return noticeOf(turnTopic, JSON.stringify({ roomId, turnId: id, from: this.events.replicaId } satisfies TurnNotice))
  }
}

/** What was used, set to what `usedIn` gives: the parameters from the third to the eighth. */
const usedAs = `model = $3, input_tokens = $4, output_tokens = $5, thinking_tokens = $6, cached_tokens = $7, cost_micros = $8`

function usedIn(turn: Turn): unknown[] {
  return [
    turn.model,
    turn.inputTokens,
    turn.outputTokens,
    turn.thinkingTokens,
    turn.cachedTokens,
    turn.costMicros === null ? null : Math.round(turn.costMicros),
  ]
}

function rowOf(turnId: string, leaseId: string, part: Part): Record<string, unknown> {
  return storableJson({
    turn_id: turnId,
    lease_id: leaseId,
    idx: part.idx,
    round: part.round,
    kind: part.kind,
    text: 'text' in part ? part.text : '',
    signature: 'signature' in part ? part.signature : null,
    data: 'data' in part ? part.data : null,
  }) as Record<string, unknown>
}
