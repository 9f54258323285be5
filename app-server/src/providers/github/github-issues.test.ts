// Issues over the provider's tools, against a pretended GitHub on the wire.
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

type Shown = Record<string, unknown> & { number: number }

describe('issues', () => {
  test('are opened, read, commented on and closed', async () => {
    const { issue } = await ask<{ issue: Shown }>('create_issue', {
      title: 'Snails',
      body: 'They eat *everything*.\n',
      labels: ['pest'],
      assignees: ['kenji'],
    })
    expect(issue).toMatchObject({
      title: 'Snails',
      state: 'open',
      author: 'hana',
      labels: ['pest'],
      assignees: ['kenji'],
    })
    const { number } = issue
    const { comment_id, url } = await ask<{ comment_id: number; url: string }>('add_comment', {
      number,
      body: 'Beer helps',
    })
    expect(url).toContain(String(comment_id))
    await ask('update_issue', { number, state: 'closed', state_reason: 'not_planned' })
    expect(await ask('get_issue', { number })).toMatchObject({
      state: 'closed',
      state_reason: 'not_planned',
      body: 'They eat *everything*.\n',
      next_body_offset: null,
      shown_comments: [{ id: comment_id, author: 'hana', body: 'Beer helps', next_offset: null }],
      next_cursor: null,
    })
  })

  test('are changed in what is given, and stay as they are in the rest', async () => {
    const { number } = on.garden.issue({ title: 'Old', body: 'kept', labels: ['a', 'b'], assignees: ['kenji'] })
    const { issue } = await ask<{ issue: Shown }>('update_issue', { number, title: 'New' })
    expect(issue).toMatchObject({ title: 'New', labels: ['a', 'b'], assignees: ['kenji'], state: 'open' })
    expect(await ask('update_issue', { number, labels: [] })).toMatchObject({
      issue: { labels: [], assignees: ['kenji'] },
    })
    expect(await ask('get_issue', { number })).toMatchObject({ title: 'New', body: 'kept' })
    await ask('update_issue', { number, body: '' })
    expect(await ask('get_issue', { number })).toMatchObject({ body: '' })
    const problem = await problemOf(ask('update_issue', { number }))
    expect(problem).toMatchObject({ code: 'invalid-arguments' })
    expect(problem.detail).toContain('Say what to change')
  })

  test('of one repository are read page by page to the end, without its pull requests', async () => {
    const many = on.fake.repository({ owner: 'hana', name: 'many', files: { a: '1' } })
    many.commit({ a: '2' }, { branch: 'side' })
    for (let count = 0; count < 23; count++) {
      if (count === 11) many.pull({ title: 'a pull request', head: 'side' })
      many.issue({ title: `issue ${count}`, labels: count % 2 === 0 ? ['even', 'all'] : ['all'] })
    }
    const given = { repository: 'hana/many', limit: 5 }
    const all = await readPages<Shown>(on.bench, on.hana, 'github.list_issues', given, 'issues')
    expect(all.map(({ title }) => title)).toEqual(Array.from({ length: 23 }, (_, count) => `issue ${22 - count}`))
    const even = { ...given, labels: ['even', 'all'], direction: 'asc' }
    const some = await readPages<Shown>(on.bench, on.hana, 'github.list_issues', even, 'issues')
    expect(some).toHaveLength(12)
    expect(some[0]).toMatchObject({ title: 'issue 0' })
  })

  test('keep the pages of the first limit, so that none is missed when it changes', async () => {
    const first = await ask<{ next_cursor: string }>('list_issues', { repository: 'hana/many', limit: 10 })
    const given = { repository: 'hana/many', limit: 50, cursor: first.next_cursor }
    const second = await ask<{ issues: Shown[] }>('list_issues', given)
    expect(second.issues[0]).toMatchObject({ title: 'issue 12' })
  })

  test('of other people come without their hidden signs, and in parts that make the whole', async () => {
    const long = `${'0123456789'.repeat(1_700)}end`
    const { number } = on.garden.issue({ title: 'a\u202eb\n\nc', body: `\u001b[2J${long}\u{e0041}` })
    const comment = on.garden.comment(on.garden.issues[number - 1] as never, long)
    const seen: string[] = []
    for (let body_offset: number | null = 0; body_offset !== null; ) {
      const part: { body: string; next_body_offset: number | null; title: string } = await ask('get_issue', {
        number,
        body_offset,
      })
      expect(part.body.length).toBeLessThanOrEqual(8_000)
      expect(part.title).toBe('ab c')
      seen.push(part.body)
      body_offset = part.next_body_offset
    }
    expect(seen.join('')).toBe(`[2J${long}`)
    type Comments = { shown_comments: { body: string; next_offset: number | null }[] }
    const [cut] = (await ask<Comments>('get_issue', { number })).shown_comments
    expect(cut).toMatchObject({ next_offset: 2_000 })
    const rest = await ask<Comments>('get_issue', { number, comment_id: comment.id, comment_offset: 12_000 })
    expect(rest.shown_comments).toMatchObject([{ body: long.slice(12_000), next_offset: null }])
  })

  test('have their comments read page by page', async () => {
    const issue = on.garden.issue({ title: 'Talk' })
    for (let count = 0; count < 7; count++) on.garden.comment(issue, `word ${count}`, { author: 'kenji' })
    const given = { repository: 'hana/garden', number: issue.number, limit: 3 }
    const words = await readPages<{ body: string }>(on.bench, on.hana, 'github.get_issue', given, 'shown_comments')
    expect(words.map(({ body }) => body)).toEqual(Array.from({ length: 7 }, (_, count) => `word ${count}`))
  })

  test('are found by words, of the kind that was asked for', async () => {
    on.garden.issue({ title: 'Watering by night', labels: ['idea'] })
    on.garden.commit({ 'hose.md': 'x' }, { branch: 'hose' })
    on.garden.pull({ title: 'Watering by hose', head: 'hose' })
    const query = 'watering repo:hana/garden is:open'
    expect(await ask('search_issues', { query })).toMatchObject({
      total: 1,
      is_incomplete: false,
      found: [{ title: 'Watering by night', repository: 'hana/garden', is_pull_request: false }],
      next_cursor: null,
    })
    expect(await ask('search_issues', { query, kind: 'pull_request' })).toMatchObject({
      found: [{ title: 'Watering by hose', is_pull_request: true }],
    })
    // The kind must hold for both sides.
    await ask('search_issues', { query: 'author:hana OR author:kenji' })
    expect(on.fake.seen.at(-1)?.query.get('q')).toBe('(author:hana OR author:kenji) is:issue')
  })

  test("that are switched off are not found, with GitHub's words", async () => {
    on.fake.repository({ owner: 'hana', name: 'mute', hasIssues: false, files: { a: '1' } })
    const problem = await problemOf(ask('list_issues', { repository: 'hana/mute' }))
    expect(problem).toMatchObject({ code: 'not-found', members: { upstream_status: 410 } })
    expect(problem.detail).toContain('Issues has been disabled')
  })

  test('with an assignee who cannot be one are refused with what is wrong', async () => {
    const problem = await problemOf(ask('create_issue', { title: 'x', assignees: ['nobody-here'] }))
    expect(problem).toMatchObject({ code: 'invalid-arguments', members: { upstream_status: 422 } })
    expect(problem.detail).toContain('nobody-here cannot be assigned')
  })
})

describe('repositories', () => {
  test('of the account are listed, those of others are not', async () => {
    on.fake.repository({ owner: 'kenji', name: 'secret', private: true, files: { a: '1' } })
    const names = async (given: object) => {
      const items = await readPages<{ repository: string }>(
        on.bench,
        on.hana,
        'github.list_repositories',
        { limit: 2, ...given },
        'repositories',
      )
      return items.map(({ repository }) => repository)
    }
    expect(await names({ sort: 'full_name' })).toEqual(['hana/garden', 'hana/many', 'hana/mute'])
    expect(await names({ visibility: 'private' })).toEqual(['hana/garden'])
  })

  test('are described with the beginning of their README', async () => {
    expect(await ask('get_repository')).toMatchObject({
      repository: 'hana/garden',
      private: true,
      default_branch: 'main',
      may_push: true,
      topics: ['garden'],
      readme: { path: 'README.md', text: '# Garden\n\nWhat grows, and when.\n', is_whole: true },
    })
    expect(await ask('get_repository', { repository: 'hana/many' })).toMatchObject({ readme: null })
  })

  test('an account may not see are not there for it', async () => {
    const problem = await problemOf(ask('get_repository', { repository: 'kenji/secret' }))
    expect(problem).toMatchObject({ code: 'not-found' })
  })

  test('that were renamed are still read, and not changed under the old name', async () => {
    const roof = on.fake.repository({ owner: 'hana', name: 'roof', files: { a: '1' } })
    roof.formerName = 'balcony'
    expect(await ask('get_repository', { repository: 'hana/balcony' })).toMatchObject({ repository: 'hana/roof' })
    const problem = await problemOf(ask('create_issue', { repository: 'hana/balcony', title: 'x' }))
    expect(problem).toMatchObject({ code: 'conflict' })
    expect(problem.detail).toContain('another name')
    expect(roof.issues).toEqual([])
  })
})
