// A connected provider that exists in tests only, and the service behind it, which misbehaves when told to.
import { clientOf, type FakeAccount, FakeOAuth, FakeService, tokenParametersOf } from '@sekisho/fakes'
import { z } from 'zod'
import { type Connect, connectionInput, TokenRefused } from '../src/providers/connect.js'
import { defineProvider, defineTool, type ToolAnnotations, upstreamOf } from '../src/providers/provider.js'
import { upstreamProblem } from '../src/providers/upstream.js'

export const akisAccount: FakeAccount = { id: 'account-1', email: 'aki@clouds.example', name: 'Aki' }
export const akisOtherAccount: FakeAccount = { id: 'account-2', email: 'aki@work.example', name: 'Aki at work' }
export const bensAccount: FakeAccount = { id: 'account-3', email: 'ben@clouds.example', name: 'Ben' }

export const cloudClient = { clientId: 'cloud-client', clientSecret: 'cloud-client-secret-kept' } as const

/** A service with rotating refresh tokens and no grace for those that were replaced. */
export class CloudService extends FakeService {
  readonly oauth = new FakeOAuth({
    ...cloudClient,
    accounts: [akisAccount, akisOtherAccount, bensAccount],
    consentPath: '/consent',
    prefixes: { access: 'cloud_at_', refresh: 'cloud_rt_' },
    accessTokenSeconds: 3600,
    refreshTokens: 'rotating',
    reuseMs: 0,
    scopeSeparator: ' ',
    tokenBody: ({ grant, accessToken, refreshToken, expiresInSeconds }) => ({
      access_token: accessToken,
      token_type: 'bearer',
      scope: grant.scopes.join(' '),
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      ...(expiresInSeconds ? { expires_in: expiresInSeconds } : {}),
    }),
    errorAnswer: (error, description) => ({ status: 400, body: { error, error_description: description } }),
  })

  constructor() {
    super()
    this.route('GET', '/authorize', this.oauth.authorize)
    this.route('POST', '/consent', this.oauth.consent)
    this.route('POST', '/token', (request) => {
      const form = tokenParametersOf(request)
      return this.oauth.token(form, clientOf(request, form))
    })
    this.route('GET', '/api/me', (request) => {
      const grant = this.oauth.findGrant(request)
      return grant ? { body: grant.account } : { status: 401, body: { error: 'unauthorized' } }
    })
  }

  /** Requests of the token endpoint so far. */
  get tokenRequests(): number {
    return this.seen.filter(({ path }) => path === '/token').length
  }
}

const reading: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
}

const connect: Connect = {
  service: 'Cloud',
  apiUrls: ({ notion }) => [`${notion.api}/api`],
  async identify(fetch, { notion }) {
    const response = await fetch(`${notion.api}/api/me`)
    if (response.status === 401) throw new TokenRefused()
    if (!response.ok) throw upstreamProblem({ service: 'Cloud', status: response.status, words: undefined })
    const { id, email, name } = (await response.json()) as FakeAccount
    return { id, label: email, details: { name } }
  },
  oauth: {
    endpoints: ({ notion }) => ({ authorizationUrl: `${notion.api}/authorize`, tokenUrl: `${notion.api}/token` }),
    clientAuthentication: 'client_secret_basic',
    tokenRequest: 'form',
    alwaysScopes: ['profile'],
    scopes: { 'cloud:read': ['files.read'], 'cloud:write': ['files.read', 'files.write'] },
    incremental: false,
    refreshIdleDays: 30,
    setUp: { url: 'https://cloud.example/apps', steps: ['Make a client.'] },
  },
  token: { name: 'personal access token', url: 'https://cloud.example/tokens', hint: 'Choose files.' },
}

const whoOutput = z.object({ id: z.string(), label: z.string(), saw: z.string() })

/** Asks the service whose token it is. */
function whoTool(name: string, scope: string) {
  return defineTool({
    name,
    title: 'Who',
    description: 'Fixture: whose account it is.',
    scope,
    annotations: reading,
    input: z.strictObject({ ...connectionInput }),
    output: whoOutput,
    async run(_input, call) {
      const { account, services, fetch } = upstreamOf(call)
      const response = await fetch(`${services.notion.api}/api/me`)
      if (!response.ok) throw upstreamProblem({ service: 'Cloud', status: response.status, words: undefined })
      const { email } = (await response.json()) as FakeAccount
      return { id: account.id, label: account.label, saw: email }
    },
  })
}

/** Its addresses are those of Notion, because every address a provider knows is a setting. */
export const cloudProvider = defineProvider({
  id: 'cloud',
  title: 'Cloud',
  description: 'Files for tests.',
  scopes: {
    'cloud:read': { allows: 'read your test files', access: 'read' },
    'cloud:write': { allows: 'change your test files', access: 'write' },
  },
  connect,
  tools: [whoTool('cloud.who', 'cloud:read'), whoTool('cloud.change', 'cloud:write')],
})

/** A provider of the same service that nobody has set up. */
export const strayProvider = defineProvider({
  ...cloudProvider,
  id: 'stray',
  scopes: { 'stray:read': { allows: 'read nothing', access: 'read' } },
  connect: { ...connect, service: 'Stray' },
  tools: [whoTool('stray.who', 'stray:read')],
})

/** Settings under which an app server finds the service. */
export function settingsFor(service: CloudService): Record<string, string> {
  return { NOTION_API_URL: service.url, OUTBOUND_ALLOWED_HOSTS: service.host }
}
