// Google, pretended: consent with offline access and scopes left out, tokens, userinfo, revocation, and the Calendar API.
// Shapes: developers.google.com/identity/protocols/oauth2/web-server, OpenID Connect Core, Calendar API v3.
import { generateKeyPairSync, sign } from 'node:crypto'
import { clientOf, type FakeAccount, FakeOAuth, type IssuedTokens } from '../fake-oauth.js'
import { type FakeAnswer, type FakeRequest, FakeService, page } from '../fake-service.js'
import { CalendarApi } from './calendar-api.js'
import type { CalendarStore } from './calendar-store.js'
import { addSampleCalendars, sampleAccounts } from './sample.js'

/** A Google account; its `id` is the `sub` of its tokens. */
export interface GoogleAccount extends FakeAccount {
  /** As Google says it, which has been text as well. Verified unless told. */
  readonly emailVerified?: boolean | string
}

export const googlePaths = {
  authorize: '/o/oauth2/v2/auth',
  consent: '/consent',
  token: '/token',
  revoke: '/revoke',
  userinfo: '/oauth2/v3/userinfo',
  calendar: '/calendar/v3',
} as const

const clientId = '1234-fake.apps.googleusercontent.com'
const clientSecret = 'GOCSPX-fake'
const issuer = 'https://accounts.google.com'

/** Short names of scopes, and what Google calls them in its answers. */
const longNames: Readonly<Record<string, string>> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
}

const mika: GoogleAccount = { id: '1001', email: 'mika@example.com', name: 'Mika Tanaka' }

export class GoogleFake extends FakeService {
  /** Who can sign in at Google in the browser that comes; the first is chosen unless the person chooses. */
  readonly accounts: GoogleAccount[] = [mika]
  /** Redirect URIs of the client, as entered in Google's console. Undefined: any. */
  redirectUris: string[] | undefined
  readonly oauth: FakeOAuth = new FakeOAuth({
    service: 'Google',
    clientId,
    clientSecret,
    accounts: this.accounts,
    consentPath: googlePaths.consent,
    keptParameters: ['access_type', 'prompt', 'include_granted_scopes'],
    prefixes: { access: 'ya29.', refresh: '1//0', code: '4/0A' },
    accessTokenSeconds: 3599,
    refreshTokens: 'steady',
    reuseMs: 0,
    scopeSeparator: ' ',
    tokenBody: (issued) => this.tokenBody(issued),
    errorAnswer: (error) => tokenError(error),
  })
  private usualAccounts: readonly GoogleAccount[] = [mika]
  /** The calendars and what is in them. */
  readonly calendars: CalendarStore
  private readonly privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

  constructor() {
    super()
    this.route('GET', googlePaths.authorize, (request) => this.authorize(request))
    this.route('POST', googlePaths.consent, (request) => this.consent(request))
    this.route('POST', googlePaths.token, (request) => this.oauth.token(request.form, clientOf(request, request.form)))
    this.route('POST', googlePaths.revoke, (request) => this.revoke(request))
    this.route('GET', googlePaths.userinfo, (request) => this.userinfo(request))
    const api = new CalendarApi((request) => this.oauth.findGrant(request))
    this.calendars = api.store
    for (const { method, path, handler } of api.routes) this.route(method, `${googlePaths.calendar}${path}`, handler)
  }

  /** One that listens already. */
  static async start(port = 0): Promise<GoogleFake> {
    return new GoogleFake().listen(port)
  }

  /** One with people whose calendars have something in them around today, for `npm run demo`. */
  static withSamples(today = new Date()): GoogleFake {
    const fake = new GoogleFake()
    fake.usualAccounts = sampleAccounts
    fake.accounts.splice(0, 1, ...sampleAccounts)
    addSampleCalendars(fake.calendars, today)
    return fake
  }

  /** The app server's settings that lead here, for sign-in and for connecting calendars. */
  get env(): Record<string, string> {
    return {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GCAL_CLIENT_ID: clientId,
      GCAL_CLIENT_SECRET: clientSecret,
      GOOGLE_ACCOUNTS_URL: this.url,
      GOOGLE_API_URL: this.url,
      GOOGLE_TOKEN_URL: `${this.url}${googlePaths.token}`,
      OUTBOUND_ALLOWED_HOSTS: this.host,
    }
  }

  /** Who is signed in at Google in the browser that comes. Setting it adds the account, or changes the one of that id. */
  get person(): GoogleAccount {
    return this.accounts[0] ?? mika
  }

  set person(account: GoogleAccount) {
    const at = this.accounts.findIndex(({ id }) => id === account.id)
    if (at >= 0) this.accounts.splice(at, 1)
    this.accounts.unshift(account)
  }

  /** Ends every misbehaviour, forgets what was seen, and lets the usual people be there. Calendars stay. */
  override behave(): void {
    super.behave()
    this.accounts.splice(0, this.accounts.length, ...this.usualAccounts)
  }

  /** Google shows its own error page, and never redirects, when the client or its redirect URI is not known. */
  private authorize(request: FakeRequest): FakeAnswer {
    const { query } = request
    const faults = [
      query.get('client_id') !== clientId && 'invalid_client',
      this.redirectUris && !this.redirectUris.includes(query.get('redirect_uri') ?? '') && 'redirect_uri_mismatch',
      query.get('response_type') !== 'code' && 'response_type',
      !query.get('scope')?.split(' ').includes('openid') && 'scope',
      query.get('code_challenge_method') !== 'S256' && 'code_challenge_method',
      !/^[\w-]{43}$/.test(query.get('code_challenge') ?? '') && 'code_challenge',
    ].filter(Boolean)
    if (faults.length > 0) return page(`<h1>Error 400: ${faults.join(', ')}</h1>`, 400, 'Google')
    return this.oauth.authorize(request)
  }

  private consent({ form }: FakeRequest): FakeAnswer {
    const redirectUri = form.get('redirect_uri') ?? ''
    const back = new URL(redirectUri)
    back.searchParams.set('state', form.get('state') ?? '')
    const account = this.accounts.find(({ id }) => id === (form.get('account') ?? this.person.id))
    if (form.get('choice') === 'allow' && account) {
      const before = this.oauth.scopesOf(account.id)
      const earlier = form.get('include_granted_scopes') === 'true' ? before : []
      const scopes = [...new Set([...earlier, ...form.getAll('scope')])]
      // A refresh token comes for offline access alone, and the second time only after consent.
      const asked = form.get('prompt')?.split(' ').includes('consent') || before.length === 0
      const offline = form.get('access_type') === 'offline' && asked
      const challenge = form.get('code_challenge') ?? undefined
      // Google sends `iss`, though its metadata does not say so.
      back.searchParams.set('iss', issuer)
      back.searchParams.set('code', this.oauth.codeFor(account, scopes, redirectUri, challenge, offline))
      back.searchParams.set('scope', scopes.join(' '))
      back.searchParams.set('authuser', '0')
      back.searchParams.set('prompt', form.get('prompt') ?? 'none')
    } else {
      back.searchParams.set('error', 'access_denied')
    }
    return { status: 302, headers: { location: back.href } }
  }

  /** Ending one token ends everything the account gave this client. */
  private revoke(request: FakeRequest): FakeAnswer {
    const token = request.form.get('token') ?? request.query.get('token') ?? ''
    const grant = this.oauth.grantOf(token)
    if (!grant) return { status: 400, body: { error: 'invalid_token', error_description: 'Token expired or revoked' } }
    this.oauth.revokeAccount(grant.account.id)
    return { body: {} }
  }

  private userinfo(request: FakeRequest): FakeAnswer {
    const grant = this.oauth.findGrant(request)
    if (!grant) {
      return { status: 401, body: { error: 'invalid_request', error_description: 'Invalid Credentials' } }
    }
    return {
      body: { ...claimsOf(grant.account, grant.scopes), picture: 'https://lh3.googleusercontent.com/a/fake=s96-c' },
    }
  }

  private tokenBody(issued: IssuedTokens): Record<string, unknown> {
    const { grant, accessToken, refreshToken, isRenewal, expiresInSeconds } = issued
    // A refresh token that goes on is not sent again.
    const given = refreshToken !== undefined && !(isRenewal && this.oauth.options.refreshTokens === 'steady')
    return {
      access_token: accessToken,
      expires_in: expiresInSeconds,
      ...(given ? { refresh_token: refreshToken } : {}),
      scope: grant.scopes.map((scope) => longNames[scope] ?? scope).join(' '),
      token_type: 'Bearer',
      ...(grant.scopes.includes('openid') ? { id_token: this.idToken(grant.account, grant.scopes) } : {}),
    }
  }

  private idToken(account: GoogleAccount, scopes: readonly string[]): string {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      azp: clientId,
      aud: clientId,
      ...claimsOf(account, scopes),
      iat: now,
      exp: now + 3600,
    }
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const signed = `${part({ alg: 'RS256', kid: 'fake', typ: 'JWT' })}.${part(claims)}`
    return `${signed}.${sign('sha256', Buffer.from(signed), this.privateKey).toString('base64url')}`
  }
}

/** What the scopes let be known of an account. */
function claimsOf(account: GoogleAccount, scopes: readonly string[]): Record<string, unknown> {
  const has = (name: string) => scopes.includes(name) || scopes.includes(longNames[name] ?? '')
  const { id, email, name, emailVerified = true } = account
  return {
    sub: id,
    ...(has('email') ? { email, email_verified: emailVerified } : {}),
    ...(has('profile') && name ? { name } : {}),
  }
}

function tokenError(error: string): FakeAnswer {
  switch (error) {
    case 'invalid_client':
      return { status: 401, body: { error, error_description: 'Unauthorized' } }
    case 'invalid_grant':
      return { status: 400, body: { error, error_description: 'Token has been expired or revoked.' } }
    default:
      return { status: 400, body: { error, error_description: 'Bad Request' } }
  }
}
