// One repository of the fake, with the verbs that tests and the demo fill it by.
import { type Changes, type GitCommit, GitHistory, type GitPerson } from './git-history.js'

/** Every id of the fake is taken here, so that no two things share one. */
export function idsFrom(first: number): () => number {
  let next = first
  return () => next++
}

export type Access = 'read' | 'write' | 'admin'

export interface GitHubComment {
  readonly id: number
  readonly author: string
  body: string
  readonly createdAt: string
}

export interface GitHubReview {
  readonly id: number
  readonly author: string
  readonly body: string
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  readonly commitSha: string
  readonly submittedAt: string
}

export interface GitHubReviewComment extends GitHubComment {
  readonly reviewId: number
  readonly path: string
  readonly line: number
  readonly side: 'LEFT' | 'RIGHT'
  readonly startLine: number | undefined
  readonly commitSha: string
  readonly replyTo?: number
}

export interface GitHubPull {
  readonly head: string
  base: string
  draft: boolean
  /** Null while GitHub has not worked it out. */
  mergeable: boolean | null
  merged: { at: string; by: string; sha: string; headSha: string } | undefined
  reviewers: string[]
  readonly reviews: GitHubReview[]
  readonly reviewComments: GitHubReviewComment[]
}

export interface GitHubIssue {
  readonly id: number
  readonly number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: string | null
  readonly author: string
  labels: string[]
  assignees: string[]
  readonly createdAt: string
  updatedAt: string
  closedAt: string | null
  readonly comments: GitHubComment[]
  readonly pull?: GitHubPull
}

export interface GitHubJob {
  readonly id: number
  readonly name: string
  status: string
  conclusion: string | null
  readonly steps: readonly { name: string; conclusion: string | null }[]
  readonly log: string
}

export interface GitHubWorkflow {
  readonly id: number
  readonly name: string
  readonly path: string
  /** The inputs it may be started with; undefined when it cannot be started by hand. */
  readonly dispatch: readonly string[] | undefined
}

export interface GitHubRun {
  readonly id: number
  readonly number: number
  readonly workflow: GitHubWorkflow
  readonly title: string
  readonly branch: string
  readonly sha: string
  readonly event: string
  readonly actor: string
  status: string
  conclusion: string | null
  attempt: number
  readonly createdAt: string
  updatedAt: string
  readonly jobs: GitHubJob[]
}

export interface RepositorySeed {
  readonly owner: string
  readonly name: string
  readonly private?: boolean
  readonly description?: string
  readonly topics?: readonly string[]
  readonly language?: string
  readonly hasIssues?: boolean
  readonly archived?: boolean
  /** Logins besides the owner's. */
  readonly collaborators?: Readonly<Record<string, Access>>
  /** The first commit of `main`. */
  readonly files?: Changes
  readonly createdAt?: string
}

interface Written {
  readonly author?: string
  readonly createdAt?: string
}

export class GitHubRepository {
  readonly history = new GitHistory()
  /** By number; pull requests are issues too. */
  readonly issues: GitHubIssue[] = []
  readonly workflows: GitHubWorkflow[] = []
  readonly runs: GitHubRun[] = []
  readonly defaultBranch = 'main'
  /** The name it had before: GitHub redirects from there. */
  formerName: string | undefined

  constructor(
    readonly id: number,
    readonly seed: RepositorySeed,
    readonly nextId: () => number,
  ) {
    const { files, createdAt } = seed
    if (files) this.commit(files, { message: 'Begin', ...(createdAt ? { date: createdAt } : {}) })
  }

  get owner(): string {
    return this.seed.owner
  }

  get fullName(): string {
    return `${this.seed.owner}/${this.seed.name}`
  }

  /** What an account may do here; undefined when it may not even see it. */
  accessOf(login: string): Access | undefined {
    if (same(login, this.owner)) return 'admin'
    const given = Object.entries(this.seed.collaborators ?? {}).find(([name]) => same(name, login))?.[1]
    return given ?? (this.seed.private ? undefined : 'read')
  }

  commit(
    changes: Changes,
    about: { branch?: string; message?: string; author?: string; date?: string } = {},
  ): GitCommit {
    const { branch = this.defaultBranch, message = 'Change', author = this.owner, ...rest } = about
    return this.history.commit(branch, changes, { message, author: personOf(author), ...rest })
  }

  branch(name: string, from = this.defaultBranch): void {
    const commit = this.history.find(from)
    if (!commit) throw new Error(`${this.fullName} has no ${from}`)
    this.history.branches.set(name, commit.sha)
  }

  issue(
    given: { title: string; body?: string | null; labels?: string[]; assignees?: string[] } & Written,
  ): GitHubIssue {
    const { body = null, labels = [], assignees = [] } = given
    return this.addIssue({ ...given, body, labels, assignees }, undefined)
  }

  comment(issue: GitHubIssue, body: string, { author = this.owner, createdAt = now() }: Written = {}): GitHubComment {
    const comment = { id: this.nextId(), author, body, createdAt }
    issue.comments.push(comment)
    issue.updatedAt = createdAt
    return comment
  }

  pull(
    given: { title: string; body?: string | null; head: string; base?: string; draft?: boolean } & Written,
  ): GitHubIssue & { pull: GitHubPull } {
    const { body = null, head, base = this.defaultBranch, draft = false } = given
    if (!this.history.branches.has(head)) throw new Error(`${this.fullName} has no branch ${head}`)
    const pull: GitHubPull = {
      head,
      base,
      draft,
      mergeable: true,
      merged: undefined,
      reviewers: [],
      reviews: [],
      reviewComments: [],
    }
    return this.addIssue({ ...given, body, labels: [], assignees: [] }, pull) as GitHubIssue & {
      pull: GitHubPull
    }
  }

  workflow(name: string, file: string, dispatch?: readonly string[]): GitHubWorkflow {
    const workflow = { id: this.nextId(), name, path: `.github/workflows/${file}`, dispatch }
    this.workflows.push(workflow)
    return workflow
  }

  run(
    workflow: GitHubWorkflow,
    given: {
      branch?: string
      event?: string
      status?: string
      conclusion?: string | null
      actor?: string
      title?: string
      createdAt?: string
      jobs?: { name: string; conclusion?: string | null; steps?: [string, string | null][]; log?: string }[]
    } = {},
  ): GitHubRun {
    const { branch = this.defaultBranch, event = 'push', status = 'completed', actor = this.owner } = given
    const { conclusion = status === 'completed' ? 'success' : null, createdAt = now() } = given
    const commit = this.history.find(branch)
    if (!commit) throw new Error(`${this.fullName} has no branch ${branch}`)
    const jobs = (given.jobs ?? []).map((job) => ({
      id: this.nextId(),
      name: job.name,
      status,
      conclusion: job.conclusion === undefined ? (status === 'completed' ? 'success' : null) : job.conclusion,
      steps: (job.steps ?? []).map(([name, ended]) => ({ name, conclusion: ended })),
      log: job.log ?? '',
    }))
    const run: GitHubRun = {
      id: this.nextId(),
      number: this.runs.filter((one) => one.workflow === workflow).length + 1,
      workflow,
      title: given.title ?? commit.message,
      branch,
      sha: commit.sha,
      event,
      actor,
      status,
      conclusion,
      attempt: 1,
      createdAt,
      updatedAt: createdAt,
      jobs,
    }
    this.runs.push(run)
    return run
  }

  private addIssue(
    given: { title: string; body: string | null; labels: string[]; assignees: string[] } & Written,
    pull: GitHubPull | undefined,
  ): GitHubIssue {
    const { title, body, labels, assignees, author = this.owner, createdAt = now() } = given
    const issue: GitHubIssue = {
      id: this.nextId(),
      number: this.issues.length + 1,
      title,
      body,
      state: 'open',
      stateReason: null,
      author,
      labels: [...labels],
      assignees: [...assignees],
      createdAt,
      updatedAt: createdAt,
      closedAt: null,
      comments: [],
      ...(pull ? { pull } : {}),
    }
    this.issues.push(issue)
    return issue
  }
}

export function personOf(login: string): GitPerson {
  return { login, name: login, email: `${login}@users.noreply.example` }
}

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

export function now(): string {
  return new Date().toISOString()
}
