// Changes what a room is set to, archives it, and deletes it after a question.
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { ChatAudit } from './chat-audit.js'
import { ChatPages } from './chat-pages.js'
import { chatPath, roomPath } from './paths.js'
import { readRoom, typedRoom } from './room-form.js'
import { RoomSettings } from './room-settings.js'
import { Rooms } from './rooms.js'
import { t } from './t.js'

const archiveForm = z.object({ archived: z.enum(['0', '1']) })

@Controller('chat/:room')
@UseGuards(SessionGuard)
export class SettingsController {
  constructor(
    private readonly rooms: Rooms,
    private readonly settings: RoomSettings,
    private readonly pages: ChatPages,
    private readonly audit: ChatAudit,
  ) {}

  @Get('settings')
  async show(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Query('done') done: unknown,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    await this.settings.send(response, session, room, { done: doneWords(done) })
  }

  @Post('settings')
  @HttpCode(200)
  async change(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Body() body: unknown,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id, 'owner')
    const typed = typedRoom(body)
    const models = await this.settings.modelsFor(room, session)
    const tools = await this.settings.toolsFor(room, session)
    const read = readRoom(typed, {
      credential: (one) => models.some((choice) => choice.id === one),
      provider: (one) => tools.some((choice) => choice.id === one),
    })
    if ('faults' in read) {
      return this.settings.send(response, session, room, { typed, faults: read.faults, status: 400 })
    }
    await this.rooms.update(room.id, read.room)
    goTo(response, roomPath(room.id, '/settings?done=saved'))
  }

  @Post('archive')
  @HttpCode(200)
  async archive(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Body() body: unknown,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id, 'owner')
    const form = archiveForm.safeParse(body)
    if (!form.success) throw new Problem('invalid-request', 'Say whether the room is archived (1) or not (0).')
    const archived = form.data.archived === '1'
    await this.rooms.archive(room.id, archived)
    goTo(response, archived ? chatPath : roomPath(room.id))
  }

  @Get('delete')
  async ask(@CurrentSession() session: Session, @Param('room') id: string, @Res() response: Response) {
    const room = await this.rooms.require(id, session.viewer.id, 'owner')
    this.pages.ask(response, session, {
      eyebrow: t('Chat'),
      question: t('Delete “{name}”?', { name: room.name }),
      effects: [
        t('All its messages, answers and files are deleted, and nobody can bring them back.'),
        ...(room.members > 1 ? [t('It goes for all {count, number} members.', { count: room.members })] : []),
        t('What tools did at services stays done.'),
      ],
      button: t('Delete'),
      danger: true,
      action: roomPath(room.id, '/delete'),
      fields: {},
      back: roomPath(room.id, '/settings'),
    })
  }

  @Post('delete')
  @HttpCode(200)
  async delete(@CurrentSession() session: Session, @Param('room') id: string, @Res() response: Response) {
    const room = await this.rooms.require(id, session.viewer.id, 'owner')
    await this.rooms.delete(room.id)
    await this.audit.deleted(session, room)
    goTo(response, chatPath)
  }
}

function doneWords(done: unknown): string | undefined {
  switch (done) {
    case 'saved':
      return t('The settings are saved. They count from the next message on.')
    case 'member':
      return t('The member is in the room.')
    case 'removed':
      return t('The member is no longer in the room.')
    case 'lent':
      return t('The room uses your accounts.')
    case 'taken-back':
      return t('The room uses the accounts of whoever writes.')
    default:
      return undefined
  }
}
