// Search in the fake: the qualifiers people use most, over what the account may see.
import { type Api, type Asked, pageOf, refusal, unprocessable } from './api.js'
import { blobSha } from './git-history.js'
import { type GitHubIssue, type GitHubRepository, same } from './repository.js'
import type { Shapes } from './shapes.js'

/** Results that can be paged through, whatever the total. */
const mostResults = 1000

interface Query {
  readonly words: readonly string[]
  readonly qualifiers: readonly { name: string; value: string }[]
}

export function addSearchRoutes(api: Api, shapes: Shapes): void {
  api.route('GET', '/search/code', (asked) => {
    const query = requireQuery(asked)
    if (query.words.length === 0) throw unprocessable({ resource: 'Search', field: 'q', code: 'missing' })
    const found = searched(api, asked, query).flatMap((repository) => {
      const tree = repository.history.find(repository.defaultBranch)?.tree ?? new Map<string, Buffer>()
      return [...tree]
        .map(([path, content]) => ({ repository, path, text: content.toString('utf8'), sha: blobSha(content) }))
        .filter(({ path, text }) => fitsCode(query, path, text))
    })
    const matches = (asked.request.headers.accept ?? '').includes('text-match')
    return results(asked, found, ({ repository, path, text, sha }) => ({
      name: path.split('/').at(-1),
      path,
      sha,
      html_url: `${asked.webUrl}/${repository.fullName}/blob/${repository.defaultBranch}/${path}`,
      repository: { full_name: repository.fullName, private: repository.seed.private ?? false },
      score: 1,
      ...(matches ? { text_matches: fragmentsOf(query, text) } : {}),
    }))
  })

  api.route('GET', '/search/issues', (asked) => {
    const query = requireQuery(asked)
    const kinds = query.qualifiers.filter(({ name, value }) => name === 'is' && /^(issue|pull-request|pr)$/.test(value))
    if (kinds.length === 0 && !asked.isClassic) {
      throw refusal(422, "Query must include 'is:issue' or 'is:pull-request'")
    }
    const found = searched(api, asked, query).flatMap((repository) =>
      repository.issues.filter((issue) => fitsIssue(query, issue)).map((issue) => ({ repository, issue })),
    )
    const oldest = asked.request.query.get('order') === 'asc'
    const key = asked.request.query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
    found.sort((a, b) => (a.issue[key] < b.issue[key] ? 1 : -1) * (oldest ? -1 : 1))
    return results(asked, found, ({ repository, issue }) => ({ ...shapes.issue(repository, issue, asked), score: 1 }))
  })
}

function results<Item>(asked: Asked, found: readonly Item[], show: (item: Item) => unknown) {
  const { query } = asked.request
  const [page, perPage] = [Number(query.get('page') ?? 1), Number(query.get('per_page') ?? 30)]
  if ((page - 1) * perPage >= mostResults) throw refusal(422, 'Only the first 1000 search results are available')
  return pageOf(asked, found.slice(0, mostResults), show, (items) => ({
    total_count: found.length,
    incomplete_results: false,
    items,
  }))
}

function requireQuery({ request }: Asked): Query {
  const q = request.query.get('q')?.trim() ?? ''
  if (!q) throw unprocessable({ resource: 'Search', field: 'q', code: 'missing' })
  const parts = [...q.matchAll(/(?:([a-z-]+):)?(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => ({
    name,
    value: quoted ?? plain ?? '',
  }))
  return {
    words: parts.filter(({ name }) => name === undefined).map(({ value }) => value.toLowerCase()),
    qualifiers: parts.flatMap(({ name, value }) => (name === undefined ? [] : [{ name, value }])),
  }
}

/** The repositories a query is about, of those the account may see. */
function searched(api: Api, { login, grant, isClassic }: Asked, { qualifiers }: Query): GitHubRepository[] {
  const isPublicOnly = isClassic && !grant.scopes.includes('repo')
  const visible = api.repositories.filter((one) => one.accessOf(login) && !(one.seed.private && isPublicOnly))
  const wanted = qualifiers.filter(({ name }) => ['repo', 'user', 'org'].includes(name))
  if (wanted.length === 0) return visible
  const fitting = visible.filter((one) =>
    wanted.some(({ name, value }) => same(name === 'repo' ? one.fullName : one.owner, value)),
  )
  if (fitting.length > 0) return fitting
  throw unprocessable({
    resource: 'Search',
    field: 'q',
    code: 'invalid',
    message:
      'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.',
  })
}

function fitsCode({ words, qualifiers }: Query, path: string, text: string): boolean {
  const body = text.toLowerCase()
  return (
    words.every((word) => body.includes(word) || path.toLowerCase().includes(word)) &&
    qualifiers.every(({ name, value }) => {
      if (name === 'path') return path.startsWith(value.replace(/^\//, ''))
      if (name === 'extension') return path.endsWith(`.${value}`)
      return name === 'filename' ? path.split('/').at(-1) === value : true
    })
  )
}

function fitsIssue({ words, qualifiers }: Query, issue: GitHubIssue): boolean {
  const text = [issue.title, issue.body ?? '', ...issue.comments.map(({ body }) => body)].join('\n').toLowerCase()
  return (
    words.every((word) => text.includes(word)) &&
    qualifiers.every(({ name, value }) => {
      switch (name) {
        case 'is':
        case 'state':
        case 'type':
          if (value === 'issue') return !issue.pull
          if (value === 'pull-request' || value === 'pr') return Boolean(issue.pull)
          return value === 'merged' ? Boolean(issue.pull?.merged) : issue.state === value
        case 'author':
          return same(issue.author, value)
        case 'assignee':
          return issue.assignees.some((login) => same(login, value))
        case 'label':
          return issue.labels.includes(value)
        default:
          return true
      }
    })
  )
}

function fragmentsOf({ words }: Query, text: string) {
  const [word = ''] = words
  const at = text.toLowerCase().indexOf(word)
  if (at < 0) return []
  const fragment = text.slice(Math.max(0, at - 60), at + 60)
  const start = fragment.toLowerCase().indexOf(word)
  return [
    {
      object_type: 'FileContent',
      property: 'content',
      fragment,
      matches: [{ text: word, indices: [start, start + word.length] }],
    },
  ]
}
