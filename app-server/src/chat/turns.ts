// The messages of a room with their answers: sent, read a page at a time, replaced, and asked to go on or to stop.
import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Session } from '../accounts/session.js'
import { constraintOf, Database, type Sql } from '../platform/database/database.js'
import { notifyAll } from '../platform/database/notices.js'
import { storable } from '../platform/database/storable.js'
import { Attachments } from './attachments.js'
import type { Room } from './rooms.js'
import { t } from './t.js'
import type { Part, Turn, TurnSnapshot } from './turn.js'

/** Characters of one message. */
export const maxPromptLength = 50_000
/** Answers that may be written for one person at once, and messages of theirs within a minute. */
export const sendLimits = { open: 20, perMinute: 30 } as const
/** Turns of one page of a room. */
export const turnsPerPage = 30

/** The notice that something of a turn is different: the page of a room on any replica looks again. */
export const turnTopic = 'chat-turn'
/** The notice that a turn is to be worked on, or to end; the body is its id. */
export const turnWorkTopic = 'chat-work'

export interface TurnNotice {
  readonly roomId: string
  readonly turnId: string
  /** The replica that said so, and needs not hear it. */
  readonly from?: string
}

/** How turns are read: so many in one go, and of each result no more than this. */
export interface Reading {
  readonly atOnce?: number
  readonly resultChars?: number
  /** Also turns in whose place another stands. */
  readonly replaced?: boolean
}

export interface Message {
  /** Made by whoever sends it: a message that is sent again, because nobody heard that it came, is there once. */
  readonly id?: string | undefined
  readonly prompt: string
  readonly attachmentIds?: readonly string[]
  readonly language: string
  /** IANA name. */
  readonly timeZone: string
}

export const turnColumns = `t.id, t.room_id AS "roomId", t.seq, t.author_id AS "authorId", t.author_name AS "authorName",
  t.acts_for AS "actsFor", t.prompt, t.language, t.time_zone AS "timeZone", t.status, t.end_reason AS "endReason",
  t.failure, t.model, t.rounds, t.input_tokens::float8 AS "inputTokens", t.output_tokens::float8 AS "outputTokens",
  t.thinking_tokens::float8 AS "thinkingTokens", t.cached_tokens::float8 AS "cachedTokens",
  t.cost_micros::float8 AS "costMicros", t.created_at AS "createdAt", t.ended_at AS "endedAt",
  t.version, t.replaced_at AS "replacedAt", t.replaced_by AS "replacedBy"`

@Injectable()
export class Turns {
  constructor(
    private readonly database: Database,
    private readonly attachments: Attachments,
  ) {}

  /**
   * Keeps a message, and with it the turn that will answer it; some replica then begins (`turnWorkTopic`).
   * Throws Problem conflict while another answer is being written, invalid-arguments.
   */
  async send(room: Room, session: Session, message: Message): Promise<Turn> {
    const { attachmentIds = [] } = message
    try {
      return await this.begin(room, session, message, async (sql, turn) =>
        this.attachments.bind(sql, turn, session.viewer.id, attachmentIds),
      )
    } catch (error) {
      // It may be one that is here already.
      const same = await this.findSent(room, session, message)
      if (same) return same
      throw error
    }
  }

  /** The turn of a message that is here already; the same text is part of being the same. */
  private async findSent(room: Room, { viewer }: Session, { id, prompt }: Message): Promise<Turn | undefined> {
    const turn = id === undefined ? undefined : await this.find(room.id, id)
    return turn?.authorId === viewer.id && turn.prompt === storable(prompt) ? turn : undefined
  }

  /**
   * Answers a message anew, as it was or reworded; it and everything after it is replaced, and kept as an earlier version.
   * Throws Problem not-found, conflict.
   */
  async replace(
    room: Room,
    session: Session,
    turnId: string,
    message: Omit<Message, 'id' | 'attachmentIds'>,
  ): Promise<Turn> {
    const former = await this.require(room.id, turnId)
    const replace = async (sql: Sql, turn: { id: string }) => {
      const replaced = await sql.query<{ id: string }>(
        `UPDATE chat_turns SET replaced_at = now(), replaced_by = $3
          WHERE room_id = $1 AND seq >= $2 AND id <> $3 AND replaced_at IS NULL RETURNING id`,
        [room.id, former.seq, turn.id],
      )
      if (!replaced.some(({ id }) => id === former.id)) {
        throw new Problem('conflict', t('Another message stands in the place of this one. Reload the page.'))
      }
      await sql.query('DELETE FROM chat_summaries WHERE room_id = $1 AND upto_seq >= $2', [room.id, former.seq])
    }
    return this.begin(room, session, message, replace, former.id)
  }

  /**
   * Lets an answer go on that was stopped, failed or was cut: as far again as the room allows one turn to go.
   * Throws Problem not-found, conflict.
   */
  async goOn(room: Room, session: Session, turnId: string): Promise<void> {
    const turn = await this.require(room.id, turnId)
    const gone = await this.open(async (sql) => {
      await requirePlace(sql, session.viewer.id)
      const rows = await sql.query(
        `UPDATE chat_turns t
            SET status = 'running', end_reason = NULL, failure = NULL, ended_at = NULL, stop_asked_at = NULL,
                session_id = $3, lease_id = NULL, lease_until = NULL,
                rounds_allowed = t.rounds + r.max_rounds,
                tokens_allowed = t.input_tokens + t.output_tokens + t.thinking_tokens + r.max_tokens,
                cost_allowed = coalesce(t.cost_micros, 0) + r.max_cost_micros
           FROM chat_rooms r
          WHERE t.id = $1 AND r.id = t.room_id AND t.replaced_at IS NULL AND t.author_id = $2
            AND t.status IN ('stopped', 'failed')
            AND NOT EXISTS (SELECT 1 FROM chat_turns o WHERE o.room_id = t.room_id AND o.seq > t.seq AND o.replaced_at IS NULL)
          RETURNING t.id`,
        [turn.id, session.viewer.id, session.id],
      )
      // What a round brought before it broke off is asked for again.
      await sql.query(
        `DELETE FROM chat_parts p USING chat_turns t
          WHERE t.id = $1 AND p.turn_id = t.id AND p.round > t.whole_rounds AND p.kind <> 'note' AND $2`,
        [turn.id, rows.length > 0],
      )
      if (rows.length > 0) await this.tell(sql, turn)
      return rows.length === 0
    })
    if (gone) {
      throw new Problem(
        'conflict',
        t('This answer cannot go on: it is complete, not yours, or others came after it. Send a new message.'),
      )
    }
  }

  /** Asks the answer to stop, whichever replica writes it. What is there of it stays. */
  async stop(roomId: string, turnId: string): Promise<void> {
    const turn = await this.require(roomId, turnId)
    await this.database.transaction(async (sql) => {
      const asked = await sql.query(
        `UPDATE chat_turns SET stop_asked_at = coalesce(stop_asked_at, now())
          WHERE id = $1 AND status IN ('running', 'waiting') RETURNING id`,
        [turn.id],
      )
      if (asked.length > 0) await this.tell(sql, turn)
    })
  }

  async find(roomId: string, turnId: string, sql: Sql = this.database): Promise<Turn | undefined> {
    if (!z.uuid().safeParse(turnId).success) return undefined
    const [turn] = await sql.query<Turn>(`SELECT ${turnColumns} FROM chat_turns t WHERE t.id = $1 AND t.room_id = $2`, [
      turnId,
      roomId,
    ])
    return turn
  }

  /** Throws Problem not-found. */
  async require(roomId: string, turnId: string, sql?: Sql): Promise<Turn> {
    const turn = await this.find(roomId, turnId, sql)
    if (!turn) throw new Problem('not-found', t('This message is not there, or no longer.'))
    return turn
  }

  /** The newest turns of a room before a number, oldest first, with whether there are older ones; replaced ones left out. */
  async page(roomId: string, before?: number): Promise<{ turns: TurnSnapshot[]; older: boolean }> {
    const rows = await this.database.query<Turn>(
      `SELECT ${turnColumns} FROM chat_turns t
        WHERE t.room_id = $1 AND t.replaced_at IS NULL AND ($2::int IS NULL OR t.seq < $2)
        ORDER BY t.seq DESC LIMIT $3`,
      [roomId, before ?? null, turnsPerPage + 1],
    )
    const turns = rows.slice(0, turnsPerPage).reverse()
    return { turns: await this.withParts(turns), older: rows.length > turnsPerPage }
  }

  /** Turns that may look different to somebody who last saw the room when `seq` was its newest number. */
  async since(roomId: string, seq: number, { atOnce = turnsPerPage, resultChars, replaced = false }: Reading = {}) {
    const turns = await this.database.query<Turn>(
      `SELECT ${turnColumns} FROM chat_turns t WHERE t.room_id = $1 AND (t.replaced_at IS NULL OR $4) AND t.seq >= $2
        ORDER BY t.seq LIMIT $3`,
      [roomId, seq, atOnce, replaced],
    )
    return this.withParts(turns, resultChars)
  }

  /** Every turn of a room in its order, a bounded number at a time; for the model and for exports. */
  async *all(roomId: string, from = 1, reading: Reading = {}): AsyncGenerator<TurnSnapshot> {
    const { atOnce = turnsPerPage } = reading
    for (let next = from; ; ) {
      const turns = await this.since(roomId, next, reading)
      yield* turns
      const last = turns.at(-1)
      if (!last || turns.length < atOnce) return
      next = last.turn.seq + 1
    }
  }

  /** A turn as it stands now. */
  async snapshot(turnId: string): Promise<TurnSnapshot | undefined> {
    const turns = await this.database.query<Turn>(`SELECT ${turnColumns} FROM chat_turns t WHERE t.id = $1`, [turnId])
    return (await this.withParts(turns))[0]
  }

  /** A turn that is known, with its parts as they stand now. */
  async snapshotOf(turn: Turn): Promise<TurnSnapshot> {
    const [snapshot] = await this.withParts([turn])
    return snapshot as TurnSnapshot
  }

  /** Turns with all that is there of their answers. */
  async withParts(turns: readonly Turn[], resultChars?: number): Promise<TurnSnapshot[]> {
    if (turns.length === 0) return []
    const ids = turns.map(({ id }) => id)
    const [parts, attachmentsOf] = await Promise.all([
      this.database.query<Part & { turnId: string }>(
        `SELECT p.turn_id AS "turnId", p.idx, p.round, p.kind, p.text, p.signature,
                CASE WHEN length(p.data ->> 'result') > $2::int
                     THEN jsonb_set(p.data, '{result}', to_jsonb(left(p.data ->> 'result', $2::int))) ELSE p.data END AS data
           FROM chat_parts p WHERE p.turn_id = ANY ($1::uuid[]) ORDER BY p.idx`,
        [ids, resultChars ?? null],
      ),
      this.attachments.ofTurns(ids),
    ])
    const partsOf = Map.groupBy(parts, ({ turnId }) => turnId)
    return turns.map((turn) => ({
      turn,
      attachments: attachmentsOf.get(turn.id) ?? [],
      parts: partsOf.get(turn.id) ?? [],
    }))
  }

  private async begin(
    room: Room,
    session: Session,
    { id = randomUUID(), prompt, language, timeZone }: Message,
    also: (sql: Sql, turn: { id: string; roomId: string }) => Promise<void>,
    formerId: string | null = null,
  ): Promise<Turn> {
    if (room.archivedAt) throw new Problem('conflict', t('This room is archived. Take it back to write in it.'))
    if (prompt.length > maxPromptLength) {
      throw new Problem(
        'payload-too-large',
        t('A message may have {count, number} characters at most. Send the text as a file.', {
          count: maxPromptLength,
        }),
      )
    }
    const turn = { id, roomId: room.id }
    const { viewer } = session
    return this.open(async (sql) => {
      await requirePlace(sql, viewer.id)
      // Numbers are given out one at a time.
      await sql.query('UPDATE chat_rooms SET last_turn_at = now() WHERE id = $1', [room.id])
      // It has the files of the one it replaces, which stay where they are: bytes are kept once, however often one asks.
      const [begun] = await sql.query<Turn>(
        `INSERT INTO chat_turns AS t (id, room_id, seq, author_id, author_name, acts_for, session_id, prompt, language, time_zone,
                                 rounds_allowed, tokens_allowed, cost_allowed, version, files_turn_id)
         SELECT $1, $2, coalesce(max(o.seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                coalesce((SELECT f.version FROM chat_turns f WHERE f.id = $13), 0) + 1,
                (SELECT coalesce(f.files_turn_id, f.id) FROM chat_turns f WHERE f.id = $13)
           FROM chat_turns o WHERE o.room_id = $2
         RETURNING ${turnColumns}`,
        [
          turn.id,
          room.id,
          viewer.id,
          viewer.name,
          room.lenderId ?? viewer.id,
          session.id,
          storable(prompt),
          language,
          timeZone,
          room.maxRounds,
          room.maxTokens,
          room.maxCostMicros,
          formerId,
        ],
      )
      await also(sql, turn)
      await this.tell(sql, turn)
      return begun as Turn
    })
  }

  /** Runs what opens a turn; a room has one open turn. */
  private async open<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> {
    try {
      return await this.database.transaction(work)
    } catch (error) {
      const constraint = constraintOf(error)
      // Another message has this id; nobody is told whose.
      if (constraint === 'chat_turns_pkey')
        throw new Problem('conflict', t('Another message stands in the place of this one. Reload the page.'))
      if (constraint !== 'chat_turns_one_open') throw error
      throw new Problem(
        'conflict',
        t('An answer is being written in this room. Wait until it is done, or stop it first.'),
      )
    }
  }

  private async tell(sql: Sql, { id, roomId }: { id: string; roomId: string }): Promise<void> {
    await notifyAll(sql, [
      [turnWorkTopic, id],
      [turnTopic, JSON.stringify({ roomId, turnId: id } satisfies TurnNotice)],
    ])
  }
}

/** Models cost money: nobody has any number of answers written. Throws Problem rate-limited. */
async function requirePlace(sql: Sql, userId: string): Promise<void> {
  const [row] = await sql.query<{ open: number; recent: number }>(
    `SELECT (SELECT count(*)::int FROM chat_turns WHERE author_id = $1 AND status = 'running') AS open,
            (SELECT count(*)::int FROM chat_turns
              WHERE author_id = $1 AND created_at > now() - interval '1 minute') AS recent`,
    [userId],
  )
  const { open = 0, recent = 0 } = row ?? {}
  if (open < sendLimits.open && recent < sendLimits.perMinute) return
  throw new Problem(
    'rate-limited',
    open >= sendLimits.open
      ? t('{count} answers are being written for you already. Wait until one is done, or stop one.', { count: open })
      : t('That were many messages within a minute. Wait a moment, then send again.'),
    { retry_after_seconds: 30 },
    { headers: { 'Retry-After': '30' } },
  )
}
