// GitHub for tests and the demo: its OAuth pages, its REST API with state, and its limits.
// Wire format: https://docs.github.com/en/rest and .../apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
import { clientOf, type FakeAccount, type FakeGrant, FakeOAuth, tokenParametersOf } from '../fake-oauth.js'
import { type FakeAnswer, type FakeRequest, FakeService } from '../fake-service.js'
import { addActionRoutes, findJob, signatureOf } from './action-routes.js'
import { type Api, type Asked, GitHubRefusal, type Handler, refusal, requireAccess } from './api.js'
import { addContentRoutes } from './content-routes.js'
import { addIssueRoutes } from './issue-routes.js'
import { addPullRoutes } from './pull-routes.js'
import { GitHubRepository, idsFrom, type RepositorySeed, same } from './repository.js'
import { addRepositoryRoutes } from './repository-routes.js'
import { addSearchRoutes } from './search-routes.js'
import { Shapes } from './shapes.js'

export interface GitHubAccount extends FakeAccount {
  readonly login: string
}

export interface GitHubFakeOptions {
  /** Tokens of an OAuth app live on; those of a GitHub App end after 8 hours and are renewed by rotating refresh tokens. */
  readonly app?: 'oauth-app' | 'github-app'
  readonly clientId?: string
  readonly clientSecret?: string
  readonly accounts?: readonly GitHubAccount[]
  /** Where the API begins, e.g. `/api/v3` as at GitHub Enterprise. */
  readonly apiPath?: string
}

export const gitHubAccounts: readonly GitHubAccount[] = [
  { id: '583231', login: 'hana', name: 'Hana Mori', email: 'hana@example.com' },
  { id: '583232', login: 'kenji', name: 'Kenji Abe', email: 'kenji@example.com' },
]

/** Requests an account may make before it must wait, in an hour. */
const hourlyLimit = 5000

interface Limit {
  remaining: number
  /** Seconds since 1970. */
  resetAt: number
}

/** The host of job logs: whoever has the address needs no token, and one that is sent there has gone too far. */
class LogHost extends FakeService {
  constructor(logOf: (id: string) => string | undefined) {
    super()
    this.route('GET', '/logs/{id}', ({ params, query, headers }) => {
      const id = params.id ?? ''
      if (headers.authorization !== undefined) return { status: 400, body: 'InvalidAuthenticationInfo' }
      const log = query.get('sig') === signatureOf({ id: Number(id) }) ? logOf(id) : undefined
      return log === undefined ? { status: 404, body: 'BlobNotFound' } : { body: log }
    })
  }
}

export class GitHubFake extends FakeService {
  readonly oauth: FakeOAuth
  readonly repositories: GitHubRepository[] = []
  readonly accounts: GitHubAccount[]
  readonly logs = new LogHost((id) => this.repositories.map((one) => findJob(one, id)?.job.log).find(Boolean))
  private readonly limits = new Map<string, Limit>()
  private readonly nextId = idsFrom(1_000)
  private readonly apiPath: string

  constructor({ app = 'oauth-app', apiPath = '', ...given }: GitHubFakeOptions = {}) {
    super()
    this.apiPath = apiPath
    this.accounts = [...(given.accounts ?? gitHubAccounts)]
    const isApp = app === 'github-app'
    this.oauth = new FakeOAuth({
      service: 'GitHub',
      clientId: given.clientId ?? 'Iv1.sekisho0000000',
      clientSecret: given.clientSecret ?? 'github-client-secret',
      accounts: this.accounts,
      consentPath: '/login/oauth/consent',
      prefixes: { access: isApp ? 'ghu_' : 'gho_', refresh: 'ghr_' },
      accessTokenSeconds: isApp ? 28_800 : undefined,
      refreshTokens: isApp ? 'rotating' : 'none',
      refreshEndsAccess: true,
      reuseMs: 0,
      scopeSeparator: ',',
      tokenBody: ({ grant, accessToken, refreshToken, expiresInSeconds }) => ({
        access_token: accessToken,
        ...(refreshToken === undefined
          ? {}
          : { expires_in: expiresInSeconds, refresh_token: refreshToken, refresh_token_expires_in: 15_897_600 }),
        token_type: 'bearer',
        scope: isApp ? '' : [...grant.scopes].sort().join(','),
      }),
      errorAnswer: (error, error_description) => ({ body: { error, error_description } }),
    })
    this.addRoutes()
  }

  override async listen(port = 0): Promise<this> {
    await super.listen(port)
    await this.logs.listen()
    return this
  }

  override async close(): Promise<void> {
    await this.logs.close()
    await super.close()
  }

  /** `host:port` of everything it answers at, as in OUTBOUND_ALLOWED_HOSTS. */
  get hosts(): string[] {
    return [this.host, this.logs.host]
  }

  /** As `services.github`. */
  get services(): { readonly web: string; readonly api: string } {
    return { web: this.url, api: `${this.url}${this.apiPath}` }
  }

  repository(seed: RepositorySeed): GitHubRepository {
    const repository = new GitHubRepository(this.nextId(), seed, this.nextId)
    this.repositories.push(repository)
    return repository
  }

  /** A token made by hand: a classic one with these scopes, or a fine-grained one, which has none. */
  personalToken(login: string, scopes: readonly string[] | 'fine-grained'): string {
    const account = this.requireAccount(login)
    if (scopes === 'fine-grained') return this.oauth.personalToken(account, [], 'github_pat_')
    return this.oauth.personalToken(account, scopes, 'ghp_')
  }

  /** From now on the account has no requests left, until so many seconds have passed. */
  exhaust(login: string, seconds: number): void {
    this.limits.set(login, { remaining: 0, resetAt: Math.ceil(Date.now() / 1000) + seconds })
  }

  /** The next requests are too fast for GitHub: the limit that is not counted in x-ratelimit headers. */
  slowDown(seconds: number, { times = 1, status = 403 }: { times?: number; status?: 403 | 429 } = {}): void {
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    const headers = { 'retry-after': String(seconds) }
    this.misbehave(
      new RegExp(`^${this.apiPath}/(?!login/)`),
      { kind: 'answer', status, headers, body: { message } },
      { times },
    )
  }

  private addRoutes(): void {
    this.route('GET', '/login/oauth/authorize', this.oauth.authorize)
    this.route('POST', '/login/oauth/consent', this.oauth.consent)
    this.route('POST', '/login/oauth/access_token', (request) => this.tokenAnswer(request))
    this.route('DELETE', `${this.apiPath}/applications/{clientId}/grant`, (request) => this.endGrant(request))
    const api: Api = {
      repositories: this.repositories,
      findLogin: (login) => this.accounts.find((one) => same(one.login, login))?.login,
      // Authors that are no accounts here have ids too.
      idOf: (login) => Number(this.accounts.find((one) => same(one.login, login))?.id ?? 1 + login.length),
      route: (method, path, handler) => this.apiRoute(method, path, handler),
      repositoryRoute: (method, path, access, handler) =>
        this.apiRoute(method, `/repos/{owner}/{repo}${path}`, (asked) => {
          const repository = requireAccess(this.repositories, asked, access)
          return handler({ ...asked, repository })
        }),
    }
    const shapes = new Shapes(api)
    api.route('GET', '/user', ({ login }) => {
      const { name, email } = this.requireAccount(login)
      return { body: { ...shapes.user(login), name, email, html_url: `${this.url}/${login}` } }
    })
    addRepositoryRoutes(api, shapes)
    addContentRoutes(api, shapes)
    addIssueRoutes(api, shapes)
    addPullRoutes(api, shapes)
    addActionRoutes(api, shapes)
    addSearchRoutes(api, shapes)
  }

  protected override unknownRoute(): FakeAnswer {
    return refusal(404, 'Not Found').answer
  }

  private apiRoute(method: string, path: string, handler: Handler<Asked>): void {
    this.route(method, `${this.apiPath}${path}`, (request) => {
      const headers: Record<string, string> = { 'x-github-media-type': 'github.v3; format=json' }
      try {
        const asked = this.ask(request, headers)
        const answer = handler(asked)
        return { ...answer, headers: { ...headers, ...answer.headers } }
      } catch (error) {
        if (!(error instanceof GitHubRefusal)) throw error
        return { ...error.answer, headers: { ...headers, ...error.answer.headers } }
      }
    })
  }

  /** Whose request it is. Throws as GitHub refuses a program without a name, a bad token, one request too many. */
  private ask(request: FakeRequest, headers: Record<string, string>): Asked {
    if (!request.headers['user-agent']) {
      throw refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      )
    }
    const grant = this.oauth.findGrant(request)
    if (!grant) throw refusal(401, request.headers.authorization ? 'Bad credentials' : 'Requires authentication')
    const login = this.accounts.find(({ id }) => id === grant.account.id)?.login ?? ''
    const isClassic = /gh[op]_/.test(request.headers.authorization ?? '')
    if (isClassic) headers['x-oauth-scopes'] = grant.scopes.join(', ')
    this.count(login, grant, headers)
    const isObject = typeof request.json === 'object' && request.json !== null && !Array.isArray(request.json)
    if (request.text !== '' && !isObject) throw refusal(400, 'Problems parsing JSON')
    return {
      request,
      grant,
      login,
      isClassic,
      params: request.params,
      body: isObject ? (request.json as Record<string, unknown>) : {},
      apiUrl: this.services.api,
      webUrl: this.services.web,
      logsUrl: this.logs.url,
    }
  }

  private count(login: string, { account }: FakeGrant, headers: Record<string, string>): void {
    const nowSeconds = Date.now() / 1000
    const known = this.limits.get(login)
    const limit =
      known && known.resetAt > nowSeconds ? known : { remaining: hourlyLimit, resetAt: Math.ceil(nowSeconds) + 3600 }
    this.limits.set(login, limit)
    const isOver = limit.remaining === 0
    limit.remaining = Math.max(0, limit.remaining - 1)
    Object.assign(headers, {
      'x-ratelimit-limit': String(hourlyLimit),
      'x-ratelimit-remaining': String(limit.remaining),
      'x-ratelimit-used': String(hourlyLimit - limit.remaining),
      'x-ratelimit-reset': String(limit.resetAt),
      'x-ratelimit-resource': 'core',
    })
    if (isOver) throw refusal(403, `API rate limit exceeded for user ID ${account.id}.`)
  }

  /** Errors have status 200 here, and the answer is a form unless JSON is asked for. */
  private tokenAnswer(request: FakeRequest): FakeAnswer {
    const form = new URLSearchParams([...request.query, ...tokenParametersOf(request)])
    if (!form.has('grant_type')) form.set('grant_type', 'authorization_code')
    const { status, body, headers } = this.oauth.token(form, clientOf(request, form))
    const members = { ...(body as Record<string, unknown>) }
    if (members.error === 'invalid_client') members.error = 'incorrect_client_credentials'
    if (members.error === 'invalid_grant') {
      members.error = form.get('grant_type') === 'refresh_token' ? 'bad_refresh_token' : 'bad_verification_code'
    }
    if ((request.headers.accept ?? '').includes('json')) return { ...(status ? { status } : {}), body: members }
    const pairs = Object.entries(members).map(([name, value]): [string, string] => [name, String(value)])
    return {
      body: new URLSearchParams(pairs).toString(),
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    }
  }

  /** DELETE of an app's grant: with the app's own credentials, and any of its tokens in the body. */
  private endGrant(request: FakeRequest): FakeAnswer {
    const { id, secret } = clientOf(request, new URLSearchParams())
    const { clientId, clientSecret } = this.oauth.options
    if (id !== clientId || secret !== clientSecret) return refusal(401, 'Bad credentials').answer
    if (request.params.clientId !== clientId) return refusal(404, 'Not Found').answer
    const token = (request.json as { access_token?: unknown } | undefined)?.access_token
    if (typeof token !== 'string') return refusal(422, 'Validation Failed').answer
    return this.oauth.revokeToken(token) ? { status: 204 } : refusal(404, 'Not Found').answer
  }

  private requireAccount(login: string): GitHubAccount {
    const account = this.accounts.find((one) => same(one.login, login))
    if (!account) throw new Error(`the fake has no account ${login}`)
    return account
  }
}
