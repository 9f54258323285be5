// A person's rooms: listed, searched, and made.
import { Body, Controller, Get, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { ChatPages } from './chat-pages.js'
import { type FoundMessages, MessageSearch, wordsIn } from './message-search.js'
import { ModelChoices } from './model-choices.js'
import { roomPath } from './paths.js'
import { type RoomFaults, readRoom, type TypedRoom, typedRoom } from './room-form.js'
import { Rooms } from './rooms.js'
import { NewRoomPage, RoomsPage } from './rooms.page.js'
import { SearchPage } from './search.page.js'
import { t } from './t.js'
import { ToolChoices } from './tool-choices.js'

const roomsOnPage = 30
/** Rooms that are shown because of their name, above the messages that were found. */
const roomsFound = 10

const listQuery = z.object({
  search: z.string().trim().max(200).catch(''),
  room: z.uuid().optional().catch(undefined),
  archived: z.literal('1').optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
})

const nothing: FoundMessages = { found: [], next: null }

@Controller('chat')
@UseGuards(SessionGuard)
export class RoomsController {
  constructor(
    private readonly rooms: Rooms,
    private readonly messages: MessageSearch,
    private readonly models: ModelChoices,
    private readonly tools: ToolChoices,
    private readonly pages: ChatPages,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query() given: unknown, @Res() response: Response) {
    const { search, room: roomId, archived, cursor } = listQuery.parse(given)
    const userId = session.viewer.id
    if (search !== '' || roomId !== undefined) return this.search(session, { search, roomId, cursor }, response)
    const { items, next_cursor: next } = await this.rooms.list({
      userId,
      archived: archived !== undefined,
      limit: roomsOnPage,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const hasModel = (await this.models.list(userId)).length > 0
    const body = RoomsPage({ rooms: items, next, cursor, archived: archived !== undefined, hasModel })
    this.pages.send(response, session, { title: t('Chat') }, body)
  }

  /** Rooms by their names, archived ones as well, and messages; or the messages of one room. */
  private async search(
    session: Session,
    { search, roomId, cursor }: { search: string; roomId: string | undefined; cursor: string | undefined },
    response: Response,
  ) {
    const userId = session.viewer.id
    const words = wordsIn(search)
    const room = roomId === undefined ? undefined : await this.rooms.require(roomId, userId)
    const named = room === undefined && cursor === undefined
    const rooms = named ? (await this.rooms.list({ userId, words, limit: roomsFound })).items : []
    const messages = words.length === 0 ? nothing : await this.messages.find({ userId, roomId, words, cursor })
    const body = SearchPage({ room, rooms, messages, words, search, cursor })
    this.pages.send(response, session, { title: t('Search') }, body)
  }

  @Get('new')
  async new(@CurrentSession() session: Session, @Res() response: Response) {
    const [first] = await this.models.list(session.viewer.id)
    const typed = typedRoom({ name: t('New room'), credential: first?.id ?? '' })
    await this.sendForm(response, session, typed)
  }

  @Post()
  @HttpCode(200)
  async create(@CurrentSession() session: Session, @Body() body: unknown, @Res() response: Response) {
    const typed = typedRoom(body)
    const models = await this.models.list(session.viewer.id)
    const read = readRoom(typed, {
      credential: (id) => models.some((choice) => choice.id === id),
      provider: (id) => this.tools.has(id),
    })
    if ('faults' in read) return this.sendForm(response, session, typed, read.faults)
    const id = await this.rooms.create(session.viewer.id, read.room)
    goTo(response, roomPath(id))
  }

  private async sendForm(response: Response, session: Session, typed: TypedRoom, faults: RoomFaults = {}) {
    const { viewer, csrfToken } = session
    const models = await this.models.list(viewer.id)
    const tools = await this.tools.list(viewer.id, '/chat/new')
    const status = Object.keys(faults).length > 0 ? 400 : 200
    this.pages.send(
      response,
      session,
      { title: t('New room'), status },
      NewRoomPage({ csrfToken, typed, faults, models, tools }),
    )
  }
}
