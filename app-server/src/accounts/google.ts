// Google as a way to sign in: passport's strategy, with PKCE, our own state and bounded requests.
import { Inject, Injectable } from '@nestjs/common'
import { PassportStrategy } from '@nestjs/passport'
import type { Request, Response } from 'express'
import { type Profile, Strategy, type StrategyOptions } from 'passport-google-oauth20'
import { z } from 'zod'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { failureOf, GoogleFailure } from './google-failure.js'
import { type OpenAttempt, SignInAttempts } from './sign-in-attempts.js'

export const googleCallbackPath = '/auth/google/callback'

/** Longest wait for one answer of Google, and the most that is read of it: a token or a profile is a few kilobytes. */
const requestDeadlineMs = 8_000
const maxAnswerBytes = 64 * 1024

/** What Google says of the person (OpenID Connect Core 5.1). */
const claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(254),
  email_verified: z.union([z.boolean(), z.stringbool()]),
  name: z.string().optional(),
})

export interface GooglePerson {
  subject: string
  /** Verified by Google. */
  email: string
  name: string
}

/** Attempts on their way between this file and the strategy, by the request they belong to. */
const departing = new WeakMap<Request, { response: Response; returnTo: string }>()
const returning = new WeakMap<Request, OpenAttempt>()

@Injectable()
export class GoogleSignIn {
  private readonly strategy?: GoogleStrategy

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly attempts: SignInAttempts,
    guardedFetch: GuardedFetch,
  ) {
    const { google, publicUrl } = settings
    if (google)
      this.strategy = new GoogleStrategy(google, publicUrl, stateStore(attempts), requestThrough(guardedFetch))
  }

  get offered(): boolean {
    return this.strategy !== undefined
  }

  /** Where to send the browser so that the person signs in there. Throws Problem rate-limited. */
  async depart(request: Request, response: Response, returnTo: string): Promise<string> {
    departing.set(request, { response, returnTo })
    const outcome = await this.run(request)
    if (outcome.kind !== 'redirect') throw new Error('the Google strategy did not redirect')
    return outcome.url
  }

  /** Who came back, and where they wanted to go. Throws GoogleFailure for everything that can go wrong on the way. */
  async arrive(request: Request): Promise<{ person: GooglePerson; returnTo: string }> {
    const { state, code, error } = request.query
    const attempt = isShortText(state) ? await this.attempts.take(request, state) : undefined
    if (!attempt) throw new GoogleFailure('state-gone', '/')
    const { returnTo } = attempt
    if (error === 'access_denied') throw new GoogleFailure('denied', returnTo)
    if (error !== undefined) throw new GoogleFailure('refused', returnTo, { cause: `error: ${String(error)}` })
    if (!isShortText(code)) throw new GoogleFailure('refused', returnTo, { cause: 'neither code nor error' })
    returning.set(request, attempt)
    try {
      const outcome = await this.run(request)
      if (outcome.kind !== 'success') throw new Error('the Google strategy found nobody')
      return { person: this.check(outcome.profile, returnTo), returnTo }
    } catch (cause) {
      throw failureOf(cause, returnTo)
    }
  }

  private check(profile: Profile, returnTo: string): GooglePerson {
    const { sub, email, email_verified, name } = claims.parse(profile._json)
    if (!email_verified) throw new GoogleFailure('email-not-verified', returnTo)
    const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
    const { signInDomains } = this.settings
    if (signInDomains.length > 0 && !signInDomains.includes(domain)) {
      throw new GoogleFailure('domain-not-allowed', returnTo)
    }
    return { subject: sub, email, name: name?.trim().slice(0, 200) || email }
  }

  /** Runs the strategy for one request as passport does: on a copy that carries this request's outcomes. */
  private run(request: Request): Promise<Outcome> {
    const { strategy } = this
    if (!strategy) throw new Error('Google sign-in is not configured')
    return new Promise((resolve, reject) => {
      const running: GoogleStrategy = Object.create(strategy)
      running.redirect = (url) => resolve({ kind: 'redirect', url })
      running.success = (user) => resolve({ kind: 'success', profile: user as unknown as Profile })
      running.fail = () => resolve({ kind: 'nobody' })
      running.error = reject
      running.authenticate(request, { prompt: 'select_account' })
    })
  }
}

type Outcome = { kind: 'redirect'; url: string } | { kind: 'success'; profile: Profile } | { kind: 'nobody' }

class GoogleStrategy extends PassportStrategy(Strategy, 'google') {
  constructor(
    google: NonNullable<Settings['google']>,
    publicUrl: string,
    store: ReturnType<typeof stateStore>,
    request: ReturnType<typeof requestThrough>,
  ) {
    super({
      clientID: google.clientId,
      clientSecret: google.clientSecret,
      // From PUBLIC_URL, never from the Host header: Google sends the code there.
      callbackURL: `${publicUrl}${googleCallbackPath}`,
      authorizationURL: `${google.accountsUrl}/o/oauth2/v2/auth`,
      tokenURL: google.tokenUrl,
      userProfileURL: `${google.apiUrl}/oauth2/v3/userinfo`,
      scope: ['openid', 'email', 'profile'],
      pkce: true,
      // The published types know only the store without PKCE.
      store: store as unknown as NonNullable<StrategyOptions['store']>,
    })
    this._oauth2.useAuthorizationHeaderforGET(true)
    Object.assign(this._oauth2, { _request: request })
  }

  /** Google's tokens are dropped here: nothing but the profile is wanted. */
  validate(_accessToken: string, _refreshToken: string, profile: Profile): Profile {
    return profile
  }
}

/** Passport's state store over ours. The library picks the call by the number of parameters. */
function stateStore(attempts: SignInAttempts) {
  type Done = (error: unknown, value?: string) => void
  type Checked = (error: unknown, verifier?: string | false) => void
  return {
    store(request: Request, codeVerifier: string, _state: unknown, _meta: unknown, done: Done): void {
      const departure = departing.get(request)
      if (!departure) throw new Error('a Google sign-in was begun without depart()')
      attempts.open(request, departure.response, { codeVerifier, returnTo: departure.returnTo }).then(
        (state) => done(null, state),
        (error: unknown) => done(error),
      )
    },
    verify(request: Request, _state: string, _meta: unknown, done: Checked): void {
      done(null, returning.get(request)?.codeVerifier ?? false)
    },
  }
}

/** As the `oauth` package calls back: an error, or the body. A refusal carries `statusCode` and `data`. */
type Answered = (error: Error | { statusCode: number; data: string } | null, body?: string) => void

/** Replaces `_request` of the `oauth` package's client, which waits without end and reads without limit. */
function requestThrough(guardedFetch: GuardedFetch) {
  const request = async (method: string, url: string, headers: Record<string, string>, body: string | null) => {
    const response = await guardedFetch.fetch(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { accept: 'application/json', ...headers },
      ...(method === 'POST' && body ? { body } : {}),
      timeoutMs: requestDeadlineMs,
      responseBytes: maxAnswerBytes,
    })
    const text = await response.text()
    // What is parsed later, inside the library, must not throw there: nobody would catch it.
    if (response.ok && !isJsonObject(text))
      throw new Error(`${new URL(url).host} answered with something else than JSON`)
    return { ok: response.ok, statusCode: response.status, text }
  }
  return (
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string | null,
    _accessToken: string | null,
    answered: Answered,
  ): void => {
    request(method, url, headers, body).then(
      ({ ok, statusCode, text }) => (ok ? answered(null, text) : answered({ statusCode, data: text })),
      (error: Error) => answered(error),
    )
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 2048
}
