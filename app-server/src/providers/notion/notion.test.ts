// The tools of Notion on a pretended Notion: what people do daily.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { ada, bob, type NotionBench, openNotionBench } from '../../../e2e/notion-bench.js'
import { faultsOf, problemOf, readPages } from '../../../e2e/provider-bench.js'
import { notion } from './notion.js'

let on: NotionBench

beforeAll(async () => {
  on = await openNotionBench()
})
afterAll(() => on.close())
beforeEach(() => on.fake.behave())

interface PageAnswer {
  page: { id: string; title: string; parent: string; properties: Record<string, unknown>; in_trash: boolean }
  content: string
  next_cursor: string | null
}

const read = (page_id: string, more: Record<string, unknown> = {}) =>
  on.call<PageAnswer>('get_page', { page_id, ...more })

describe('searching', () => {
  test('finds pages and databases by their titles, and pages to the end', async () => {
    on.workspace.addDatabase('Quarry list', { Name: { title: {} } })
    for (let index = 0; index < 5; index++) on.workspace.addPage(`Quarry ${index}`)
    const given = { query: 'quarry', limit: 2 }
    const found = await readPages<{ title: string }>(on.bench, on.caller, 'notion.search', given, 'results')
    expect(found.map(({ title }) => title)).toEqual([
      'Quarry 4',
      'Quarry 3',
      'Quarry 2',
      'Quarry 1',
      'Quarry 0',
      'Quarry list',
    ])
  })

  test('can be for databases alone', async () => {
    const { results } = await on.call<{ results: { title: string; kind: string }[] }>('search', { kind: 'database' })
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['database']))
  })

  test('takes no cursor that it did not give', async () => {
    const problem = await problemOf(on.call('search', { cursor: 'bm9wZQ' }))
    expect(problem.code).toBe('invalid-arguments')
  })
})

describe('ids', () => {
  test('may be addresses, with dashes or without', async () => {
    const page = on.workspace.addPage('Found')
    const bare = page.id.replaceAll('-', '')
    for (const given of [
      page.id,
      bare,
      bare.toUpperCase(),
      ` ${bare} `,
      `https://www.notion.so/acme/Found-${bare}?pvs=4`,
      `https://www.notion.so/${bare}#${bare}`,
      `https://acme.notion.site/Found-${bare}/`,
      `https://www.notion.so/acme/List-00000000000000000000000000000000?v=11111111111111111111111111111111&p=${bare}&pm=s`,
    ]) {
      expect((await read(given)).page.title).toBe('Found')
    }
  })

  test.each(['nope', 'https://www.notion.so/', `${'0'.repeat(31)}g`, '../../v1/users/me/0000000000000000000000000000'])(
    'are refused before anything is asked: %s',
    (given) => {
      expect(faultsOf(notion, 'notion.get_page', { page_id: given })).toHaveLength(1)
    },
  )
})

describe('a page', () => {
  test('is written as Markdown and read back as the same', async () => {
    const top = on.workspace.addPage('Top')
    const content = '# Plan\n\nSome **bold** words.\n\n- [ ] one\n- [x] two\n  - three\n    - four\n      - five'
    const made = await on.call<PageAnswer & { complete: boolean }>('create_page', {
      parent_page_id: top.id,
      title: 'Plan *B*',
      content,
      icon: '🚀',
    })
    expect(made.complete).toBe(true)
    expect(await read(made.page.id)).toMatchObject({
      content,
      next_cursor: null,
      page: { title: 'Plan *B*', parent: `page ${top.id}`, in_trash: false },
    })
    expect(on.workspace.pages.get(made.page.id)?.icon).toEqual({ type: 'emoji', emoji: '🚀' })
    expect((await read(top.id)).content).toBe(
      `[child page: Plan \\*B\\*](https://www.notion.so/${made.page.id.replaceAll('-', '')})`,
    )
  })

  test('is made in one request when it fits in one', async () => {
    const top = on.workspace.addPage('Top')
    await on.call('create_page', { parent_page_id: top.id, title: 'Small', content: '- a\n  - b\n    - c' })
    expect(on.fake.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/pages'])
  })

  test('needs one place, and no properties where there is no database', async () => {
    const top = on.workspace.addPage('Top')
    const neither = await problemOf(on.call('create_page', { title: 'x' }))
    const both = await problemOf(on.call('create_page', { title: 'x', parent_page_id: top.id, database_id: top.id }))
    const props = await problemOf(
      on.call('create_page', { title: 'x', parent_page_id: top.id, properties: { A: 'b' } }),
    )
    expect([neither.code, both.code, props.code]).toEqual(Array(3).fill('invalid-arguments'))
    expect(on.fake.seen).toEqual([])
  })

  test('is renamed, goes to the trash and comes back', async () => {
    const page = on.workspace.addPage('Old', [{ type: 'paragraph', text: 'kept' }])
    await on.call('update_page', { page_id: page.id, title: 'New', icon: '✅' })
    await on.call('delete_page', { page_id: page.id })
    expect((await read(page.id)).page).toMatchObject({ title: 'New', in_trash: true })
    expect((await problemOf(on.call('update_page', { page_id: page.id, title: 'No' }))).code).toBe('invalid-arguments')
    await on.call('restore_page', { page_id: page.id })
    expect(await read(page.id)).toMatchObject({ page: { in_trash: false }, content: 'kept' })
  })

  test('can be read without its content', async () => {
    const page = on.workspace.addPage('Meta', [{ type: 'paragraph', text: 'unread' }])
    expect((await read(page.id, { content: false })).content).toBe('')
    expect(on.fake.seen).toHaveLength(1)
  })
})

describe('comments', () => {
  interface Comments {
    comments: { text: string; discussion_id: string; author: string }[]
  }

  test('are written, answered in their thread, and read to the end', async () => {
    const page = on.workspace.addPage('Discussed', [{ type: 'paragraph', text: 'a point' }])
    const { comment } = await on.call<{ comment: { discussion_id: string } }>('add_comment', {
      page_id: page.id,
      text: 'Is **this** right?',
    })
    await on.call('add_comment', { discussion_id: comment.discussion_id, text: 'Yes.' })
    await on.call('add_comment', { page_id: page.children[0], text: 'On the block' })
    const all = await readPages<Comments['comments'][number]>(
      on.bench,
      on.caller,
      'notion.list_comments',
      { page_id: page.id, limit: 1 },
      'comments',
    )
    expect(all.map(({ text }) => text)).toEqual(['Is **this** right?', 'Yes.'])
    expect(new Set(all.map(({ discussion_id }) => discussion_id)).size).toBe(1)
    const onBlock = await on.call<Comments>('list_comments', { page_id: page.children[0] })
    expect(onBlock.comments.map(({ text }) => text)).toEqual(['On the block'])
    const neither = await problemOf(on.call('add_comment', { text: 'where?' }))
    expect(neither.code).toBe('invalid-arguments')
  })
})

test('the people of the workspace are listed with their ids', async () => {
  const users = await readPages<{ id: string }>(on.bench, on.caller, 'notion.list_users', { limit: 2 }, 'users')
  expect(users).toEqual([
    { id: ada.id, name: 'Ada', email: ada.email, type: 'person' },
    { id: bob.id, name: 'Bob', email: bob.email, type: 'person' },
    { id: on.workspace.botId, name: 'Sekisho', email: null, type: 'bot' },
  ])
})
