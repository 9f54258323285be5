// Whether a genuine token still counts: its person, and its authorization or session, in one SQL round trip.
import { Inject, Injectable } from '@nestjs/common'
import { alive } from '../accounts/session.js'
import { policiesOfUser, type ToolPolicies, type ToolPolicy, toolPoliciesFrom } from '../accounts/tool-policies.js'
import { Database } from '../platform/database/database.js'
import { Gathered } from '../platform/database/gathered.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { RefusalReason } from './challenge.js'
import type { VerifiedToken } from './token-verifier.js'

/** The present state behind a token. */
export interface Standing {
  readonly email: string
  readonly name: string
  readonly administrator: boolean
  readonly clientName: string | undefined
  /** What the token holds and its authorization still allows. */
  readonly scopes: ReadonlySet<string>
  /** What the person wants to be asked about: read here, so that no call pays a statement of its own for it. */
  readonly toolPolicies: ToolPolicies
}

interface Row {
  status: 'active' | 'suspended' | 'disabled'
  email: string
  name: string
  administrator: boolean
  /** Null when the authorization or session is gone. */
  scopes: string[] | null
  clientName: string | null
  policies: Record<string, ToolPolicy> | null
  /** Whether it is time to note that the grant is used. */
  unnoted: boolean
}

/** The use of a grant is noted at most once a minute. */
const unnoted = `g.id IS NOT NULL AND (g.last_used_at IS NULL OR g.last_used_at < now() - interval '1 minute')`

type NumberedRow = Row & { n: number }

@Injectable()
export class Standings {
  private readonly ofGrants: Gathered<VerifiedToken, Row | undefined>
  private readonly ofSessions: Gathered<VerifiedToken, Row | undefined>

  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) settings: Pick<Settings, 'sessionIdleMs' | 'sessionMaxMs'>,
  ) {
    const grants = database.prepare<NumberedRow>(
      'grants',
      `SELECT a.n::int, u.status, u.email, u.name, u.role = 'administrator' AS administrator,
              g.scopes, c.name AS "clientName", ${policiesOfUser} AS policies, ${unnoted} AS unnoted
         FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS a (user_id, client_id, grant_id, n)
         JOIN users u ON u.id = a.user_id
         LEFT JOIN oauth_grants g
           ON g.id = a.grant_id AND g.user_id = u.id AND g.client_id = a.client_id AND g.expires_at > now()
         LEFT JOIN oauth_clients c ON c.id = g.client_id`,
    )
    this.ofGrants = gather((tokens) => grants(columnsOf(tokens, 'userId', 'clientId', 'grantId')))
    const sessions = database.prepare<NumberedRow>(
      'sessions',
      `SELECT a.n::int, u.status, u.email, u.name, u.role = 'administrator' AS administrator,
              CASE WHEN s.id IS NOT NULL THEN '{}'::text[] END AS scopes, NULL AS "clientName",
              ${policiesOfUser} AS policies, false AS unnoted
         FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS a (user_id, session_id, n)
         JOIN users u ON u.id = a.user_id
         LEFT JOIN sessions s ON s.id = a.session_id AND s.user_id = u.id AND ${alive('$3', '$4')}`,
    )
    const { sessionIdleMs, sessionMaxMs } = settings
    this.ofSessions = gather((tokens) =>
      sessions([...columnsOf(tokens, 'userId', 'sessionId'), sessionIdleMs, sessionMaxMs]),
    )
  }

  /**
   * The standing of a token, or why it has none, by a statement that begins after this was asked: whatever was committed
   * before, on any replica, counts.
   */
  async find(token: VerifiedToken): Promise<Standing | RefusalReason> {
    const ofGrant = token.grantId !== undefined
    const row = await (ofGrant ? this.ofGrants : this.ofSessions).add(token)
    if (!row) return 'user-unknown'
    if (row.status !== 'active') return row.status === 'suspended' ? 'user-suspended' : 'user-disabled'
    if (row.scopes === null) return ofGrant ? 'grant-withdrawn' : 'session-ended'
    if (row.unnoted) await this.noteUse(token)
    const allowed = new Set(row.scopes)
    return {
      email: row.email,
      name: row.name,
      administrator: row.administrator,
      clientName: row.clientName ?? undefined,
      // A session allows whatever was minted for it.
      scopes: new Set(ofGrant ? token.scopes.filter((scope) => allowed.has(scope)) : token.scopes),
      toolPolicies: toolPoliciesFrom(row.policies),
    }
  }

  /** Never waits for another call that is just doing so. */
  private async noteUse({ grantId }: VerifiedToken): Promise<void> {
    await this.database.query(
      `UPDATE oauth_grants SET last_used_at = now()
        WHERE id = (SELECT g.id FROM oauth_grants g WHERE g.id = $1 AND ${unnoted} FOR UPDATE SKIP LOCKED)`,
      [grantId],
    )
  }
}

/** Tokens looked at by one statement, and most that wait for theirs. */
const limits = { maxBatch: 256, maxWaiting: 4_096 }

/** @param look gives the rows of tokens, numbered from 1 */
function gather(look: (tokens: readonly VerifiedToken[]) => Promise<NumberedRow[]>) {
  return new Gathered<VerifiedToken, Row | undefined>(async (tokens) => {
    // A client's calls that come together carry one token, and the verifier gives one object for it.
    const distinct = [...new Set(tokens)]
    const rows = new Map((await look(distinct)).map((row) => [distinct[row.n - 1], row]))
    return tokens.map((token) => rows.get(token))
  }, limits)
}

/** One array for each column, as unnest takes them. */
function columnsOf(tokens: readonly VerifiedToken[], ...names: (keyof VerifiedToken)[]): unknown[] {
  return names.map((name) => tokens.map((token) => token[name]))
}
