// Consents under way: what leaves for a service with a `state`, and comes back with it once, in time, to the same session.
import { createHash, randomUUID } from 'node:crypto'
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { digestOf, newSecret } from '../accounts/cookies.js'
import type { Session } from '../accounts/session.js'
import { Database, type Sql } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'
import { placeIn } from '../platform/sealed-values.js'
import { SecretBox } from '../platform/secret-box.js'
import { type ConnectFailureKind, consentMinutes } from './connect-failure.js'
import { sealedCodeVerifiers } from './sealed-columns.js'
import { t } from './t.js'

/** Consents one person may begin within the minutes one may take. */
export const consentsAtOnce = 30

/** Longest path that is gone back to, in characters. */
export const maxReturnTo = 2_000

const collectEveryMs = 5 * 60_000
/** Kept longer than it counts, so that who comes back late is told so. */
const keptMinutes = 6 * consentMinutes
const rowsAtOnce = 2_000

/** What is remembered of a consent while the person is at the service. */
export interface OpenConsent {
  readonly provider: string
  /** The OAuth client that asks. */
  readonly credentialId: string
  /** The connection that is connected anew; undefined for one more account. */
  readonly connectionId: string | undefined
  /** The service's scopes that are asked for. */
  readonly asked: readonly string[]
  /** Of our scopes: those that were chosen. */
  readonly scopes: readonly string[]
  /** A path of ours; undefined when a program sent the person. */
  readonly returnTo: string | undefined
}

export interface TakenConsent extends OpenConsent {
  readonly codeVerifier: string
}

/** What the service is sent. */
export interface Departure {
  readonly state: string
  /** S256 (RFC 7636, section 4.2). */
  readonly codeChallenge: string
}

@Injectable()
export class ConsentStates implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly jobs: Jobs,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({ name: 'consent-collection', everyMs: collectEveryMs, run: collectConsents })
  }

  /** Opens a consent of this session; only a digest of its state is stored. Throws Problem rate-limited. */
  async open(session: Session, consent: OpenConsent): Promise<Departure> {
    const id = randomUUID()
    const state = newSecret()
    const codeVerifier = newSecret()
    const { provider, credentialId, connectionId, asked, scopes, returnTo } = consent
    const opened = await this.database.transaction(async (sql) => {
      // Counted one after the other, or many at the same moment would each see room.
      await sql.query('SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE', [session.viewer.id])
      return sql.query(
        `INSERT INTO oauth_states (id, state_digest, user_id, session_id, provider, credential_id, connection_id,
                                   code_verifier, asked, scopes, return_to)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
          WHERE (SELECT count(*) FROM oauth_states
                  WHERE user_id = $3 AND created_at > now() - $12 * interval '1 minute') < $13
         RETURNING id`,
        [
          id,
          digestOf(state),
          session.viewer.id,
          session.id,
          provider,
          credentialId,
          connectionId ?? null,
          this.box.seal(codeVerifier, placeIn(sealedCodeVerifiers, id)),
          asked,
          scopes,
          returnTo ?? null,
          consentMinutes,
          consentsAtOnce,
        ],
      )
    })
    if (opened.length === 0) throw tooMany()
    return { state, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') }
  }

  /**
   * Takes the consent that came back: of this session and its person, for this provider, in time, for the first time.
   * One that is not to be taken is left as it is, so that nobody else can spoil it; the answer says why.
   */
  async take(session: Session, provider: string, state: string): Promise<TakenConsent | ConnectFailureKind> {
    const digest = digestOf(state)
    const [row] = await this.database.query<StateRow>(
      `UPDATE oauth_states SET used_at = now()
        WHERE state_digest = $1 AND session_id = $2 AND user_id = $3 AND provider = $4 AND used_at IS NULL
          AND created_at > now() - $5 * interval '1 minute'
        RETURNING id, code_verifier, credential_id, connection_id, asked, scopes, return_to`,
      [digest, session.id, session.viewer.id, provider, consentMinutes],
    )
    if (!row) return this.whyNot(session, provider, digest)
    return {
      provider,
      credentialId: row.credential_id,
      connectionId: row.connection_id ?? undefined,
      asked: row.asked,
      scopes: row.scopes,
      returnTo: row.return_to ?? undefined,
      codeVerifier: this.box.open(row.code_verifier, placeIn(sealedCodeVerifiers, row.id)).toString(),
    }
  }

  private async whyNot(session: Session, provider: string, digest: Buffer): Promise<ConnectFailureKind> {
    const [row] = await this.database.query<{ userId: string; sessionId: string; provider: string; used: boolean }>(
      `SELECT user_id AS "userId", session_id AS "sessionId", provider, used_at IS NOT NULL AS used
         FROM oauth_states WHERE state_digest = $1`,
      [digest],
    )
    if (!row || row.provider !== provider) return 'state-unknown'
    if (row.userId !== session.viewer.id) return 'state-of-another'
    if (row.sessionId !== session.id) return 'state-elsewhere'
    return row.used ? 'state-used' : 'state-expired'
  }
}

interface StateRow {
  id: string
  code_verifier: Buffer
  credential_id: string
  connection_id: string | null
  asked: string[]
  scopes: string[]
  return_to: string | null
}

/** One portion of what is long over. */
export async function collectConsents(sql: Sql): Promise<void> {
  await sql.query(
    `DELETE FROM oauth_states WHERE id = ANY (ARRAY (
       SELECT id FROM oauth_states WHERE created_at < now() - $1 * interval '1 minute'
        LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED))`,
    [keptMinutes],
  )
}

function tooMany(): Problem {
  return new Problem(
    'rate-limited',
    t('You began to connect accounts more than {count} times within {minutes} minutes. Wait that long and try again.', {
      count: consentsAtOnce,
      minutes: consentMinutes,
    }),
    { retry_after_seconds: consentMinutes * 60 },
    { headers: { 'Retry-After': String(consentMinutes * 60) } },
  )
}
