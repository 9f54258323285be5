// Every start of a sign-in: counted by where it comes from, and for Google kept until the person comes back.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { Database } from '../platform/database/database.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { digestOf, findCookie, newSecret, setCookie } from './cookies.js'
import { addressOf } from './session.js'
import { t } from './t.js'

/** How long a sign-in may take from start to return, and the window attempts are counted in. */
export const attemptMinutes = 10

/** Starts from one network in that window. No secret is guessed here, so it only bounds the table; offices share an address. */
export const attemptsPerNetwork = 100

/** What is kept of a sign-in that went elsewhere, for when it comes back. */
export interface OpenAttempt {
  /** PKCE (RFC 7636): proves to the provider that the one who returns is the one who left. */
  readonly codeVerifier: string
  /** A path of ours. */
  readonly returnTo: string
}

/** One IPv4 address, or the /64 that one IPv6 customer has. */
const network = 'network(set_masklen($1::inet, CASE family($1::inet) WHEN 4 THEN 32 ELSE 64 END))'

@Injectable()
export class SignInAttempts {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The secret that binds a sign-in to this browser; given to the browser now if it has none. */
  browserOf(request: Request, response: Response): string {
    const known = findCookie(request, 'sign-in', this.settings)
    if (known) return known
    const secret = newSecret()
    setCookie(response, 'sign-in', this.settings, secret)
    return secret
  }

  /** Counts a sign-in that ends here and now. Throws Problem rate-limited. */
  async count(request: Request): Promise<void> {
    await this.insert(request, null, null, null, null)
  }

  /** Opens an attempt that leaves for a provider and gives the `state` it must come back with. Throws Problem rate-limited. */
  async open(request: Request, response: Response, attempt: OpenAttempt): Promise<string> {
    const browser = this.browserOf(request, response)
    const state = newSecret()
    await this.insert(request, digestOf(state), digestOf(browser), attempt.codeVerifier, attempt.returnTo)
    return state
  }

  /** Takes the attempt that came back: in time, for the first time, in the browser that left. */
  async take(request: Request, state: string): Promise<OpenAttempt | undefined> {
    const browser = findCookie(request, 'sign-in', this.settings)
    if (!browser) return undefined
    const [attempt] = await this.database.query<OpenAttempt>(
      `UPDATE sign_in_attempts SET used_at = now()
        WHERE state_digest = $1 AND browser_digest = $2 AND used_at IS NULL
          AND created_at > now() - $3 * interval '1 minute'
        RETURNING code_verifier AS "codeVerifier", return_to AS "returnTo"`,
      [digestOf(state), digestOf(browser), attemptMinutes],
    )
    return attempt
  }

  /** Starts that come at the very same moment may exceed the limit by as many as there are connections. */
  private async insert(
    request: Request,
    stateDigest: Buffer | null,
    browserDigest: Buffer | null,
    codeVerifier: string | null,
    returnTo: string | null,
  ): Promise<void> {
    const inserted = await this.database.query(
      `INSERT INTO sign_in_attempts (network, state_digest, browser_digest, code_verifier, return_to)
       SELECT ${network}, $2, $3, $4, $5
        WHERE (SELECT count(*) FROM sign_in_attempts
                WHERE network = ${network} AND created_at > now() - $6 * interval '1 minute') < $7
       RETURNING id`,
      [addressOf(request), stateDigest, browserDigest, codeVerifier, returnTo, attemptMinutes, attemptsPerNetwork],
    )
    if (inserted.length === 0) {
      throw new Problem(
        'rate-limited',
        t('There were too many sign-ins from your network within {minutes} minutes. Wait that long and try again.', {
          minutes: attemptMinutes,
        }),
        {},
        { headers: { 'Retry-After': String(attemptMinutes * 60) } },
      )
    }
  }
}
