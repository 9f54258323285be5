// The tokens a turn calls tools with: for the person it acts for, with the scopes of the room's providers, for minutes.
import { Injectable } from '@nestjs/common'
import { Sessions } from '../accounts/session.js'
import { MintedTokens, type MintRequest } from '../oauth/minted-tokens.js'
import { Database } from '../platform/database/database.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import type { Turn } from './turn.js'
import { TurnFault } from './turn-fault.js'
import type { Claim } from './turn-store.js'

/** The part of ours that calls: its client id is `urn:sekisho:chat`. */
export const chatPart = 'chat'
const tokenSeconds = 300
/** A token is used again until this short before its end: longer than a call takes. */
const sparedSeconds = 100

@Injectable()
export class TurnTokens {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly tokens: MintedTokens,
    private readonly registry: ProviderRegistry,
  ) {}

  /** Gives a token whenever it is asked for one, the same for a while. It throws TurnFault session-ended, lending-ended. */
  sourceFor(claim: Claim, providers: readonly string[]): (anew: boolean) => Promise<string> {
    const scopes = this.scopesOf(providers)
    let current: { token: Promise<string>; until: number } | undefined
    return (anew) => {
      if (anew || !current || current.until < performance.now()) {
        const token = this.mint(claim, scopes)
        current = { token, until: performance.now() + (tokenSeconds - sparedSeconds) * 1000 }
        // What could not be had now may be had next time.
        token.catch(() => {
          current = undefined
        })
      }
      return current.token
    }
  }

  /** All scopes of these providers, and no other. */
  scopesOf(providers: readonly string[]): string[] {
    return [...this.registry.scopes].filter(([, { provider }]) => providers.includes(provider.id)).map(([name]) => name)
  }

  private async mint({ turn, sessionId }: Claim, scopes: readonly string[]): Promise<string> {
    const holder = turn.actsFor === turn.authorId ? await this.authorOf(turn, sessionId) : await this.lenderOf(turn)
    return this.tokens.mint({ part: chatPart, holder, scopes, seconds: tokenSeconds })
  }

  private async authorOf({ authorId }: Turn, sessionId: string | null): Promise<MintRequest['holder']> {
    const viewer = sessionId === null ? undefined : await this.sessions.findViewer(sessionId)
    if (sessionId === null || !viewer || viewer.id !== authorId) throw new TurnFault('session-ended')
    return { session: { id: sessionId, viewer } }
  }

  /** What the member lent this room; nobody else's accounts are taken instead. */
  private async lenderOf({ roomId, actsFor }: Turn): Promise<MintRequest['holder']> {
    const [row] = await this.database.query<{ grantId: string; id: string; name: string; email: string }>(
      `SELECT r.lender_grant_id AS "grantId", u.id, u.name, u.email
         FROM chat_rooms r JOIN users u ON u.id = r.lender_id JOIN chat_members m ON m.room_id = r.id AND m.user_id = u.id
         JOIN oauth_grants g ON g.id = r.lender_grant_id AND g.user_id = u.id AND g.expires_at > now()
        WHERE r.id = $1 AND u.id = $2 AND u.status = 'active'`,
      [roomId, actsFor],
    )
    if (!row) throw new TurnFault('lending-ended')
    const { grantId, ...person } = row
    return { grantId, person }
  }
}
