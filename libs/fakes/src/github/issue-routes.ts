// Issues and their comments in the fake; a pull request answers here too, as at GitHub.
import {
  type Api,
  type AskedOfRepository,
  notFound,
  pageOf,
  refusal,
  requireText,
  textOf,
  textsOf,
  unprocessable,
} from './api.js'
import { type GitHubIssue, type GitHubRepository, now } from './repository.js'
import type { Shapes } from './shapes.js'

export function addIssueRoutes(api: Api, shapes: Shapes): void {
  api.repositoryRoute('GET', '/issues', 'read', (asked) => {
    requireIssues(asked.repository)
    const { query } = asked.request
    const state = query.get('state') ?? 'open'
    const labels = (query.get('labels') ?? '').split(',').filter(Boolean)
    const [assignee, creator, since] = ['assignee', 'creator', 'since'].map((name) => query.get(name))
    const fitting = asked.repository.issues
      .filter((issue) => state === 'all' || issue.state === state)
      .filter((issue) => labels.every((label) => issue.labels.includes(label)))
      .filter((issue) => fitsAssignee(issue, assignee))
      .filter((issue) => (!creator || issue.author === creator) && (!since || issue.updatedAt >= since))
    const sorted = sortedBy(fitting, query.get('sort') ?? 'created', query.get('direction') ?? 'desc')
    return pageOf(asked, sorted, (issue) => shapes.issue(asked.repository, issue, asked))
  })

  api.repositoryRoute('POST', '/issues', 'read', (asked) => {
    requireIssues(asked.repository)
    const { body, repository, login } = asked
    const title = requireText(body, 'title', 'Issue')
    const mayPush = repository.accessOf(login) !== 'read'
    const issue = repository.issue({
      title,
      body: textOf(body, 'body', 'Issue') ?? null,
      // Whoever may not push has these dropped without a word.
      labels: mayPush ? (textsOf(body, 'labels', 'Issue') ?? []) : [],
      assignees: mayPush ? requireAssignable(api, asked, textsOf(body, 'assignees', 'Issue') ?? []) : [],
      author: login,
    })
    return { status: 201, body: shapes.issue(repository, issue, asked) }
  })

  api.repositoryRoute('GET', '/issues/{number}', 'read', (asked) => ({
    body: shapes.issue(asked.repository, requireIssue(asked), asked),
  }))

  api.repositoryRoute('PATCH', '/issues/{number}', 'read', (asked) => {
    const { body, repository, login } = asked
    const issue = requireIssue(asked)
    if (repository.accessOf(login) === 'read' && issue.author !== login) {
      throw refusal(403, 'Must have admin rights to Repository.')
    }
    const state = textOf(body, 'state', 'Issue')
    if (state !== undefined && state !== 'open' && state !== 'closed') {
      throw unprocessable({ resource: 'Issue', field: 'state', code: 'invalid' })
    }
    if (body.title !== undefined) issue.title = requireText(body, 'title', 'Issue')
    if (body.body !== undefined) issue.body = textOf(body, 'body', 'Issue') ?? null
    const labels = textsOf(body, 'labels', 'Issue')
    if (labels) issue.labels = [...labels]
    const assignees = textsOf(body, 'assignees', 'Issue')
    if (assignees) issue.assignees = requireAssignable(api, asked, assignees)
    if (state !== undefined && state !== issue.state) {
      if (issue.pull?.merged) throw unprocessable({ resource: 'Issue', field: 'state', code: 'invalid' })
      issue.state = state
      issue.closedAt = state === 'closed' ? now() : null
      issue.stateReason = textOf(body, 'state_reason', 'Issue') ?? (state === 'closed' ? 'completed' : 'reopened')
    }
    issue.updatedAt = now()
    return { body: shapes.issue(repository, issue, asked) }
  })

  api.repositoryRoute('GET', '/issues/{number}/comments', 'read', (asked) => {
    const issue = requireIssue(asked)
    return pageOf(asked, issue.comments, (comment) => shapes.comment(asked.repository, issue, comment, asked))
  })

  api.repositoryRoute('GET', '/issues/comments/{id}', 'read', (asked) => {
    for (const issue of asked.repository.issues) {
      const comment = issue.comments.find(({ id }) => String(id) === asked.params.id)
      if (comment) return { body: shapes.comment(asked.repository, issue, comment, asked) }
    }
    throw notFound()
  })

  api.repositoryRoute('POST', '/issues/{number}/comments', 'read', (asked) => {
    const issue = requireIssue(asked)
    const comment = asked.repository.comment(issue, requireText(asked.body, 'body', 'IssueComment'), {
      author: asked.login,
    })
    return { status: 201, body: shapes.comment(asked.repository, issue, comment, asked) }
  })
}

export function requireIssue({ repository, params }: AskedOfRepository): GitHubIssue {
  const issue = repository.issues.find(({ number }) => String(number) === params.number)
  if (!issue) throw notFound()
  if (!issue.pull) requireIssues(repository)
  return issue
}

function requireIssues({ seed }: GitHubRepository): void {
  if (seed.hasIssues === false) throw refusal(410, 'Issues has been disabled in this repository.')
}

function requireAssignable(api: Api, { repository }: AskedOfRepository, logins: string[]): string[] {
  return logins.map((login) => {
    const known = api.findLogin(login)
    if (known === undefined || !repository.accessOf(known)) {
      throw unprocessable({
        resource: 'Issue',
        field: 'assignees',
        code: 'invalid',
        message: `${login} cannot be assigned`,
      })
    }
    return known
  })
}

function fitsAssignee(issue: GitHubIssue, assignee: string | null | undefined): boolean {
  if (!assignee || assignee === '*') return assignee !== '*' || issue.assignees.length > 0
  return assignee === 'none' ? issue.assignees.length === 0 : issue.assignees.includes(assignee)
}

export function sortedBy<Issue extends GitHubIssue>(
  issues: readonly Issue[],
  sort: string,
  direction: string,
): Issue[] {
  const keyOf = (issue: GitHubIssue): [string | number, number] =>
    sort === 'comments'
      ? [issue.comments.length, issue.number]
      : [sort === 'updated' ? issue.updatedAt : issue.createdAt, issue.number]
  const sorted = [...issues].sort((a, b) => {
    const [[first, firstNumber], [second, secondNumber]] = [keyOf(a), keyOf(b)]
    return first === second ? firstNumber - secondNumber : first < second ? -1 : 1
  })
  return direction === 'asc' ? sorted : sorted.reverse()
}
