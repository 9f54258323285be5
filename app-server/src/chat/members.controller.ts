// Who is in a room: added by their address, given a role, and taken out; everybody can leave.
import { Body, Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { ChatAudit } from './chat-audit.js'
import { Lending } from './lending.js'
import { Members } from './members.js'
import { chatPath, roomPath } from './paths.js'
import { RoomSettings } from './room-settings.js'
import { Rooms } from './rooms.js'

const memberForm = z.object({ email: z.string().trim().min(3).max(320), role: z.enum(['owner', 'writer', 'reader']) })
const removeForm = z.object({ user: z.uuid() })

@Controller('chat/:room/members')
@UseGuards(SessionGuard)
export class MembersController {
  constructor(
    private readonly rooms: Rooms,
    private readonly members: Members,
    private readonly lending: Lending,
    private readonly settings: RoomSettings,
    private readonly audit: ChatAudit,
  ) {}

  @Post()
  @HttpCode(200)
  async put(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Body() body: unknown,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id, 'owner')
    const form = memberForm.safeParse(body)
    if (!form.success) throw new Problem('invalid-request', 'Give the e-mail address of a person, and a role.')
    const { email, role } = form.data
    try {
      const { userId } = await this.members.put(room.id, email, role)
      await this.audit.memberPut(session, room, userId, role)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { detail: refusal, status } = error
      return this.settings.send(response, session, room, { refusal, email, status })
    }
    goTo(response, roomPath(room.id, '/settings?done=member#members'))
  }

  @Post('remove')
  @HttpCode(200)
  async remove(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Body() body: unknown,
    @Res() response: Response,
  ) {
    const form = removeForm.safeParse(body)
    if (!form.success) throw new Problem('invalid-request', 'Say whom to remove.')
    const { user } = form.data
    const leaves = user === session.viewer.id
    const room = await this.rooms.require(id, session.viewer.id, leaves ? 'reader' : 'owner')
    try {
      // What they lent goes with them.
      if (room.lenderId === user) await this.lending.end(room, session)
      await this.members.remove(room.id, user)
      await this.audit.memberRemoved(session, room, user)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { detail: refusal, status } = error
      return this.settings.send(response, session, room, { refusal, status })
    }
    goTo(response, leaves ? chatPath : roomPath(room.id, '/settings?done=removed#members'))
  }
}
