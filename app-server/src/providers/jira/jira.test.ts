// Jira's tools on a pretended Jira: each one's main path, by OAuth and by API token, and what they refuse.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { documentOf, sampleProject } from '@sekisho/fakes'
import { daniel, hana, type JiraBench, openJiraBench } from '../../../e2e/jira-bench.js'
import { faultsOf, problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { fieldValues } from './fields.js'
import { jira } from './jira.js'

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

/** What was sent to the fake by a method, as JSON. */
const sent = (method: string) => on.fake.seen.filter((one) => one.method === method).map(({ text }) => JSON.parse(text))

describe.each([
  ['OAuth', () => on.byOAuth()],
  ['an API token at the site', () => on.byToken()],
  ['an API token with scopes', () => on.byToken(hana, ['read:jira-work', 'read:jira-user', 'write:jira-work'])],
])('connected by %s', (_how, connect) => {
  test('does a day of work: creates, reads, comments, moves, logs and finds an issue', async () => {
    const by = await connect()
    const { key } = await call<{ key: string }>(
      'create_issue',
      { project: 'SHOP', type: 'Task', summary: 'Write the help page', description: '# Why\n\nNobody finds it.' },
      by,
    )
    expect(key).toMatch(/^SHOP-\d+$/)
    await call('add_comment', { issue: key, body: 'I **begin** now.' }, by)
    await call('assign_issue', { issue: key, assignee: 'me' }, by)
    await call('transition_issue', { issue: key, to: 'In Progress' }, by)
    await call('add_worklog', { issue: key, time_spent: '1h 30m' }, by)
    expect(await call('get_issue', { issue: key.toLowerCase() }, by)).toMatchObject({
      key,
      summary: 'Write the help page',
      description: '# Why\n\nNobody finds it.',
      status: 'In Progress',
      assignee: hana.name,
      time_spent: '1h 30m',
      comment_count: 1,
      comments: [{ author: hana.name, body: 'I **begin** now.', cut: false }],
      url: `${on.fake.url}/browse/${key}`,
    })
    const { issues } = await call<{ issues: { key: string }[] }>(
      'search_issues',
      { text: 'help page', assignee: 'me' },
      by,
    )
    expect(issues.map((issue) => issue.key)).toContain(key)
  })
})

describe('searching', () => {
  test('reads a query to its end, page by page, and every issue once', async () => {
    const keys = Array.from(
      { length: 23 },
      (_, n) => on.issue({ summary: `Many ${n}`, fields: { labels: ['many'] } }).key,
    )
    const found = await readPages<{ key: string }>(
      on.bench,
      caller,
      'jira.search_issues',
      { jql: 'labels = many ORDER BY key ASC', limit: 10 },
      'issues',
    )
    expect(found.map(({ key }) => key).sort()).toEqual(keys.sort())
    expect(on.fake.seen.filter(({ path }) => path.endsWith('/search/jql'))).toHaveLength(3)
  })

  test('says what is wrong with a query, and how queries are written', async () => {
    const problem = await problemOf(call('search_issues', { jql: 'status = In Progress' }))
    expect(problem).toMatchObject({ code: 'invalid-arguments', members: { upstream_status: 400 } })
    expect(problem.detail).toContain("but got 'Progress'")
    expect(problem.detail).toContain('status = "In Progress"')
    const unbounded = await problemOf(call('search_issues', { jql: 'ORDER BY created' }))
    expect(unbounded.detail).toContain('Unbounded JQL')
    const nowhere = await problemOf(call('search_issues', { project: 'NONE' }))
    expect(nowhere.detail).toContain("'NONE' does not exist for the field 'project'")
  })

  test('takes either a query or filters', async () => {
    for (const given of [{}, { jql: 'project = SHOP', text: 'a' }, { text: '"?*' }]) {
      expect((await problemOf(call('search_issues', given))).code).toBe('invalid-arguments')
    }
    expect(on.fake.seen).toHaveLength(0)
  })

  test.each([
    'SHOP" OR project = "OPS',
    'a\\',
    'a\\" OR key = "SHOP-1',
    'x" OR "1" = "1',
    "it's",
    'a\nORDER BY created',
    'currentUser()',
    '\u0007bell\u0085',
    '日本語 "引用"',
  ])('looks for what was given as it is, never as a part of the query: %j', async (value) => {
    const issue = on.issue({ summary: 'Only by its own words', assignee: daniel })
    const { issues } = await call<{ issues: unknown[] }>('search_issues', { project: 'SHOP', assignee: daniel.name })
    expect(issues.length).toBeGreaterThan(0)
    for (const given of [{ status: value }, { assignee: value }]) {
      const outcome = await call<{ issues: { key: string }[] }>('search_issues', given).catch((error) => error)
      // Either nothing is found or Jira says that there is no such value: never a fault of the query, never an issue.
      if (outcome instanceof Error) expect(outcome.message).toMatch(/does not exist for the field/)
      else expect(outcome.issues).toEqual([])
    }
    const { issues: byText } = await call<{ issues: { key: string }[] }>('search_issues', { text: `zzzz ${value}` })
    expect(byText.map(({ key }) => key)).not.toContain(issue.key)
  })
})

describe('creating', () => {
  test('takes people, choices and numbers by name, and texts as Markdown', async () => {
    const { key } = await call<{ key: string }>('create_issue', {
      project: 'shop',
      type: 'bug',
      summary: 'Totals are wrong',
      priority: 'high',
      labels: ['money', 'urgent'],
      assignee: 'daniel@example.com',
      due_date: '2026-12-24',
      fields: {
        severity: 'Somebody is slowed down',
        'Story Points': 3,
        'Steps to reproduce': '1. Open the **basket**',
        customfield_10032: 'Aiko Tanaka',
        Components: ['Checkout'],
      },
    })
    expect(on.site.issues.find((issue) => issue.key === key)).toMatchObject({
      issueType: { name: 'Bug' },
      assignee: daniel,
      fields: {
        priority: { name: 'High' },
        labels: ['money', 'urgent'],
        duedate: '2026-12-24',
        customfield_10016: 3,
        customfield_10030: { id: '10201' },
        customfield_10031: { type: 'doc', content: [{ type: 'orderedList' }] },
        customfield_10032: { displayName: 'Aiko Tanaka' },
        components: [{ id: '10100', name: 'Checkout' }],
      },
    })
    const { fields } = await call<{ fields: Record<string, string> }>('get_issue', { issue: key })
    expect(fields).toEqual({
      'Story Points': '3',
      Severity: 'Somebody is slowed down',
      'Steps to reproduce': '1. Open the **basket**',
      Reviewer: 'Aiko Tanaka',
    })
  })

  test('says which fields a type needs, what a field takes, and what there is', async () => {
    const create = (more: Record<string, unknown>) =>
      problemOf(call('create_issue', { project: 'SHOP', type: 'Bug', summary: 'x', ...more }))
    const missing = await create({})
    expect(missing.detail).toContain('Severity (one of Nobody can work, Somebody is slowed down, Looks wrong)')
    expect(missing.members).toEqual({ missing_fields: ['Severity'], nothing_done: true })
    expect((await create({ type: 'Bugg' })).detail).toContain('There are: Epic, Story, Task, Bug, Subtask')
    expect((await create({ fields: { Severity: 'Awful' } })).detail).toContain('takes one of Nobody can work')
    expect((await create({ fields: { Colour: 'red' } })).detail).toContain('There is no field "Colour" here')
    expect((await create({ fields: { 'Story Points': 'many' } })).detail).toContain('takes a number')
    expect((await create({ priority: 'Now' })).detail).toContain('There are: Highest, High')
    expect((await create({ project: 'NOPE' })).code).toBe('not-found')
    expect(on.fake.seen.filter(({ method }) => method === 'POST')).toEqual([])
  })

  test('tells what Jira says of each field', async () => {
    const epic = on.issue({ summary: 'An epic', type: 'Epic' })
    const problem = await problemOf(
      call('create_issue', { project: 'SHOP', type: 'Epic', summary: 'Another', parent: epic.key }),
    )
    expect(problem).toMatchObject({
      code: 'invalid-arguments',
      members: { field_errors: { parent: 'Given parent work item does not belong to appropriate hierarchy.' } },
    })
  })

  test('asks who is meant when a name may be several people', async () => {
    const twin = { id: '712020:twin', email: 'hana.sato@example.com', name: 'Hana Sato' }
    const accounts = on.site.accounts as (typeof twin)[]
    accounts.push(twin)
    try {
      const issue = on.issue({ summary: 'For whom' })
      const problem = await problemOf(call('assign_issue', { issue: issue.key, assignee: 'Hana' }))
      expect(problem.detail).toContain('Hana Sato <hana.sato@example.com> (712020:twin)')
      expect(problem.members.candidates).toHaveLength(2)
      expect(await call('assign_issue', { issue: issue.key, assignee: 'Hana Sato' })).toMatchObject({
        assignee: 'Hana Sato',
      })
      expect(issue.assignee).toBe(twin)
    } finally {
      accounts.pop()
    }
  })
})

describe('changing', () => {
  test('changes what is given and nothing else', async () => {
    const description = documentOf('As it was')
    const issue = on.issue({
      summary: 'Before',
      fields: { description, labels: ['old', 'kept'], duedate: '2026-12-01' },
    })
    const given = { issue: issue.key, summary: 'After', labels_add: ['new'], labels_remove: ['old'], due_date: null }
    expect(await call('update_issue', given)).toMatchObject({
      changed: ['summary', 'labels_add', 'labels_remove', 'due_date'],
    })
    expect(sent('PUT')).toEqual([
      { fields: { summary: 'After', duedate: null }, update: { labels: [{ add: 'new' }, { remove: 'old' }] } },
    ])
    expect(issue).toMatchObject({ summary: 'After', fields: { description, labels: ['kept', 'new'], duedate: null } })
  })

  test('changes nothing when one field is refused, and refuses to change nothing', async () => {
    const issue = on.issue({ summary: 'Whole' })
    const given = {
      issue: issue.key,
      summary: 'Half',
      fields: { Severity: 'Looks wrong', Reviewer: null, Labels: ['a b'] },
    }
    expect(await problemOf(call('update_issue', given))).toMatchObject({
      members: { field_errors: { labels: "The label 'a b' contains spaces which is invalid." } },
    })
    expect(issue.summary).toBe('Whole')
    expect((await problemOf(call('update_issue', { issue: issue.key }))).detail).toContain('Nothing to change')
  })

  test('does not lose a picture in a description unless told to', async () => {
    const media = {
      type: 'mediaSingle',
      attrs: { layout: 'center' },
      content: [{ type: 'media', attrs: { type: 'file', id: 'f', collection: '' } }],
    }
    const issue = on.issue({
      summary: 'Pictured',
      fields: { description: { type: 'doc', version: 1, content: [media] } },
    })
    const given = { issue: issue.key, description: 'Plain' }
    const problem = await problemOf(call('update_issue', given))
    expect(problem).toMatchObject({ code: 'conflict' })
    expect(problem.detail).toContain('a picture or file')
    await call('update_issue', { ...given, drop_embedded: true })
    expect(issue.fields.description).toMatchObject({ content: [{ type: 'paragraph' }] })
  })

  test('moves an issue by the name of a status or of a transition, with what it needs', async () => {
    const issue = on.issue({ summary: 'On its way' })
    expect(await call('list_transitions', { issue: issue.key, limit: 1 })).toEqual({
      transitions: [{ id: '11', name: 'Back to the list', to_status: 'To Do', required_fields: [] }],
      next_cursor: expect.any(String),
    })
    const all = await readPages(
      on.bench,
      caller,
      'jira.list_transitions',
      { issue: issue.key, limit: 2 },
      'transitions',
    )
    expect(all).toHaveLength(3)
    const impossible = await problemOf(call('transition_issue', { issue: issue.key, to: 'Closed' }))
    expect(impossible).toMatchObject({ code: 'conflict' })
    expect(impossible.detail).toContain('Possible now: Back to the list (to To Do), Start (to In Progress)')
    await call('transition_issue', { issue: issue.key, to: 'start' })
    const needs = await problemOf(call('transition_issue', { issue: issue.key, to: 'Closed' }))
    expect(needs.detail).toContain("Resolution (one of Done, Won't Do, Duplicate)")
    const given = { issue: issue.key, to: 'Closed', resolution: "won't do", comment: 'Not *needed*.' }
    expect(await call('transition_issue', given)).toMatchObject({ status: 'Closed', comment_added: true })
    expect(issue).toMatchObject({ status: { name: 'Closed' }, resolution: { name: "Won't Do" } })
    expect(issue.comments).toHaveLength(1)
  })

  test('says that an issue was moved when only its comment was refused', async () => {
    const issue = on.issue({ summary: 'Half done' })
    on.fake.misbehave(/\/comment$/, { kind: 'answer', status: 403, body: { errorMessages: ['No.'], errors: {} } })
    const done = await call('transition_issue', { issue: issue.key, to: 'Done', comment: 'Ready' })
    expect(done).toMatchObject({ status: 'Done', comment_added: false })
    expect(done.message).toContain('But the comment was not added')
  })

  test('links two issues in the direction of the sentence', async () => {
    const [one, two] = [on.issue({ summary: 'One' }), on.issue({ summary: 'Two' })]
    await call('link_issues', { issue: one.key, relation: 'is blocked by', other: two.key })
    expect(await call('get_issue', { issue: one.key })).toMatchObject({
      related: [{ relation: 'is blocked by', key: two.key, summary: 'Two', status: 'To Do' }],
    })
    expect(await call('get_issue', { issue: two.key })).toMatchObject({
      related: [{ relation: 'blocks', key: one.key }],
    })
    const problem = await problemOf(call('link_issues', { issue: one.key, relation: 'loves', other: two.key }))
    expect(problem.detail).toContain('There are: blocks, is blocked by, duplicates')
  })

  test('gives an estimate as Jira takes it', async () => {
    const field = { id: 'timetracking', name: 'Time tracking', required: false, type: 'timetracking' }
    const known = [{ ...field, items: undefined, isDocument: false, choices: [] }]
    const given = { 'time tracking': '2d 4h' }
    // Nobody is asked for it: the value says all.
    expect(await fieldValues(undefined as never, known, given, { project: 'SHOP' })).toEqual({
      timetracking: { originalEstimate: '2d 4h' },
    })
  })

  test('logs work with its beginning in a zone', async () => {
    const issue = on.issue({ summary: 'Worked on' })
    const add = (more: Record<string, unknown>) => call('add_worklog', { issue: issue.key, ...more })
    expect(await add({ time_spent: '2d 1.5h', comment: 'Looked **twice**' })).toMatchObject({
      seconds: 2 * 28_800 + 5_400,
      comment: 'Looked **twice**',
      author: hana.name,
    })
    expect(await add({ time_spent: 5_400, started_at: '2026-11-20T09:30', time_zone: 'Asia/Tokyo' })).toMatchObject({
      started_at: '2026-11-20T00:30:00.000Z',
      time_spent: '1h 30m',
    })
    const { started_at } = await add({ time_spent: '5m' })
    expect(Math.abs(Date.parse(String(started_at)) - Date.now())).toBeLessThan(60_000)
    expect(await problemOf(add({ time_spent: '1h', started_at: '2026-11-20T09:30' }))).toMatchObject({
      code: 'invalid-arguments',
    })
    const all = await readPages(on.bench, caller, 'jira.list_worklogs', { issue: issue.key, limit: 1 }, 'worklogs')
    expect(all).toHaveLength(3)
    for (const time_spent of ['', '1 hour', '1h30', '-1h', 30, '1h 2x', '1h'.repeat(30)]) {
      expect(faultsOf(jira, 'jira.add_worklog', { issue: 'A-1', time_spent })).not.toEqual([])
    }
  })
})

describe('reading', () => {
  test('pages through comments in either order', async () => {
    const issue = on.issue({ summary: 'Talked about' })
    for (let n = 1; n <= 5; n++) on.site.addComment(issue, daniel, documentOf(`Comment ${n}`))
    const read = (order: string) =>
      readPages<{ body: string }>(
        on.bench,
        caller,
        'jira.list_comments',
        { issue: issue.key, order, limit: 2 },
        'comments',
      )
    expect((await read('oldest')).map(({ body }) => body)).toEqual([1, 2, 3, 4, 5].map((n) => `Comment ${n}`))
    expect((await read('newest')).map(({ body }) => body)).toEqual([5, 4, 3, 2, 1].map((n) => `Comment ${n}`))
    const { next_cursor: cursor } = await call('list_comments', { issue: issue.key, limit: 2 })
    const other = await problemOf(call('list_comments', { issue: issue.key, order: 'oldest', cursor }))
    expect(other.code).toBe('invalid-arguments')
  })

  test('gives a long description in parts, and leaves out signs nobody sees', async () => {
    const words = Array.from({ length: 6_000 }, (_, n) => `w${n}`).join(' ')
    const issue = on.issue({ summary: 'A\u202etitle\u200b', fields: { description: documentOf(`\u0007${words}`) } })
    let whole = ''
    for (let from: number | null = 0; from !== null; ) {
      const part: { description: string; description_next: number | null; summary: string } = await call('get_issue', {
        issue: issue.key,
        description_offset: from,
      })
      expect(part.summary).toBe('Atitle')
      whole += part.description
      from = part.description_next
    }
    expect(whole).toBe(words)
  })

  test('lists projects page by page, and tells what a project asks for', async () => {
    const projects = await readPages<{ key: string }>(on.bench, caller, 'jira.list_projects', { limit: 1 }, 'projects')
    expect(projects.map(({ key }) => key)).toEqual(on.site.projects.map(({ key }) => key).sort())
    const about = await call<{ statuses: string[]; issue_types: { name: string; fields: { name: string }[] }[] }>(
      'get_project',
      { project: 'SHOP' },
    )
    expect(about.statuses).toEqual(['To Do', 'In Progress', 'In Review', 'Closed', 'Done'])
    const bug = about.issue_types.find(({ name }) => name === 'Bug')
    expect(bug?.fields.map(({ name }) => name)).toEqual(['Summary', 'Severity'])
    const whole = await call<typeof about>('get_project', { project: 'SHOP', issue_type: 'bug' })
    expect(whole.issue_types).toHaveLength(1)
    expect(whole.issue_types[0]?.fields.length).toBeGreaterThan(8)
  })

  test('finds people by name', async () => {
    const { people } = await call<{ people: unknown[] }>('find_people', { query: 'dani' })
    expect(people).toEqual([{ account_id: daniel.id, name: daniel.name, email: daniel.email, active: true }])
    const some = await readPages(
      on.bench,
      caller,
      'jira.find_people',
      { query: 'a', project: 'SHOP', limit: 1 },
      'people',
    )
    expect(some).toHaveLength(1)
  })

  test('finds whoever can be assigned behind many of the same name who cannot', async () => {
    const accounts = on.site.accounts as { id: string; email: string; name: string }[]
    const before = [...accounts]
    const others = Array.from({ length: 120 }, (_, n) => ({ id: `o:${n}`, email: `${n}@x.example`, name: `Mio ${n}` }))
    const mio = { id: 'o:mio', email: 'kato@matsu.example', name: 'Mio Kato' }
    accounts.push(...others, mio)
    const members = [...before, mio].map(({ id }) => id)
    const issue = on.site.addIssue(sampleProject(on.site, 'FEW', 'For a few', { members }), {
      type: 'Task',
      summary: 'For Mio',
      reporter: hana,
    })
    try {
      const { people } = await call<{ people: unknown[] }>('find_people', { query: 'mio', project: 'FEW', limit: 5 })
      expect(people).toMatchObject([{ account_id: mio.id }])
      expect(await call('assign_issue', { issue: issue.key, assignee: 'Mio' })).toMatchObject({ assignee: mio.name })
      const given = { query: 'mio', limit: 50 }
      const all = await readPages<{ name: string }>(on.bench, caller, 'jira.find_people', given, 'people')
      expect(new Set(all.map(({ name }) => name)).size).toBe(121)
    } finally {
      accounts.splice(0, accounts.length, ...before)
      on.site.projects.pop()
    }
  })
})
