// A member lends a room their accounts, in words of their own choosing, and takes them back; nobody else can.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Session } from '../accounts/session.js'
import { Grants } from '../oauth/grants.js'
import { Database } from '../platform/database/database.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Room } from './rooms.js'
import { t } from './t.js'
import { chatPart, TurnTokens } from './turn-tokens.js'

/** After this the member is asked again. */
export const lendingDays = 90

@Injectable()
export class Lending {
  constructor(
    private readonly database: Database,
    private readonly grants: Grants,
    private readonly tokens: TurnTokens,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl'>,
  ) {}

  /**
   * Lends the member's accounts for the providers that the room has now; for one that is added later they are asked again.
   * Throws Problem conflict while another member lends theirs, invalid-arguments for a room without providers.
   */
  async lend(room: Room, { viewer }: Session): Promise<void> {
    const scopes = this.tokens.scopesOf(room.providers)
    if (scopes.length === 0)
      throw new Problem('invalid-arguments', t('Choose tools for this room first: then there is something to lend.'))
    await this.database.transaction(async (sql) => {
      const [row] = await sql.query<{ lenderId: string | null; grantId: string | null }>(
        'SELECT lender_id AS "lenderId", lender_grant_id AS "grantId" FROM chat_rooms WHERE id = $1 FOR UPDATE',
        [room.id],
      )
      if (row?.lenderId && row.lenderId !== viewer.id && row.grantId) {
        throw new Problem('conflict', t('Another member lends their accounts already. They must take them back first.'))
      }
      if (row?.grantId)
        await sql.query('DELETE FROM oauth_grants WHERE id = $1 AND user_id = $2', [row.grantId, viewer.id])
      const grantId = await this.grants.lend(
        {
          userId: viewer.id,
          part: chatPart,
          name: 'Sekisho chat',
          scopes,
          returnTo: new URL(`/chat/${room.id}/settings`, this.settings.publicUrl).href,
          days: lendingDays,
        },
        sql,
      )
      await sql.query('UPDATE chat_rooms SET lender_id = $2, lender_grant_id = $3 WHERE id = $1', [
        room.id,
        viewer.id,
        grantId,
      ])
    })
  }

  /** The room's tools act for whoever writes again. The lender can do it, and an owner of the room. */
  async end(room: Room, { viewer }: Session): Promise<void> {
    if (room.lenderId !== viewer.id && room.role !== 'owner') {
      throw new Problem(
        'forbidden',
        t('Only the member who lends their accounts, or an owner of the room, can end that.'),
      )
    }
    await this.database.transaction(async (sql) => {
      const [row] = await sql.query<{ grantId: string | null }>(
        'SELECT lender_grant_id AS "grantId" FROM chat_rooms WHERE id = $1 FOR UPDATE',
        [room.id],
      )
      await sql.query('UPDATE chat_rooms SET lender_id = NULL, lender_grant_id = NULL WHERE id = $1', [room.id])
      if (row?.grantId) await sql.query('DELETE FROM oauth_grants WHERE id = $1', [row.grantId])
    })
  }
}
