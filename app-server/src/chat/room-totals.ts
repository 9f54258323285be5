// What a room has used in all, answers that were replaced included: they were paid for too.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'

export interface Totals {
  readonly tokens: number
  /** Null when nothing is known of it. */
  readonly costMicros: number | null
  /** Some answers are not counted in the cost, since nobody told what their model costs. */
  readonly partly: boolean
}

@Injectable()
export class RoomTotals {
  constructor(private readonly database: Database) {}

  async of(roomId: string): Promise<Totals> {
    const [row] = await this.database.query<Totals>(
      `SELECT coalesce(sum(input_tokens + output_tokens + thinking_tokens), 0)::float8 AS tokens,
              sum(cost_micros)::float8 AS "costMicros",
              coalesce(bool_or(cost_micros IS NULL AND input_tokens > 0), false) AS partly
         FROM chat_turns WHERE room_id = $1`,
      [roomId],
    )
    if (!row) throw new Error('an aggregate gave no row')
    return row
  }
}
