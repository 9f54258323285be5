// The tools of Notion on a pretended Notion: what people do daily, and what happens when Notion does not.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { NotionFake, type NotionWorkspace } from '@sekisho/fakes'
import { type Bench, noServices, openBench, problemOf, readPages, steadyToken } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { notion } from './notion.js'

let fake: NotionFake
let workspace: NotionWorkspace
let bench: Bench
let caller: Caller

const ada = { id: '11111111-1111-4111-8111-111111111111', email: 'ada@example.com', name: 'Ada' }
const bob = { id: '22222222-2222-4222-8222-222222222222', email: 'bob@example.com', name: 'Bob' }

beforeAll(async () => {
  fake = await new NotionFake().listen()
  workspace = fake.addWorkspace('Acme', [ada, bob])
  const token = fake.internalToken(workspace)
  bench = await openBench([notion], {
    services: { ...noServices, notion: { api: fake.url } },
    hosts: [fake.host],
    accountOf: () => ({ account: { id: workspace.id, label: 'Acme', details: {} }, tokens: steadyToken(token) }),
  })
  caller = await bench.person()
})

afterAll(async () => {
  await bench.close()
  await fake.close()
})

beforeEach(() => fake.behave())

describe('searching', () => {
  test('finds pages and databases by their titles, and pages to the end', async () => {
    workspace.addDatabase('Quarry list', { Name: { title: {} } })
    for (let index = 0; index < 5; index++) workspace.addPage(`Quarry ${index}`)
    const found = await readPages<{ title: string; kind: string }>(
      bench,
      caller,
      'notion.search',
      { query: 'quarry', limit: 2 },
      'results',
    )
    expect(found.map(({ title }) => title).sort()).toEqual(
      ['Quarry 0', 'Quarry 1', 'Quarry 2', 'Quarry 3', 'Quarry 4', 'Quarry list'].sort(),
    )
    expect(found.filter(({ kind }) => kind === 'database')).toHaveLength(1)
  })
})

describe('pages', () => {
  test('are written as Markdown and read back as the same', async () => {
    const top = workspace.addPage('Top')
    const content = '# Plan\n\nSome **bold** words.\n\n- [ ] one\n- [x] two\n  - three'
    const { page } = await bench.call<{ page: { id: string; title: string } }>(caller, 'notion.create_page', {
      parent_page_id: top.id.replaceAll('-', ''),
      title: 'Plan',
      content,
      icon: '🚀',
    })
    const read = await bench.call<{ content: string; next_cursor: null; page: { title: string; parent: string } }>(
      caller,
      'notion.get_page',
      { page_id: `https://www.notion.so/acme/Plan-${page.id.replaceAll('-', '')}?pvs=4` },
    )
    expect(read).toMatchObject({ content, next_cursor: null, page: { title: 'Plan', parent: `page ${top.id}` } })
  })

  test('that were not shared are not found, and it is said how to share them', async () => {
    const problem = await problemOf(
      bench.call(caller, 'notion.get_page', { page_id: '01890a5d-ac96-774b-bcce-b302099a8057' }),
    )
    expect(problem.code).toBe('not-found')
    expect(problem.detail).toContain('Connections')
  })
})
