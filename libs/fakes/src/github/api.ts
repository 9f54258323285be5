// What every route of the fake's REST API goes through: whose token, which limit, may they see it, may they change it.

import type { FakeGrant } from '../fake-oauth.js'
import type { FakeAnswer, FakeRequest } from '../fake-service.js'
import { type Access, type GitHubRepository, same } from './repository.js'

/** An error answer, thrown from wherever it is found out. */
export class GitHubRefusal extends Error {
  constructor(readonly answer: FakeAnswer) {
    super(JSON.stringify(answer.body))
  }
}

export function refusal(status: number, message: string, more: Record<string, unknown> = {}): GitHubRefusal {
  const documentation_url = 'https://docs.github.com/rest'
  return new GitHubRefusal({ status, body: { message, ...more, documentation_url, status: String(status) } })
}

export interface FieldFault {
  readonly resource: string
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom'
  readonly field?: string
  readonly message?: string
}

export function unprocessable(...errors: FieldFault[]): GitHubRefusal {
  return refusal(422, 'Validation Failed', { errors })
}

export const notFound = () => refusal(404, 'Not Found')

/** A request with a good token. */
export interface Asked {
  readonly request: FakeRequest
  readonly grant: FakeGrant
  readonly login: string
  /** Whether the token is of the kind that scopes bind (an OAuth app's or a classic one). */
  readonly isClassic: boolean
  readonly params: Readonly<Record<string, string>>
  /** The body as an object; empty when there is none. */
  readonly body: Readonly<Record<string, unknown>>
  /** Where this API is, without a slash at the end. */
  readonly apiUrl: string
  readonly webUrl: string
  /** Where job logs lie: a host of its own. */
  readonly logsUrl: string
}

export interface AskedOfRepository extends Asked {
  readonly repository: GitHubRepository
}

export type Handler<Context> = (context: Context) => FakeAnswer

/** What the groups of routes hang themselves on. */
export interface Api {
  readonly repositories: readonly GitHubRepository[]
  /** The login an account goes by; undefined when there is none. */
  findLogin(login: string): string | undefined
  idOf(login: string): number
  route(method: string, path: string, handler: Handler<Asked>): void
  /** Below `/repos/{owner}/{repo}`; the account must have at least this access. */
  repositoryRoute(method: string, path: string, access: Access, handler: Handler<AskedOfRepository>): void
}

const rank: Record<Access, number> = { read: 0, write: 1, admin: 2 }

/** Throws as GitHub does: 404 for what may not be seen, 403 for what may not be changed. */
export function requireAccess(
  repositories: readonly GitHubRepository[],
  { params, grant, login, isClassic, request, apiUrl }: Asked,
  access: Access,
): GitHubRepository {
  const { owner = '', repo = '' } = params
  const renamed = repositories.find((one) => same(one.owner, owner) && same(one.formerName ?? '', repo))
  if (renamed) {
    const rest = request.path.split('/repos/')[1]?.split('/').slice(2).join('/') ?? ''
    const url = `${apiUrl}/repos/${renamed.fullName}${rest ? `/${rest}` : ''}${request.query.size > 0 ? `?${request.query}` : ''}`
    const status = request.method === 'GET' ? 301 : 307
    throw new GitHubRefusal({ status, headers: { location: url }, body: { message: 'Moved Permanently', url } })
  }
  const repository = repositories.find((one) => same(one.fullName, `${owner}/${repo}`))
  const given = repository?.accessOf(login)
  if (!repository || !given) throw notFound()
  const scopes = new Set(grant.scopes)
  const covered =
    !isClassic ||
    scopes.has('repo') ||
    (!repository.seed.private && (scopes.has('public_repo') || (access === 'read' && request.method === 'GET')))
  if (!covered) throw notFound()
  if (rank[given] < rank[access]) {
    throw refusal(403, access === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access.')
  }
  if (repository.seed.archived && request.method !== 'GET') {
    throw refusal(403, 'Repository was archived so is read-only.')
  }
  return repository
}

/** One page of a list, with the links to the others. */
export function pageOf<Item>(
  { request, apiUrl }: Pick<Asked, 'request' | 'apiUrl'>,
  items: readonly Item[],
  show: (item: Item) => unknown,
  wrap: (shown: unknown[]) => unknown = (shown) => shown,
  mostPerPage = 100,
): FakeAnswer {
  const perPage = Math.min(Math.max(Number(request.query.get('per_page') ?? 30) || 30, 1), mostPerPage)
  const page = Math.max(Number(request.query.get('page') ?? 1) || 1, 1)
  const last = Math.max(Math.ceil(items.length / perPage), 1)
  const link = (rel: string, number: number) => {
    const query = new URLSearchParams(request.query)
    query.set('page', String(number))
    const path = request.path.slice(new URL(`${apiUrl}/`).pathname.length - 1)
    return `<${apiUrl}${path}?${query}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link('prev', page - 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
    ...(page > 1 ? [link('first', 1)] : []),
  ]
  return {
    body: wrap(items.slice((page - 1) * perPage, page * perPage).map(show)),
    ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}),
  }
}

/** A member of the body that must be text when it is there. */
export function textOf(body: Asked['body'], field: string, resource: string): string | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw unprocessable({ resource, field, code: 'invalid' })
  return value
}

export function requireText(body: Asked['body'], field: string, resource: string): string {
  const value = textOf(body, field, resource)
  if (!value?.trim()) throw unprocessable({ resource, field, code: 'missing_field' })
  return value
}

export function textsOf(body: Asked['body'], field: string, resource: string): string[] | undefined {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) {
    throw unprocessable({ resource, field, code: 'invalid' })
  }
  return value as string[]
}
