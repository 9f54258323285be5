// Whether those who look at rooms still may: asked every few seconds for each of them, in few statements.
import { Inject, Injectable } from '@nestjs/common'
import { alive } from '../accounts/session.js'
import { Database } from '../platform/database/database.js'
import { Gathered } from '../platform/database/gathered.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Role } from './rooms.js'

interface Question {
  readonly sessionId: string
  readonly roomId: string
}

export interface Rights {
  /** The session goes on, and its person is active. */
  readonly signedIn: boolean
  /** Null: no member, or the room is gone. */
  readonly role: Role | null
  readonly archived: boolean
}

const limits = { maxBatch: 256, maxWaiting: 4_096 }

@Injectable()
export class RoomRights {
  private readonly gathered: Gathered<Question, Rights>

  constructor(database: Database, @Inject(SETTINGS) settings: Pick<Settings, 'sessionIdleMs' | 'sessionMaxMs'>) {
    this.gathered = new Gathered(
      (questions) =>
        database.query<Rights>(
          `SELECT u.id IS NOT NULL AS "signedIn", m.role, coalesce(r.archived_at IS NOT NULL, false) AS archived
             FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS q (session_id, room_id, n)
             LEFT JOIN sessions s ON s.id = q.session_id AND ${alive('$3', '$4')}
             LEFT JOIN users u ON u.id = s.user_id AND u.status = 'active'
             LEFT JOIN chat_members m ON m.room_id = q.room_id AND m.user_id = u.id
             LEFT JOIN chat_rooms r ON r.id = q.room_id
            ORDER BY q.n`,
          [
            questions.map(({ sessionId }) => sessionId),
            questions.map(({ roomId }) => roomId),
            settings.sessionIdleMs,
            settings.sessionMaxMs,
          ],
        ),
      limits,
    )
  }

  of(question: Question): Promise<Rights> {
    return this.gathered.add(question)
  }
}
