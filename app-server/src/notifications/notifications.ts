// Tells a person what they must know outside the pages: written down with what made it so, delivered afterwards.
import { Inject, Injectable } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { type Language, withLanguage } from '../platform/html/language.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { type ChannelId, channelIds } from './channel.js'

/** A text, or what says it: that is asked in the language of the person who is told. */
export type Said = string | (() => string)

/** What somebody is told. It leaves the house: nothing in it may be secret, or let anybody in. */
export interface Notice {
  readonly userId: string
  /** For programs: lower case words with dots and hyphens, e.g. `connection.lost`. */
  readonly kind: string
  /** One line, e.g. "Reconnect your Google Calendar". Longer than 200 characters it is cut. */
  readonly subject: Said
  /** What happened and what to do now, in plain words. Longer than 2,000 characters it is cut. */
  readonly words: Said
  /** Where to act: a page of ours, as a path or a whole URL. */
  readonly link: string
}

/** SQL: the language that user row `u` is written to in. */
export const languageOfUser = `coalesce(u.language, u.browser_language, 'en')`

/** Whoever was just told something is not told the same again: what comes and goes must not fill their mailbox. */
const sameAgainMinutes = 10

@Injectable()
export class Notifications {
  private readonly channels: readonly ChannelId[]

  constructor(@Inject(SETTINGS) private readonly settings: Pick<Settings, 'notify' | 'publicUrl'>) {
    this.channels = channelIds.filter((id) => settings.notify[id] !== undefined)
  }

  /**
   * Writes down what a person is to be told, as part of the caller's transaction: it is told if and only if that commits.
   * Texts are made fit rather than refused, so that telling undoes nothing. Where the operator has set up no channel, the
   * row has nobody to bring it and goes after a while.
   * Throws when the link leads elsewhere, which is a fault of the caller's code.
   */
  async tell(sql: Sql, { userId, kind, subject, words, link }: Notice): Promise<void> {
    const [reader] = await sql.query<{ language: Language }>(
      `SELECT ${languageOfUser} AS language FROM users u WHERE u.id = $1`,
      [userId],
    )
    const say = (said: Said) => (typeof said === 'string' ? said : withLanguage(reader?.language ?? 'en', said))
    await sql.query(
      `WITH told AS (
         INSERT INTO notifications (user_id, kind, subject, words, link)
         SELECT u.id, $2::text, $3::text, $4::text, $5::text FROM users u
          WHERE u.id = $1 AND NOT EXISTS (
            SELECT FROM notifications n WHERE n.user_id = u.id AND n.kind = $2 AND n.subject = $3 AND n.words = $4
               AND n.created_at > now() - $7 * interval '1 minute')
         RETURNING id)
       INSERT INTO notification_deliveries (notification_id, channel)
       SELECT told.id, channel FROM told, unnest($6::text[]) AS channel`,
      [
        userId,
        kind,
        oneLine(say(subject), 200),
        paragraphs(say(words), 2_000),
        this.requireOwnLink(link),
        this.channels,
        sameAgainMinutes,
      ],
    )
  }

  private requireOwnLink(link: string): string {
    const { publicUrl } = this.settings
    const url = URL.parse(link, `${publicUrl}/`)
    if (url?.origin === new URL(publicUrl).origin && !url.username && !url.password) return url.href
    throw new Error('a notification may only link to a page of ours')
  }
}

/** Without line breaks and other signs that are none: this becomes a header of a mail. */
function oneLine(text: string, maxLength: number): string {
  return cut(
    text
      .toWellFormed()
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim(),
    maxLength,
  )
}

function paragraphs(text: string, maxLength: number): string {
  const lines = text.toWellFormed().replaceAll(/\r\n?|[\p{Zl}\p{Zp}]/gu, '\n')
  return cut(lines.replaceAll(/[^\P{Cc}\n\t]/gu, '').trim(), maxLength)
}

/** Postgres counts characters, and none is cut in two. */
function cut(text: string, maxLength: number): string {
  const characters = [...text]
  if (characters.length === 0) return '…'
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join('')}…`
}
