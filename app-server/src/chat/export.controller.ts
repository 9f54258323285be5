// Gives a room as a file, of any length.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Controller, Get, Param, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { Log } from '../platform/log.js'
import { ChatAudit } from './chat-audit.js'
import { disposition, fileNameOf } from './file-names.js'
import { exportText, exportTypes, hasReplaced } from './room-export.js'
import { Rooms } from './rooms.js'
import { t } from './t.js'
import type { TurnSnapshot } from './turn.js'
import { Turns } from './turns.js'

/** Files written at once on this replica: each reads as fast as the database gives. */
const maxExports = 4
/** Of them for one person, who may read slowly. */
const maxOfPerson = 2
const longestMs = 10 * 60_000

@Controller('chat/:room')
@UseGuards(SessionGuard)
export class ExportController {
  /** For whom files are being written. */
  private readonly exporting: string[] = []

  constructor(
    private readonly rooms: Rooms,
    private readonly turns: Turns,
    private readonly log: Log,
    private readonly audit: ChatAudit,
  ) {}

  @Get('export.:format')
  async give(
    @CurrentSession() session: Session,
    @Param() { room: id = '', format = '' }: Record<string, string>,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    if (format !== 'md' && format !== 'json') throw new Problem('not-found', t('Rooms are exported as md or json.'))
    const userId = session.viewer.id
    const mine = this.exporting.filter((id) => id === userId).length
    if (this.exporting.length >= maxExports || mine >= maxOfPerson) {
      throw new Problem('rate-limited', t('Several exports are being written already. Try again in a moment.'))
    }
    this.exporting.push(userId)
    try {
      await this.audit.exported(session, room, format)
      const turns = this.turns.all(room.id, 1, { replaced: hasReplaced[format] })
      // The first turn before the first byte, so that what cannot be read at all is answered with a page.
      const first = await turns.next()
      response.setHeader('Content-Type', exportTypes[format])
      response.setHeader('Content-Disposition', disposition('attachment', fileNameOf(room.name, format)))
      response.setHeader('X-Content-Type-Options', 'nosniff')
      response.setHeader('Cache-Control', 'no-store')
      const text = exportText(format, room, firstThen(first, turns))
      // A reader that stopped reading is not waited for.
      const signal = AbortSignal.timeout(longestMs)
      await pipeline(Readable.from(text, { objectMode: false }), response, { signal })
    } catch (error) {
      if (!response.headersSent) throw error
      // Half a file is on its way; the connection was cut, and the reader knows that it is not whole.
      this.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'an export was not finished')
    } finally {
      this.exporting.splice(this.exporting.indexOf(userId), 1)
    }
  }
}

async function* firstThen(
  first: IteratorResult<TurnSnapshot>,
  rest: AsyncGenerator<TurnSnapshot>,
): AsyncGenerator<TurnSnapshot> {
  if (first.done) return
  yield first.value
  yield* rest
}
