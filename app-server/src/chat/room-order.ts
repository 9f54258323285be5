// Where messages stand in the order of a room; those that were replaced stand nowhere.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import type { Turn } from './turn.js'

@Injectable()
export class RoomOrder {
  constructor(private readonly database: Database) {}

  /** The number of the turn that stands before a number; 0 when there is none. */
  async before(roomId: string, seq: number): Promise<number> {
    const [row] = await this.database.query<{ seq: number }>(
      `SELECT coalesce(max(seq), 0)::int AS seq FROM chat_turns WHERE room_id = $1 AND seq < $2 AND replaced_at IS NULL`,
      [roomId, seq],
    )
    return row?.seq ?? 0
  }

  /** How many turns come after one. */
  async countAfter({ roomId, seq }: Pick<Turn, 'roomId' | 'seq'>): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM chat_turns WHERE room_id = $1 AND seq > $2 AND replaced_at IS NULL',
      [roomId, seq],
    )
    return row?.count ?? 0
  }
}
