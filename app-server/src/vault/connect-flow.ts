// Connects an account: to the service with a consent and back with a code, or with a token that somebody made there.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Session } from '../accounts/session.js'
import { Database } from '../platform/database/database.js'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { Log } from '../platform/log.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { type Account, type Connect, TokenRefused } from '../providers/connect.js'
import { upstreamFetch } from '../providers/upstream.js'
import { scopesToAsk } from './access-words.js'
import {
  ConnectFailure,
  type ConnectFailureKind,
  type FailedAttempt,
  kindOfAnsweredError,
  kindOfIdentifyProblem,
} from './connect-failure.js'
import { callbackUrl } from './connect-link.js'
import { type Connection, Connections } from './connections.js'
import { ConsentStates, type TakenConsent } from './consent-states.js'
import { type Credential, Credentials } from './credentials.js'
import type { ConnectedProvider } from './not-connected.js'
import { t } from './t.js'
import { TokenAttempts } from './token-attempts.js'
import { TokenEndpoint, TokenEndpointFailure, type TokenEndpointFailureKind, type Tokens } from './token-endpoint.js'

/** Longest wait for a service to say whose account it is, in milliseconds. */
const identifyMs = 15_000

const accountShape = z.object({
  id: z.string().min(1).max(500),
  label: z
    .string()
    .trim()
    .min(1)
    .transform((label) => label.slice(0, 200).toWellFormed()),
  details: z.record(z.string(), z.unknown()),
})

/** What a person chose on the page. */
export interface Wish {
  /** Of our scopes. */
  readonly scopes: readonly string[]
  /** The connection that is connected anew. */
  readonly connection: Connection | undefined
  readonly returnTo: string | undefined
}

/** An account that was connected, and what for. */
export interface Connected {
  readonly connection: Connection
  /** Of our scopes: what was asked for. */
  readonly scopes: readonly string[]
  /** Whether it was connected before. */
  readonly anew: boolean
  readonly returnTo: string | undefined
}

/** A token somebody made at the service, with what is given beside it. */
export interface GivenToken {
  readonly token: string
  readonly fields: Readonly<Record<string, string>>
}

@Injectable()
export class ConnectFlow {
  constructor(
    private readonly database: Database,
    private readonly states: ConsentStates,
    private readonly credentials: Credentials,
    private readonly connections: Connections,
    private readonly tokenEndpoint: TokenEndpoint,
    private readonly attempts: TokenAttempts,
    private readonly fetch: GuardedFetch,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The OAuth client a person's consents go through: their own, else the operator's. */
  async findClient(userId: string, provider: ConnectedProvider): Promise<Credential | undefined> {
    const own = await this.credentials.findOwnClient(userId, provider.id)
    return own ?? (await this.credentials.findSharedClient(provider.id))
  }

  /** Where to send the browser, so that the person says yes there. Throws Problem conflict, rate-limited. */
  async depart(session: Session, provider: ConnectedProvider, wish: Wish): Promise<string> {
    const { oauth, service } = provider.connect
    const credential = oauth && (await this.findClient(session.viewer.id, provider))
    if (!oauth || !credential) {
      throw new Problem(
        'conflict',
        t('Connecting {service} is not set up here, or no longer. Go back and reload the page.', { service }),
      )
    }
    const { scopes, connection, returnTo } = wish
    const asked = scopesToAsk(oauth, scopes, connection?.status === 'connected' ? connection.scopes : undefined)
    const departure = await this.states.open(session, {
      provider: provider.id,
      credentialId: credential.id,
      connectionId: connection?.id,
      asked,
      scopes,
      returnTo,
    })
    const url = new URL(oauth.endpoints(this.settings.services).authorizationUrl)
    const parameters = {
      ...oauth.parameters,
      response_type: 'code',
      client_id: credential.clientId ?? '',
      redirect_uri: this.callbackOf(provider),
      ...(asked.length > 0 ? { scope: asked.join(' ') } : {}),
      state: departure.state,
      code_challenge: departure.codeChallenge,
      code_challenge_method: 'S256',
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url.href
  }

  /** Keeps the account of who came back. Throws ConnectFailure for everything that can go wrong on the way. */
  async arrive(session: Session, provider: ConnectedProvider, query: Record<string, unknown>): Promise<Connected> {
    const { oauth } = provider.connect
    const { state, code, error, iss } = query
    const taken = oauth && isShortText(state) ? await this.states.take(session, provider.id, state) : 'state-unknown'
    if (!oauth || typeof taken === 'string') throw new ConnectFailure(taken as ConnectFailureKind)
    const { scopes, returnTo, connectionId } = taken
    const attempt: FailedAttempt = { scopes, returnTo, connectionId }
    const { issuer } = oauth.endpoints(this.settings.services)
    if (issuer !== undefined && iss !== issuer) throw new ConnectFailure('wrong-issuer', attempt)
    const ownClient = (await this.credentials.find(taken.credentialId))?.ownerId === session.viewer.id
    if (error !== undefined) throw new ConnectFailure(kindOfAnsweredError(String(error), ownClient), attempt)
    if (!isShortText(code)) throw new ConnectFailure('consent-refused', attempt)
    const tokens = await this.exchange(provider, taken, code, ownClient, attempt)
    const account = await this.identify(provider.connect, `Bearer ${tokens.accessToken}`, {}, attempt).catch(
      (error) => {
        // Nobody typed it, so nobody can mend it: the service does not take what it gave a moment ago.
        throw error instanceof TokenRefused ? new ConnectFailure('not-understood', attempt, { cause: error }) : error
      },
    )
    return this.keep(session, provider, account, attempt, async () =>
      this.connections.keep({
        userId: session.viewer.id,
        provider: provider.id,
        credentialId: taken.credentialId,
        account,
        scopes: tokens.scopes === undefined ? taken.asked : tokens.scopes,
        tokens,
      }),
    )
  }

  /** Connects the account of a person's own token. Throws ConnectFailure, TokenRefused, Problem rate-limited. */
  async connectByToken(
    session: Session,
    provider: ConnectedProvider,
    given: GivenToken,
    wish: Wish,
  ): Promise<Connected> {
    this.attempts.count(session.viewer.id)
    const attempt = attemptOf(wish)
    const account = await this.identifyByToken(provider, given, attempt)
    return this.keep(session, provider, account, attempt, () =>
      this.database.transaction(async (sql) => {
        const credential = await this.credentials.create(
          {
            provider: provider.id,
            kind: 'token',
            ownerId: session.viewer.id,
            label: account.label,
            secret: given.token,
            fields: given.fields,
          },
          sql,
        )
        const entry = { userId: session.viewer.id, provider: provider.id, credentialId: credential.id, account }
        return this.connections.keep({ ...entry, scopes: null, tokens: undefined }, sql)
      }),
    )
  }

  /** Connects the operator's account to a person, by the token that the operator shares. Throws ConnectFailure, TokenRefused. */
  async connectShared(
    session: Session,
    provider: ConnectedProvider,
    shared: Credential,
    wish: Wish,
  ): Promise<Connected> {
    this.attempts.count(session.viewer.id)
    const attempt = attemptOf(wish)
    const given = { token: await this.credentials.requireToken(shared.id), fields: shared.fields }
    const account = await this.identifyByToken(provider, given, attempt)
    const entry = { userId: session.viewer.id, provider: provider.id, credentialId: shared.id, account }
    return this.keep(session, provider, account, attempt, () =>
      this.connections.keep({ ...entry, scopes: null, tokens: undefined }),
    )
  }

  /** Asks the service whose token it is. Throws ConnectFailure, TokenRefused. */
  async identifyByToken(provider: ConnectedProvider, given: GivenToken, attempt: FailedAttempt = {}): Promise<Account> {
    const { token } = provider.connect
    const authorization = token?.authorization?.(given.token, given.fields) ?? `Bearer ${given.token}`
    return this.identify(provider.connect, authorization, given.fields, attempt)
  }

  private async exchange(
    provider: ConnectedProvider,
    { credentialId, codeVerifier }: TakenConsent,
    code: string,
    ownClient: boolean,
    attempt: FailedAttempt,
  ): Promise<Tokens> {
    const { oauth } = provider.connect
    if (!oauth) throw new Error(`${provider.id} has no OAuth`)
    const client = await this.credentials.requireClient(credentialId)
    const redirectUri = this.callbackOf(provider)
    return this.tokenEndpoint.exchange(oauth, client, { code, codeVerifier, redirectUri }).catch((error: unknown) => {
      if (!(error instanceof TokenEndpointFailure)) throw error
      this.log.warn({ provider: provider.id, reason: error.error }, 'a service gave no tokens for a code')
      const kinds: Record<TokenEndpointFailureKind, ConnectFailureKind> = {
        gone: 'consent-refused',
        client: ownClient ? 'own-client-refused' : 'client-refused',
        unavailable: 'unavailable',
        faulty: 'not-understood',
      }
      throw new ConnectFailure(kinds[error.kind], attempt, { cause: error })
    })
  }

  private async identify(
    connect: Connect,
    authorization: string,
    given: GivenToken['fields'],
    attempt: FailedAttempt,
  ): Promise<Account> {
    const { services } = this.settings
    const fetch = upstreamFetch({
      connect,
      services,
      details: given,
      tokens: { authorization: async () => authorization, renewed: async () => undefined },
      fetch: this.fetch,
      signal: AbortSignal.timeout(identifyMs),
    })
    try {
      return accountShape.parse(await connect.identify(fetch, services, given))
    } catch (error) {
      if (error instanceof TokenRefused) throw error
      if (error instanceof Problem) {
        const kind = kindOfIdentifyProblem(error)
        const detail = kind === 'not-usable' ? { detail: error.detail } : {}
        throw new ConnectFailure(kind, { ...attempt, ...detail }, { cause: error })
      }
      this.log.error({ error, service: connect.service }, 'a service did not say in known words whose account it is')
      throw new ConnectFailure('not-understood', attempt, { cause: error })
    }
  }

  /** Nothing is overwritten by an account that somebody did not mean. */
  private async keep(
    session: Session,
    provider: ConnectedProvider,
    account: Account,
    attempt: FailedAttempt,
    write: () => Promise<Connection>,
  ): Promise<Connected> {
    const userId = session.viewer.id
    const { connectionId, scopes = [], returnTo } = attempt
    const known = await this.connections.list(userId, provider.id)
    const meant = known.find(({ id }) => id === connectionId)
    if (connectionId !== undefined && meant?.account.id !== account.id) {
      const expected = meant?.account.label
      throw new ConnectFailure('other-account', {
        ...attempt,
        chosen: account.label,
        ...(expected === undefined ? {} : { expected }),
      })
    }
    const anew = known.some((connection) => connection.account.id === account.id)
    const connection = await write().catch((error: unknown) => {
      const full = error instanceof Problem && error.code === 'conflict'
      throw full ? new ConnectFailure('too-many-accounts', { ...attempt, detail: error.detail }) : error
    })
    return { connection, scopes, anew, returnTo }
  }

  private callbackOf(provider: ConnectedProvider): string {
    return callbackUrl(this.settings.publicUrl, provider.id)
  }
}

function attemptOf({ scopes, connection, returnTo }: Wish): FailedAttempt {
  return { scopes, connectionId: connection?.id, returnTo }
}

/** Codes and states are short; what is longer is neither. */
function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 4_096
}
