// Workflow runs, their jobs and logs, and check runs in the fake. Logs lie on a host of their own, behind a redirect.
import { type Api, type AskedOfRepository, notFound, pageOf, refusal, requireText } from './api.js'
import { type GitHubJob, type GitHubRepository, type GitHubRun, now } from './repository.js'
import { requireCommit } from './repository-routes.js'
import type { Shapes } from './shapes.js'

export function addActionRoutes(api: Api, shapes: Shapes): void {
  api.repositoryRoute('GET', '/actions/workflows', 'read', (asked) =>
    pageOf(
      asked,
      asked.repository.workflows,
      ({ id, name, path }) => ({ id, name, path, state: 'active' }),
      (workflows) => ({ total_count: asked.repository.workflows.length, workflows }),
    ),
  )

  const list = (asked: AskedOfRepository, runs: readonly GitHubRun[]) => {
    const { query } = asked.request
    const [branch, event, status, actor, sha] = ['branch', 'event', 'status', 'actor', 'head_sha'].map((name) =>
      query.get(name),
    )
    const fitting = [...runs]
      .reverse()
      .filter((run) => (!branch || run.branch === branch) && (!event || run.event === event))
      .filter((run) => !status || run.status === status || run.conclusion === status)
      .filter((run) => (!actor || run.actor === actor) && (!sha || run.sha === sha))
    return pageOf(
      asked,
      fitting,
      (run) => shapes.run(asked.repository, run, asked),
      (workflow_runs) => ({ total_count: fitting.length, workflow_runs }),
    )
  }
  api.repositoryRoute('GET', '/actions/runs', 'read', (asked) => list(asked, asked.repository.runs))
  api.repositoryRoute('GET', '/actions/workflows/{workflow}/runs', 'read', (asked) => {
    const workflow = requireWorkflow(asked)
    return list(
      asked,
      asked.repository.runs.filter((run) => run.workflow === workflow),
    )
  })

  api.repositoryRoute('GET', '/actions/runs/{run}', 'read', (asked) => ({
    body: shapes.run(asked.repository, requireRun(asked), asked),
  }))

  api.repositoryRoute('GET', '/actions/runs/{run}/jobs', 'read', (asked) => {
    const run = requireRun(asked)
    return pageOf(
      asked,
      run.jobs,
      (job) => jobShape(asked, run, job),
      (jobs) => ({ total_count: run.jobs.length, jobs }),
    )
  })

  api.repositoryRoute('GET', '/actions/jobs/{job}', 'read', (asked) => {
    const { run, job } = requireJob(asked)
    return { body: jobShape(asked, run, job) }
  })

  api.repositoryRoute('GET', '/actions/jobs/{job}/logs', 'read', (asked) => {
    const { job } = requireJob(asked)
    if (job.status !== 'completed') throw notFound()
    return { status: 302, headers: { location: `${asked.logsUrl}/logs/${job.id}?sig=${signatureOf(job)}` } }
  })

  const rerun = (which: (job: GitHubJob) => boolean) => (asked: AskedOfRepository) => {
    const run = requireRun(asked)
    if (run.status !== 'completed') throw refusal(403, 'This workflow is already running')
    const jobs = run.jobs.filter(which)
    if (jobs.length === 0 && run.jobs.length > 0) throw refusal(403, 'This workflow run has no failed jobs')
    Object.assign(run, { status: 'queued', conclusion: null, attempt: run.attempt + 1, updatedAt: now() })
    for (const job of jobs) Object.assign(job, { status: 'queued', conclusion: null })
    return { status: 201, body: {} }
  }
  api.repositoryRoute(
    'POST',
    '/actions/runs/{run}/rerun',
    'write',
    rerun(() => true),
  )
  api.repositoryRoute(
    'POST',
    '/actions/runs/{run}/rerun-failed-jobs',
    'write',
    rerun(({ conclusion }) => conclusion === 'failure'),
  )

  api.repositoryRoute('POST', '/actions/workflows/{workflow}/dispatches', 'write', (asked) => {
    const workflow = requireWorkflow(asked)
    const ref = requireText(asked.body, 'ref', 'Workflow')
    if (!workflow.dispatch) throw refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
    const branch = ref.replace(/^refs\/heads\//, '')
    if (!asked.repository.history.branches.has(branch)) throw refusal(422, `No ref found for: ${ref}`)
    const unknown = Object.keys((asked.body.inputs ?? {}) as object).filter(
      (name) => !workflow.dispatch?.includes(name),
    )
    if (unknown.length > 0) throw refusal(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`)
    asked.repository.run(workflow, { branch, event: 'workflow_dispatch', status: 'queued', actor: asked.login })
    return { status: 204 }
  })

  api.repositoryRoute('GET', '/commits/{ref}/check-runs', 'read', (asked) => {
    const commit = requireCommit(asked, asked.params.ref ?? '')
    const runs = asked.repository.runs.filter(({ sha }) => sha === commit.sha)
    const checks = runs.flatMap((run) => run.jobs.map((job) => ({ run, job })))
    return pageOf(
      asked,
      checks,
      ({ run, job }) => ({
        id: job.id,
        name: job.name,
        head_sha: commit.sha,
        status: job.status,
        conclusion: job.conclusion,
        started_at: run.createdAt,
        completed_at: job.conclusion === null ? null : run.updatedAt,
        html_url: `${asked.webUrl}/${asked.repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
        details_url: `${asked.webUrl}/${asked.repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
        app: { slug: 'github-actions', name: 'GitHub Actions' },
        output: { title: null, summary: null },
      }),
      (check_runs) => ({ total_count: checks.length, check_runs }),
    )
  })
}

/** What the address of a log must carry; whoever has it needs no token. */
export function signatureOf({ id }: Pick<GitHubJob, 'id'>): string {
  return Buffer.from(`log ${id}`).toString('base64url')
}

function requireRun({ repository, params }: AskedOfRepository): GitHubRun {
  const run = repository.runs.find(({ id }) => String(id) === params.run)
  if (!run) throw notFound()
  return run
}

function requireJob({ repository, params }: AskedOfRepository): { run: GitHubRun; job: GitHubJob } {
  const found = findJob(repository, params.job ?? '')
  if (!found) throw notFound()
  return found
}

export function findJob({ runs }: GitHubRepository, id: string): { run: GitHubRun; job: GitHubJob } | undefined {
  for (const run of runs) {
    const job = run.jobs.find((one) => String(one.id) === id)
    if (job) return { run, job }
  }
  return undefined
}

function requireWorkflow({ repository, params }: AskedOfRepository) {
  const wanted = params.workflow ?? ''
  const found = repository.workflows.find(({ id, path }) => String(id) === wanted || path.split('/').at(-1) === wanted)
  if (!found) throw notFound()
  return found
}

function jobShape({ repository, webUrl }: AskedOfRepository, run: GitHubRun, job: GitHubJob) {
  const ended = job.conclusion === null ? null : run.updatedAt
  return {
    id: job.id,
    run_id: run.id,
    run_attempt: run.attempt,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    started_at: run.createdAt,
    completed_at: ended,
    html_url: `${webUrl}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
    steps: job.steps.map(({ name, conclusion }, index) => ({
      name,
      number: index + 1,
      status: conclusion === null ? 'queued' : 'completed',
      conclusion,
    })),
  }
}
