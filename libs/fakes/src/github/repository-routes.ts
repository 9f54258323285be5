// Repositories, branches and commits of the fake.
import { type Api, type AskedOfRepository, pageOf, refusal, requireText, unprocessable } from './api.js'
import { type GitCommit } from './git-history.js'
import { type GitHubRepository } from './repository.js'
import type { Shapes } from './shapes.js'

export function addRepositoryRoutes(api: Api, shapes: Shapes): void {
  api.route('GET', '/user/repos', (asked) => {
    const wanted = asked.request.query.get('visibility') ?? 'all'
    const seesPrivate = !asked.isClassic || asked.grant.scopes.includes('repo')
    const mine = api.repositories.filter((one) => {
      const collaborates = Object.keys(one.seed.collaborators ?? {}).includes(asked.login)
      const visible = !one.seed.private || seesPrivate
      const fits = wanted === 'all' || (wanted === 'private') === (one.seed.private ?? false)
      return visible && fits && (one.owner === asked.login || collaborates)
    })
    const [key, backwards] = [asked.request.query.get('sort') ?? 'full_name', asked.request.query.get('direction')]
    const dateOf = (one: GitHubRepository) => one.history.find(one.defaultBranch)?.date ?? ''
    const byName = (a: GitHubRepository, b: GitHubRepository) => (a.fullName < b.fullName ? -1 : 1)
    const byDate = (a: GitHubRepository, b: GitHubRepository) => (dateOf(a) < dateOf(b) ? 1 : -1)
    const sorted = [...mine].sort(key === 'full_name' ? byName : byDate)
    if (backwards === (key === 'full_name' ? 'desc' : 'asc')) sorted.reverse()
    return pageOf(asked, sorted, (one) => shapes.repository(one, asked))
  })

  api.repositoryRoute('GET', '', 'read', (asked) => ({ body: shapes.repository(asked.repository, asked) }))

  api.repositoryRoute('GET', '/branches', 'read', (asked) => {
    const { branches } = asked.repository.history
    return pageOf(asked, [...branches].sort(), ([name, sha]) => ({ name, commit: { sha }, protected: false }))
  })

  api.repositoryRoute('GET', '/branches/{branch}', 'read', (asked) => {
    const name = asked.params.branch ?? ''
    const sha = asked.repository.history.branches.get(name)
    const commit = sha === undefined ? undefined : asked.repository.history.find(sha)
    if (!commit) throw refusal(404, 'Branch not found')
    return { body: { name, commit: shapes.commit(asked.repository, commit, asked), protected: false } }
  })

  api.repositoryRoute('POST', '/git/refs', 'write', (asked) => {
    const ref = requireText(asked.body, 'ref', 'Reference')
    const sha = requireText(asked.body, 'sha', 'Reference')
    const { history } = asked.repository
    if (!ref.startsWith('refs/heads/')) throw refusal(422, "Reference name must start with 'refs/'.")
    if (!/^[0-9a-f]{40}$/.test(sha) || !history.find(sha)) throw refusal(422, 'Object does not exist')
    const name = ref.slice('refs/heads/'.length)
    if (history.branches.has(name)) throw refusal(422, 'Reference already exists')
    history.branches.set(name, sha)
    return { status: 201, body: { ref, object: { type: 'commit', sha } } }
  })

  api.repositoryRoute('GET', '/commits', 'read', (asked) => {
    const { query } = asked.request
    const commit = requireCommit(asked, query.get('sha') ?? asked.repository.defaultBranch)
    const [path, author, since, until] = ['path', 'author', 'since', 'until'].map((name) => query.get(name))
    const { history } = asked.repository
    const touches = (one: GitCommit, wanted: string) =>
      history.changesIn(one).some(({ filename }) => filename === wanted || filename.startsWith(`${wanted}/`))
    const fitting = history
      .log(commit)
      .filter((one) => !author || one.author.login === author || one.author.email === author)
      .filter((one) => (!since || one.date >= since) && (!until || one.date <= until))
      .filter((one) => !path || touches(one, path))
    return pageOf(asked, fitting, (one) => shapes.commit(asked.repository, one, asked))
  })

  api.repositoryRoute('GET', '/commits/{ref}', 'read', (asked) => {
    const commit = requireCommit(asked, asked.params.ref ?? '')
    if ((asked.request.headers.accept ?? '').includes('github.sha')) return { body: commit.sha }
    const files = asked.repository.history.changesIn(commit)
    const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0)
    const stats = { additions: sum('additions'), deletions: sum('deletions') }
    return pageOf(
      asked,
      files,
      (file) => ({ ...file, changes: file.additions + file.deletions }),
      (shown) => ({ ...shapes.commit(asked.repository, commit, asked), stats, files: shown }),
      300,
    )
  })
}

/** Throws as GitHub does for a ref that is not there. */
export function requireCommit({ repository }: Pick<AskedOfRepository, 'repository'>, ref: string): GitCommit {
  const { history } = repository
  if (history.branches.size === 0) throw refusal(409, 'Git Repository is empty.')
  const commit = history.find(ref)
  if (commit) return commit
  throw /^[0-9a-f]{40}$/.test(ref)
    ? refusal(422, `No commit found for SHA: ${ref}`)
    : unprocessable({ resource: 'Commit', field: 'sha', code: 'invalid', message: `No commit found for SHA: ${ref}` })
}
