// A pretended Notion: OAuth with its page picker, internal tokens, and the API of one version over workspaces with state.
// Shapes: developers.notion.com, version 2026-03-11.
import {
  clientOf,
  type FakeAccount,
  type FakeGrant,
  FakeOAuth,
  type IssuedTokens,
  tokenParametersOf,
} from '../fake-oauth.js'
import { escaped, type FakeAnswer, type FakeRequest, FakeService, page as htmlPage } from '../fake-service.js'
import { botAnswer } from './notion-answers.js'
import { addNotionRoutes, type NotionAsk, type NotionCapability } from './notion-routes.js'
import { type Json, NotionRefusal, notionError } from './notion-values.js'
import { NotionWorkspace } from './notion-workspace.js'

/** The one version it speaks. */
export const notionVersion = '2026-03-11'

export class NotionFake extends FakeService {
  readonly workspaces: NotionWorkspace[] = []
  readonly capabilities = new Set<NotionCapability>([
    'read_content',
    'update_content',
    'insert_content',
    'read_comments',
    'insert_comments',
    'read_users',
  ])
  readonly oauth: FakeOAuth
  private readonly accounts: FakeAccount[] = []
  private readonly internal = new Set<FakeGrant>()

  constructor(
    client: { clientId: string; clientSecret: string } = { clientId: 'notion-client', clientSecret: 'notion-secret' },
  ) {
    super()
    this.oauth = new FakeOAuth({
      ...client,
      service: 'Notion',
      accounts: this.accounts,
      consentPath: '/v1/oauth/consent',
      prefixes: { access: 'ntn_', refresh: 'nrt_' },
      accessTokenSeconds: undefined,
      refreshTokens: 'rotating',
      reuseMs: 0,
      scopeSeparator: ' ',
      tokenBody: (issued) => this.tokenBody(issued),
      errorAnswer: (error, description) => ({
        status: error === 'invalid_client' ? 401 : 400,
        body: { error, error_description: description },
      }),
    })
    this.addOAuthRoutes()
    addNotionRoutes((method, path, needs, answer) => {
      this.route(method, path, (request) => this.answered(request, needs, answer))
    })
  }

  /** Adds a workspace with its people; the first of them is who connects it. */
  addWorkspace(name: string, people: FakeAccount[]): NotionWorkspace {
    const workspace = new NotionWorkspace(name, people)
    this.workspaces.push(workspace)
    const [owner] = people
    if (!owner) throw new Error('a workspace needs somebody')
    this.accounts.push(owner)
    return workspace
  }

  /** A token of an internal connection. @param pages what was shared with it; all unless told */
  internalToken(workspace: NotionWorkspace, pages: readonly string[] = ['*']): string {
    const [account] = workspace.people
    if (!account) throw new Error('a workspace needs somebody')
    const token = this.oauth.personalToken(account, pages)
    const grant = this.oauth.findGrant({ headers: { authorization: `Bearer ${token}` } })
    if (grant) this.internal.add(grant)
    return token
  }

  protected override unknownRoute(): FakeAnswer {
    return notionError('invalid_request_url', 'Invalid request URL.')
  }

  private workspaceOf(account: FakeAccount): NotionWorkspace {
    const workspace = this.workspaces.find(({ people }) => people[0] === account)
    if (!workspace) throw new Error(`${account.name} has no workspace`)
    return workspace
  }

  /** Refuses what Notion refuses before it looks at anything: the token, the version, capabilities, the body. */
  private async answered(
    request: FakeRequest,
    needs: NotionCapability | undefined,
    answer: (ask: NotionAsk) => Json,
  ): Promise<FakeAnswer> {
    const grant = this.oauth.findGrant(request)
    if (!grant) return notionError('unauthorized', 'API token is invalid.')
    const version = request.headers['notion-version']
    if (version === undefined) {
      return notionError(
        'missing_version',
        'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.',
      )
    }
    if (version !== notionVersion)
      return notionError('validation_error', `Notion-Version header should be ${notionVersion}.`)
    if (needs && !this.capabilities.has(needs)) {
      return notionError('restricted_resource', 'Insufficient permissions for this endpoint.')
    }
    const hasBody = request.method === 'POST' || request.method === 'PATCH'
    if (hasBody && (typeof request.json !== 'object' || request.json === null)) {
      return notionError('invalid_json', 'Error parsing JSON body.')
    }
    try {
      const body = answer({
        workspace: this.workspaceOf(grant.account),
        shared: new Set(grant.scopes),
        owner: this.internal.has(grant) ? undefined : grant.account.id,
        params: request.params,
        query: request.query,
        body: hasBody ? (request.json as Json) : {},
      })
      return { body }
    } catch (error) {
      if (error instanceof NotionRefusal) return error.answer
      throw error
    }
  }

  private addOAuthRoutes(): void {
    this.route('GET', '/v1/oauth/authorize', (request) => this.authorize(request))
    this.route('POST', '/v1/oauth/consent', this.oauth.consent)
    this.route('POST', '/v1/oauth/token', (request) => {
      const form = tokenParametersOf(request)
      return this.oauth.token(form, basicClientOf(request))
    })
    for (const path of ['/v1/oauth/revoke', '/v1/oauth/introspect']) {
      this.route('POST', path, (request) => {
        const { id, secret } = basicClientOf(request)
        const { clientId, clientSecret } = this.oauth.options
        if (id !== clientId || secret !== clientSecret) {
          return { status: 401, body: { error: 'invalid_client', error_description: 'The client is not known.' } }
        }
        const token = tokenParametersOf(request).get('token') ?? ''
        if (path.endsWith('introspect')) {
          const active = this.oauth.findGrant({ headers: { authorization: `Bearer ${token}` } }) !== undefined
          return { body: active ? { active, scope: 'read_content', iat: 1_763_600_000 } : { active } }
        }
        this.oauth.revokeToken(token)
        return { body: {} }
      })
    }
  }

  /** Notion's consent: a workspace, and which of its pages are shared. There are no scopes. */
  private authorize({ query }: FakeRequest): FakeAnswer {
    const redirectUri = query.get('redirect_uri') ?? ''
    const refused = (why: string) => htmlPage(`<h1>This connection does not work</h1><p>${why}</p>`, 400, 'Notion')
    if (query.get('client_id') !== this.oauth.options.clientId || !URL.canParse(redirectUri)) {
      return refused('Missing or invalid client_id or redirect_uri.')
    }
    if (query.get('owner') !== 'user' || query.get('response_type') !== 'code') {
      return refused('owner must be user, and response_type must be code.')
    }
    const hidden = ['redirect_uri', 'state', 'code_challenge']
      .filter((name) => query.has(name))
      .map((name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? '')}">`)
    const choices = this.workspaces.map(({ name, people: [owner] }) => {
      const label = `${name}, as ${owner?.name}`
      return `<option value="${escaped(owner?.id ?? '')}">${escaped(label)}</option>`
    })
    const pages = this.workspaces.map((workspace) => {
      const tops = [...workspace.pages.values(), ...workspace.databases.values()]
        .filter(({ parent }) => parent.type === 'workspace')
        .map((one) => {
          const title = 'title' in one ? one.title : workspace.titleOf(one)
          return `<label class="scope"><input type="checkbox" name="scope" value="${one.id}" checked> ${escaped(title)}</label>`
        })
      return `<fieldset><legend>Pages of ${escaped(workspace.name)}</legend>${tops.join('')}</fieldset>`
    })
    return htmlPage(
      `<h1>Allow access to pages?</h1>
       <p class="soft">The application at <strong>${escaped(new URL(redirectUri).host)}</strong> wants to use them.</p>
       <form action="/v1/oauth/consent" method="post">${hidden.join('')}
       <label class="field">Workspace <select name="account">${choices.join('')}</select></label>${pages.join('')}
       <div class="choices"><button name="choice" value="allow">Allow</button>
       <button name="choice" value="deny">Deny</button></div></form>`,
      200,
      'Notion',
    )
  }

  private tokenBody({ grant, accessToken, refreshToken }: IssuedTokens): Json {
    const workspace = this.workspaceOf(grant.account)
    const { owner } = botAnswer(workspace, grant.account.id).bot as Json
    return {
      access_token: accessToken,
      token_type: 'bearer',
      refresh_token: refreshToken ?? null,
      bot_id: workspace.botId,
      workspace_id: workspace.id,
      workspace_name: workspace.name,
      workspace_icon: null,
      owner,
      duplicated_template_id: null,
    }
  }
}

/** Notion takes a client in the Authorization header alone. */
function basicClientOf(request: FakeRequest): { id: string; secret: string } {
  return request.headers.authorization?.startsWith('Basic ')
    ? clientOf(request, new URLSearchParams())
    : { id: '', secret: '' }
}
