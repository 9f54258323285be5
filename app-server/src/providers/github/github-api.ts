// GitHub's REST API: addresses that lead nowhere else, one way to ask, pages, and what its refusals mean.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { OutboundRequest } from '../../platform/guarded-fetch.js'
import { fromCursor, toCursor } from '../../platform/paging.js'
import type { Services } from '../../platform/service-settings.js'
import type { UpstreamFetch } from '../connect.js'
import { type ToolCall, upstreamOf } from '../provider.js'
import { rateLimited, retryAfterOf, upstreamProblem } from '../upstream.js'

const service = 'GitHub'
const apiVersion = '2022-11-28'
/** Bytes of one answer: a hundred pull requests, each with both its repositories, come to about 2 MB. */
const responseBytes = 8 * 1024 * 1024
/** A repository that was renamed is answered for by a redirect. */
const redirects = 2
/** What GitHub's documents say to wait after a secondary limit that names no time. */
const secondaryLimitSeconds = 60

/** A path below the API's address. Only `path` makes one. */
export class ApiPath {
  constructor(readonly text: string) {}
}

/**
 * Makes a path of fixed words and given parts: each part becomes one segment, a list several.
 * Throws Problem invalid-arguments for a part that would lead to another address.
 */
export function path(words: TemplateStringsArray, ...parts: (string | number | readonly string[])[]): ApiPath {
  const segmentsOf = (part: string | number | readonly string[]) =>
    (Array.isArray(part) ? (part as readonly string[]) : [String(part)]).map(requireSegment).join('/')
  return new ApiPath(words.reduce((whole, word, index) => whole + segmentsOf(parts[index - 1] ?? '') + word))
}

function requireSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw new Problem('invalid-arguments', 'A name or path must not have empty parts, "." or "..".')
  }
  return encodeURIComponent(segment)
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

interface Asking {
  readonly query?: Query
  /** The media type below application/vnd.github, e.g. `raw+json`. */
  readonly media?: string
  readonly responseBytes?: number
}

export class GitHubApi {
  constructor(
    private readonly fetch: UpstreamFetch,
    private readonly services: Services,
  ) {}

  /** Reads something. Throws Problem, for every status but success too. */
  async get<Answer>(at: ApiPath, answer: z.ZodType<Answer>, asking: Asking = {}): Promise<Answer> {
    return parsed(await this.ask(at, { redirects }, asking), answer)
  }

  /** Reads one page of a list. `next_cursor` is null at the last. */
  async page<Answer>(
    at: ApiPath,
    answer: z.ZodType<Answer>,
    { page, per_page }: PageAsked,
    { query, ...asking }: Asking = {},
  ): Promise<{ answer: Answer; next_cursor: string | null }> {
    const response = await this.ask(at, { redirects }, { ...asking, query: { ...query, page, per_page } })
    const hasNext = /;\s*rel="?next"?/i.test(response.headers.get('link') ?? '')
    return { answer: await parsed(response, answer), next_cursor: hasNext ? toCursor([page + 1, per_page]) : null }
  }

  /** Reads text as it is, from GitHub or from where it redirects to: the token stays with GitHub. */
  async bytes(at: ApiPath, asking: Asking = {}): Promise<Buffer> {
    const response = await this.ask(at, { redirects }, { media: 'raw+json', ...asking })
    return Buffer.from(await response.arrayBuffer())
  }

  /** Changes something. It follows no redirect: a change is made where it was meant to be, or not at all. */
  async send<Answer>(
    method: 'POST' | 'PATCH' | 'PUT',
    at: ApiPath,
    body: Readonly<Record<string, unknown>>,
    answer: z.ZodType<Answer>,
  ): Promise<Answer> {
    const request = { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await this.ask(at, request, {})
    return parsed(response, answer)
  }

  private async ask(
    { text }: ApiPath,
    request: OutboundRequest,
    { query = {}, media = 'json', responseBytes: bytes = responseBytes }: Asking,
  ): Promise<Response> {
    const url = new URL(`${this.services.github.api}${text}`)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
    }
    const accept = media === 'json' ? 'application/vnd.github+json' : `application/vnd.github.${media}`
    const headers = { accept, 'x-github-api-version': apiVersion, 'user-agent': 'Sekisho', ...request.headers }
    const response = await this.fetch(url, { responseBytes: bytes, ...request, headers })
    if (!response.ok) throw await problemOf(response)
    return response
  }
}

/** The API with the account a tool is called for. */
export function gitHub(call: ToolCall): GitHubApi {
  const { fetch, services } = upstreamOf(call)
  return new GitHubApi(fetch, services)
}

export interface PageAsked {
  readonly page: number
  readonly per_page: number
}

const position = z.tuple([z.number().int().min(2).max(100_000), z.number().int().min(1).max(100)])

/** GitHub counts pages, so those after the first keep the size of the first whatever `limit` says. */
export function pageAsked({ limit, cursor }: { limit: number; cursor?: string | undefined }): PageAsked {
  const [page, per_page] = fromCursor(cursor, position) ?? [1, limit]
  return { page, per_page }
}

async function parsed<Answer>(response: Response, answer: z.ZodType<Answer>): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined)
  const result = answer.safeParse(body)
  if (result.success) return result.data
  throw new Problem(
    'upstream-failed',
    `${service} answered with something else than its documents say.`,
    {},
    {
      cause: result.error,
    },
  )
}

/** Seconds until GitHub takes requests again; undefined when the answer is no limit. */
export async function retryAfterSeconds(response: Response): Promise<number | undefined> {
  const { status, headers } = response
  if (status !== 403 && status !== 429) return undefined
  const told = retryAfterOf(response)
  if (told !== undefined) return told
  // A 403 is a limit only when its words say so: one that forbids can come with the last request of the hour.
  if (status === 403 && !/rate limit/i.test(await response.clone().text())) return undefined
  const reset = Number(headers.get('x-ratelimit-reset'))
  if (headers.get('x-ratelimit-remaining') !== '0' || !(reset > 0)) return secondaryLimitSeconds
  return Math.max(1, Math.ceil(reset - Date.now() / 1000))
}

const faultBody = z.object({
  message: z.string().optional(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({ field: z.string().optional(), code: z.string().optional(), message: z.string().nullish() }),
      ]),
    )
    .optional()
    .catch(undefined),
})

/** What an answer with an error status means, and what to do about it. */
export async function problemOf(response: Response): Promise<Problem> {
  const { status, headers } = response
  const seconds = await retryAfterSeconds(response)
  if (seconds !== undefined) return rateLimited(service, seconds)
  const { data } = faultBody.safeParse(await response.json().catch(() => undefined))
  const faults = (data?.errors ?? []).map((fault) =>
    typeof fault === 'string' ? fault : (fault.message ?? `${fault.field}: ${fault.code}`),
  )
  const words = [data?.message, ...faults].filter(Boolean).join('; ') || undefined
  const members = { upstream_status: status }
  if (status >= 300 && status < 400) {
    return new Problem(
      'conflict',
      'This repository has another name or owner by now, and nothing was changed. Read it with github.get_repository and use the name that is given there.',
      members,
    )
  }
  // Refusals by other names: the present state does not allow it, or what was sent is too much.
  if (status === 405 || status === 423) return upstreamProblem({ service, status: 409, words })
  if (status === 413) return upstreamProblem({ service, status: 422, words })
  const problem = upstreamProblem({ service, status, words })
  const lack = status === 403 || status === 404 ? lackOf(headers) : ''
  return lack ? new Problem(problem.code, `${problem.detail} ${lack}`, members) : problem
}

/** What GitHub's headers say the token lacks. */
function lackOf(headers: Headers): string {
  const sso = /url=(https:\/\/\S{1,500})/.exec(headers.get('x-github-sso') ?? '')?.[1]
  if (sso) return `The organization wants its single sign-on first: the person opens ${sso}.`
  const permissions = headers.get('x-accepted-github-permissions')
  if (permissions && /^[\w=,; ]{1,200}$/.test(permissions)) {
    return `The token must have the permission ${permissions} for this repository.`
  }
  const held = headers.get('x-oauth-scopes')
  return held !== null && !/(^|[ ,])repo($|[ ,])/.test(held)
    ? 'The connected account gave no access to private repositories, nor to changes: the person reconnects it and allows "repo".'
    : ''
}

/** For answers whose body does not matter, or is empty. */
export const anyAnswer = z.unknown()
