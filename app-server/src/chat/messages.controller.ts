// What is done with messages: sent, stopped, let go on, answered anew, reworded; each as a form and in the background.
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { currentLanguage } from '../platform/html/language.js'
import { wantsPage } from '../platform/html/wants-page.js'
import { attachmentLimits } from './attachments.js'
import { ChatPages } from './chat-pages.js'
import { EditPage } from './edit.page.js'
import { roomPath, turnElement, turnPath } from './paths.js'
import { replacedWords } from './replaced-words.js'
import { RoomOrder } from './room-order.js'
import { type Room, Rooms } from './rooms.js'
import { t } from './t.js'
import type { Turn } from './turn.js'
import { type Message, Turns } from './turns.js'

const text = z.string().transform((given) => given.replaceAll('\r\n', '\n'))
const attachments = z
  .union([z.array(z.uuid()), z.uuid().transform((one) => [one])])
  .default([])
  .refine((ids) => ids.length <= attachmentLimits.perTurn)
const timeZone = z
  .string()
  .max(64)
  .catch('UTC')
  .transform((zone) => (isTimeZone(zone) ? zone : 'UTC'))

const messageForm = z.object({ message_id: z.uuid().optional(), prompt: text, attachments, time_zone: timeZone })
const replaceForm = z.object({ prompt: text.optional(), time_zone: timeZone, sure: z.string().optional() })

@Controller('chat/:room/turns')
@UseGuards(SessionGuard)
export class MessagesController {
  constructor(
    private readonly rooms: Rooms,
    private readonly turns: Turns,
    private readonly order: RoomOrder,
    private readonly pages: ChatPages,
  ) {}

  @Post()
  @HttpCode(200)
  async send(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Body() body: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const room = await this.requireToWrite(id, session)
    const form = messageForm.safeParse(body)
    if (!form.success)
      throw new Problem('invalid-request', `A message has a text, and ${attachmentLimits.perTurn} files at most.`)
    const { message_id: messageId, prompt, attachments: attachmentIds, time_zone: zone } = form.data
    if (prompt.trim() === '' && attachmentIds.length === 0) {
      throw new Problem('invalid-arguments', t('The message is empty. Write something, then send it.'))
    }
    const turn = await this.turns.send(room, session, { ...spoken(prompt, zone), id: messageId, attachmentIds })
    this.done(request, response, turn)
  }

  @Post(':turn/stop')
  @HttpCode(200)
  async stop(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id, 'writer')
    const turn = await this.turns.require(room.id, turnId)
    await this.turns.stop(room.id, turn.id)
    this.done(request, response, turn)
  }

  @Post(':turn/go-on')
  @HttpCode(200)
  async goOn(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const room = await this.requireToWrite(id, session)
    const turn = await this.turns.require(room.id, turnId)
    await this.turns.goOn(room, session, turn.id)
    this.done(request, response, turn)
  }

  /** What the model wrote, as it wrote it. */
  @Get(':turn/text')
  async text(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    const turn = await this.turns.require(room.id, turnId)
    const parts = (await this.turns.snapshot(turn.id))?.parts ?? []
    const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.text.trim()] : []))
    sendText(response, texts.join('\n\n'))
  }

  /** What a tool gave, as it gave it. */
  @Get(':turn/results/:idx')
  async result(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '', idx = '' }: Record<string, string>,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    const turn = await this.turns.require(room.id, turnId)
    const parts = (await this.turns.snapshot(turn.id))?.parts ?? []
    const part = parts.find((one) => String(one.idx) === idx)
    const result = part?.kind === 'call' ? part.data.result : null
    if (result === null) throw new Problem('not-found', t('This message is not there, or no longer.'))
    sendText(response, result)
  }

  @Get(':turn/edit')
  async edit(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Res() response: Response,
  ) {
    const room = await this.requireToWrite(id, session)
    const turn = await this.turns.require(room.id, turnId)
    requireAuthor(turn, session)
    const later = await this.order.countAfter(turn)
    this.pages.send(
      response,
      session,
      { title: t('Edit the message') },
      EditPage({ turn, later, csrfToken: session.csrfToken }),
    )
  }

  /** The question before an answer is written anew that others came after. */
  @Get(':turn/again')
  async ask(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Res() response: Response,
  ) {
    const room = await this.requireToWrite(id, session)
    const turn = await this.turns.require(room.id, turnId)
    this.pages.ask(response, session, {
      eyebrow: room.name,
      question: t('Answer this message anew?'),
      effects: replacedWords(await this.order.countAfter(turn)),
      button: t('Answer anew'),
      danger: true,
      action: turnPath(turn, 'replace'),
      fields: { sure: '1' },
      back: roomPath(room.id),
    })
  }

  /** Answers a message anew: as it was, or as its author reworded it. */
  @Post(':turn/replace')
  @HttpCode(200)
  async replace(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Body() body: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const room = await this.requireToWrite(id, session)
    const former = await this.turns.require(room.id, turnId)
    const form = replaceForm.safeParse(body)
    if (!form.success) throw new Problem('invalid-request', 'A message has a text.')
    const { prompt = former.prompt, time_zone: zone, sure } = form.data
    if (prompt !== former.prompt) requireAuthor(former, session)
    // Nothing is replaced unasked but the one answer.
    if (sure === undefined && (await this.order.countAfter(former)) > 0) {
      const ask = turnPath(former, 'again')
      if (wantsPage(request)) goTo(response, ask)
      else response.json({ ask })
      return
    }
    const turn = await this.turns.replace(room, session, former.id, spoken(prompt, zone))
    this.done(request, response, turn)
  }

  private async requireToWrite(id: string, session: Session): Promise<Room> {
    return this.rooms.require(id, session.viewer.id, 'writer')
  }

  private done(request: Request, response: Response, { id, roomId, seq }: Turn): void {
    response.setHeader('Cache-Control', 'no-store')
    if (wantsPage(request)) goTo(response, roomPath(roomId, `#${turnElement(id)}`))
    else response.json({ turn: id, seq })
  }
}

function spoken(prompt: string, zone: string): Omit<Message, 'id' | 'attachmentIds'> {
  return { prompt, language: currentLanguage(), timeZone: zone }
}

/** Text of others, which is nothing but text. */
function sendText(response: Response, text: string): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.type('text/plain').send(text)
}

function requireAuthor(turn: Turn, session: Session): void {
  if (turn.authorId === session.viewer.id) return
  throw new Problem('forbidden', t('Only whoever wrote a message can change it.'))
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    // A RangeError: the runtime knows no such zone.
    return false
  }
}
