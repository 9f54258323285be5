// Pull requests and workflow runs over the provider's tools, against a pretended GitHub on the wire.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type GitHubBench, openGitHubBench } from '../../../e2e/github-fixtures.js'
import { problemOf, readPages } from '../../../e2e/provider-bench.js'

let on: GitHubBench
let ask: GitHubBench['ask']

beforeAll(async () => {
  on = await openGitHubBench()
  ask = on.ask
})
afterAll(() => on.close())
beforeEach(() => on.fake.behave())

interface Pull {
  number: number
  head_sha: string
}

/** A pull request of Kenji with one changed line. */
function proposal(branch: string): Pull {
  on.garden.branch(branch)
  const { sha } = on.garden.commit({ 'src/beds.ts': `export const beds = '${branch}'\n` }, { branch, author: 'kenji' })
  const { number } = on.garden.pull({ title: `Make ${branch}`, body: 'Please.', head: branch, author: 'kenji' })
  return { number, head_sha: sha }
}

describe('a pull request', () => {
  test('is opened from a branch, once', async () => {
    on.garden.branch('mine')
    on.garden.commit({ 'mine.txt': 'x' }, { branch: 'mine' })
    const given = { title: 'Mine', body: 'b', head: 'mine', base: 'main', draft: true }
    const { pull_request } = await ask<{ pull_request: Pull }>('create_pull_request', given)
    expect(pull_request).toMatchObject({ state: 'draft', head: 'mine', base: 'main', author: 'hana' })
    const again = await problemOf(ask('create_pull_request', given))
    expect(again.detail).toContain('A pull request already exists for hana:mine')
    const nothing = await problemOf(ask('create_pull_request', { ...given, head: 'nowhere' }))
    expect(nothing).toMatchObject({ code: 'invalid-arguments' })
    expect(nothing.detail).toContain('head: invalid')
  })

  test('shows its text, reviews and checks, and whether it can be merged', async () => {
    const { number } = proposal('show')
    const issue = on.garden.issues[number - 1]
    if (issue?.pull) issue.pull.mergeable = null
    const ci = on.garden.workflow('CI', 'ci.yml')
    const jobs = [{ name: 'lint' }, { name: 'test', conclusion: 'failure' }]
    on.garden.run(ci, { branch: 'show', conclusion: 'failure', jobs })
    on.garden.run(ci, { branch: 'show', status: 'in_progress', jobs: [{ name: 'slow' }] })
    const comments = [{ path: 'src/beds.ts', line: 1, body: 'Why text?' }]
    await ask('review_pull_request', { number, verdict: 'request_changes', body: 'Hm.', comments })
    expect(await ask('get_pull_request', { number })).toMatchObject({
      state: 'open',
      body: 'Please.',
      can_merge: 'not_known_yet',
      changed_files: 1,
      additions: 1,
      deletions: 1,
      reviews: [{ author: 'hana', verdict: 'CHANGES_REQUESTED', body: 'Hm.' }],
      checks: { total: 3, failed: ['test'], running: ['slow'] },
    })
    expect(await ask('get_pull_request', { number })).toMatchObject({ can_merge: 'yes' })
    expect(await ask('list_review_comments', { number })).toMatchObject({
      comments: [{ path: 'src/beds.ts', line: 1, side: 'RIGHT', body: 'Why text?', author: 'hana', reply_to: null }],
    })
  })

  test('shows the latest of very many reviews', async () => {
    const { number } = proposal('loved')
    const issue = on.garden.issues[number - 1]
    for (let count = 0; count < 105; count++) {
      issue?.pull?.reviews.push({
        id: 90_000 + count,
        author: 'kenji',
        body: `review ${count}`,
        state: 'COMMENTED',
        commitSha: '',
        submittedAt: new Date(count).toISOString(),
      })
    }
    const { reviews } = await ask<{ reviews: { body: string }[] }>('get_pull_request', { number })
    expect(reviews.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, (_, count) => `review ${85 + count}`))
  })

  test('shows itself also to an account that may not see its checks', async () => {
    const { number } = proposal('blind')
    const body = { message: 'Resource not accessible by personal access token' }
    on.fake.misbehave(/check-runs$/, { kind: 'answer', status: 403, body })
    expect(await ask('get_pull_request', { number })).toMatchObject({ checks: null, head: 'blind' })
  })

  test('shows what it changes page by page, and a long diff in parts', async () => {
    on.garden.branch('long')
    const lines = Array.from({ length: 2_000 }, (_, count) => `line ${count} of a long file`)
    on.garden.commit(
      { 'a.txt': 'a\n', 'b.txt': 'b\n', 'long.txt': lines.join('\n'), 'p.png': Buffer.from([0, 1]) },
      { branch: 'long' },
    )
    const { number } = on.garden.pull({ title: 'Long', head: 'long' })
    const given = { repository: 'hana/garden', pull_request: number, limit: 2 }
    type File = { path: string; patch: string | null; next_patch_offset: number | null }
    const files = await readPages<File>(on.bench, on.hana, 'github.list_changed_files', given, 'files')
    expect(files.map(({ path }) => path)).toEqual(['a.txt', 'b.txt', 'long.txt', 'p.png'])
    expect(files[3]).toMatchObject({ patch: null, next_patch_offset: null })
    expect(files[2]?.patch).toHaveLength(3_000)
    const parts: string[] = []
    for (let patch_offset: number | null = 0; patch_offset !== null; ) {
      const answer: { files: File[] } = await ask('list_changed_files', {
        pull_request: number,
        path: 'long.txt',
        patch_offset,
      })
      parts.push(answer.files[0]?.patch ?? '')
      patch_offset = answer.files[0]?.next_patch_offset ?? null
    }
    expect(parts.join('').split('\n').slice(1)).toEqual(lines.map((line) => `+${line}`))
    const missing = await problemOf(ask('list_changed_files', { pull_request: number, path: 'nowhere' }))
    expect(missing).toMatchObject({ code: 'not-found' })
    const both = await problemOf(ask('list_changed_files', { pull_request: number, commit: 'main' }))
    expect(both.detail).toContain('either pull_request or commit')
  })

  test('of oneself cannot be approved, and a request for changes needs words', async () => {
    on.garden.commit({ 'own.txt': 'x' }, { branch: 'own' })
    const own = on.garden.pull({ title: 'Own', head: 'own' })
    const problem = await problemOf(ask('review_pull_request', { number: own.number, verdict: 'approve' }))
    expect(problem.detail).toContain('Can not approve your own pull request')
    const { number } = proposal('words')
    const silent = await problemOf(ask('review_pull_request', { number, verdict: 'request_changes' }))
    expect(silent.detail).toContain('needs a body')
    expect(await ask('review_pull_request', { number, verdict: 'approve' })).toMatchObject({ verdict: 'APPROVED' })
    const comments = [{ path: 'elsewhere.txt', line: 1, body: 'x' }]
    const lost = await problemOf(ask('review_pull_request', { number, verdict: 'comment', comments }))
    expect(lost.detail).toContain('could not be resolved')
  })

  test('is merged as it was read, and not when something was pushed since', async () => {
    const { number, head_sha } = proposal('merge')
    on.garden.commit({ 'sneaky.txt': 'x' }, { branch: 'merge', author: 'kenji' })
    const late = await problemOf(ask('merge_pull_request', { number, head_sha }))
    expect(late).toMatchObject({ code: 'conflict', members: { upstream_status: 409 } })
    expect(on.garden.issues[number - 1]).toMatchObject({ state: 'open' })
    const { head_sha: now } = await ask<Pull>('get_pull_request', { number })
    const merged = await ask<{ commit_sha: string }>('merge_pull_request', { number, head_sha: now, method: 'squash' })
    expect(merged).toMatchObject({ merged: true })
    expect(on.garden.history.branches.get('main')).toBe(merged.commit_sha)
    expect(await ask('get_pull_request', { number })).toMatchObject({ state: 'merged', merged_by: 'hana' })
    const twice = await problemOf(ask('merge_pull_request', { number, head_sha: now }))
    expect(twice).toMatchObject({ code: 'conflict' })
    expect(twice.detail).toContain('not mergeable')
  })

  test('is found in a list of those of a branch', async () => {
    const { number } = proposal('listed')
    expect(await ask('list_pull_requests', { head: 'listed' })).toMatchObject({ pull_requests: [{ number }] })
    const all = await readPages<Pull>(
      on.bench,
      on.hana,
      'github.list_pull_requests',
      { repository: 'hana/garden', state: 'all', limit: 3 },
      'pull_requests',
    )
    expect(new Set(all.map((pull) => pull.number)).size).toBe(on.garden.issues.filter(({ pull }) => pull).length)
  })
})

describe('workflow runs', () => {
  test('are listed, looked at, and their logs read from the end, without our token leaving GitHub', async () => {
    const flow = on.garden.workflow('Deploy', 'deploy.yml', ['place'])
    const log = `${Array.from({ length: 3_000 }, (_, count) => `\u001b[32mstep ${count}\u001b[0m`).join('\r\n')}\nfailed: no soil\n`
    const run = on.garden.run(flow, {
      conclusion: 'failure',
      jobs: [
        {
          name: 'plant',
          log,
          steps: [
            ['dig', 'success'],
            ['sow', 'failure'],
            ['water', 'skipped'],
          ],
        },
      ],
    })
    const listed = await ask('list_workflow_runs', { workflow: 'deploy.yml', status: 'failure', branch: 'main' })
    expect(listed).toMatchObject({
      total: 1,
      runs: [{ run_id: run.id, workflow_file: 'deploy.yml' }],
      next_cursor: null,
    })
    type Jobs = { jobs: { job_id: number }[] }
    const looked = await ask<Jobs>('get_workflow_run', { run_id: run.id })
    expect(looked).toMatchObject({ conclusion: 'failure', jobs: [{ name: 'plant', failed_steps: ['sow'], steps: 3 }] })
    const job_id = looked.jobs[0]?.job_id
    const parts: string[] = []
    for (let before: number | undefined; ; ) {
      const part: { text: string; previous_before: number | null } = await ask('get_job_log', {
        job_id,
        ...(before ? { before } : {}),
      })
      parts.unshift(part.text)
      if (part.previous_before === null) break
      expect(part.text).toMatch(/^step \d+\n/)
      before = part.previous_before
    }
    expect(parts.at(-1)).toMatch(/failed: no soil\n$/)
    expect(parts.join('')).toBe(log.replaceAll(/\r|\p{Cc}\[\d+m/gu, ''))
    expect(on.fake.logs.seen.length).toBe(parts.length)
    expect(on.fake.logs.seen.map(({ headers }) => headers.authorization)).toEqual(parts.map(() => undefined))
  })

  test('are started again and by hand, and refused where that cannot be', async () => {
    const flow = on.garden.workflow('Release', 'release.yml', ['version'])
    const run = on.garden.run(flow, {
      conclusion: 'failure',
      jobs: [{ name: 'a' }, { name: 'b', conclusion: 'failure' }],
    })
    expect(await ask('rerun_workflow', { run_id: run.id })).toEqual({ run_id: run.id, started: 'failed' })
    expect(run).toMatchObject({ status: 'queued', attempt: 2, jobs: [{ status: 'completed' }, { status: 'queued' }] })
    const running = await problemOf(ask('rerun_workflow', { run_id: run.id, jobs: 'all' }))
    expect(running.detail).toContain('already running')
    const inputs = [{ name: 'version', value: '1.2.3' }]
    expect(await ask('run_workflow', { workflow: 'release.yml', ref: 'main', inputs })).toMatchObject({ started: true })
    expect(on.garden.runs.at(-1)).toMatchObject({ event: 'workflow_dispatch', workflow: { name: 'Release' } })
    on.garden.workflow('Push only', 'push.yml')
    const problem = await problemOf(ask('run_workflow', { workflow: 'push.yml', ref: 'main' }))
    expect(problem.detail).toContain('workflow_dispatch')
  })
})
