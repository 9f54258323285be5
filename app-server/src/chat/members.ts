// Who else is in a room, and whose accounts its tools use.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Database, type Sql } from '../platform/database/database.js'
import type { Role } from './rooms.js'
import { t } from './t.js'

export const maxMembers = 100

export interface Member {
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly joinedAt: Date
  /** Their accounts are the ones the room's tools use. */
  readonly lends: boolean
}

@Injectable()
export class Members {
  constructor(private readonly database: Database) {}

  /** Owners first, then by name. */
  list(roomId: string, sql: Sql = this.database): Promise<Member[]> {
    return sql.query<Member>(
      `SELECT m.user_id AS "userId", u.name, u.email, m.role, m.joined_at AS "joinedAt",
              r.lender_id IS NOT DISTINCT FROM m.user_id AS lends
         FROM chat_members m JOIN users u ON u.id = m.user_id JOIN chat_rooms r ON r.id = m.room_id
        WHERE m.room_id = $1
        ORDER BY m.role = 'owner' DESC, lower(u.name), u.id`,
      [roomId],
    )
  }

  /** What people are called, members or not. */
  async namesOf(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (userIds.length === 0) return new Map()
    const rows = await this.database.query<{ id: string; name: string }>(
      'SELECT id, name FROM users WHERE id = ANY ($1::uuid[])',
      [[...new Set(userIds)]],
    )
    return new Map(rows.map(({ id, name }) => [id, name]))
  }

  /**
   * Adds an active person by their e-mail address, or changes their role.
   * Throws Problem not-found (nobody of that address), conflict (too many; the last owner).
   */
  async put(roomId: string, email: string, role: Role): Promise<Member> {
    return this.database.transaction(async (sql) => {
      await lockRoom(sql, roomId)
      const [person] = await sql.query<{ id: string }>(
        `SELECT id FROM users WHERE lower(email) = lower($1) AND status = 'active'`,
        [email],
      )
      if (!person) {
        throw new Problem(
          'not-found',
          t('Nobody here signs in as {email}. They must have signed in once before they can be added.', { email }),
        )
      }
      await sql.query(
        `INSERT INTO chat_members (room_id, user_id, role) VALUES ($1, $2, $3)
         ON CONFLICT (room_id, user_id) DO UPDATE SET role = excluded.role`,
        [roomId, person.id, role],
      )
      const members = await this.list(roomId, sql)
      if (members.length > maxMembers)
        throw new Problem('conflict', t('A room has at most {count, number} members.', { count: maxMembers }))
      requireOwner(members)
      return members.find(({ userId }) => userId === person.id) as Member
    })
  }

  /** Takes a member out; their accounts are no longer used either. Throws Problem conflict for the last owner. */
  async remove(roomId: string, userId: string): Promise<void> {
    await this.database.transaction(async (sql) => {
      await lockRoom(sql, roomId)
      await sql.query('DELETE FROM chat_members WHERE room_id = $1 AND user_id = $2', [roomId, userId])
      await sql.query('UPDATE chat_rooms SET lender_id = NULL WHERE id = $1 AND lender_id = $2', [roomId, userId])
      requireOwner(await this.list(roomId, sql))
    })
  }
}

async function lockRoom(sql: Sql, roomId: string): Promise<void> {
  await sql.query('SELECT id FROM chat_rooms WHERE id = $1 FOR UPDATE', [roomId])
}

function requireOwner(members: readonly Member[]): void {
  if (members.some(({ role }) => role === 'owner')) return
  throw new Problem(
    'conflict',
    t('The room would have no owner. Make somebody else an owner first, or delete the room.'),
  )
}
