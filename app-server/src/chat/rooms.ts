// The rooms of the chat: who may do what in which, and what each is set to.
import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { containing } from '../platform/database/containing.js'
import { Database, type Sql } from '../platform/database/database.js'
import { storable } from '../platform/database/storable.js'
import { asPosition, fromCursor, toPage } from '../platform/paging.js'
import { t } from './t.js'

/** owner: everything. writer: writes and stops. reader: reads. */
export type Role = 'owner' | 'writer' | 'reader'

const ranks: Readonly<Record<Role, number>> = { reader: 1, writer: 2, owner: 3 }

/** Rooms one person owns at most, archived ones included. */
export const maxRoomsPerPerson = 1_000

export interface Room {
  readonly id: string
  readonly name: string
  readonly systemPrompt: string
  /** The key of the language model; null: none is chosen, or it was removed. */
  readonly credentialId: string | null
  /** The member whose accounts the tools use; null: whoever writes. */
  readonly lenderId: string | null
  /** Ids of the tool providers, in the order of the alphabet. */
  readonly providers: readonly string[]
  /** How far one turn may go before it asks whether to go on. */
  readonly maxRounds: number
  readonly maxTokens: number
  /** Millionths of a US dollar; null: no limit. */
  readonly maxCostMicros: number | null
  readonly createdAt: Date
  readonly lastTurnAt: Date | null
  readonly archivedAt: Date | null
  /** Of whoever asked. */
  readonly role: Role
  readonly members: number
}

/** A room in a list. */
export interface ListedRoom extends Pick<Room, 'id' | 'name' | 'lastTurnAt' | 'archivedAt' | 'role' | 'members'> {
  readonly createdAt: Date
  /** Whether an answer is being written, or waits for somebody. */
  readonly open: 'running' | 'waiting' | null
}

export interface RoomQuery {
  readonly userId: string
  /** Undefined: both those that are archived and those that are not. */
  readonly archived?: boolean
  /** All in the name. */
  readonly words?: readonly string[]
  readonly cursor?: string
  readonly limit: number
}

export type RoomChange = Partial<
  Pick<Room, 'name' | 'systemPrompt' | 'credentialId' | 'maxRounds' | 'maxTokens' | 'maxCostMicros' | 'providers'>
>

const columns = `r.id, r.name, r.system_prompt AS "systemPrompt", r.credential_id AS "credentialId",
  r.lender_id AS "lenderId", r.max_rounds AS "maxRounds", r.max_tokens AS "maxTokens",
  r.max_cost_micros::float8 AS "maxCostMicros", r.created_at AS "createdAt", r.last_turn_at AS "lastTurnAt",
  r.archived_at AS "archivedAt", m.role,
  ARRAY(SELECT p.provider FROM chat_room_providers p WHERE p.room_id = r.id ORDER BY p.provider) AS providers,
  (SELECT count(*)::int FROM chat_members o WHERE o.room_id = r.id) AS members`

@Injectable()
export class Rooms {
  constructor(private readonly database: Database) {}

  /** Makes a room that belongs to a person. Throws Problem conflict when they have too many. */
  async create(
    userId: string,
    {
      name,
      credentialId = null,
      providers = [],
    }: { name: string; credentialId?: string | null; providers?: readonly string[] },
  ): Promise<string> {
    const id = randomUUID()
    await this.database.transaction(async (sql) => {
      const [row] = await sql.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM chat_members WHERE user_id = $1 AND role = 'owner'`,
        [userId],
      )
      if ((row?.count ?? 0) >= maxRoomsPerPerson) {
        throw new Problem(
          'conflict',
          t('You have {count, number} rooms already. Delete some first.', { count: maxRoomsPerPerson }),
        )
      }
      await sql.query('INSERT INTO chat_rooms (id, name, credential_id) VALUES ($1, $2, $3)', [id, name, credentialId])
      await sql.query(`INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, 'owner')`, [id, userId])
      await setProviders(sql, id, providers)
    })
    return id
  }

  /** The room as this person sees it; undefined for whoever is no member. */
  async find(id: string, userId: string, sql: Sql = this.database): Promise<Room | undefined> {
    if (!z.uuid().safeParse(id).success) return undefined
    const [room] = await sql.query<Room>(
      `SELECT ${columns} FROM chat_rooms r JOIN chat_members m ON m.room_id = r.id AND m.user_id = $2 WHERE r.id = $1`,
      [id, userId],
    )
    return room
  }

  /**
   * Throws Problem not-found for whoever is no member, so that nobody learns which rooms there are; forbidden for a member
   * whose role does not do.
   */
  async require(id: string, userId: string, atLeast: Role = 'reader', sql: Sql = this.database): Promise<Room> {
    const room = await this.find(id, userId, sql)
    if (!room) throw new Problem('not-found', t('This room is not there, or you are not one of its members.'))
    if (ranks[room.role] < ranks[atLeast]) {
      throw new Problem(
        'forbidden',
        atLeast === 'owner'
          ? t('Only an owner of the room may do this.')
          : t('Only a writer or an owner of the room may do this.'),
      )
    }
    return room
  }

  /** A person's rooms, the last used first, a page at a time. Throws Problem invalid-arguments for a cursor of another list. */
  async list({ userId, archived, words, cursor, limit }: RoomQuery) {
    const before = fromCursor(cursor, z.tuple([z.iso.datetime({ offset: true }), z.uuid()]))
    const rows = await this.database.query<ListedRoom & { position: string }>(
      `SELECT r.id, r.name, r.created_at AS "createdAt", r.last_turn_at AS "lastTurnAt", r.archived_at AS "archivedAt",
              m.role, (SELECT count(*)::int FROM chat_members o WHERE o.room_id = r.id) AS members,
              (SELECT t.status FROM chat_turns t
                WHERE t.room_id = r.id AND t.status IN ('running', 'waiting')) AS open,
              ${asPosition('coalesce(r.last_turn_at, r.created_at)')} AS position
         FROM chat_members m
         JOIN chat_rooms r ON r.id = m.room_id
        WHERE m.user_id = $1 AND ($2::boolean IS NULL OR (r.archived_at IS NOT NULL) = $2)
          AND r.name ILIKE ALL ($3::text[])
          AND ($4::timestamptz IS NULL OR (coalesce(r.last_turn_at, r.created_at), r.id) < ($4, $5))
        ORDER BY coalesce(r.last_turn_at, r.created_at) DESC, r.id DESC LIMIT $6`,
      [userId, archived ?? null, (words ?? []).map(containing), before?.[0] ?? null, before?.[1] ?? null, limit + 1],
    )
    return toPage<ListedRoom & { position: string }>(rows, limit, ({ position, id }) => [position, id])
  }

  /** Changes what is told, and leaves the rest as it is. */
  async update(id: string, change: RoomChange): Promise<void> {
    const { name, systemPrompt, credentialId, maxRounds, maxTokens, maxCostMicros, providers } = change
    await this.database.transaction(async (sql) => {
      await sql.query(
        `UPDATE chat_rooms
            SET name = coalesce($2, name), system_prompt = coalesce($3, system_prompt),
                credential_id = CASE WHEN $4 THEN $5::uuid ELSE credential_id END,
                max_rounds = coalesce($6, max_rounds), max_tokens = coalesce($7, max_tokens),
                max_cost_micros = CASE WHEN $8 THEN $9::bigint ELSE max_cost_micros END
          WHERE id = $1`,
        [
          id,
          name ?? null,
          systemPrompt === undefined ? null : storable(systemPrompt),
          credentialId !== undefined,
          credentialId ?? null,
          maxRounds ?? null,
          maxTokens ?? null,
          maxCostMicros !== undefined,
          maxCostMicros ?? null,
        ],
      )
      if (providers !== undefined) await setProviders(sql, id, providers)
    })
  }

  /** Puts a room aside, or back. A room that is put aside takes no messages. */
  async archive(id: string, archived: boolean): Promise<void> {
    await this.database.query(
      `UPDATE chat_rooms SET archived_at = CASE WHEN $2 THEN coalesce(archived_at, now()) END WHERE id = $1`,
      [id, archived],
    )
  }

  /** Deletes a room with everything in it. */
  async delete(id: string): Promise<void> {
    await this.database.query('DELETE FROM chat_rooms WHERE id = $1', [id])
  }
}

async function setProviders(sql: Sql, roomId: string, providers: readonly string[]): Promise<void> {
  await sql.query('DELETE FROM chat_room_providers WHERE room_id = $1 AND provider <> ALL ($2::text[])', [
    roomId,
    [...providers],
  ])
  await sql.query(
    `INSERT INTO chat_room_providers (room_id, provider) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
    [roomId, [...providers]],
  )
}
