// The OAuth half of a fake: consent and denial, PKCE, expiring and rotating tokens, revocation; each service's own wire shapes.
// Shapes: RFC 6749, RFC 7636, RFC 7009 and the services' own documents.
import { createHash, randomBytes } from 'node:crypto'
import { escaped, type FakeAnswer, type FakeRequest, page } from './fake-service.js'

export interface FakeAccount {
  readonly id: string
  readonly email: string
  readonly name: string
}

/** What an account gave the client: its tokens hang on it. */
export interface FakeGrant {
  readonly account: FakeAccount
  scopes: string[]
  revoked: boolean
  /** Whether it comes with a refresh token, where the service gives one only when it is asked for. */
  offline: boolean
}

interface AccessToken {
  grant: FakeGrant
  expiresAt: number
}

interface RefreshToken {
  grant: FakeGrant
  issuedAt: number
  /** When it was replaced, if it was. */
  usedAt: number | undefined
}

interface Code {
  grant: FakeGrant
  redirectUri: string
  codeChallenge: string | undefined
}

/** A new pair of tokens, before it takes the service's shape. */
export interface IssuedTokens {
  readonly grant: FakeGrant
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Whether they were had for a refresh token. */
  readonly isRenewal: boolean
  readonly expiresInSeconds: number | undefined
}

export interface FakeOAuthOptions {
  /** The service as people know it, for the consent page. */
  readonly service?: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who can sign in; the consent page offers them. */
  readonly accounts: FakeAccount[]
  /** The path the consent form is sent to. */
  readonly consentPath: string
  /** Parameters of the authorization request that consent is sent besides the standard ones. */
  readonly keptParameters?: readonly string[]
  /** Beginnings of tokens and codes, as the service makes them. */
  readonly prefixes: { readonly access: string; readonly refresh: string; readonly code?: string }
  /** Undefined: access tokens do not expire. */
  accessTokenSeconds: number | undefined
  /** Whether there are refresh tokens, and whether each use gives another. */
  refreshTokens: 'none' | 'steady' | 'rotating'
  /** Whether a refresh ends the access tokens given before. */
  readonly refreshEndsAccess?: boolean
  /** So long a replaced refresh token still works, in milliseconds. */
  reuseMs: number
  /** So long a refresh token lives without being used, in milliseconds; for ever unless told. */
  refreshIdleMs?: number
  readonly scopeSeparator: string
  readonly tokenBody: (issued: IssuedTokens) => Record<string, unknown>
  readonly errorAnswer: (error: string, description: string) => FakeAnswer
}

export class FakeOAuth {
  /** Refreshes that were answered with tokens. */
  refreshes = 0
  /** Every token that was ever given, for tests that look for them where they must not be. */
  readonly given: string[] = []
  private readonly codes = new Map<string, Code>()
  private readonly accessTokens = new Map<string, AccessToken>()
  private readonly refreshTokens = new Map<string, RefreshToken>()
  private readonly grants: FakeGrant[] = []

  constructor(readonly options: FakeOAuthOptions) {}

  /** GET of the authorization endpoint: a page to choose an account, to allow or deny, and to leave out scopes. */
  authorize = ({ query }: FakeRequest): FakeAnswer => {
    const { service, consentPath, keptParameters = [] } = this.options
    const redirectUri = query.get('redirect_uri') ?? ''
    if (query.get('client_id') !== this.options.clientId || !URL.canParse(redirectUri)) {
      return page('<h1>This application is not known</h1><p>Its client ID is not registered here.</p>', 400, service)
    }
    const hidden = ['redirect_uri', 'state', 'code_challenge', ...keptParameters]
      .filter((name) => query.has(name))
      .map((name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? '')}">`)
    const accounts = this.options.accounts.map(
      ({ id, email, name }) => `<option value="${escaped(id)}">${escaped(`${name} (${email})`)}</option>`,
    )
    const scopes = (query.get('scope') ?? '')
      .split(/[ ,]+/)
      .filter(Boolean)
      .map(
        (scope) =>
          `<label class="scope"><input type="checkbox" name="scope" value="${escaped(scope)}" checked> <code>${escaped(scope)}</code></label>`,
      )
    const asked = scopes.length > 0 ? `<fieldset><legend>It asks for</legend>${scopes.join('')}</fieldset>` : ''
    return page(
      `<h1>Allow access to an account?</h1>
       <p class="soft">The application at <strong>${escaped(new URL(redirectUri).host)}</strong> wants to use it.</p>
       <form action="${consentPath}" method="post">${hidden.join('')}
       <label class="field">Account <select name="account">${accounts.join('')}</select></label>${asked}
       <div class="choices"><button name="choice" value="allow">Allow</button>
       <button name="choice" value="deny">Deny</button></div></form>`,
      200,
      service,
    )
  }

  /** POST of the consent form. */
  consent = ({ form }: FakeRequest): FakeAnswer => {
    const redirectUri = form.get('redirect_uri') ?? ''
    const back = new URL(redirectUri)
    const state = form.get('state')
    if (state !== null) back.searchParams.set('state', state)
    const account = this.options.accounts.find(({ id }) => id === form.get('account'))
    if (form.get('choice') === 'allow' && account) {
      const code = this.codeFor(account, form.getAll('scope'), redirectUri, form.get('code_challenge') ?? undefined)
      back.searchParams.set('code', code)
    } else {
      back.searchParams.set('error', 'access_denied')
    }
    return { status: 302, headers: { location: back.href } }
  }

  /** A code as consent gives it, for tests that need no page. */
  codeFor(
    account: FakeAccount,
    scopes: readonly string[],
    redirectUri: string,
    codeChallenge?: string,
    offline = true,
  ): string {
    const code = `${this.options.prefixes.code ?? ''}${randomBytes(20).toString('hex')}`
    const grant = { account, scopes: [...scopes], revoked: false, offline }
    this.grants.push(grant)
    this.codes.set(code, { grant, redirectUri, codeChallenge })
    return code
  }

  /**
   * POST of the token endpoint.
   * @param form the parameters, from a form or JSON
   * @param client its id and secret, from the body or the Authorization header
   */
  token(form: URLSearchParams, client: { id: string; secret: string }): FakeAnswer {
    const { clientId, clientSecret, errorAnswer } = this.options
    if (client.id !== clientId || client.secret !== clientSecret) {
      return errorAnswer('invalid_client', 'The client is not known or its secret is wrong.')
    }
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.exchange(form)
      case 'refresh_token':
        return this.refresh(form.get('refresh_token') ?? '')
      default:
        return errorAnswer('unsupported_grant_type', 'There is no such grant type.')
    }
  }

  /** Ends the grant of an access or refresh token (RFC 7009). Says whether there was one. */
  revokeToken(token: string): boolean {
    const grant = this.grantOf(token)
    if (grant) grant.revoked = true
    return grant !== undefined
  }

  /** The grant an access or refresh token hangs on, expired or not; undefined when there is none or it has ended. */
  grantOf(token: string): FakeGrant | undefined {
    const grant = this.accessTokens.get(token)?.grant ?? this.refreshTokens.get(token)?.grant
    return grant?.revoked ? undefined : grant
  }

  /** Whether it is a refresh token that was not replaced by another. */
  isNewest(refreshToken: string): boolean {
    const known = this.refreshTokens.get(refreshToken)
    return known !== undefined && known.usedAt === undefined && !known.grant.revoked
  }

  /** As a person does in the settings of their account. */
  revokeAccount(accountId: string): void {
    for (const grant of this.grants) if (grant.account.id === accountId) grant.revoked = true
  }

  /** The scopes an account has given and not taken back. */
  scopesOf(accountId: string): string[] {
    const live = this.grants.filter(({ account, revoked }) => account.id === accountId && !revoked)
    return [...new Set(live.flatMap(({ scopes }) => scopes))]
  }

  /** From now on every access token given so far is expired. */
  expireAccessTokens(): void {
    for (const token of this.accessTokens.values()) token.expiresAt = 0
  }

  /** The grant of a request's bearer; undefined when it is unknown, expired or revoked. */
  findGrant({ headers }: Pick<FakeRequest, 'headers'>): FakeGrant | undefined {
    const token = /^(?:Bearer|token) +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    const known = token === undefined ? undefined : this.accessTokens.get(token)
    return known && !known.grant.revoked && known.expiresAt > Date.now() ? known.grant : undefined
  }

  /** A token that a person made by hand: it neither expires nor is renewed. */
  personalToken(account: FakeAccount, scopes: readonly string[] = [], prefix = this.options.prefixes.access): string {
    const token = `${prefix}${randomBytes(18).toString('hex')}`
    this.given.push(token)
    const grant = { account, scopes: [...scopes], revoked: false, offline: false }
    this.grants.push(grant)
    this.accessTokens.set(token, { grant, expiresAt: Number.POSITIVE_INFINITY })
    return token
  }

  private exchange(form: URLSearchParams): FakeAnswer {
    const code = this.codes.get(form.get('code') ?? '')
    this.codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const faulty =
      !code ||
      code.redirectUri !== form.get('redirect_uri') ||
      (code.codeChallenge !== undefined && code.codeChallenge !== challenge)
    if (faulty) return this.options.errorAnswer('invalid_grant', 'The code is not valid.')
    return { body: this.options.tokenBody(this.issue(code.grant)) }
  }

  private refresh(given: string): FakeAnswer {
    const known = this.refreshTokens.get(given)
    const { refreshTokens, reuseMs, refreshIdleMs = Number.POSITIVE_INFINITY, errorAnswer } = this.options
    const idle = known !== undefined && known.issuedAt + refreshIdleMs <= Date.now()
    const spent = known?.usedAt !== undefined && known.usedAt + reuseMs <= Date.now()
    if (!known || known.grant.revoked || spent || idle || refreshTokens === 'none') {
      // A spent token that comes again: somebody has a copy, so the whole family ends (OAuth 2.1, section 4.3.1).
      if (known && spent) known.grant.revoked = true
      return errorAnswer('invalid_grant', 'The refresh token is not valid.')
    }
    if (refreshTokens === 'rotating') known.usedAt ??= Date.now()
    this.refreshes++
    if (this.options.refreshEndsAccess) {
      for (const [token, { grant }] of this.accessTokens) if (grant === known.grant) this.accessTokens.delete(token)
    }
    return { body: this.options.tokenBody(this.issue(known.grant, given)) }
  }

  /** @param used the refresh token it is had for */
  private issue(grant: FakeGrant, used?: string): IssuedTokens {
    const { prefixes, accessTokenSeconds, refreshTokens } = this.options
    const accessToken = `${prefixes.access}${randomBytes(24).toString('hex')}`
    const life = accessTokenSeconds === undefined ? Number.POSITIVE_INFINITY : accessTokenSeconds * 1000
    this.accessTokens.set(accessToken, { grant, expiresAt: Date.now() + life })
    let refreshToken = refreshTokens === 'steady' ? used : undefined
    if (refreshToken === undefined && refreshTokens !== 'none' && grant.offline) {
      refreshToken = `${prefixes.refresh}${randomBytes(24).toString('hex')}`
      this.refreshTokens.set(refreshToken, { grant, issuedAt: Date.now(), usedAt: undefined })
    }
    this.given.push(accessToken, ...(refreshToken !== undefined && refreshToken !== used ? [refreshToken] : []))
    return { grant, accessToken, refreshToken, isRenewal: used !== undefined, expiresInSeconds: accessTokenSeconds }
  }
}

/** The client of a token request: HTTP Basic (RFC 6749, section 2.3.1) or in the body. */
export function clientOf(request: FakeRequest, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent)
  return { id, secret }
}

/** The parameters of a token request, sent as a form or as JSON. */
export function tokenParametersOf({ json, form }: FakeRequest): URLSearchParams {
  return typeof json === 'object' && json !== null ? new URLSearchParams(json as Record<string, string>) : form
}
