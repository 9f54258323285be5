// The page of a room, and the stream that keeps it up to date.
import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { onlookerOf } from './onlooker.js'
import { RoomOrder } from './room-order.js'
import { RoomShow } from './room-show.js'
import { RoomStreams } from './room-streams.js'
import { Rooms } from './rooms.js'

const seq = z.coerce.number().int().min(0).max(2_147_483_647)
const pageQuery = z.object({ before: seq.optional().catch(undefined), at: seq.optional().catch(undefined) })
const streamQuery = z.object({ seq: seq.catch(0) })

@Controller('chat/:room')
@UseGuards(SessionGuard)
export class RoomController {
  constructor(
    private readonly rooms: Rooms,
    private readonly order: RoomOrder,
    private readonly show: RoomShow,
    private readonly streams: RoomStreams,
  ) {}

  @Get()
  async page(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Query() given: unknown,
    @Res() response: Response,
  ) {
    const { before, at } = pageQuery.parse(given)
    const room = await this.rooms.require(id, session.viewer.id)
    const end = at === undefined ? before : await this.order.endOfPageWith(room.id, at)
    await this.show.send(response, session, room, { before: end })
  }

  @Get('events')
  async events(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Query() given: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    // A browser that comes back by itself says what it had last.
    const last = seq.safeParse(request.get('last-event-id'))
    const from = last.success ? last.data : streamQuery.parse(given).seq
    await this.streams.stream({ room, session, onlooker: onlookerOf(room, session), from }, request, response)
  }
}
