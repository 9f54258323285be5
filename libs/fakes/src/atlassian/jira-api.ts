// What every request for a site goes through: the site, whose token, whether it covers this, and faults in Jira's words.
import type { FakeAccount } from '../fake-oauth.js'
import type { FakeAnswer, FakeRequest } from '../fake-service.js'
import { JiraFault } from './jira-fault.js'
import type { JiraProject, JiraSite } from './jira-site.js'

/** A request with a good token, for a site the account is a member of. */
export interface Asked {
  readonly request: FakeRequest
  readonly site: JiraSite
  readonly account: FakeAccount
  readonly params: Readonly<Record<string, string>>
}

export type JiraHandler = (asked: Asked) => FakeAnswer

/** What the groups of routes hang themselves on; paths are below `/rest/api/3`. */
export interface JiraApi {
  route(method: string, path: string, scope: JiraScope, handler: JiraHandler): void
}

export type JiraScope = 'read:jira-work' | 'read:jira-user' | 'write:jira-work'

export function answering(handler: () => FakeAnswer): FakeAnswer {
  try {
    return handler()
  } catch (error) {
    if (error instanceof JiraFault) return error.answer
    throw error
  }
}

/** A page by startAt and maxResults. */
export function pageOf<Item>({ query }: FakeRequest, items: readonly Item[], most = 100) {
  const startAt = Math.max(Number(query.get('startAt') ?? 0) || 0, 0)
  const maxResults = Math.min(Math.max(Number(query.get('maxResults') ?? 50) || 0, 0), most)
  const page = items.slice(startAt, startAt + maxResults)
  return { page, about: { startAt, maxResults, total: items.length, isLast: startAt + page.length >= items.length } }
}

/** Throws JiraFault 403 for who may only read. */
export function requireMayChange({ account }: Asked, project: JiraProject, words: string): void {
  if (project.readers?.includes(account.id)) throw new JiraFault(403, [words])
}

export function bodyOf({ json }: FakeRequest): Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {}
}
