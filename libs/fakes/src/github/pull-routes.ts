// Pull requests in the fake: their files, reviews, line comments, merging.
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
import { requireIssue, sortedBy } from './issue-routes.js'
import { type GitHubIssue, type GitHubPull, type GitHubReview, now, personOf } from './repository.js'
import type { Shapes } from './shapes.js'

type Pull = GitHubIssue & { pull: GitHubPull }

export function addPullRoutes(api: Api, shapes: Shapes): void {
  api.repositoryRoute('GET', '/pulls', 'read', (asked) => {
    const { query } = asked.request
    const state = query.get('state') ?? 'open'
    const head = query.get('head')?.split(':').at(-1)
    const base = query.get('base')
    const fitting = asked.repository.issues
      .filter((issue): issue is Pull => issue.pull !== undefined)
      .filter((issue) => state === 'all' || issue.state === state)
      .filter(({ pull }) => (!head || pull.head === head) && (!base || pull.base === base))
    const sorted = sortedBy(fitting, query.get('sort') ?? 'created', query.get('direction') ?? 'desc')
    return pageOf(asked, sorted, (issue) => shapes.pull(asked.repository, issue, asked, 'short'))
  })

  api.repositoryRoute('POST', '/pulls', 'read', (asked) => {
    const { body, repository, login } = asked
    const { history } = repository
    const title = requireText(body, 'title', 'PullRequest')
    const head = requireText(body, 'head', 'PullRequest').split(':').at(-1) ?? ''
    const base = requireText(body, 'base', 'PullRequest')
    if (!history.branches.has(head)) throw unprocessable({ resource: 'PullRequest', field: 'head', code: 'invalid' })
    if (!history.branches.has(base)) throw unprocessable({ resource: 'PullRequest', field: 'base', code: 'invalid' })
    const custom = (message: string) => unprocessable({ resource: 'PullRequest', code: 'custom', message })
    if (history.branches.get(head) === history.branches.get(base)) {
      throw custom(`No commits between ${base} and ${head}`)
    }
    const isSame = ({ state, pull }: GitHubIssue) => state === 'open' && pull?.head === head && pull.base === base
    if (repository.issues.some(isSame)) {
      throw custom(`A pull request already exists for ${repository.owner}:${head}.`)
    }
    const issue = repository.pull({
      title,
      body: textOf(body, 'body', 'PullRequest') ?? null,
      head,
      base,
      draft: body.draft === true,
      author: login,
    })
    return { status: 201, body: shapes.pull(repository, issue, asked, 'whole') }
  })

  api.repositoryRoute('GET', '/pulls/{number}', 'read', (asked) => {
    const issue = requirePull(asked)
    const answer = { body: shapes.pull(asked.repository, issue, asked, 'whole') }
    // GitHub works mergeability out once somebody asks.
    issue.pull.mergeable ??= true
    return answer
  })

  api.repositoryRoute('GET', '/pulls/{number}/files', 'read', (asked) => {
    const { pull } = requirePull(asked)
    const { history } = asked.repository
    const [head, base] = [history.find(pull.merged?.headSha ?? pull.head), history.find(pull.base)]
    const files = head && base ? history.changesOf(head, base) : []
    return pageOf(asked, files, (file) => ({ ...file, changes: file.additions + file.deletions }))
  })

  api.repositoryRoute('GET', '/pulls/{number}/reviews', 'read', (asked) => {
    const issue = requirePull(asked)
    return pageOf(asked, issue.pull.reviews, (review) => reviewShape(shapes, asked, issue, review))
  })

  api.repositoryRoute('POST', '/pulls/{number}/reviews', 'read', (asked) => {
    const { body, repository, login } = asked
    const issue = requirePull(asked)
    const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const
    const event = textOf(body, 'event', 'PullRequestReview') ?? 'COMMENT'
    const state = states[event as keyof typeof states]
    if (!state) throw unprocessable({ resource: 'PullRequestReview', field: 'event', code: 'invalid' })
    const words = textOf(body, 'body', 'PullRequestReview') ?? ''
    if (issue.author === login && event !== 'COMMENT') {
      const act = event === 'APPROVE' ? 'approve' : 'request changes on'
      throw refusal(422, 'Unprocessable Entity', { errors: [`Can not ${act} your own pull request`] })
    }
    if (event === 'REQUEST_CHANGES' && words === '') {
      throw refusal(422, 'Unprocessable Entity', { errors: ['Body can not be blank'] })
    }
    const head = repository.history.find(issue.pull.head)
    const commitSha = textOf(body, 'commit_id', 'PullRequestReview') ?? head?.sha ?? ''
    if (!repository.history.find(commitSha))
      throw refusal(422, 'Unprocessable Entity', { errors: ['Commit not found'] })
    const review = { id: repository.nextId(), author: login, body: words, state, commitSha, submittedAt: now() }
    const given = (Array.isArray(body.comments) ? body.comments : []) as Record<string, unknown>[]
    const changed = new Map(changedFiles(asked, issue).map((file) => [file.filename, file]))
    const comments = given.map((comment) => {
      const path = requireText(comment, 'path', 'PullRequestReviewComment')
      if (!changed.get(path)?.patch || typeof comment.line !== 'number') {
        throw refusal(422, 'Unprocessable Entity', {
          errors: ['Path could not be resolved', 'Line could not be resolved'],
        })
      }
      return {
        id: repository.nextId(),
        reviewId: review.id,
        author: login,
        body: requireText(comment, 'body', 'PullRequestReviewComment'),
        path,
        line: comment.line,
        side: comment.side === 'LEFT' ? ('LEFT' as const) : ('RIGHT' as const),
        startLine: typeof comment.start_line === 'number' ? comment.start_line : undefined,
        commitSha,
        createdAt: now(),
      }
    })
    issue.pull.reviews.push(review)
    issue.pull.reviewComments.push(...comments)
    issue.updatedAt = now()
    return { body: reviewShape(shapes, asked, issue, review) }
  })

  api.repositoryRoute('GET', '/pulls/{number}/comments', 'read', (asked) => {
    const issue = requirePull(asked)
    return pageOf(asked, issue.pull.reviewComments, (comment) => ({
      ...shapes.comment(asked.repository, issue, comment, asked),
      pull_request_review_id: comment.reviewId,
      path: comment.path,
      line: comment.line,
      side: comment.side,
      start_line: comment.startLine ?? null,
      commit_id: comment.commitSha,
      diff_hunk: changedFiles(asked, issue).find(({ filename }) => filename === comment.path)?.patch ?? '',
      ...(comment.replyTo === undefined ? {} : { in_reply_to_id: comment.replyTo }),
    }))
  })

  api.repositoryRoute('POST', '/pulls/{number}/requested_reviewers', 'write', (asked) => {
    const issue = requirePull(asked)
    for (const login of textsOf(asked.body, 'reviewers', 'PullRequest') ?? []) {
      const known = api.findLogin(login)
      if (known === undefined || !asked.repository.accessOf(known) || known === issue.author) {
        throw refusal(422, 'Reviews may only be requested from collaborators.')
      }
      if (!issue.pull.reviewers.includes(known)) issue.pull.reviewers.push(known)
    }
    return { status: 201, body: shapes.pull(asked.repository, issue, asked, 'short') }
  })

  api.repositoryRoute('PUT', '/pulls/{number}/merge', 'write', (asked) => {
    const issue = requirePull(asked)
    const { pull } = issue
    const { history } = asked.repository
    const [head, base] = [history.find(pull.head), history.find(pull.base)]
    if (pull.merged || issue.state === 'closed' || pull.draft || pull.mergeable === false || !head || !base) {
      throw refusal(405, 'Pull Request is not mergeable')
    }
    const expected = textOf(asked.body, 'sha', 'PullRequest')
    if (expected !== undefined && expected !== head.sha) {
      throw refusal(409, 'Head branch was modified. Review and try the merge again.')
    }
    const method = textOf(asked.body, 'merge_method', 'PullRequest') ?? 'merge'
    if (!['merge', 'squash', 'rebase'].includes(method)) {
      throw unprocessable({ resource: 'PullRequest', field: 'merge_method', code: 'invalid' })
    }
    const tree = new Map(base.tree)
    for (const { filename } of history.changesOf(head, base)) {
      const content = head.tree.get(filename)
      if (content) tree.set(filename, content)
      else tree.delete(filename)
    }
    const title =
      textOf(asked.body, 'commit_title', 'PullRequest') ?? `Merge pull request #${issue.number} from ${pull.head}`
    const words = textOf(asked.body, 'commit_message', 'PullRequest') ?? issue.title
    const commit = history.add(pull.base, tree, method === 'merge' ? [base.sha, head.sha] : [base.sha], {
      message: `${title}\n\n${words}`,
      author: personOf(asked.login),
    })
    const at = now()
    pull.merged = { at, by: asked.login, sha: commit.sha, headSha: head.sha }
    Object.assign(issue, { state: 'closed', closedAt: at, updatedAt: at })
    return { body: { sha: commit.sha, merged: true, message: 'Pull Request successfully merged' } }
  })
}

function requirePull(asked: AskedOfRepository): Pull {
  const issue = requireIssue(asked)
  if (!issue.pull) throw notFound()
  return issue as Pull
}

function changedFiles({ repository }: AskedOfRepository, { pull }: Pull) {
  const [head, base] = [repository.history.find(pull.merged?.headSha ?? pull.head), repository.history.find(pull.base)]
  return head && base ? repository.history.changesOf(head, base) : []
}

function reviewShape(shapes: Shapes, { repository, webUrl }: AskedOfRepository, issue: Pull, review: GitHubReview) {
  return {
    id: review.id,
    user: shapes.user(review.author),
    body: review.body,
    state: review.state,
    commit_id: review.commitSha,
    submitted_at: review.submittedAt,
    html_url: `${webUrl}/${repository.fullName}/pull/${issue.number}#pullrequestreview-${review.id}`,
  }
}
