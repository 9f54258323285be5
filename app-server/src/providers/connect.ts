// How accounts of a service are connected: what the vault must know of the service, and what a tool gets of the account.
import type { Problem } from '@sekisho/contracts'
import type { OutboundRequest } from '../platform/guarded-fetch.js'
import type { Services } from '../platform/service-settings.js'
import { text } from './inputs.js'

/** An account as its service names it. */
export interface Account {
  /** The service's own id, which never changes. */
  readonly id: string
  /** What a person knows it by: an e-mail address, a login, the name of a workspace. At most 200 characters. */
  readonly label: string
  /** What tools need besides the token, e.g. the ids of Jira sites. Plain JSON, nothing secret. */
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * Sends a request with the account's token, to the service's own addresses only.
 * Renews the token once when it is refused, waits out short rate limits; any other status is an answer.
 * Throws Problem not-connected, rate-limited, upstream-failed, timeout, cancelled.
 */
export type UpstreamFetch = (url: string | URL, request?: OutboundRequest) => Promise<Response>

/** The connected account a tool runs on. */
export interface Upstream {
  readonly account: Account
  readonly services: Services
  readonly fetch: UpstreamFetch
}

/** How accounts of a provider's service are connected. At least one of `oauth` and `token` is there. */
export interface Connect {
  /** The service as people know it, e.g. "GitHub". */
  readonly service: string
  /**
   * Where the token may be sent: addresses with the origin (and the beginning of the path) of one of these.
   * `details` are those of `identify`; while it runs they are what was given.
   */
  apiUrls(services: Services, details: Account['details']): readonly string[]
  /**
   * Asks the service whose token it is. `given` are the fields a person gave beside a token, or nothing.
   * Throws Problem; TokenRefused when the service does not take the token.
   */
  identify(fetch: UpstreamFetch, services: Services, given: Readonly<Record<string, string>>): Promise<Account>
  /** The problem behind an answer with an error status, where this service says it differently from `upstreamProblem`. */
  readonly problemOf?: (response: Response) => Promise<Problem | undefined>
  /** Seconds until the service takes requests again, when the answer says so differently than by 429 and Retry-After. */
  readonly retryAfterSeconds?: (response: Response) => Promise<number | undefined>
  /** Whether an answer means that the token is not taken, where this service says it otherwise than by status 401. */
  readonly refusesToken?: (response: Response) => Promise<boolean>
  /** The page where a person takes back what they allowed, for services whose authorizations only they can end. */
  readonly manageUrl?: string
  readonly oauth?: OAuthConnect
  readonly token?: TokenConnect
}

/** The service does not take a token (401). */
export class TokenRefused extends Error {
  constructor(options?: ErrorOptions) {
    super('the service does not take this token', options)
    this.name = 'TokenRefused'
  }
}

/** An authorization code flow (RFC 6749, section 4.1), always with PKCE (RFC 7636). */
export interface OAuthConnect {
  endpoints(services: Services): {
    readonly authorizationUrl: string
    readonly tokenUrl: string
    /** As sent back in `iss` (RFC 9207); undefined where the service does not. */
    readonly issuer?: string
  }
  /** Parameters of the authorization request besides the standard ones, e.g. `access_type: 'offline'`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** Names of RFC 7591. */
  readonly clientAuthentication: 'client_secret_post' | 'client_secret_basic'
  /** The media type of requests to the token endpoint; RFC 6749 says form. */
  readonly tokenRequest: 'form' | 'json'
  /** What is asked for in any case, to know whose account it is. */
  readonly alwaysScopes: readonly string[]
  /** The service's scopes that each of our scopes needs; an empty list where the service has no scopes. */
  readonly scopes: Readonly<Record<string, readonly string[]>>
  /**
   * The service's scopes that a token answer says were given, where it says so in its own way; undefined where nobody
   * knows, so that they are not held against what a tool needs. Unless there is this: `scope`, divided by spaces.
   */
  readonly givenScopes?: (answer: {
    readonly access_token: string
    readonly scope?: string | undefined
  }) => readonly string[] | undefined
  /** Whether what was given before stays given when less is asked for the next time. */
  readonly incremental: boolean
  /** Errors of the token endpoint that mean the same as invalid_grant: the person is needed. */
  readonly goneErrors?: readonly GoneError[]
  /** Days after which an unused refresh token dies. It is renewed well before. */
  readonly refreshIdleDays?: number
  /** The request that ends an authorization at the service. */
  revocation?(
    given: {
      readonly clientId: string
      readonly clientSecret: string
      readonly accessToken: string
      readonly refreshToken: string | undefined
    },
    services: Services,
  ): { readonly url: string; readonly request: OutboundRequest }
  readonly setUp: SetUp
}

export interface GoneError {
  readonly error: string
  /** What `error_description` must say besides, where the same error can mean something else. */
  readonly description?: RegExp
}

/** What an operator does at the service before anybody can connect. */
export interface SetUp {
  /** The page of the service where OAuth clients are made. */
  readonly url: string
  /** What to choose and enter there, a sentence or two each. */
  readonly steps: readonly string[]
}

/** A token that a person makes at the service and enters here. */
export interface TokenConnect {
  /** What the service calls it, e.g. "personal access token". */
  readonly name: string
  /** The page of the service where it is made. */
  readonly url: string
  /** What to choose there. */
  readonly hint: string
  /** What must be given beside the token. */
  readonly fields?: readonly {
    readonly name: string
    readonly label: string
    readonly hint: string
    readonly type: 'text' | 'email' | 'url'
  }[]
  /** The Authorization header; `Bearer <token>` unless told. */
  authorization?(token: string, details: Account['details']): string
}

/** Spread into the input of every tool of a connected provider. The tool runner reads it. */
export const connectionInput = {
  connection: text({ min: 1, max: 200 })
    .optional()
    .describe('A connected account by its name or e-mail address; the default one when left out.'),
}
