// What a turn may count on in its room, read anew for each round: its author's place and the model's key.
import { Injectable } from '@nestjs/common'
import type { ModelVendor } from '../models/model.js'
import { ModelVendors } from '../models/model-vendors.js'
import { Database } from '../platform/database/database.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { ModelKeys, type OpenedModelKey } from '../vault/model-keys.js'
import { type Room, Rooms } from './rooms.js'
import type { Turn } from './turn.js'
import { TurnFault } from './turn-fault.js'

export interface RoomOfTurn {
  readonly room: Room
  readonly key: OpenedModelKey
  readonly vendor: ModelVendor
  /** Whose accounts the tools use, when that is not the author. */
  readonly lenderName: string | undefined
}

@Injectable()
export class TurnRooms {
  constructor(
    private readonly database: Database,
    private readonly rooms: Rooms,
    private readonly keys: ModelKeys,
    private readonly vendors: ModelVendors,
    private readonly registry: ProviderRegistry,
  ) {}

  /** Throws TurnFault not-a-member, no-model. */
  async require(turn: Turn): Promise<RoomOfTurn> {
    const [room, [row]] = await Promise.all([
      turn.authorId === null ? undefined : this.rooms.find(turn.roomId, turn.authorId),
      this.database.query<{ credentialId: string | null; lenderName: string | null }>(
        `SELECT k.id AS "credentialId", u.name AS "lenderName"
           FROM chat_rooms r
           LEFT JOIN credentials k ON k.id = r.credential_id
                -- The operator's, or that of somebody who is still an owner of the room.
                AND (k.owner_id IS NULL OR EXISTS (
                  SELECT 1 FROM chat_members m WHERE m.room_id = r.id AND m.user_id = k.owner_id AND m.role = 'owner'))
           LEFT JOIN users u ON u.id = $2 AND u.id <> $3
          WHERE r.id = $1`,
        [turn.roomId, turn.actsFor, turn.authorId],
      ),
    ])
    if (!room || room.role === 'reader' || room.archivedAt) throw new TurnFault('not-a-member')
    const key = row?.credentialId ? await this.keys.findOpened(row.credentialId) : undefined
    const vendor = key && this.vendors.find(key.access.vendor)
    if (!key || !vendor) throw new TurnFault('no-model')
    return { room, key, vendor, lenderName: row?.lenderName ?? undefined }
  }

  async providersOf(roomId: string): Promise<string[]> {
    const rows = await this.database.query<{ provider: string }>(
      'SELECT provider FROM chat_room_providers WHERE room_id = $1 ORDER BY provider',
      [roomId],
    )
    return rows.map(({ provider }) => provider).filter((id) => this.registry.providers.some((known) => known.id === id))
  }

  /** The provider of a tool; undefined for a tool that is none of ours. */
  providerOf(tool: string): string | undefined {
    return this.registry.providerOf.get(tool)?.id
  }
}
