// Atlassian's fake: sign-in and consent (OAuth 2.0 3LO), and Jira Cloud's REST API (v3) for its sites, by bearer through the
// gateway, and by e-mail address and API token on the site's own address.
import { randomBytes } from 'node:crypto'
import { clientOf, type FakeAccount, FakeOAuth, tokenParametersOf } from '../fake-oauth.js'
import { type FakeAnswer, type FakeRequest, FakeService, type Misbehaviour } from '../fake-service.js'
import { answering, type JiraApi, type JiraHandler, type JiraScope } from './jira-api.js'
import { addIssueRoutes } from './jira-issue-routes.js'
import { addProjectRoutes } from './jira-project-routes.js'
import type { JiraSite } from './jira-site.js'
import { addTalkRoutes } from './jira-talk-routes.js'

interface ApiToken {
  readonly account: FakeAccount
  /** Undefined for a token without scopes. */
  readonly scopes: readonly string[] | undefined
  revoked: boolean
}

interface Session {
  readonly account: FakeAccount
  /** Undefined: everything. */
  readonly scopes: readonly string[] | undefined
}

export interface AtlassianFakeOptions {
  readonly accounts: FakeAccount[]
  /** The first one's own address is that of the fake. */
  readonly sites: JiraSite[]
  readonly clientId?: string
  readonly clientSecret?: string
}

const jiraRoot = '/rest/api/3'

export class AtlassianFake extends FakeService {
  readonly oauth: FakeOAuth
  readonly sites: JiraSite[]
  private readonly apiTokens = new Map<string, ApiToken>()

  constructor({
    accounts,
    sites,
    clientId = 'atlassian-client',
    clientSecret = 'atlassian-secret',
  }: AtlassianFakeOptions) {
    super()
    this.sites = sites
    this.oauth = new FakeOAuth({
      service: 'Atlassian',
      clientId,
      clientSecret,
      accounts,
      consentPath: '/consent',
      prefixes: { access: 'eyJ-access-', refresh: 'eyJ-refresh-' },
      accessTokenSeconds: 3_600,
      refreshTokens: 'rotating',
      // The leeway Atlassian allows for a refresh token that was already used.
      reuseMs: 10 * 60_000,
      refreshIdleMs: 90 * 24 * 3_600_000,
      scopeSeparator: ' ',
      tokenBody: ({ grant, accessToken, refreshToken, expiresInSeconds }) => ({
        access_token: accessToken,
        expires_in: expiresInSeconds,
        token_type: 'Bearer',
        scope: grant.scopes.join(' '),
        // Only who asked for offline_access may come back without the person.
        ...(grant.scopes.includes('offline_access') ? { refresh_token: refreshToken } : {}),
      }),
      errorAnswer,
    })
    this.addOAuthRoutes()
    const api: JiraApi = { route: (...given) => this.jiraRoute(...given) }
    addProjectRoutes(api)
    addIssueRoutes(api)
    addTalkRoutes(api)
  }

  /** A token made by hand: `scoped` ones work through the gateway alone, others on the site's own address alone. */
  apiToken(account: FakeAccount, scopes?: readonly string[]): string {
    const token = `ATATT3x${randomBytes(24).toString('base64url')}=${randomBytes(4).toString('hex').toUpperCase()}`
    this.apiTokens.set(token, { account, scopes, revoked: false })
    return token
  }

  revokeApiToken(token: string): void {
    const known = this.apiTokens.get(token)
    if (known) known.revoked = true
  }

  /** What a request gets that is one too many. */
  tooMany(retryAfterSeconds: number): Misbehaviour {
    const reset = new Date(Date.now() + retryAfterSeconds * 1000).toISOString().replace(/:\d{2}\.\d{3}Z$/, 'Z')
    const headers = {
      'Retry-After': String(retryAfterSeconds),
      'X-RateLimit-Limit': '350',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': reset,
      'RateLimit-Reason': 'jira-burst-based',
    }
    return { kind: 'answer', status: 429, headers, body: { errorMessages: ['Rate limit exceeded.'], errors: {} } }
  }

  protected override unknownRoute(): FakeAnswer {
    return { status: 404, body: { errorMessages: ['The requested resource was not found.'], errors: {} } }
  }

  private addOAuthRoutes(): void {
    this.route('GET', '/authorize', (request) => {
      const { query } = request
      const asked = query.get('audience') === 'api.atlassian.com' && query.get('response_type') === 'code'
      if (!asked || query.get('prompt') !== 'consent')
        return errorAnswer('invalid_request', 'audience, response_type or prompt is missing')
      return this.oauth.authorize(request)
    })
    this.route('POST', '/consent', this.oauth.consent)
    this.route('POST', '/oauth/token', (request) => {
      const form = tokenParametersOf(request)
      return this.oauth.token(form, clientOf(request, form))
    })
    this.route('GET', '/me', (request) => {
      const grant = this.oauth.findGrant(request)
      if (!grant) return unauthorized()
      if (!grant.scopes.includes('read:me'))
        return { status: 403, body: { code: 403, message: 'Forbidden; scope does not match' } }
      const { id, email, name } = grant.account
      return {
        body: {
          account_type: 'atlassian',
          account_id: id,
          email,
          name,
          picture: `${this.url}/picture/${id}`,
          account_status: 'active',
        },
      }
    })
    this.route('GET', '/oauth/token/accessible-resources', (request) => {
      const grant = this.oauth.findGrant(request)
      if (!grant) return unauthorized()
      const scopes = grant.scopes.filter((scope) => scope.includes(':jira'))
      const sites = scopes.length === 0 ? [] : this.sitesOf(grant.account)
      return {
        body: sites.map((site) => ({
          id: site.id,
          url: site.url,
          name: site.name,
          scopes,
          avatarUrl: `${site.url}/avatar.png`,
        })),
      }
    })
    // What anybody may ask a site, to know its id.
    this.route('GET', '/_edge/tenant_info', () => ({
      body: { cloudId: this.sites[0]?.id, cloudName: this.sites[0]?.name },
    }))
  }

  private sitesOf({ id }: FakeAccount): JiraSite[] {
    return this.sites.filter(({ accounts }) => accounts.some((account) => account.id === id))
  }

  private jiraRoute(method: string, path: string, scope: JiraScope, handler: JiraHandler): void {
    this.route(method, `/ex/jira/{cloudId}${jiraRoot}${path}`, (request) => {
      const session = this.gatewaySession(request)
      if (!session) return unauthorized()
      const site = this.sitesOf(session.account).find(({ id }) => id === request.params.cloudId)
      if (!site) return { status: 404, body: { code: 404, message: 'No message available' } }
      if (session.scopes && !session.scopes.includes(scope)) return unauthorized('Unauthorized; scope does not match')
      return answering(() => handler({ request, site, account: session.account, params: request.params }))
    })
    this.route(method, `${jiraRoot}${path}`, (request) => {
      const [site] = this.sites
      const account = this.siteAccount(request, site)
      if (!site || !account) return refusedOnSite(path)
      return answering(() => handler({ request, site, account, params: request.params }))
    })
  }

  private gatewaySession(request: FakeRequest): Session | undefined {
    const grant = this.oauth.findGrant(request)
    if (grant) return { account: grant.account, scopes: grant.scopes }
    const token = this.findApiToken(request)
    return token?.scopes ? { account: token.account, scopes: token.scopes } : undefined
  }

  private siteAccount(request: FakeRequest, site: JiraSite | undefined): FakeAccount | undefined {
    const token = this.findApiToken(request)
    if (!token || token.scopes) return undefined
    return site?.accounts.find(({ id }) => id === token.account.id)
  }

  /** The API token of a request with the e-mail address of its owner (RFC 7617). */
  private findApiToken({ headers }: FakeRequest): ApiToken | undefined {
    const basic = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    if (basic === undefined) return undefined
    const pair = Buffer.from(basic, 'base64').toString('utf8')
    const [email, secret] = [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]
    const token = this.apiTokens.get(secret)
    const fits = token && !token.revoked && token.account.email.toLowerCase() === email.toLowerCase()
    return fits ? token : undefined
  }
}

function unauthorized(message = 'Unauthorized'): FakeAnswer {
  return { status: 401, body: { code: 401, message } }
}

/** A site takes who has no good token for a visitor, who sees nothing, and says so in a header alone. */
function refusedOnSite(path: string): FakeAnswer {
  const headers = { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' }
  if (path.startsWith('/issue/')) {
    const body = { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} }
    return { status: 404, body, headers }
  }
  if (path === '/project/search') {
    return { body: { startAt: 0, maxResults: 50, total: 0, isLast: true, values: [] }, headers }
  }
  return { status: 401, body: 'Client must be authenticated to access this resource.', headers }
}

/** As the token endpoint says no: a refresh token that is not valid is 403. */
function errorAnswer(error: string, description: string): FakeAnswer {
  if (error === 'invalid_client')
    return { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } }
  const isRefresh = description.includes('refresh')
  const words = isRefresh ? 'Unknown or invalid refresh token.' : description
  return { status: error === 'invalid_grant' ? 403 : 400, body: { error, error_description: words } }
}
