// What a person decides in a room about what is done in their name: single calls, and whether their accounts are lent.
import { Body, Controller, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { Approvals } from '../approvals/approvals.js'
import { goTo } from '../platform/html/go-to.js'
import { wantsPage } from '../platform/html/wants-page.js'
import { ChatAudit } from './chat-audit.js'
import { Lending } from './lending.js'
import { roomPath, turnElement } from './paths.js'
import { RoomSettings } from './room-settings.js'
import { type Room, Rooms } from './rooms.js'
import { Turns } from './turns.js'

const decisionForm = z.object({ approval: z.uuid(), decision: z.enum(['once', 'always', 'deny']) })

@Controller('chat/:room')
@UseGuards(SessionGuard)
export class DecisionsController {
  constructor(
    private readonly rooms: Rooms,
    private readonly turns: Turns,
    private readonly approvals: Approvals,
    private readonly lending: Lending,
    private readonly settings: RoomSettings,
    private readonly audit: ChatAudit,
  ) {}

  /** The word of the person for whom the call acts; that it is theirs is looked at where it is kept. */
  @Post('turns/:turn/approve')
  @HttpCode(200)
  async approve(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Body() body: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    const turn = await this.turns.require(room.id, turnId)
    const form = decisionForm.safeParse(body)
    if (!form.success) throw new Problem('invalid-request', 'Say what to do with the call: allow it or deny it.')
    const { approval, decision } = form.data
    const parts = (await this.turns.snapshot(turn.id))?.parts ?? []
    if (!parts.some((part) => part.kind === 'call' && part.data.approvalId === approval)) {
      throw new Problem('not-found', 'No call of this answer waits for that.')
    }
    await this.approvals.decide(approval, session, decision === 'deny' ? 'denied' : 'approved', {
      remember: decision === 'always',
    })
    response.setHeader('Cache-Control', 'no-store')
    if (wantsPage(request)) goTo(response, roomPath(room.id, `#${turnElement(turn.id)}`))
    else response.json({ turn: turn.id, seq: turn.seq })
  }

  @Post('lending')
  @HttpCode(200)
  async lend(@CurrentSession() session: Session, @Param('room') id: string, @Res() response: Response) {
    const room = await this.rooms.require(id, session.viewer.id, 'writer')
    await this.orShow(response, session, room, 'lent', async () => {
      await this.lending.lend(room, session)
      await this.audit.lent(session, room)
    })
  }

  @Post('lending/end')
  @HttpCode(200)
  async endLending(@CurrentSession() session: Session, @Param('room') id: string, @Res() response: Response) {
    const room = await this.rooms.require(id, session.viewer.id)
    await this.orShow(response, session, room, 'taken-back', async () => {
      await this.lending.end(room, session)
      await this.audit.lendingEnded(session, room)
    })
  }

  /** Does it, or says on the page of the settings why not. */
  private async orShow(response: Response, session: Session, room: Room, done: string, work: () => Promise<void>) {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { detail: refusal, status } = error
      await this.settings.send(response, session, room, { refusal, status })
      return
    }
    goTo(response, roomPath(room.id, `/settings?done=${done}#accounts`))
  }
}
