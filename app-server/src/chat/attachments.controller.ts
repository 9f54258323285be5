// Files of messages: taken as they are, taken back before they are sent, and given back as nothing that could run.
import { Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import express, { type Request, type Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { Attachments, attachmentLimits } from './attachments.js'
import { disposition } from './file-names.js'
import { Rooms } from './rooms.js'
import { t } from './t.js'

const fileQuery = z.object({ name: z.string().max(1_000), type: z.string().max(100) })
/** Only these are shown in place; a picture can do nothing where no script may run. */
const shownInPlace = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']
/** Files one person sends at the same time: each is held in memory until it is there. */
const maxUploads = 4

// Whatever the file is, its bytes come as bytes: the parsers of forms and JSON must not have them.
const readBytes = express.raw({ type: 'application/octet-stream', limit: attachmentLimits.bytes })

@Controller('chat/:room/attachments')
@UseGuards(SessionGuard)
export class AttachmentsController {
  private readonly uploading = new Map<string, number>()

  constructor(
    private readonly rooms: Rooms,
    private readonly attachments: Attachments,
  ) {}

  @Put()
  @HttpCode(201)
  async keep(
    @CurrentSession() session: Session,
    @Param('room') id: string,
    @Query() given: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const userId = session.viewer.id
    const room = await this.rooms.require(id, userId, 'writer')
    if (room.archivedAt) throw new Problem('conflict', t('This room is archived. Take it back to write in it.'))
    const query = fileQuery.safeParse(given)
    if (!query.success)
      throw new Problem('invalid-request', 'Say what the file is called (name) and what it is (type).')
    const { name, type } = query.data
    const body = await this.read(userId, request, response)
    const mediaType = type.split(';')[0]?.trim().toLowerCase() ?? ''
    response.setHeader('Cache-Control', 'no-store')
    return this.attachments.keep(room.id, userId, { name, mediaType, body })
  }

  @Delete(':file')
  @HttpCode(204)
  async drop(
    @CurrentSession() session: Session,
    @Param() { room: id = '', file = '' }: Record<string, string>,
  ): Promise<void> {
    const room = await this.rooms.require(id, session.viewer.id, 'writer')
    await this.attachments.drop(room.id, session.viewer.id, file)
  }

  @Get(':file')
  async give(
    @CurrentSession() session: Session,
    @Param() { room: id = '', file: fileId = '' }: Record<string, string>,
    @Res() response: Response,
  ) {
    const room = await this.rooms.require(id, session.viewer.id)
    const file = await this.attachments.require(room.id, fileId)
    const inPlace = shownInPlace.includes(file.mediaType)
    response.setHeader('Content-Type', inPlace ? file.mediaType : 'application/octet-stream')
    response.setHeader('Content-Disposition', disposition(inPlace ? 'inline' : 'attachment', file.name))
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
    response.setHeader('X-Content-Type-Options', 'nosniff')
    // A file never changes; but who may have it can.
    response.setHeader('Cache-Control', 'private, max-age=300')
    response.send(file.body)
  }

  /** Read only now that it is known who sends it. Throws Problem rate-limited, invalid-request; what the reader throws. */
  private async read(userId: string, request: Request, response: Response): Promise<Buffer> {
    const mine = this.uploading.get(userId) ?? 0
    if (mine >= maxUploads)
      throw new Problem(
        'rate-limited',
        t('{count} files are on their way already. Wait until one is there.', { count: maxUploads }),
      )
    this.uploading.set(userId, mine + 1)
    try {
      await new Promise<void>((resolve, reject) => {
        readBytes(request, response, (error?: unknown) => (error ? reject(error) : resolve()))
      })
    } finally {
      const left = (this.uploading.get(userId) ?? 1) - 1
      if (left > 0) this.uploading.set(userId, left)
      else this.uploading.delete(userId)
    }
    const body: unknown = request.body
    if (Buffer.isBuffer(body)) return body
    throw new Problem('unsupported-media-type', 'Send the bytes of the file as application/octet-stream.')
  }
}
