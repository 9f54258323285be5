// Databases of a pretended Notion: every type of property read, written and filtered by.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ada, bob, type NotionBench, openNotionBench } from '../../../e2e/notion-bench.js'
import { problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { PropertyValue } from './property-values.js'

let on: NotionBench
let databaseId: string
let sourceId: string
let otherId: string

const schema = {
  Task: { title: {} },
  Notes: { rich_text: {} },
  Points: { number: { format: 'number' } },
  Done: { checkbox: {} },
  Kind: { select: { options: ['Bug', 'Idea'] } },
  Stage: { status: { options: ['To do', 'Doing', 'Finished'] } },
  Tags: { multi_select: { options: ['red', 'blue'] } },
  Due: { date: {} },
  Owner: { people: {} },
  Needs: { relation: { data_source_id: 'x' } },
  Link: { url: {} },
  Mail: { email: {} },
  Phone: { phone_number: {} },
  Papers: { files: {} },
  Made: { created_time: {} },
  Maker: { created_by: {} },
  Number: { unique_id: { prefix: 'TASK' } },
  Score: { formula: { expression: '1' } },
  Sum: { rollup: { function: 'sum' } },
}

beforeAll(async () => {
  on = await openNotionBench()
  const made = on.workspace.addDatabase('Tasks', schema)
  databaseId = made.id
  sourceId = made.dataSourceId
  otherId = on.workspace.addPage('Other').id
})
afterAll(() => on.close())
beforeEach(() => on.fake.behave())

interface Pages {
  pages: { id: string; title: string; properties: Record<string, PropertyValue> }[]
  next_cursor: string | null
}

async function create(title: string, properties: Record<string, PropertyValue> = {}): Promise<string> {
  const given = { database_id: databaseId, title, properties }
  return (await on.call<{ page: { id: string } }>('create_page', given)).page.id
}

async function propertiesAt(id: string): Promise<Record<string, PropertyValue>> {
  const given = { page_id: id, content: false }
  return (await on.call<{ page: { properties: Record<string, PropertyValue> } }>('get_page', given)).page.properties
}

async function query(given: Record<string, unknown>): Promise<string[]> {
  const { pages } = await on.call<Pages>('query_database', { database_id: sourceId, ...given })
  return pages.map(({ title }) => title)
}

describe('properties', () => {
  test('of every type are written as simple values and read as the same', async () => {
    const properties: Record<string, PropertyValue> = {
      Notes: 'See **this** and [that](https://example.com/)',
      Points: 3.5,
      Done: true,
      Kind: 'Idea',
      Stage: 'Doing',
      Tags: ['red', 'green'],
      Due: '2026-11-30/2026-12-02',
      Owner: [`Ada <${ada.id}>`, `Bob <${bob.id}>`],
      Needs: [otherId],
      Link: 'https://example.com/x',
      Mail: 'a@example.com',
      Phone: '+81 3 1234',
      Papers: ['paper.pdf (https://example.com/files/paper.pdf)'],
    }
    const id = await create('All of them', properties)
    const { Made, Maker, Number: number, Score, Sum, ...written } = await propertiesAt(id)
    expect(written).toEqual(properties)
    expect(Made).toMatch(/^2026-/)
    expect(Maker).toBe(on.workspace.botId)
    expect([number, Score, Sum]).toEqual([null, null, null])
  })

  test('that Notion computes are read, and writing them is refused', async () => {
    const id = await create('Computed')
    const page = on.workspace.pages.get(id)
    Object.assign(page?.properties ?? {}, {
      Number: { id: 'p15', type: 'unique_id', unique_id: { prefix: 'TASK', number: 12 } },
      Score: { id: 'p16', type: 'formula', formula: { type: 'date', date: { start: '2026-01-01', end: null } } },
      Sum: { id: 'p17', type: 'rollup', rollup: { type: 'array', array: [{ type: 'number', number: 4 }] } },
    })
    expect(await propertiesAt(id)).toMatchObject({ Number: 'TASK-12', Score: '2026-01-01', Sum: ['4'] })
    for (const name of ['Number', 'Score', 'Sum', 'Made', 'Maker']) {
      const problem = await problemOf(on.call('update_page', { page_id: id, properties: { [name]: 'x' } }))
      expect(problem).toMatchObject({ code: 'invalid-arguments', detail: expect.stringContaining(name) })
    }
  })

  test('that are left out stay, and null empties one', async () => {
    const id = await create('Partial', {
      Points: 1,
      Kind: 'Bug',
      Notes: 'n',
      Tags: ['red'],
      Due: '2026-01-01',
      Link: 'https://a.b/',
    })
    await on.call('update_page', {
      page_id: id,
      properties: { points: null, Notes: null, Tags: [], Due: null, Link: null },
    })
    expect(await propertiesAt(id)).toMatchObject({
      Kind: 'Bug',
      Points: null,
      Notes: '',
      Tags: [],
      Due: null,
      Link: null,
    })
  })

  test.each<[string, PropertyValue, string]>([
    ['Nothing', 'x', 'There are: Task'],
    ['Points', 'many', 'a number'],
    ['Points', true, 'a number'],
    ['Done', 'yes', 'true or false'],
    ['Stage', 'Later', 'To do, Doing, Finished'],
    ['Tags', ['a,b'], 'without commas'],
    ['Due', 'tomorrow', 'a date such as'],
    ['Due', '2026-02-30', 'a date such as'],
    ['Due', '2026-01-01/2026-01-02/2026-01-03', 'start/end'],
    ['Owner', ['Ada'], 'notion.list_users'],
    ['Needs', ['Other'], 'ids or addresses'],
    ['Link', 'javascript:alert(1)', 'https://'],
    ['Mail', 5, '200 characters'],
    ['Papers', ['paper.pdf'], 'https://'],
  ])('refuse what does not fit, and say what does: %s = %j', async (name, value, says) => {
    const seen = on.workspace.pages.size
    const problem = await problemOf(create('x', { [name]: value }))
    expect(problem.code).toBe('invalid-arguments')
    expect(problem.detail).toContain(says)
    expect(on.workspace.pages.size).toBe(seen)
  })

  test('take options in any case, and make new ones of a select', async () => {
    const id = await create('Options', { Kind: 'bug', Stage: 'to do', Tags: ['RED', 'new tag'] })
    expect(await propertiesAt(id)).toMatchObject({ Kind: 'Bug', Stage: 'To do', Tags: ['red', 'new tag'] })
  })

  test('with more relations than a page shows are read whole', async () => {
    const needs = Array.from({ length: 60 }, (_, index) => on.workspace.addPage(`Need ${index}`).id)
    const id = await create('Related', { Needs: needs })
    expect((await propertiesAt(id)).Needs).toEqual(needs)
    const { pages } = await on.call<Pages>('query_database', {
      database_id: sourceId,
      filters: [{ property: 'Task', operator: 'equals', value: 'Related' }],
    })
    expect(pages[0]?.properties.Needs).toHaveLength(25)
  })
})

describe('a database', () => {
  test('shows its properties with types and options', async () => {
    const shown = await on.call<{ id: string; properties: { name: string; type: string; options?: string[] }[] }>(
      'get_database',
      { database_id: `https://www.notion.so/acme/${databaseId.replaceAll('-', '')}?v=${sourceId.replaceAll('-', '')}` },
    )
    expect(shown.id).toBe(sourceId)
    expect(shown.properties.map(({ name, type }) => [name, type])).toEqual(
      Object.entries(schema).map(([name, config]) => [name, Object.keys(config)[0]]),
    )
    expect(shown.properties.find(({ name }) => name === 'Stage')?.options).toEqual(['To do', 'Doing', 'Finished'])
  })

  test('of several data sources has one chosen', async () => {
    const two = on.workspace.addDatabase('Two', { Name: { title: {} } })
    const second = on.workspace.addDataSource(two.id, 'Second', { Name: { title: {} }, Extra: { number: {} } })
    const shown = await on.call('get_database', { database_id: two.id })
    expect(shown).toMatchObject({ properties: [], data_sources: [{ name: 'Two' }, { id: second.id, name: 'Second' }] })
    const problem = await problemOf(on.call('query_database', { database_id: two.id }))
    expect(problem.detail).toContain(second.id)
    await on.call('create_page', { database_id: second.id, title: 'In second', properties: { Extra: 7 } })
    const { pages } = await on.call<Pages>('query_database', { database_id: second.id })
    expect(pages).toMatchObject([{ title: 'In second', properties: { Extra: 7 } }])
  })
})

describe('a query', () => {
  let list: string

  beforeAll(async () => {
    const made = on.workspace.addDatabase('Filtered', schema)
    list = made.dataSourceId
    const rows: [string, Record<string, PropertyValue>][] = [
      [
        'apple',
        { Points: 1, Done: true, Kind: 'Bug', Stage: 'Doing', Tags: ['red'], Due: '2026-01-01', Notes: 'sweet' },
      ],
      ['banana', { Points: 2, Kind: 'Idea', Tags: ['blue'], Owner: [ada.id], Link: 'https://b.example.com/' }],
      ['cherry', { Points: 3, Tags: ['red', 'blue'], Due: '2026-03-01', Needs: [otherId], Papers: ['https://a.b/c'] }],
    ]
    for (const [title, properties] of rows) await on.call('create_page', { database_id: list, title, properties })
    const [first] = [...on.workspace.pages.values()].filter(({ parent }) => parent.data_source_id === list)
    Object.assign(first?.properties ?? {}, {
      Number: { id: 'p16', type: 'unique_id', unique_id: { prefix: 'TASK', number: 12 } },
      Score: { id: 'p17', type: 'formula', formula: { type: 'string', string: 'high' } },
      Sum: { id: 'p18', type: 'rollup', rollup: { type: 'number', number: 9 } },
    })
  })

  test.each<[string, string, unknown, string[]]>([
    ['Task', 'contains', 'an', ['banana']],
    ['Task', 'starts_with', 'app', ['apple']],
    ['Notes', 'is_empty', undefined, ['banana', 'cherry']],
    ['Notes', 'equals', 'sweet', ['apple']],
    ['Points', 'greater_than', 1, ['banana', 'cherry']],
    ['Points', 'equals', '2', ['banana']],
    ['Done', 'equals', true, ['apple']],
    ['Done', 'does_not_equal', true, ['banana', 'cherry']],
    ['Kind', 'equals', 'bug', ['apple']],
    ['Kind', 'is_not_empty', undefined, ['apple', 'banana']],
    ['Stage', 'does_not_equal', 'Doing', ['banana', 'cherry']],
    ['Tags', 'contains', 'red', ['apple', 'cherry']],
    ['Tags', 'does_not_contain', 'red', ['banana']],
    ['Due', 'on_or_after', '2026-02-01', ['cherry']],
    ['Due', 'before', '2026-02-01', ['apple']],
    ['Owner', 'contains', `Ada <${ada.id}>`, ['banana']],
    ['Needs', 'is_not_empty', undefined, ['cherry']],
    ['Link', 'contains', 'example', ['banana']],
    ['Papers', 'is_empty', undefined, ['apple', 'banana']],
    ['Number', 'equals', 'TASK-12', ['apple']],
    ['Score', 'contains', 'igh', ['apple']],
    ['Sum', 'greater_than', 5, ['apple']],
    ['created_time', 'on_or_after', '2020-01-01', ['apple', 'banana', 'cherry']],
    ['last_edited_time', 'before', '2020-01-01', []],
  ])('filters by %s %s %j', async (property, operator, value, titles) => {
    const filters = [{ property, operator, ...(value === undefined ? {} : { value }) }]
    expect((await query({ database_id: list, filters })).sort()).toEqual(titles)
  })

  test('joins conditions by all or any, and sorts', async () => {
    const filters = [
      { property: 'Tags', operator: 'contains', value: 'blue' },
      { property: 'Points', operator: 'less_than', value: 3 },
    ]
    const sorts = [{ property: 'Points', direction: 'descending' }]
    expect(await query({ database_id: list, filters, sorts })).toEqual(['banana'])
    expect(await query({ database_id: list, filters, sorts, match: 'any' })).toEqual(['cherry', 'banana', 'apple'])
    expect(await query({ database_id: list, sorts: [{ property: 'created_time' }] })).toEqual([
      'apple',
      'banana',
      'cherry',
    ])
  })

  test('gives the properties that were asked for, page by page', async () => {
    const given = { database_id: list, properties: ['points'], limit: 1, sorts: [{ property: 'Points' }] }
    const pages = await readPages<Pages['pages'][number]>(on.bench, on.caller, 'notion.query_database', given, 'pages')
    expect(pages.map(({ properties }) => properties)).toEqual([{ Points: 1 }, { Points: 2 }, { Points: 3 }])
  })

  test.each<[Record<string, unknown>, string]>([
    [{ property: 'Points', operator: 'contains', value: 'x' }, 'Use one of: equals'],
    [{ property: 'Points', operator: 'equals', value: 'x' }, 'a number'],
    [{ property: 'Done', operator: 'equals', value: 'yes' }, 'true or false'],
    [{ property: 'Kind', operator: 'equals', value: 'Nope' }, '"Bug", "Idea"'],
    [{ property: 'Due', operator: 'before', value: 'soon' }, 'a date'],
    [{ property: 'Owner', operator: 'contains', value: 'Ada' }, 'an id'],
    [{ property: 'Gone', operator: 'is_empty' }, 'There is no property'],
    [{ property: 'Task', operator: 'contains' }, 'needs something'],
  ])('refuses %j and says what fits', async (filter, says) => {
    const problem = await problemOf(query({ database_id: list, filters: [filter] }))
    expect(problem.code).toBe('invalid-arguments')
    expect(problem.detail).toContain(says)
  })
})
