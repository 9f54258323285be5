// What stood at the place of a message before, for everybody in the room to read.
import { Controller, Get, Param, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { ChatPages } from './chat-pages.js'
import { EarlierPage } from './earlier.page.js'
import { EarlierVersions } from './earlier-versions.js'
import { onlookerOf } from './onlooker.js'
import { Rooms } from './rooms.js'
import { ShownTurns } from './shown-turns.js'
import { t } from './t.js'
import { Turns } from './turns.js'

const pageQuery = z.object({ after: z.coerce.number().int().min(0).max(2_147_483_647).catch(0) })

@Controller('chat/:room/turns/:turn')
@UseGuards(SessionGuard)
export class VersionsController {
  constructor(
    private readonly rooms: Rooms,
    private readonly turns: Turns,
    private readonly earlier: EarlierVersions,
    private readonly shown: ShownTurns,
    private readonly pages: ChatPages,
  ) {}

  @Get('earlier')
  async page(
    @CurrentSession() session: Session,
    @Param() { room: id = '', turn: turnId = '' }: Record<string, string>,
    @Query() given: unknown,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    const turn = await this.turns.require(room.id, turnId)
    const { versions, next } = await this.earlier.before(turn, pageQuery.parse(given).after)
    if (versions.length === 0) throw new Problem('not-found', t('This message has no earlier versions.'))
    // Nothing can be done with what was replaced, whoever looks.
    const onlooker = { ...onlookerOf(room, session), writes: false, csrfToken: undefined }
    const turns = await this.shown.of(
      versions.flatMap((version) => version.turns),
      onlooker,
    )
    const shownOf = new Map(turns.map((one) => [one.snapshot, one]))
    const body = EarlierPage({
      turn,
      versions: versions.map((version) => ({
        ...version,
        turns: version.turns.flatMap((snapshot) => shownOf.get(snapshot) ?? []),
      })),
      next,
      onlooker,
    })
    this.pages.send(response, session, { title: t('Earlier versions'), live: true }, body)
  }
}
