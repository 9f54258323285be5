// Who is signed in where: rows in Postgres, found again by a cookie whose value is stored nowhere.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { Database } from '../platform/database/database.js'
import type { Viewer } from '../platform/html/pages.js'
import { peerAddressOf } from '../platform/request-context.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { clearCookie, digestOf, findCookie, formTokenOf, newSecret, setCookie } from './cookies.js'
import { Languages } from './languages.js'
import { t } from './t.js'

/** One browser in which somebody is signed in, as the request being served shows it. */
export interface Session {
  readonly id: string
  readonly viewer: Viewer
  /** Goes into every form that writes (`_csrf`), or into the header x-csrf-token. */
  readonly csrfToken: string
  readonly createdAt: Date
}

/** A session as its owner sees it in the list. */
export interface SessionRow {
  readonly id: string
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly userAgent: string
  readonly address: string
}

/** A person's newest sessions that are kept; starting one more ends the one unused for longest. */
const maxPerPerson = 50

/** A session counts as used at most this often, in seconds: a page view is not a write. */
const lastSeenSeconds = 60

/**
 * SQL that holds while session row `s` has not ended by itself. `idle` and `max` are the parameters ($1 …) that carry
 * sessionIdleMs and sessionMaxMs, so that shorter settings count at once, also for sessions that began before.
 */
export const alive = (idle: string, max: string) =>
  `s.expires_at > now() AND s.created_at > now() - ${max} * interval '1 millisecond'
   AND s.last_seen_at > now() - ${idle} * interval '1 millisecond'`

@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly languages: Languages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The session of the request's cookie: known, not ended, not expired, of an active person. */
  async find(request: Request): Promise<Session | undefined> {
    const secret = findCookie(request, 'session', this.settings)
    if (!secret) return undefined
    const [row] = await this.database.query<SessionOfCookie>(
      `SELECT s.id, s.created_at AS "createdAt", s.last_seen_at < now() - $4 * interval '1 second' AS "stale",
              u.id AS "userId", u.name, u.email, u.role = 'administrator' AS administrator
         FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.token_digest = $1 AND u.status = 'active' AND ${alive('$2', '$3')}`,
      [digestOf(secret), this.settings.sessionIdleMs, this.settings.sessionMaxMs, lastSeenSeconds],
    )
    if (!row) return undefined
    if (row.stale) await this.noteUse(row.id, request)
    const { id, createdAt, userId, name, email, administrator } = row
    return { id, createdAt, csrfToken: formTokenOf(secret), viewer: { id: userId, name, email, administrator } }
  }

  /** Who has the session with this id now; unlike `find` it is no use of it, so a page left open keeps nobody signed in. */
  async findViewer(id: string): Promise<Viewer | undefined> {
    const [viewer] = await this.database.query<Viewer>(
      `SELECT u.id, u.name, u.email, u.role = 'administrator' AS administrator
         FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = $1 AND u.status = 'active' AND ${alive('$2', '$3')}`,
      [id, this.settings.sessionIdleMs, this.settings.sessionMaxMs],
    )
    return viewer
  }

  /**
   * Signs a person in on this browser: always a new session, and the one the browser had is ended (session fixation).
   * Sets the cookie. Throws Problem account-not-active.
   */
  async start(request: Request, response: Response, userId: string): Promise<void> {
    const former = findCookie(request, 'session', this.settings)
    const secret = newSecret()
    const language = await this.database.transaction(async (sql) => {
      if (former) await sql.query('DELETE FROM sessions WHERE token_digest = $1', [digestOf(former)])
      const started = await sql.query(
        `INSERT INTO sessions (token_digest, user_id, expires_at, user_agent, address)
         SELECT $1, id, now() + $3 * interval '1 millisecond', $4, $5 FROM users WHERE id = $2 AND status = 'active'
         RETURNING id`,
        [digestOf(secret), userId, this.settings.sessionMaxMs, userAgentOf(request), addressOf(request)],
      )
      if (started.length === 0) throw new Problem('account-not-active', t('This account cannot be used at present.'))
      await sql.query(
        `DELETE FROM sessions WHERE id IN
           (SELECT id FROM sessions WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC OFFSET $2)`,
        [userId, maxPerPerson],
      )
      return this.languages.settle(sql, request, userId)
    })
    setCookie(response, 'session', this.settings, secret, this.settings.sessionMaxMs)
    if (language) this.languages.keepIn(response, language)
  }

  /** Where the person is signed in, the last used first. */
  async list(userId: string): Promise<SessionRow[]> {
    return this.database.query<SessionRow>(
      `SELECT s.id, s.created_at AS "createdAt", s.last_seen_at AS "lastSeenAt", s.user_agent AS "userAgent",
              host(s.address) AS address
         FROM sessions s WHERE s.user_id = $1 AND ${alive('$2', '$3')}
        ORDER BY s.last_seen_at DESC, s.id DESC LIMIT $4`,
      [userId, this.settings.sessionIdleMs, this.settings.sessionMaxMs, maxPerPerson],
    )
  }

  /** Ends one session; with `userId` only if it is theirs. Says whether there was one. */
  async end(id: string, userId?: string): Promise<boolean> {
    const ended = await this.database.query(
      'DELETE FROM sessions WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2) RETURNING id',
      [id, userId ?? null],
    )
    return ended.length > 0
  }

  /** Ends all sessions of a person, or all but one, and says how many these were. */
  async endAll(userId: string, options: { except?: string } = {}): Promise<number> {
    const ended = await this.database.query(
      'DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2::uuid RETURNING id',
      [userId, options.except ?? null],
    )
    return ended.length
  }

  /** Takes the cookie from the browser; the session itself is ended with `end` or `endAll`. */
  forget(response: Response): void {
    clearCookie(response, 'session', this.settings)
  }

  private async noteUse(id: string, request: Request): Promise<void> {
    await this.database.query(
      `UPDATE sessions SET last_seen_at = now(), address = $2
        WHERE id = $1 AND last_seen_at < now() - $3 * interval '1 second'`,
      [id, addressOf(request), lastSeenSeconds],
    )
  }
}

interface SessionOfCookie {
  id: string
  createdAt: Date
  stale: boolean
  userId: string
  name: string
  email: string
  administrator: boolean
}

function userAgentOf(request: Request): string {
  return (request.get('user-agent') ?? '').slice(0, 512)
}

/** The peer's address as Postgres takes it; behind TRUSTED_PROXIES the one they saw. */
export function addressOf(request: Request): string {
  return peerAddressOf(request) ?? '0.0.0.0'
}
