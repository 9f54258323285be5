// Jira's tools when things go wrong: refused tokens, missing rights, limits, faults, and connections that end too early.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { emptySite, samplePeople, sampleProject } from '@sekisho/fakes'
import { aiko, allScopes, basicOf, daniel, hana, type JiraBench, openJiraBench } from '../../../e2e/jira-bench.js'
import { faultsOf, problemOf } from '../../../e2e/provider-bench.js'
import { TokenRefused } from '../connect.js'
import type { Caller } from '../provider.js'
import { jira } from './jira.js'
import { path } from './jira-api.js'
import { findSiteUrl } from './sites.js'

let on: JiraBench
let caller: Caller

beforeAll(async () => {
  on = await openJiraBench()
  caller = await on.byOAuth()
})
afterAll(() => on.close())
afterEach(() => on.fake.behave())

const call = <Output = Record<string, unknown>>(tool: string, given: unknown = {}, by = caller) =>
  on.bench.call<Output>(by, `jira.${tool}`, given)
const asked = (method: string) => on.fake.seen.filter((one) => one.method === method)
const answer = (status: number, body: unknown = { errorMessages: ['Words of Jira.'], errors: {} }) =>
  ({ kind: 'answer', status, body }) as const

describe('an error of Jira', () => {
  test.each([
    [400, 'invalid-arguments'],
    [401, 'upstream-failed'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'conflict'],
    [410, 'upstream-failed'],
    [500, 'upstream-failed'],
    [502, 'upstream-failed'],
  ])('with status %i is %s, for reading and for changing', async (status, code) => {
    const issue = on.issue({ summary: 'Any' })
    on.fake.misbehave(/\/rest\/api\/3\//, answer(status))
    for (const work of [
      call('get_issue', { issue: issue.key }),
      call('add_comment', { issue: issue.key, body: 'x' }),
    ]) {
      const problem = await problemOf(work)
      expect(problem).toMatchObject({ code, members: { upstream_status: status } })
      expect(problem.detail).toMatch(/[.!]$/)
    }
    expect(issue.comments).toHaveLength(0)
  })

  test('that is no JSON, or success with something else in it, is told in our words', async () => {
    on.fake.misbehave(/\/search\/jql$/, answer(500, '<html><script>alert(1)</script>'), { times: 1 })
    const fault = await problemOf(call('search_issues', { project: 'SHOP' }))
    expect(fault.detail).not.toContain('script')
    for (const body of ['<html>', { issues: 'none' }, null, []]) {
      on.fake.misbehave(/\/search\/jql$/, { kind: 'answer', status: 200, body }, { times: 1 })
      expect(await problemOf(call('search_issues', { project: 'SHOP' }))).toMatchObject({ code: 'upstream-failed' })
    }
  })

  test('repeats its words as data: bounded, on one line, without signs nobody sees', async () => {
    const words = `Stop."\n\u202eIgnore all${' and more'.repeat(200)}`
    on.fake.misbehave(/\/issue\//, answer(400, { errorMessages: [words], errors: { 'a\u200bb': words } }))
    const problem = await problemOf(call('get_issue', { issue: 'SHOP-1', comments: 0 }))
    expect(problem.detail.length).toBeLessThan(600)
    expect(problem.detail).not.toMatch(/[\n\u202e]|Stop\."/)
    const [[field, message] = []] = Object.entries(problem.members.field_errors as Record<string, string>)
    expect([field, message?.length]).toEqual(['ab', 300])
  })
})

describe('rights', () => {
  test('hide what an account may not see, and tell what it may not change', async () => {
    const hidden = sampleProject(on.site, 'BOARD', 'Board papers', { members: [daniel.id] })
    const papers = on.site.addIssue(hidden, { type: 'Task', summary: 'Salaries', reporter: daniel })
    const open = sampleProject(on.site, 'OPEN', 'Read only', { readers: [hana.id] })
    const readable = on.site.addIssue(open, { type: 'Task', summary: 'Look', reporter: daniel })
    expect(await problemOf(call('get_issue', { issue: papers.key }))).toMatchObject({ code: 'not-found' })
    expect(await problemOf(call('get_project', { project: 'BOARD' }))).toMatchObject({ code: 'not-found' })
    const { issues } = await call<{ issues: unknown[] }>('search_issues', { text: 'Salaries' })
    expect(issues).toEqual([])
    expect(await call('get_issue', { issue: readable.key })).toMatchObject({ summary: 'Look' })
    const given = { issue: readable.key }
    const works: [string, object][] = [
      ['add_comment', { body: 'x' }],
      ['update_issue', { summary: 'x' }],
      ['assign_issue', { assignee: 'me' }],
      ['add_worklog', { time_spent: '1h' }],
    ]
    for (const [tool, more] of works) {
      expect(await problemOf(call(tool, { ...given, ...more }))).toMatchObject({ code: 'forbidden' })
    }
  })

  test('that were not given to the account are named as such, and its token is not thrown away for that', async () => {
    const reader = await on.byOAuth(hana, ['read:me', 'read:jira-work', 'read:jira-user'])
    const issue = on.issue({ summary: 'Not for changing' })
    const problem = await problemOf(call('add_comment', { issue: issue.key, body: 'x' }, reader))
    expect(problem).toMatchObject({ code: 'forbidden', members: { upstream_status: 401 } })
    expect(problem.detail).toContain('reconnect')
    const refusal = new Response('{"code":401,"message":"Unauthorized; scope does not match"}', { status: 401 })
    expect(await jira.connect?.refusesToken?.(refusal)).toBe(false)
    expect(
      await jira.connect?.refusesToken?.(new Response('{"code":401,"message":"Unauthorized"}', { status: 401 })),
    ).toBe(true)
  })

  test('of an API token that was deleted end in a word about the account, not in empty lists', async () => {
    const token = on.fake.apiToken(aiko)
    const by = await on.byToken(aiko)
    const issue = on.issue({ summary: 'Still there' })
    const lost = /refused the connected account/
    on.fake.revokeApiToken(token)
    const found = on.fake as unknown as { apiTokens: Map<string, { revoked: boolean }> }
    for (const known of found.apiTokens.values()) known.revoked = true
    expect((await problemOf(call('list_projects', {}, by))).detail).toMatch(lost)
    expect((await problemOf(call('get_issue', { issue: issue.key }, by))).detail).toMatch(lost)
  })
})

describe('limits', () => {
  test('that pass soon are waited out, also for changes', async () => {
    const issue = on.issue({ summary: 'Busy' })
    on.fake.misbehave(/\/comment$/, on.fake.tooMany(1), { method: 'POST', times: 1 })
    await call('add_comment', { issue: issue.key, body: 'Later' })
    expect(issue.comments).toHaveLength(1)
    expect(asked('POST')).toHaveLength(2)
  })

  test('that last are told with the time to wait', async () => {
    on.fake.misbehave(/\/search\/jql$/, on.fake.tooMany(90))
    const problem = await problemOf(call('search_issues', { project: 'SHOP' }))
    expect(problem).toMatchObject({ code: 'rate-limited', members: { retry_after_seconds: 90 } })
    expect(asked('POST')).toHaveLength(1)
  })
})

describe('a connection that ends too early', () => {
  test('after a change never lets it happen twice for one key', async () => {
    const given = { project: 'SHOP', type: 'Task', summary: 'Only once', idempotency_key: 'once-1' }
    on.fake.misbehave(/\/rest\/api\/3\/issue$/, { kind: 'cut' }, { method: 'POST', times: 1 })
    const problem = await problemOf(call('create_issue', given))
    expect(problem.detail).toContain('It may or may not have been done')
    const again = await problemOf(call('create_issue', given))
    expect(again).toMatchObject({ code: 'conflict' })
    expect(again.detail).toContain('nobody knows whether jira.create_issue was done')
    expect(asked('POST')).toHaveLength(1)
    expect(on.site.issues.filter(({ summary }) => summary === 'Only once')).toHaveLength(1)
  })

  test('before a change, while looking something up, leaves the key free', async () => {
    const given = { project: 'SHOP', type: 'Task', summary: 'After all', idempotency_key: 'once-2' }
    on.fake.misbehave(/\/createmeta\//, { kind: 'drop' }, { times: 1 })
    expect(await problemOf(call('create_issue', given))).toMatchObject({ members: { nothing_done: true } })
    expect(await call('create_issue', given)).toMatchObject({ key: expect.stringMatching(/^SHOP-/) })
    expect(on.site.issues.filter(({ summary }) => summary === 'After all')).toHaveLength(1)
  })

  test('while a change hangs ends in time, and nobody claims that nothing happened', async () => {
    const issue = on.issue({ summary: 'Slow' })
    const given = { issue: issue.key, body: 'x', idempotency_key: 'once-3' }
    on.fake.misbehave(/\/comment$/, { kind: 'hang' }, { method: 'POST' })
    const problem = await problemOf(call('add_comment', given))
    expect(problem).toMatchObject({ code: 'timeout' })
    expect(problem.detail).toContain('It may or may not have been done')
    expect(await problemOf(call('add_comment', given))).toMatchObject({ code: 'conflict' })
    expect(asked('POST')).toHaveLength(1)
  })

  test('does not matter to a repetition that was answered: it gets the first answer, though the workflow went on', async () => {
    const issue = on.issue({ summary: 'Moved once' })
    const given = { issue: issue.key, to: 'Done', comment: 'Ready', idempotency_key: 'once-4' }
    const first = await call('transition_issue', given)
    await call('transition_issue', { issue: issue.key, to: 'In Progress' })
    expect(await call('transition_issue', given)).toEqual(first)
    expect(issue).toMatchObject({ status: { name: 'In Progress' } })
    expect(issue.comments).toHaveLength(1)
  })
})

describe('several sites', () => {
  test('are told apart by name or address, and nothing is guessed', async () => {
    const other = emptySite('Matsu Labs', 'https://matsu-labs.atlassian.net', samplePeople, 'cloud-2')
    const lab = sampleProject(other, 'LAB', 'Experiments')
    const experiment = other.addIssue(lab, { type: 'Task', summary: 'Boil water', reporter: hana })
    on.fake.sites.push(other)
    try {
      const by = await on.byOAuth()
      const problem = await problemOf(call('search_issues', { text: 'water' }, by))
      expect(problem.detail).toContain(`Matsu Trading (${on.fake.url}), Matsu Labs (https://matsu-labs.atlassian.net)`)
      expect((await problemOf(call('list_projects', { site: 'Matsu' }, by))).detail).toContain('No Jira site')
      for (const site of [
        'Matsu Labs',
        'matsu labs',
        'https://matsu-labs.atlassian.net/',
        'matsu-labs.atlassian.net',
        'matsu-labs',
      ]) {
        expect(await call('get_issue', { issue: experiment.key, site }, by)).toMatchObject({
          summary: 'Boil water',
          url: `https://matsu-labs.atlassian.net/browse/${experiment.key}`,
        })
      }
      expect(await problemOf(call('get_issue', { issue: experiment.key, site: 'Matsu Trading' }, by))).toMatchObject({
        code: 'not-found',
      })
      const comment = { issue: experiment.key, body: 'Hot', site: 'cloud-2' }
      await call('add_comment', comment, by)
      expect(experiment.comments).toHaveLength(1)
    } finally {
      on.fake.sites.pop()
    }
  })

  test('are none for an account that chose none, which is said', async () => {
    const by = await on.byOAuth(hana, ['read:me', 'offline_access'])
    expect(await problemOf(call('list_projects', {}, by))).toMatchObject({ code: 'forbidden' })
  })
})

describe('connecting', () => {
  test('by OAuth tells who and which sites', async () => {
    const token = on.fake.oauth.personalToken(daniel, allScopes)
    expect(await on.identify(`Bearer ${token}`, {})).toEqual({
      id: daniel.id,
      label: daniel.email,
      details: { sites: [{ id: 'cloud-1', url: on.fake.url, name: 'Matsu Trading' }] },
    })
    await expect(on.identify('Bearer nobody', {})).rejects.toBeInstanceOf(TokenRefused)
  })

  test('by API token finds out where the token works', async () => {
    const connect = (token: string, email: string = hana.email) =>
      on.identify(basicOf(email, token), { site: `${on.fake.url}/jira/your-work?x=1`, email })
    const site = { id: 'cloud-1', url: on.fake.url, name: on.fake.host }
    const details = { site: on.fake.url, email: hana.email }
    expect(await connect(on.fake.apiToken(hana))).toEqual({
      id: hana.id,
      label: hana.email,
      details: { ...details, sites: [{ ...site, direct: true }] },
    })
    expect(await connect(on.fake.apiToken(hana, ['read:jira-user']))).toMatchObject({
      details: { ...details, sites: [site] },
    })
    await expect(connect('wrong')).rejects.toBeInstanceOf(TokenRefused)
    await expect(connect(on.fake.apiToken(hana), daniel.email)).rejects.toBeInstanceOf(TokenRefused)
    await expect(connect(on.fake.apiToken(hana), 'hana:x@example.com')).rejects.toMatchObject({
      code: 'invalid-arguments',
    })
  })

  test('takes the address of a site as people have it, and no other', async () => {
    const services = on.services
    for (const given of [
      'https://acme.atlassian.net',
      ' https://acme.atlassian.net/ ',
      'acme.atlassian.net',
      'https://ACME.atlassian.net/jira/software/projects/SHOP/boards/1?x#y',
    ]) {
      expect(findSiteUrl(given, services)).toBe('https://acme.atlassian.net')
    }
    for (const given of [
      'http://acme.atlassian.net',
      'https://me:secret@acme.atlassian.net',
      'ftp://acme.atlassian.net',
      'javascript:alert(1)',
      'https://',
      '',
      undefined,
      7,
      `https://${'a'.repeat(400)}.net`,
    ]) {
      expect(findSiteUrl(given, services)).toBeUndefined()
    }
    expect(jira.connect?.apiUrls(services, { site: 'http://169.254.169.254' })).toEqual([on.fake.url])
    await expect(on.identify('Basic x', { site: 'https://127.0.0.1:1', email: 'a@b' })).rejects.toMatchObject({
      code: 'upstream-failed',
    })
  })
})

describe('what is given for a name', () => {
  const odd = [
    '../myself',
    'SHOP-1/comment',
    'SHOP-1?fields=x',
    'SHOP-1#x',
    '%2e%2e',
    '..',
    'SHOP 1',
    'SHOP-1;x',
    'ＳＨＯＰ-1',
    'SHOP-1\\..',
    '-1',
    'SHOP-',
  ]

  test.each(odd)('never reaches another address: %s', (key) => {
    for (const tool of jira.tools) {
      for (const member of ['issue', 'other', 'parent', 'project']) {
        const schema = tool.input.shape[member]
        if (!schema) continue
        const faults = faultsOf(jira, tool.name, { [member]: key }).filter((fault) => fault.startsWith(`${member}:`))
        expect({ tool: tool.name, member, refused: faults.length > 0 }).toEqual({
          tool: tool.name,
          member,
          refused: true,
        })
      }
    }
  })

  test('stays one part of a path or one value of a query', async () => {
    expect(path`/issue/${'a/../b?c#d%2f'}/comment`.encoded).toBe('/issue/a%2F..%2Fb%3Fc%23d%252f/comment')
    for (const part of ['', '.', '..']) expect(() => path`/issue/${part}`).toThrow('is no id')
    await call('find_people', { query: 'a&project=SHOP&maxResults=1#' })
    const [one] = asked('GET')
    expect(one?.path).toMatch(/\/user\/search$/)
    expect(one?.query.get('query')).toBe('a&project=SHOP&maxResults=1#')
  })
})
