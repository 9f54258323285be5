// The JSON of GitHub's REST API, with the members its documents name.
import type { Api, Asked } from './api.js'
import type { GitCommit } from './git-history.js'
import type { GitHubComment, GitHubIssue, GitHubPull, GitHubRepository, GitHubRun } from './repository.js'

export class Shapes {
  constructor(private readonly api: Pick<Api, 'idOf'>) {}

  user(login: string) {
    return { login, id: this.api.idOf(login), type: 'User', site_admin: false }
  }

  repository(repository: GitHubRepository, { login, webUrl, apiUrl }: Pick<Asked, 'login' | 'webUrl' | 'apiUrl'>) {
    const { seed, fullName, history, defaultBranch } = repository
    const access = repository.accessOf(login)
    const head = history.find(defaultBranch)
    return {
      id: repository.id,
      name: seed.name,
      full_name: fullName,
      private: seed.private ?? false,
      visibility: seed.private ? 'private' : 'public',
      owner: this.user(seed.owner),
      html_url: `${webUrl}/${fullName}`,
      url: `${apiUrl}/repos/${fullName}`,
      description: seed.description ?? null,
      fork: false,
      archived: seed.archived ?? false,
      disabled: false,
      default_branch: defaultBranch,
      topics: seed.topics ?? [],
      language: seed.language ?? null,
      license: null,
      has_issues: seed.hasIssues ?? true,
      open_issues_count: repository.issues.filter(({ state }) => state === 'open').length,
      stargazers_count: 0,
      forks_count: 0,
      created_at: seed.createdAt ?? head?.date ?? null,
      updated_at: head?.date ?? null,
      pushed_at: head?.date ?? null,
      permissions: { admin: access === 'admin', push: access !== 'read' && access !== undefined, pull: true },
    }
  }

  issue(repository: GitHubRepository, issue: GitHubIssue, asked: Pick<Asked, 'webUrl' | 'apiUrl'>) {
    const { pull } = issue
    const place = `${repository.fullName}/${pull ? 'pull' : 'issues'}/${issue.number}`
    return {
      id: issue.id,
      number: issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.state,
      state_reason: issue.stateReason,
      user: this.user(issue.author),
      labels: issue.labels.map((name) => ({ name, color: 'ededed', description: null, default: false })),
      assignees: issue.assignees.map((login) => this.user(login)),
      assignee: issue.assignees[0] ? this.user(issue.assignees[0]) : null,
      milestone: null,
      locked: false,
      comments: issue.comments.length,
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      closed_at: issue.closedAt,
      author_association: 'NONE',
      html_url: `${asked.webUrl}/${place}`,
      repository_url: `${asked.apiUrl}/repos/${repository.fullName}`,
      ...(pull
        ? {
            draft: pull.draft,
            pull_request: {
              url: `${asked.apiUrl}/repos/${repository.fullName}/pulls/${issue.number}`,
              html_url: `${asked.webUrl}/${place}`,
              merged_at: pull.merged?.at ?? null,
            },
          }
        : {}),
    }
  }

  comment(repository: GitHubRepository, issue: GitHubIssue, comment: GitHubComment, { webUrl }: Pick<Asked, 'webUrl'>) {
    return {
      id: comment.id,
      body: comment.body,
      user: this.user(comment.author),
      created_at: comment.createdAt,
      updated_at: comment.createdAt,
      author_association: 'NONE',
      html_url: `${webUrl}/${repository.fullName}/issues/${issue.number}#issuecomment-${comment.id}`,
    }
  }

  pull(
    repository: GitHubRepository,
    issue: GitHubIssue & { pull: GitHubPull },
    asked: Pick<Asked, 'login' | 'webUrl' | 'apiUrl'>,
    detail: 'short' | 'whole',
  ) {
    const { pull } = issue
    const { history, fullName } = repository
    const head = history.find(pull.merged?.headSha ?? pull.head)
    const base = history.find(pull.base)
    const side = (ref: string, sha: string | undefined) => ({
      label: `${repository.owner}:${ref}`,
      ref,
      sha,
      user: this.user(repository.owner),
      repo: this.repository(repository, asked),
    })
    const changes = head && base ? history.changesOf(head, base) : []
    return {
      id: issue.id,
      number: issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.state,
      draft: pull.draft,
      locked: false,
      user: this.user(issue.author),
      labels: issue.labels.map((name) => ({ name })),
      assignees: issue.assignees.map((login) => this.user(login)),
      requested_reviewers: pull.reviewers.map((login) => this.user(login)),
      requested_teams: [],
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      closed_at: issue.closedAt,
      merged_at: pull.merged?.at ?? null,
      merge_commit_sha: pull.merged?.sha ?? null,
      head: side(pull.head, head?.sha),
      base: side(pull.base, base?.sha),
      html_url: `${asked.webUrl}/${fullName}/pull/${issue.number}`,
      ...(detail === 'whole'
        ? {
            merged: pull.merged !== undefined,
            merged_by: pull.merged ? this.user(pull.merged.by) : null,
            mergeable: pull.merged ? null : pull.mergeable,
            mergeable_state: pull.mergeable === null ? 'unknown' : pull.mergeable ? 'clean' : 'dirty',
            comments: issue.comments.length,
            review_comments: pull.reviewComments.length,
            commits: head && base ? history.log(head).length - history.log(base).length : 0,
            additions: changes.reduce((sum, { additions }) => sum + additions, 0),
            deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
            changed_files: changes.length,
          }
        : {}),
    }
  }

  commit(repository: GitHubRepository, commit: GitCommit, { webUrl }: Pick<Asked, 'webUrl'>) {
    const person = { name: commit.author.name, email: commit.author.email, date: commit.date }
    return {
      sha: commit.sha,
      commit: { message: commit.message, author: person, committer: person, comment_count: 0 },
      author: this.user(commit.author.login),
      committer: this.user(commit.author.login),
      parents: commit.parents.map((sha) => ({ sha })),
      html_url: `${webUrl}/${repository.fullName}/commit/${commit.sha}`,
    }
  }

  run(repository: GitHubRepository, run: GitHubRun, { webUrl, apiUrl }: Pick<Asked, 'webUrl' | 'apiUrl'>) {
    return {
      id: run.id,
      name: run.workflow.name,
      display_title: run.title,
      path: run.workflow.path,
      workflow_id: run.workflow.id,
      run_number: run.number,
      run_attempt: run.attempt,
      head_branch: run.branch,
      head_sha: run.sha,
      event: run.event,
      status: run.status,
      conclusion: run.conclusion,
      actor: this.user(run.actor),
      created_at: run.createdAt,
      run_started_at: run.createdAt,
      updated_at: run.updatedAt,
      pull_requests: [],
      url: `${apiUrl}/repos/${repository.fullName}/actions/runs/${run.id}`,
      html_url: `${webUrl}/${repository.fullName}/actions/runs/${run.id}`,
    }
  }
}
