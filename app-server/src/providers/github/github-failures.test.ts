// What the provider's tools do when GitHub refuses, limits, fails, hangs or cuts the line, and where names can lead.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type GitHubBench, openGitHubBench } from '../../../e2e/github-fixtures.js'
import { faultsOf, problemOf } from '../../../e2e/provider-bench.js'
import { github } from './github.js'
import { path } from './github-api.js'

let on: GitHubBench
let ask: GitHubBench['ask']
let number: number

beforeAll(async () => {
  on = await openGitHubBench()
  ask = on.ask
  number = on.garden.issue({ title: 'One' }).number
})
afterAll(() => on.close())
beforeEach(() => on.fake.behave())

const issuePath = '/repos/hana/garden/issues/1'
const commentsPath = `${issuePath}/comments`
const comments = () => on.garden.issues[number - 1]?.comments.length ?? 0
const posts = () => on.fake.seen.filter(({ method }) => method === 'POST').length

describe('a limit', () => {
  test('that is over soon is waited out, and a change is made once', async () => {
    on.fake.slowDown(1, { times: 1 })
    const before = comments()
    await ask('add_comment', { number, body: 'patient' })
    expect(comments()).toBe(before + 1)
    expect(posts()).toBe(2)
    on.fake.exhaust('hana', 2)
    expect(await ask('get_repository')).toMatchObject({ repository: 'hana/garden' })
  })

  test('that lasts is told with its seconds', async () => {
    on.fake.exhaust('hana', 900)
    const problem = await problemOf(ask('list_branches'))
    expect(problem.code).toBe('rate-limited')
    const seconds = Number(problem.members.retry_after_seconds)
    expect(seconds).toBeGreaterThan(890)
    expect(seconds).toBeLessThanOrEqual(901)
    on.fake.exhaust('hana', -1)
    on.fake.slowDown(77, { status: 429 })
    expect((await problemOf(ask('list_branches'))).members).toMatchObject({ retry_after_seconds: 77 })
  })

  test('that names no time counts as a minute', async () => {
    const body = { message: 'You have exceeded a secondary rate limit.' }
    on.fake.misbehave(issuePath, { kind: 'answer', status: 403, body })
    expect((await problemOf(ask('get_issue', { number }))).members).toMatchObject({ retry_after_seconds: 60 })
  })

  test('is not what forbids, though it be the last request of the hour', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' }
    on.fake.misbehave(issuePath, { kind: 'answer', status: 403, body: { message: 'Must have admin rights' }, headers })
    expect(await problemOf(ask('get_issue', { number }))).toMatchObject({ code: 'forbidden' })
  })
})

describe('a refusal', () => {
  test('says which permission the token lacks, or which sign-on the organization wants', async () => {
    const refuse = (headers: Record<string, string>) =>
      on.fake.misbehave(
        issuePath,
        { kind: 'answer', status: 403, body: { message: 'Resource not accessible by personal access token' }, headers },
        { times: 1 },
      )
    refuse({ 'x-accepted-github-permissions': 'issues=read' })
    const lacking = await problemOf(ask('get_issue', { number }))
    expect(lacking.code).toBe('forbidden')
    expect(lacking.detail).toContain('permission issues=read')
    refuse({ 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=A1' })
    expect((await problemOf(ask('get_issue', { number }))).detail).toContain('opens https://github.com/orgs/acme/sso?')
  })

  test('to an account that may only read keeps everything as it is', async () => {
    const open = on.fake.repository({ owner: 'hana', name: 'open', files: { a: '1' } })
    const given = { repository: 'hana/open', path: 'b.txt', content: 'x', message: 'm' }
    const problem = await problemOf(on.bench.call(on.kenji, 'github.write_file', given))
    expect(problem).toMatchObject({ code: 'forbidden', members: { upstream_status: 403 } })
    expect(open.history.find('main')?.tree.has('b.txt')).toBe(false)
  })

  test('of a token without the scope tells the person what to allow', async () => {
    const other = await openGitHubBench({}, ['public_repo'])
    try {
      const problem = await problemOf(other.ask('get_repository'))
      expect(problem.code).toBe('not-found')
      expect(problem.detail).toContain('allows "repo"')
    } finally {
      await other.close()
    }
  })

  test('of a token that is no longer good says to reconnect', async () => {
    const other = await openGitHubBench()
    try {
      other.fake.oauth.revokeAccount('583231')
      const problem = await problemOf(other.ask('get_repository'))
      expect(problem).toMatchObject({ code: 'upstream-failed', members: { upstream_status: 401 } })
      expect(problem.detail).toContain('reconnect')
    } finally {
      await other.close()
    }
  })
})

describe('a fault of GitHub', () => {
  test('is told as one, whatever it sends', async () => {
    for (const how of [
      { kind: 'answer', status: 502, body: '<html>Unicorn!</html>' },
      { kind: 'answer', status: 200, body: 'no JSON' },
      { kind: 'answer', status: 200, body: { unexpected: true } },
      { kind: 'answer', status: 200, body: 'x'.repeat(9 * 1024 * 1024) },
      { kind: 'drop' },
    ] as const) {
      on.fake.behave()
      on.fake.misbehave(issuePath, how)
      expect(await problemOf(ask('get_issue', { number }))).toMatchObject({ code: 'upstream-failed' })
    }
  })

  test('a request without an answer ends in time', async () => {
    on.fake.misbehave(issuePath, { kind: 'hang' })
    expect(await problemOf(ask('get_issue', { number }))).toMatchObject({ code: 'timeout' })
  })
})

describe('a change whose answer is lost', () => {
  test.each([
    ['cut', { kind: 'cut' }, 1],
    ['a fault', { kind: 'answer', status: 500 }, 0],
  ] as const)('by %s is never made twice with one key', async (_name, how, done) => {
    on.fake.misbehave(commentsPath, how, { method: 'POST' })
    const before = comments()
    const given = { number, body: 'once', idempotency_key: `lost-${done}` }
    const problem = await problemOf(ask('add_comment', given))
    expect(problem.code).toBe('upstream-failed')
    on.fake.behave()
    const again = await problemOf(ask('add_comment', given))
    expect(again.code).toBe('conflict')
    expect(again.detail).toContain('nobody knows whether')
    expect([comments() - before, posts()]).toEqual([done, 0])
  })

  test('by a limit or a refusal may be made again with the same key', async () => {
    on.fake.slowDown(300)
    const before = comments()
    const given = { number, body: 'later', idempotency_key: 'later' }
    expect(await problemOf(ask('add_comment', given))).toMatchObject({ code: 'rate-limited' })
    on.fake.misbehave(
      commentsPath,
      { kind: 'answer', status: 422, body: { message: 'Validation Failed' } },
      { times: 1 },
    )
    expect(await problemOf(ask('add_comment', given))).toMatchObject({ code: 'invalid-arguments' })
    const first = await ask('add_comment', given)
    expect(await ask('add_comment', given)).toEqual(first)
    expect(comments()).toBe(before + 1)
  })
})

describe('names and paths', () => {
  const repository = 'hana/garden'
  test.each([
    ['..', '../..', 'hana/..', 'hana/.', 'hana', '/hana/garden', 'hana/garden/issues', 'hana%2Fgarden'],
    ['hana/gar den', 'hana/gärden', 'hana/garden?x', 'hana/garden#', 'hana\\garden', 'ha na/garden', '.hana/garden'],
  ])('of other places are no repository: %s …', (...names) => {
    for (const name of names)
      expect([name, faultsOf(github, 'github.get_repository', { repository: name })]).not.toEqual([name, []])
  })

  test('with steps upwards, empty parts or what git forbids are refused before anything is sent', () => {
    for (const wrong of ['../secret', 'a/../../b', './a', 'a//b', '..', 'a/.', 'a/..']) {
      const given = { repository, path: wrong }
      expect([wrong, faultsOf(github, 'github.get_file', given)]).not.toEqual([wrong, []])
      expect([wrong, faultsOf(github, 'github.list_directory', given)]).not.toEqual([wrong, []])
    }
    for (const wrong of [
      '..',
      'a..b',
      'a/../b',
      '/a',
      'a/',
      'a b',
      'a~1',
      'a^',
      'a:b',
      'a?b',
      'a*',
      'a[b',
      'a\\b',
      '-a',
      '.a',
      'a/.b',
      'a//b',
      '@{u}',
      'a\nb',
      '',
    ]) {
      expect([wrong, faultsOf(github, 'github.list_commits', { repository, ref: wrong })]).not.toEqual([wrong, []])
    }
    for (const wrong of ['../ci.yml', 'a/b.yml', 'ci.sh', '..yml/', '%2e%2e/x.yml']) {
      const given = { repository, workflow: wrong, ref: 'main' }
      expect([wrong, faultsOf(github, 'github.run_workflow', given)]).not.toEqual([wrong, []])
    }
  })

  test('of all kinds of letters lead to their own file and nowhere else', async () => {
    const names = ['a b/ü.txt', '%2e%2e/%2e%2e/user', 'c?d=e#f.txt', '猫/+&=.txt', '..%2f..%2fuser', 'q\'"<>.md', '...']
    on.garden.commit(Object.fromEntries(names.map((name) => [name, `this is ${name}`])))
    for (const name of names) {
      expect(await ask('get_file', { path: name })).toMatchObject({ path: name, text: `this is ${name}` })
    }
    const paths = on.fake.seen.map((seen) => seen.path)
    expect(paths.filter((one) => !one.startsWith('/repos/hana/garden/contents/'))).toEqual([])
    const branches = ['feature/ü', 'a%2e%2e', 'x&y=z', '猫']
    for (const name of branches) {
      await ask('create_branch', { name, from: 'main' })
      expect(await ask('list_commits', { ref: name, limit: 1 })).toMatchObject({ commits: [{ author: 'hana' }] })
      expect(await ask('list_changed_files', { commit: name, limit: 1 })).toHaveProperty('files')
    }
    expect([...on.garden.history.branches.keys()]).toEqual(expect.arrayContaining(branches))
  })

  test('cannot step out of the address that is made of them', async () => {
    for (const part of ['', '.', '..']) {
      expect(() => path`/repos/${part}/x`).toThrow('must not have empty parts')
      expect(() => path`/repos/${['a', part]}/x`).toThrow('must not have empty parts')
    }
    expect(path`/a/${'b/c'}/${['d', 'e f']}/${7}`.text).toBe('/a/b%2Fc/d/e%20f/7')
  })

  test('lead below the path of an enterprise API', async () => {
    const enterprise = await openGitHubBench({ apiPath: '/api/v3' })
    try {
      expect(await enterprise.ask('get_repository')).toMatchObject({ repository: 'hana/garden' })
      const given = { repository: 'hana/garden', limit: 1 }
      const { next_cursor } = await enterprise.ask<{ next_cursor: string }>('list_directory', given)
      expect(await enterprise.ask('list_directory', { ...given, cursor: next_cursor })).toMatchObject({
        entries: [{ path: 'src' }],
      })
      const paths = enterprise.fake.seen.map((seen) => seen.path)
      expect(paths.filter((one) => !one.startsWith('/api/v3/repos/hana/garden'))).toEqual([])
    } finally {
      await enterprise.close()
    }
  })

  test('in a crafted cursor are not taken', async () => {
    const crafted = [
      Buffer.from('["../../user",1]'),
      Buffer.from('[2,1000]'),
      Buffer.from('[0,1]'),
      Buffer.from('[1e9,1]'),
    ]
    for (const cursor of crafted.map((bytes) => bytes.toString('base64url'))) {
      expect(await problemOf(ask('list_directory', { cursor }))).toMatchObject({ code: 'invalid-arguments' })
      expect(await problemOf(ask('list_issues', { cursor }))).toMatchObject({ code: 'invalid-arguments' })
    }
    expect(on.fake.seen).toEqual([])
  })
})

test('every request says who asks, in which version, with the token of the account', async () => {
  await ask('get_issue', { number })
  for (const { headers } of on.fake.seen) {
    expect(headers).toMatchObject({
      accept: 'application/vnd.github+json',
      'user-agent': 'Sekisho',
      'x-github-api-version': '2022-11-28',
      authorization: expect.stringMatching(/^Bearer ghp_/),
    })
  }
})
