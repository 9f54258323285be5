// Notion's API in one version: requests with an account's token, lists by page, and what its errors mean.
import { Problem } from '@sekisho/contracts'
import type { OutboundRequest } from '../../platform/guarded-fetch.js'
import type { Services } from '../../platform/service-settings.js'
import type { UpstreamFetch } from '../connect.js'
import { type ToolCall, upstreamOf } from '../provider.js'
import { rateLimited, retryAfterOf, upstreamProblem } from '../upstream.js'

/** What changes between versions: developers.notion.com/reference/changes-by-version. */
const notionVersion = '2026-03-11'

const service = 'Notion'
/** Milliseconds Notion may take; it ends its own requests after a minute, which is all that a call has. */
const longestAnswerMs = 25_000
const responseBytes = 4 * 1024 * 1024

export type Json = Readonly<Record<string, unknown>>

/** A page of one of Notion's lists. */
export interface NotionList {
  readonly results: readonly Json[]
  /** Null at the end. */
  readonly next: string | null
}

export class NotionApi {
  constructor(
    private readonly fetch: UpstreamFetch,
    private readonly services: Services,
    private readonly timeoutMs = longestAnswerMs,
  ) {}

  get(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Json> {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return this.ask(given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path, { method: 'GET' })
  }

  post(path: string, body: Json): Promise<Json> {
    return this.ask(path, { method: 'POST', body: JSON.stringify(body) })
  }

  patch(path: string, body: Json): Promise<Json> {
    return this.ask(path, { method: 'PATCH', body: JSON.stringify(body) })
  }

  delete(path: string): Promise<Json> {
    return this.ask(path, { method: 'DELETE' })
  }

  /** The children of a page or a block. */
  async children(id: string, cursor: string | undefined, limit: number): Promise<NotionList> {
    return listOf(await this.get(`/v1/blocks/${id}/children`, { page_size: String(limit), start_cursor: cursor }))
  }

  /** As `get`; undefined when there is no such thing, when it was not shared or is a thing of another kind. */
  async find(path: string): Promise<Json | undefined> {
    return this.get(path).catch((error: unknown) => {
      if (error instanceof Problem && ['not-found', 'invalid-arguments'].includes(error.code)) return undefined
      throw error
    })
  }

  private async ask(path: string, request: OutboundRequest): Promise<Json> {
    const response = await this.fetch(`${this.services.notion.api}${path}`, {
      ...request,
      timeoutMs: this.timeoutMs,
      responseBytes,
      headers: {
        accept: 'application/json',
        'notion-version': notionVersion,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    })
    const body = await bodyOf(response)
    if (!response.ok) throw notionProblem(response, body)
    if (body === undefined) {
      throw new Problem(
        'upstream-failed',
        `${service} gave an answer that is none of its API. Try again in a minute.`,
        {
          upstream_status: response.status,
        },
      )
    }
    return body
  }
}

export function notionOf(call: ToolCall): NotionApi {
  const { fetch, services } = upstreamOf(call)
  return new NotionApi(fetch, services)
}

export function listOf(body: Json): NotionList {
  const next = body.has_more === true && typeof body.next_cursor === 'string' ? body.next_cursor : null
  return { results: objectsOf(body.results), next }
}

/** A member that should be an object; an empty one when it is none. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

/** The objects of a member that should be a list of them. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** What an error answer of Notion means for whoever called. */
export function notionProblem(response: Response, body: Json = {}): Problem {
  const { status } = response
  const words = textOf(body.message) || undefined
  const members = { upstream_status: status }
  switch (body.code) {
    case 'restricted_resource':
      return new Problem(
        'forbidden',
        `The Notion connection lacks a capability for this. Whoever set it up at notion.so/developers/connections can turn on reading, updating and inserting content, comments and user information under Capabilities.${words ? ` Notion says: "${words.replaceAll(/[\s"]+/g, ' ').slice(0, 200)}".` : ''}`,
        members,
      )
    case 'object_not_found':
      return new Problem(
        'not-found',
        'Notion has no such thing, or it was not shared with this connection. Check the id; if it is right, open the page in Notion and add the connection under ••• → Connections, or reconnect and choose the page.',
        members,
      )
    case 'rate_limited':
      return rateLimited(service, retryAfterOf(response))
    default:
      return upstreamProblem({ service, status, words, retryAfterSeconds: retryAfterOf(response) })
  }
}

export async function bodyOf(response: Response): Promise<Json | undefined> {
  try {
    const parsed: unknown = JSON.parse(await response.text())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Json) : undefined
  } catch {
    return undefined
  }
}
