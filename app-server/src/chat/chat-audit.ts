// Writes down what people do with rooms that reaches others: who is in them, whose accounts they use, and that they end or leave the house.
import { Injectable } from '@nestjs/common'
import type { Session } from '../accounts/session.js'
import { AuditLog } from '../audit/audit-log.js'
import type { Role, Room } from './rooms.js'

type NamedRoom = Pick<Room, 'id' | 'name'>

@Injectable()
export class ChatAudit {
  constructor(private readonly audit: AuditLog) {}

  memberPut(session: Session, room: NamedRoom, userId: string, role: Role): Promise<void> {
    return this.ofMember(session, room, 'put-member', userId, { member_role: role })
  }

  memberRemoved(session: Session, room: NamedRoom, userId: string): Promise<void> {
    return this.ofMember(session, room, 'remove-member', userId)
  }

  /** @param providers those whose tools the room has at this moment */
  lent(session: Session, { id, name, providers }: NamedRoom & Pick<Room, 'providers'>): Promise<void> {
    return this.ofRoom(session, { id, name }, 'lend-accounts', { providers })
  }

  lendingEnded(session: Session, room: NamedRoom): Promise<void> {
    return this.ofRoom(session, room, 'end-lending')
  }

  deleted(session: Session, room: NamedRoom): Promise<void> {
    return this.ofRoom(session, room, 'delete')
  }

  exported(session: Session, room: NamedRoom, format: string): Promise<void> {
    return this.ofRoom(session, room, 'export', { format })
  }

  private ofRoom({ viewer, id: sessionId }: Session, room: NamedRoom, action: string, details: object = {}) {
    return this.audit.record({
      kind: 'room',
      action,
      outcome: 'ok',
      actorId: viewer.id,
      target: { type: 'room', id: room.id },
      details: { room_name: room.name, session_id: sessionId, ...details },
    })
  }

  private ofMember({ viewer, id: sessionId }: Session, room: NamedRoom, action: string, userId: string, more = {}) {
    return this.audit.record({
      kind: 'room',
      action,
      outcome: 'ok',
      actorId: viewer.id,
      target: { type: 'user', id: userId },
      details: { room_id: room.id, room_name: room.name, session_id: sessionId, ...more },
    })
  }
}
