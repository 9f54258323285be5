// Where messages stand in the order of a room; those that were replaced stand nowhere.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import type { Turn } from './turn.js'

/** Turns shown behind one that somebody looks for. */
const followers = 9

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

  /** The number before which a page ends that has a turn and some that follow it; undefined when those are the newest. */
  async endOfPageWith(roomId: string, seq: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ seq: number }>(
      `SELECT seq FROM chat_turns WHERE room_id = $1 AND seq > $2 AND replaced_at IS NULL
        ORDER BY seq OFFSET ${followers} LIMIT 1`,
      [roomId, seq],
    )
    return row?.seq
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
