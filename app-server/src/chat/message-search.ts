// Finds messages and answers by words in them, in the rooms of whoever looks: the newest first, so many messages at a time.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { containing } from '../platform/database/containing.js'
import { Database, sqlStateOf, sqlStates } from '../platform/database/database.js'
import { asPosition, fromCursor, toCursor } from '../platform/paging.js'
import { t } from './t.js'

/** Messages that are looked through for one page. No index knows parts of Japanese words, so the texts themselves are read. */
const lookedThrough = 5_000
const searchMs = 8_000
const foundOnPage = 20
const maxWords = 8
/** Characters of the text shown around what was found, and how many of them before it. */
const around = { all: 240, before: 60 } as const

export interface FoundMessage {
  readonly turnId: string
  readonly roomId: string
  readonly roomName: string
  readonly archived: boolean
  readonly seq: number
  readonly at: Date
  /** Who wrote the message; also of an answer, which is to it. */
  readonly authorName: string
  readonly inAnswer: boolean
  readonly snippet: string
  /** The text begins before the snippet. */
  readonly beginsLater: boolean
}

export interface FoundMessages {
  readonly found: readonly FoundMessage[]
  /** Where older ones begin; null when all were looked through. */
  readonly next: string | null
}

export interface MessageQuery {
  readonly userId: string
  /** One room of theirs; undefined: all. */
  readonly roomId?: string | undefined
  readonly words: readonly string[]
  readonly cursor?: string | undefined
}

/** What somebody typed as the words that must all be there. */
export function wordsIn(typed: string): string[] {
  return typed.replaceAll('\u0000', '').split(/\s+/).filter(Boolean).slice(0, maxWords)
}

@Injectable()
export class MessageSearch {
  constructor(private readonly database: Database) {}

  /**
   * A text counts when all words are in it, wherever. A page can hold few or none and still go on.
   * Throws Problem invalid-arguments for a cursor of another list, timeout.
   */
  async find(query: MessageQuery): Promise<FoundMessages> {
    const before = fromCursor(query.cursor, z.tuple([z.iso.datetime({ offset: true }), z.uuid()]))
    try {
      return await this.database.transaction(async (sql) => {
        await sql.query(`SELECT set_config('statement_timeout', $1, true)`, [String(searchMs)])
        const [first = ''] = query.words
        const rows = await sql.query<FoundMessage & { position: string }>(
          `${portion}
           SELECT p.id AS "turnId", p.room_id AS "roomId", p.room_name AS "roomName", p.archived, p.seq,
                  p.created_at AS at, p.author_name AS "authorName", hit.in_answer AS "inAnswer",
                  substr(hit.text, greatest(1, hit.at - ${around.before}), ${around.all}) AS snippet,
                  hit.at > ${around.before} + 1 AS "beginsLater",
                  ${asPosition('p.created_at')} AS position
             FROM portion p CROSS JOIN LATERAL (
               SELECT p.prompt AS text, false AS in_answer, strpos(lower(p.prompt), lower($6)) AS at WHERE p.prompt ILIKE ALL ($5::text[])
               UNION ALL
               SELECT c.text, true, strpos(lower(c.text), lower($6)) FROM chat_parts c
                WHERE c.turn_id = p.id AND c.kind = 'text' AND c.text ILIKE ALL ($5::text[])
               LIMIT 1) hit
            ORDER BY p.created_at DESC, p.id DESC LIMIT ${foundOnPage}`,
          [...within(query, before), query.words.map(containing), first],
        )
        const last = rows.at(-1)
        if (rows.length === foundOnPage && last) {
          return { found: rows, next: toCursor([last.position, last.turnId]) }
        }
        const [end] = await sql.query<{ position: string; id: string }>(
          `${portion}
           SELECT ${asPosition('p.created_at')} AS position, p.id FROM portion p
            ORDER BY p.created_at DESC, p.id DESC OFFSET ${lookedThrough - 1} LIMIT 1`,
          within(query, before),
        )
        return { found: rows, next: end ? toCursor([end.position, end.id]) : null }
      })
    } catch (error) {
      if (sqlStateOf(error) !== sqlStates.queryCanceled) throw error
      throw new Problem('timeout', t('The search took too long. Search for fewer or longer words, or in one room.'))
    }
  }
}

/** The newest messages before a position, in the rooms where this person is a member. */
const portion = `WITH portion AS (
    SELECT t.id, t.room_id, r.name AS room_name, r.archived_at IS NOT NULL AS archived, t.seq, t.prompt, t.author_name,
           t.created_at
      FROM chat_members m JOIN chat_rooms r ON r.id = m.room_id JOIN chat_turns t ON t.room_id = r.id
     WHERE m.user_id = $1 AND ($2::uuid IS NULL OR m.room_id = $2) AND t.replaced_at IS NULL
       AND ($3::timestamptz IS NULL OR (t.created_at, t.id) < ($3, $4::uuid))
     ORDER BY t.created_at DESC, t.id DESC LIMIT ${lookedThrough})`

function within({ userId, roomId }: MessageQuery, before: readonly [string, string] | undefined) {
  return [userId, roomId ?? null, before?.[0] ?? null, before?.[1] ?? null]
}
