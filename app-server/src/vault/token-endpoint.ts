// Asks a service's token endpoint for tokens, and tells a person's "no" from an operator's mistake and a bad moment.
import { Inject, Injectable } from '@nestjs/common'
import { GuardedFetch, OutboundFailure } from '../platform/guarded-fetch.js'
import type { GivenClient } from '../platform/service-settings.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { OAuthConnect } from '../providers/connect.js'
import { retryAfterOf } from '../providers/upstream.js'

/** Milliseconds one request to a token endpoint may take. A lease outlives it. */
export const tokenRequestMs = 10_000
const answerBytes = 256 * 1024

/** No service gives longer ones, and they must fit into a header. */
const wellFormedToken = /^[\x21-\x7e]{1,16384}$/

/** Errors of RFC 6749 (and GitHub's) about the client: the operator must act, the person's consent still stands. */
const clientErrors: ReadonlySet<string> = new Set([
  'invalid_client',
  'unauthorized_client',
  'redirect_uri_mismatch',
  'incorrect_client_credentials',
])
const passingErrors: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error', 'slow_down'])

export interface Tokens {
  readonly accessToken: string
  /** Undefined when the service sent none back. */
  readonly refreshToken?: string
  /** Undefined when the token does not expire, as far as the service says. */
  readonly expiresAt?: Date
  /**
   * The service's scopes that were given. Undefined: it does not say, so they are those asked for (RFC 6749, section 5.1).
   * Null: nobody knows.
   */
  readonly scopes?: readonly string[] | null
}

/**
 * - gone: the authorization is no more, the person is needed
 * - client: the operator must mend the OAuth client
 * - unavailable: the service cannot right now
 * - faulty: an answer that nobody understands
 */
export type TokenEndpointFailureKind = 'gone' | 'client' | 'unavailable' | 'faulty'

/** Why there are no tokens; everything but `gone` leaves the authorization as it was. Carries no secret. */
export class TokenEndpointFailure extends Error {
  constructor(
    readonly kind: TokenEndpointFailureKind,
    /** The service's error code, or our own word for what happened. */
    readonly error: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(`the token endpoint gave no tokens (${kind}): ${error}`)
    this.name = 'TokenEndpointFailure'
  }
}

@Injectable()
export class TokenEndpoint {
  constructor(
    private readonly fetch: GuardedFetch,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'services'>,
  ) {}

  /** The tokens for a code (RFC 6749, section 4.1.3). Throws TokenEndpointFailure. */
  exchange(
    oauth: OAuthConnect,
    client: GivenClient,
    { code, codeVerifier, redirectUri }: { code: string; codeVerifier: string; redirectUri: string },
  ): Promise<Tokens> {
    return this.request(oauth, client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    })
  }

  /** New tokens for a refresh token (RFC 6749, section 6). Throws TokenEndpointFailure. */
  refresh(oauth: OAuthConnect, client: GivenClient, refreshToken: string): Promise<Tokens> {
    return this.request(oauth, client, { grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  private async request(oauth: OAuthConnect, client: GivenClient, parameters: Record<string, string>): Promise<Tokens> {
    const { tokenUrl } = oauth.endpoints(this.settings.services)
    const askedAtMs = Date.now()
    let response: Response
    let body: Record<string, unknown> | undefined
    try {
      response = await this.fetch.fetch(tokenUrl, requestOf(oauth, client, parameters))
      body = membersOf(response, await response.text())
    } catch (error) {
      throw unanswered(error)
    }
    return tokensOf(body, askedAtMs, oauth) ?? raise(failureOf(response, body, oauth))
  }
}

function requestOf(oauth: OAuthConnect, { clientId, clientSecret }: GivenClient, parameters: Record<string, string>) {
  const basic = oauth.clientAuthentication === 'client_secret_basic'
  const sent = basic ? parameters : { ...parameters, client_id: clientId, client_secret: clientSecret }
  const json = oauth.tokenRequest === 'json'
  return {
    method: 'POST' as const,
    timeoutMs: tokenRequestMs,
    responseBytes: answerBytes,
    headers: {
      // GitHub answers a form unless asked for JSON.
      accept: 'application/json',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(basic ? { authorization: basicOf(clientId, clientSecret) } : {}),
    },
    body: json ? JSON.stringify(sent) : new URLSearchParams(sent).toString(),
  }
}

/** RFC 6749, section 2.3.1: both are encoded before they are joined. */
function basicOf(clientId: string, clientSecret: string): string {
  const joined = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
  return `Basic ${Buffer.from(joined).toString('base64')}`
}

/** The members of the answer, JSON or (as some services send all the same) a form; undefined when it is neither. */
function membersOf(response: Response, text: string): Record<string, unknown> | undefined {
  if (response.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text))
  }
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function tokensOf(
  body: Record<string, unknown> | undefined,
  askedAtMs: number,
  oauth: OAuthConnect,
): Tokens | undefined {
  const { access_token: accessToken, refresh_token: refreshToken, error } = body ?? {}
  if (error !== undefined || !isToken(accessToken)) return undefined
  const seconds = Number(body?.expires_in ?? 0)
  const scope = typeof body?.scope === 'string' ? body.scope : undefined
  const scopes = scopesOf(accessToken, scope, oauth)
  return {
    accessToken,
    ...(isToken(refreshToken) ? { refreshToken } : {}),
    // Counted from before the question, so that a slow answer never makes a token look younger than it is.
    ...(seconds > 0 && seconds < 1e9 ? { expiresAt: new Date(askedAtMs + seconds * 1000) } : {}),
    ...(scopes === undefined ? {} : { scopes }),
  }
}

function scopesOf(accessToken: string, scope: string | undefined, { givenScopes }: OAuthConnect): Tokens['scopes'] {
  if (!givenScopes) return scope?.split(/\s+/).filter(Boolean)
  try {
    return givenScopes({ access_token: accessToken, scope }) ?? null
  } catch {
    // Whatever is wrong with how a service says it, its new tokens must not be lost over it.
    return null
  }
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && wellFormedToken.test(value)
}

function failureOf(
  response: Response,
  body: Record<string, unknown> | undefined,
  { goneErrors = [] }: OAuthConnect,
): TokenEndpointFailure {
  const { status } = response
  // A service in trouble says all sorts of things: none of them ends an authorization.
  if (status >= 500 || status === 429 || status === 408) {
    return new TokenEndpointFailure('unavailable', `status-${status}`, retryAfterOf(response))
  }
  // Notion's own errors have a `code` instead.
  const error = wordOf(body?.error) ?? wordOf(body?.code)
  if (error === undefined) return new TokenEndpointFailure('faulty', `status-${status}`)
  const said = typeof body?.error_description === 'string' ? body.error_description : ''
  const isGone = goneErrors.some((one) => one.error === error && (one.description?.test(said) ?? true))
  if (error === 'invalid_grant' || isGone) return new TokenEndpointFailure('gone', error)
  // RFC 6749, section 5.2: 401 is for clients that did not authenticate, whatever a service calls it.
  if (clientErrors.has(error) || status === 401) return new TokenEndpointFailure('client', error)
  if (passingErrors.has(error)) return new TokenEndpointFailure('unavailable', error, retryAfterOf(response))
  return new TokenEndpointFailure('faulty', error)
}

/** An error code; anything else a service puts there could repeat what it was sent. */
function wordOf(error: unknown): string | undefined {
  return typeof error === 'string' && /^[a-z][a-z0-9_.-]{0,63}$/i.test(error) ? error : undefined
}

function unanswered(error: unknown): unknown {
  if (!(error instanceof OutboundFailure)) return error
  const passing = error.reason === 'timeout' || error.reason === 'unreachable' || error.reason === 'busy'
  return new TokenEndpointFailure(passing ? 'unavailable' : 'faulty', error.reason)
}

function raise(error: Error): never {
  throw error
}
