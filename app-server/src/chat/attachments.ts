// Files that people send with a message: taken before it is sent, kept with it, and never run as anything.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { Database, type Sql } from '../platform/database/database.js'
import { t } from './t.js'
import type { Attachment } from './turn.js'

export const attachmentLimits = {
  /** Bytes of one file, and of all files of a room. */
  bytes: 8 * 1024 * 1024,
  roomBytes: 500 * 1024 * 1024,
  perTurn: 8,
  /** Bytes of all files of one message: they go to the model in one request, as Base64 and with all that was said. */
  turnBytes: 12 * 1024 * 1024,
  /** Files of one person that belong to no message yet. */
  unsent: 32,
} as const

/** How long a file waits for its message, in hours. */
export const unsentHours = 24

/** What a language model can read; the page offers the same list. */
export const acceptedMediaTypes: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'application/pdf',
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/html',
  'application/json',
  'audio/mpeg',
  'audio/wav',
]

/** Endings of files that are plain text, whatever the system of whoever chooses them takes them for. */
export const textEndings: readonly string[] =
  'log yaml yml toml ini conf xml tsv tex srt vtt css scss js mjs cjs jsx ts tsx py rb go rs java kt swift c h cc cpp cs php sh sql'
    .split(' ')
    .map((ending) => `.${ending}`)

export interface StoredFile extends Attachment {
  readonly body: Buffer
}

const columns = `a.id, a.name, a.media_type AS "mediaType", a.size`
/** A message that was answered anew has the files of the one before it. */
const ofTurn = 'chat_turns t JOIN chat_attachments a ON a.turn_id = coalesce(t.files_turn_id, t.id)'

@Injectable()
export class Attachments {
  constructor(private readonly database: Database) {}

  /** Keeps a file for a message to come. Throws Problem unsupported-media-type, payload-too-large, conflict. */
  async keep(
    roomId: string,
    userId: string,
    file: { name: string; mediaType: string; body: Buffer },
  ): Promise<Attachment> {
    const { name, mediaType, body } = file
    if (!acceptedMediaTypes.includes(mediaType)) {
      throw new Problem(
        'unsupported-media-type',
        t('Files of the type {type} cannot be sent. Send {types}.', {
          type: mediaType || '?',
          types: acceptedMediaTypes.join(', '),
        }),
      )
    }
    if (body.length === 0) throw new Problem('invalid-arguments', t('The file is empty.'))
    if (body.length > attachmentLimits.bytes) {
      throw new Problem(
        'payload-too-large',
        t('A file may have {size, number} MB at most.', { size: attachmentLimits.bytes / 1024 / 1024 }),
      )
    }
    return this.database.transaction(async (sql) => {
      await sql.query('SELECT id FROM chat_rooms WHERE id = $1 FOR UPDATE', [roomId])
      const [used] = await sql.query<{ bytes: number; unsent: number }>(
        `SELECT coalesce(sum(size), 0)::float8 AS bytes,
                count(*) FILTER (WHERE turn_id IS NULL AND user_id = $2)::int AS unsent
           FROM chat_attachments WHERE room_id = $1`,
        [roomId, userId],
      )
      if ((used?.bytes ?? 0) + body.length > attachmentLimits.roomBytes) {
        throw new Problem('conflict', t('The files of this room take up all the space a room has. Begin a new room.'))
      }
      if ((used?.unsent ?? 0) >= attachmentLimits.unsent) {
        throw new Problem('conflict', t('Many files wait for a message already. Send the message first.'))
      }
      const [kept] = await sql.query<Attachment>(
        `INSERT INTO chat_attachments AS a (room_id, user_id, name, media_type, size, body)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${columns}`,
        [roomId, userId, nameOf(name), mediaType, body.length, body],
      )
      return kept as Attachment
    })
  }

  /** Takes back a file that was not sent yet. */
  async drop(roomId: string, userId: string, id: string): Promise<void> {
    if (!z.uuid().safeParse(id).success) return
    await this.database.query(
      'DELETE FROM chat_attachments WHERE id = $1 AND room_id = $2 AND user_id = $3 AND turn_id IS NULL',
      [id, roomId, userId],
    )
  }

  /** A file of a room, with its bytes. Throws Problem not-found. */
  async require(roomId: string, id: string): Promise<StoredFile> {
    const [file] = z.uuid().safeParse(id).success
      ? await this.database.query<StoredFile>(
          `SELECT ${columns}, a.body FROM chat_attachments a WHERE a.id = $1 AND a.room_id = $2`,
          [id, roomId],
        )
      : []
    if (!file) throw new Problem('not-found', t('This file is not there, or no longer.'))
    return file
  }

  /** Binds files to the message they are sent with. Throws Problem invalid-arguments for what is not this person's to send. */
  async bind(sql: Sql, turn: { id: string; roomId: string }, userId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    if (ids.length > attachmentLimits.perTurn) {
      throw new Problem(
        'invalid-arguments',
        t('A message takes {count} files at most.', { count: attachmentLimits.perTurn }),
      )
    }
    const bound = await sql.query<{ size: number }>(
      `UPDATE chat_attachments SET turn_id = $1
        WHERE id = ANY ($2::uuid[]) AND room_id = $3 AND user_id = $4 AND turn_id IS NULL RETURNING size`,
      [turn.id, [...ids], turn.roomId, userId],
    )
    if (bound.length !== new Set(ids).size) {
      throw new Problem('invalid-arguments', t('A file of this message is no longer there. Add it again, then send.'))
    }
    if (bound.reduce((sum, { size }) => sum + size, 0) > attachmentLimits.turnBytes) {
      throw new Problem(
        'payload-too-large',
        t('The files of one message may have {size, number} MB together. Send some of them with the next message.', {
          size: attachmentLimits.turnBytes / 1024 / 1024,
        }),
      )
    }
  }

  /** Of several turns, in the order in which they were added. */
  async ofTurns(turnIds: readonly string[], sql: Sql = this.database): Promise<ReadonlyMap<string, Attachment[]>> {
    const rows = await sql.query<Attachment & { turnId: string }>(
      `SELECT ${columns}, t.id AS "turnId" FROM ${ofTurn} WHERE t.id = ANY ($1::uuid[]) ORDER BY a.id`,
      [[...turnIds]],
    )
    return Map.groupBy(rows, ({ turnId }) => turnId)
  }

  /** Bytes of files, by their ids; whoever asks sees to it that they are not too many. */
  async bodiesOf(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    if (ids.length === 0) return new Map()
    const rows = await this.database.query<{ id: string; body: Buffer }>(
      `SELECT a.id, a.body FROM chat_attachments a WHERE a.id = ANY ($1::uuid[])`,
      [[...ids]],
    )
    return new Map(rows.map(({ id, body }) => [id, body]))
  }
}

/** The last part of a path, without what cannot be seen. */
function nameOf(given: string): string {
  const name = (given.split(/[/\\]/).at(-1) ?? '').replaceAll(/\p{C}/gu, '').trim().slice(0, 200)
  return name || 'file'
}
