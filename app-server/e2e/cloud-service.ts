// The service behind the connected provider of the tests: a fake with rotating refresh tokens.
import { clientOf, type FakeAccount, FakeOAuth, FakeService, tokenParametersOf } from '@sekisho/fakes'

export const akisAccount: FakeAccount = { id: 'account-1', email: 'aki@clouds.example', name: 'Aki' }
export const akisOtherAccount: FakeAccount = { id: 'account-2', email: 'aki@work.example', name: 'Aki at work' }
export const bensAccount: FakeAccount = { id: 'account-3', email: 'ben@clouds.example', name: 'Ben' }

export const cloudClient = { clientId: 'cloud-client', clientSecret: 'cloud-client-secret-kept' } as const

/** A service with rotating refresh tokens and no grace for those that were replaced. */
export class CloudService extends FakeService {
  /** Whether the answers of the token endpoint carry one. */
  sendsRefreshTokens = true
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
      ...(refreshToken && this.sendsRefreshTokens ? { refresh_token: refreshToken } : {}),
      ...(expiresInSeconds ? { expires_in: expiresInSeconds } : {}),
    }),
    errorAnswer: (error, description) => ({ status: 400, body: { error, error_description: description } }),
  })

  /** What is waited for when the tokens are renewed and their answer is not out yet. */
  beforeTokenAnswer: Promise<void> | undefined

  constructor() {
    super()
    this.route('GET', '/authorize', this.oauth.authorize)
    this.route('POST', '/consent', this.oauth.consent)
    this.route('POST', '/token', async (request) => {
      const form = tokenParametersOf(request)
      const answer = this.oauth.token(form, clientOf(request, form))
      await this.beforeTokenAnswer
      return answer
    })
    for (const path of ['/api/me', '/api/files']) {
      this.route('GET', path, (request) => {
        const grant = this.oauth.findGrant(request)
        return grant ? { body: grant.account } : { status: 401, body: { error: 'unauthorized' } }
      })
    }
  }

  /** Requests of a path since it last behaved. */
  requests(path: string): number {
    return this.seen.filter((request) => request.path === path).length
  }

  /** Holds the answers of the token endpoint back, after it did its work. Gives what lets them go. */
  holdTokenAnswers(): () => void {
    let release: () => void = () => undefined
    this.beforeTokenAnswer = new Promise((resolve) => {
      release = resolve
    })
    return () => {
      this.beforeTokenAnswer = undefined
      release()
    }
  }
}

/** Settings under which an app server finds the service. */
export function settingsFor(service: CloudService): Record<string, string> {
  return { NOTION_API_URL: service.url, OUTBOUND_ALLOWED_HOSTS: service.host }
}
