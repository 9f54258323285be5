// Asks Jira Cloud's REST API (v3) with the connected account, and turns its faults into problems a model can act on.
import { Problem } from '@sekisho/contracts'
import type { z } from 'zod'
import type { UpstreamFetch } from '../connect.js'
import { plainText } from '../foreign-text.js'
import { type ToolCall, upstreamOf } from '../provider.js'
import { retryAfterOf, upstreamProblem } from '../upstream.js'
import { apiUrlOf, requireSite, type Site } from './sites.js'

const service = 'Jira'

/** Bytes of one answer: a page of a hundred issues, or one issue with a long text. */
const responseBytes = 8 * 1024 * 1024

/** Fields of one answer that are told by name. */
const maxFieldErrors = 20

type Query = Readonly<Record<string, string | number | undefined>>

export class Jira {
  constructor(
    private readonly fetch: UpstreamFetch,
    /** Where the API of the site is. */
    private readonly apiUrl: string,
    readonly site: Site,
    /** Atlassian's id of whoever is connected. */
    readonly accountId: string,
  ) {}

  /** Asks, and reads the answer by its schema. Throws Problem. */
  async get<Schema extends z.ZodType>(schema: Schema, path: ApiPath, query: Query = {}): Promise<z.output<Schema>> {
    const url = new URL(this.apiUrl + path.encoded)
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    return read(schema, await this.send('GET', url))
  }

  /** Asks with a body and reads the answer by its schema. Throws Problem. */
  async post<Schema extends z.ZodType>(schema: Schema, path: ApiPath, body: unknown): Promise<z.output<Schema>> {
    return read(schema, await this.send('POST', new URL(this.apiUrl + path.encoded), body))
  }

  /** Does something whose answer says nothing. Throws Problem. */
  async act(method: 'POST' | 'PUT', path: ApiPath, body: unknown): Promise<void> {
    await this.send(method, new URL(this.apiUrl + path.encoded), body)
  }

  /** The page of an issue in the browser. */
  pageOf(key: string): string {
    return `${this.site.url}/browse/${encodeURIComponent(key)}`
  }

  private async send(method: 'GET' | 'POST' | 'PUT', url: URL, body?: unknown): Promise<Response> {
    const response = await this.fetch(url, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      responseBytes,
    })
    if (!response.ok) throw await jiraProblem(response)
    if (await refusesToken(response)) throw upstreamProblem({ service, status: 401, words: undefined })
    return response
  }
}

/** The site that a call means, ready to be asked. Throws Problem invalid-arguments when several may be meant. */
export function jiraOf(call: ToolCall, given: { site?: string | undefined }): Jira {
  const { account, services, fetch } = upstreamOf(call)
  const site = requireSite(account, given.site)
  return new Jira(fetch, apiUrlOf(site, services), site, account.id)
}

/** A path below the API's root in which everything that was given is encoded. */
export interface ApiPath {
  readonly encoded: string
}

/** Makes a path; a given part stays one part, whatever is in it. */
export function path(parts: TemplateStringsArray, ...given: string[]): ApiPath {
  const encoded = given.map((part) => {
    // A dot or two would be resolved away, encoded or not (WHATWG URL, double-dot path segment).
    if (part === '' || /^\.{1,2}$/.test(part))
      throw new Problem('invalid-arguments', `"${part}" is no id of ${service}.`)
    return encodeURIComponent(part)
  })
  return { encoded: String.raw({ raw: parts }, ...encoded) }
}

async function read<Schema extends z.ZodType>(schema: Schema, response: Response): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  throw new Problem(
    'upstream-failed',
    `${service} answered with something else than was asked for. Try again; if it stays, tell the operator.`,
    { upstream_status: response.status },
    { cause: parsed.error },
  )
}

/** Whether an answer means that the token is not taken; a missing scope is 401 too, and says so. */
export async function refusesToken(response: Response): Promise<boolean> {
  if (response.status === 401) return !(await lacksScope(response))
  // A site takes who has no good token for a visitor: 404 or empty lists, and this header.
  return /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(response.headers.get('x-seraph-loginreason') ?? '')
}

async function lacksScope(response: Response): Promise<boolean> {
  return response.status === 401 && /scope/i.test(await response.clone().text())
}

/** The problem behind an error answer, with Jira's words about each field. */
export async function jiraProblem(response: Response): Promise<Problem> {
  const { status } = response
  if (await lacksScope(response)) {
    return new Problem(
      'forbidden',
      `The connected account has not given the access this needs at ${service}. Ask the person to reconnect it and to allow that; an API token must have the scopes for it.`,
      { upstream_status: status },
    )
  }
  if (await refusesToken(response)) return upstreamProblem({ service, status: 401, words: undefined })
  const { messages, fieldErrors } = faultsOf(await response.text())
  const words = [...messages, ...fieldErrors.map(([field, message]) => `${field}: ${message}`)].join(' ')
  if (status === 410) {
    return new Problem('upstream-failed', `${service} no longer offers this. Tell the operator.`, {
      upstream_status: status,
    })
  }
  const problem = upstreamProblem({
    service,
    status,
    words: words || undefined,
    retryAfterSeconds: retryAfterOf(response),
  })
  if (fieldErrors.length === 0) return problem
  const members = { ...problem.members, field_errors: Object.fromEntries(fieldErrors) }
  return new Problem(problem.code, problem.detail, members, { headers: problem.headers })
}

function faultsOf(body: string): { messages: string[]; fieldErrors: [string, string][] } {
  let given: unknown
  try {
    given = JSON.parse(body)
  } catch {
    return { messages: [], fieldErrors: [] }
  }
  const { errorMessages, errors, message } = (given ?? {}) as Record<string, unknown>
  const list = Array.isArray(errorMessages) ? errorMessages : [message]
  const messages = list.filter((one) => typeof one === 'string').slice(0, maxFieldErrors)
  const fieldErrors = Object.entries(typeof errors === 'object' && errors !== null ? errors : {})
    .slice(0, maxFieldErrors)
    .map(([field, words]): [string, string] => [plainText(field).slice(0, 100), plainText(String(words)).slice(0, 300)])
  return { messages, fieldErrors }
}
