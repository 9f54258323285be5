// In how many rooms a key of a language model answers.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { ModelKeyUses } from '../vault/model-key-uses.js'
import type { ModelKey } from '../vault/model-keys.js'

@Injectable()
export class ModelKeyRooms extends ModelKeyUses {
  constructor(private readonly database: Database) {
    super()
  }

  /** A person's own key answers only where they are an owner, and those are the rooms they may know of. */
  async roomsOf({ id, ownerId }: Pick<ModelKey, 'id' | 'ownerId'>): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM chat_rooms r
        WHERE r.credential_id = $1
          AND ($2::uuid IS NULL OR EXISTS (SELECT 1 FROM chat_members m
                WHERE m.room_id = r.id AND m.user_id = $2 AND m.role = 'owner'))`,
      [id, ownerId],
    )
    if (!row) throw new Error('an aggregate gave no row')
    return row.count
  }
}
