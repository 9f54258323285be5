// Asking a service with an account's token: where it may go, when it is renewed, what is waited out, what an error means.
import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '@sekisho/contracts'
import type { GuardedFetch, OutboundRequest } from '../platform/guarded-fetch.js'
import { OutboundFailure } from '../platform/guarded-fetch.js'
import type { Services } from '../platform/service-settings.js'
import type { Account, Connect, UpstreamFetch } from './connect.js'
import { oneLine } from './foreign-text.js'

/** Longest rate limit that is waited out within a call, in seconds, and how often. */
const longestWaitSeconds = 5
const maxWaits = 2

/** Characters of a service's own words that are passed on. */
const maxWords = 300

const safeMethods = new Set(['GET', 'HEAD'])

/** Gives Authorization headers, and a new one when the last was refused. */
export interface TokenSource {
  /** Throws Problem not-connected, upstream-failed. */
  authorization(): Promise<string>
  /** After a 401; undefined when there is no other token to try. Throws Problem not-connected, upstream-failed. */
  renewed(refused: string): Promise<string | undefined>
}

export interface UpstreamParts {
  readonly connect: Connect
  readonly services: Services
  readonly details: Account['details']
  readonly tokens: TokenSource
  readonly fetch: Pick<GuardedFetch, 'fetch'>
  readonly signal: AbortSignal
}

/** The way to a service for one call, with one account. */
export function upstreamFetch({ connect, services, details, tokens, fetch, signal }: UpstreamParts): UpstreamFetch {
  const allowed = connect.apiUrls(services, details).map((url) => new URL(url))
  return async (url, request = {}) => {
    requireAllowed(new URL(url), allowed, connect)
    const send = async (authorization: string) => {
      const headers = { ...request.headers, authorization }
      return fetch.fetch(url, { signal, ...request, headers }).catch((error: unknown) => {
        throw failureOf(error, connect.service, request)
      })
    }
    let authorization = await tokens.authorization()
    let response = await send(authorization)
    if (await (connect.refusesToken?.(response.clone()) ?? response.status === 401)) {
      const other = await tokens.renewed(authorization)
      if (other === undefined) return response
      authorization = other
      response = await send(authorization)
    }
    for (let waits = 0; waits < maxWaits; waits++) {
      const seconds = await secondsToWait(response, connect, request)
      if (seconds === undefined || seconds > longestWaitSeconds) break
      await wait(seconds * 1000, undefined, { signal }).catch(() => {
        throw new Problem('cancelled', 'The call was cancelled.')
      })
      response = await send(authorization)
    }
    return response
  }
}

/** The token goes to the service and nowhere else, whatever an answer of the service says. */
function requireAllowed(url: URL, allowed: readonly URL[], { service }: Connect): void {
  const within = allowed.some(({ origin, pathname }) => {
    const folder = pathname.endsWith('/') ? pathname : `${pathname}/`
    return url.origin === origin && (url.pathname === pathname || url.pathname.startsWith(folder))
  })
  if (!within) throw new Error(`${url.origin} is not where ${service}'s tokens go`)
}

/** How long to wait before sending again; undefined when the answer stands. A refused request (429) did nothing, so it may be repeated. */
async function secondsToWait(
  response: Response,
  connect: Connect,
  { method = 'GET' }: OutboundRequest,
): Promise<number | undefined> {
  if (response.ok) return undefined
  const told = await connect.retryAfterSeconds?.(response.clone())
  if (told !== undefined) return told
  if (response.status === 429) return retryAfterOf(response) ?? 1
  if (response.status === 503 && safeMethods.has(method)) return retryAfterOf(response) ?? 1
  return undefined
}

/** The seconds of Retry-After (RFC 9110, section 10.2.3), a number or a date; undefined when there is none. */
export function retryAfterOf(response: Response): number | undefined {
  const value = response.headers.get('retry-after')
  if (!value) return undefined
  if (/^\d{1,9}$/.test(value.trim())) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}

/**
 * Runs what only reads before a write of the same `onceUpstream`. When it fails, nothing was done at the service, and the
 * idempotency key can be used again.
 */
export async function beforeWriting<Found>(read: () => Promise<Found>): Promise<Found> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code, detail, members, headers, cause } = error
    throw new Problem(code, detail, { ...members, nothing_done: true }, { headers, cause })
  }
}

function failureOf(error: unknown, service: string, { method = 'GET' }: OutboundRequest): unknown {
  if (!(error instanceof OutboundFailure)) return error
  const unsure = safeMethods.has(method) ? '' : ' It may or may not have been done: look before you repeat it.'
  switch (error.reason) {
    case 'cancelled':
      return new Problem('cancelled', 'The call was cancelled.', {}, { cause: error })
    case 'timeout':
      return new Problem('timeout', `${service} did not answer in time.${unsure}`, {}, { cause: error })
    case 'too-large':
      return new Problem(
        'upstream-failed',
        `${service}'s answer is larger than can be taken. Ask for less at once.`,
        {},
        { cause: error },
      )
    case 'busy':
      return new Problem(
        'unavailable',
        'Too many requests to services are under way. Try again in a few seconds.',
        { retry_after_seconds: 2 },
        { cause: error },
      )
    default:
      return new Problem(
        'upstream-failed',
        `${service} cannot be reached right now.${unsure} Try again in a minute.`,
        {},
        { cause: error },
      )
  }
}

/** What the service's error answer says, for upstreamProblem. */
export interface UpstreamRefusal {
  readonly service: string
  readonly status: number
  /** The service's own words, as data: shortened and quoted. */
  readonly words: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/** An error answer of a service as a problem a model can act on. */
export function upstreamProblem({ service, status, words, retryAfterSeconds }: UpstreamRefusal): Problem {
  const said = words ? ` ${service} says: "${shortened(words)}".` : ''
  const members = { upstream_status: status }
  switch (status) {
    case 400:
    case 422:
      return new Problem(
        'invalid-arguments',
        `${service} does not take this.${said} Mend the arguments and call again.`,
        members,
      )
    case 401:
      return new Problem(
        'upstream-failed',
        `${service} refused the connected account twice, also with a new token.${said} Try again; if it stays, reconnect the account.`,
        members,
      )
    case 403:
      return new Problem('forbidden', `The connected account may not do this at ${service}.${said}`, members)
    case 404:
    case 410:
      return new Problem(
        'not-found',
        `${service} has no such thing, or the connected account may not see it.${said} Check the ids.`,
        members,
      )
    case 409:
    case 412:
      return new Problem(
        'conflict',
        `It has changed at ${service} meanwhile, or does not fit its present state.${said} Read it anew, then call again.`,
        members,
      )
    case 429:
      return rateLimited(service, retryAfterSeconds)
    default:
      return new Problem(
        'upstream-failed',
        status >= 500
          ? `${service} has a fault of its own (status ${status}). Try again in a minute.`
          : `${service} did not do this (status ${status}).${said}`,
        members,
      )
  }
}

export function rateLimited(service: string, retryAfterSeconds = 60): Problem {
  const seconds = Math.min(Math.max(Math.ceil(retryAfterSeconds), 1), 86_400)
  return new Problem(
    'rate-limited',
    `${service} takes no more requests of this account for now. Wait ${seconds} seconds, then call again.`,
    { retry_after_seconds: seconds },
    { headers: { 'Retry-After': String(seconds) } },
  )
}

/** A service's words are shown as data: without hidden signs, line breaks, and quotation marks that could end the quotation. */
function shortened(words: string): string {
  return oneLine(words, maxWords).replaceAll('"', "'")
}
