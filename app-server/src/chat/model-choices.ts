// Which keys of language models a room can be given, and which one it has.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { type ModelKey, ModelKeys } from '../vault/model-keys.js'

export interface ModelChoice {
  readonly id: string
  readonly label: string
  readonly model: string
  /** Of whoever asks; else it is shared by the operator, or another owner's of the room. */
  readonly own: boolean
  readonly shared: boolean
}

@Injectable()
export class ModelChoices {
  constructor(
    private readonly database: Database,
    private readonly keys: ModelKeys,
  ) {}

  /** Those a person may give a room: their own, and the operator's. */
  async list(userId: string): Promise<ModelChoice[]> {
    return (await this.keys.listFor(userId)).map((key) => toChoice(key, userId))
  }

  /** The one a room has; undefined when it has none, or when whoever owns it is no owner of the room any more. */
  async findOf(room: { id: string; credentialId: string | null }, userId: string): Promise<ModelChoice | undefined> {
    const key = room.credentialId === null ? undefined : await this.keys.findAny(room.credentialId)
    if (!key) return undefined
    if (key.ownerId !== null && !(await this.ownsRoom(key.ownerId, room.id))) return undefined
    return toChoice(key, userId)
  }

  private async ownsRoom(userId: string, roomId: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT 1 FROM chat_members WHERE room_id = $1 AND user_id = $2 AND role = 'owner'`,
      [roomId, userId],
    )
    return rows.length > 0
  }
}

function toChoice({ id, label, model, ownerId }: ModelKey, userId: string): ModelChoice {
  return { id, label, model, own: ownerId === userId, shared: ownerId === null }
}
