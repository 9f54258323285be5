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
      expect(faultsOf(notion, 'notion.get_page', { page_id: given })).not.toEqual([])
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

describe('long content', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `Line ${index}`).join('\n\n')

  test('is appended in order over several requests, and read in parts to the end', async () => {
    const page = on.workspace.addPage('Long')
    const content = Array.from({ length: 350 }, (_, index) => `Line ${index} ${'word '.repeat(40).trim()}`).join('\n\n')
    const done = await on.call('append_content', { page_id: page.id, content })
    expect(done).toMatchObject({ blocks_written: 350, complete: true })
    expect(on.fake.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(4)
    const parts: string[] = []
    let cursor: string | null | undefined
    do {
      const part: PageAnswer = await read(page.id, cursor ? { cursor } : {})
      expect(part.content.length).toBeLessThan(25_000)
      parts.push(part.content)
      cursor = part.next_cursor
    } while (cursor !== null)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.join('\n\n')).toBe(content)
  })

  test('goes to the start or behind a block, still in order', async () => {
    const page = on.workspace.addPage('Placed', [
      { type: 'paragraph', text: 'first' },
      { type: 'paragraph', text: 'last' },
    ])
    const [first] = page.children
    await on.call('append_content', { page_id: page.id, content: numbered(120), after_block_id: first })
    await on.call('append_content', { page_id: page.id, content: 'top\n\nsecond', position: 'start' })
    const { content } = await read(page.id)
    expect(content).toBe(`top\n\nsecond\n\nfirst\n\n${numbered(120)}\n\nlast`)
  })

  test('nested deeper than one request takes is written level by level', async () => {
    const page = on.workspace.addPage('Deep')
    const lines = Array.from({ length: 7 }, (_, level) => `${'  '.repeat(level)}- level ${level}`)
    const content = ['- before', ...lines, '- after'].join('\n')
    expect(await on.call('append_content', { page_id: page.id, content })).toMatchObject({
      blocks_written: 9,
      complete: true,
    })
    expect((await read(page.id)).content).toBe(content)
  })

  test('with a table or a list of more than a hundred lines comes whole', async () => {
    const page = on.workspace.addPage('Wide')
    const table = ['| n |', '| - |', ...Array.from({ length: 230 }, (_, index) => `| ${index} |`)].join('\n')
    const list = ['- outer', ...Array.from({ length: 130 }, (_, index) => `  - ${index}`)].join('\n')
    const content = `${table}\n\n${list}\n\nend`
    expect(await on.call('append_content', { page_id: page.id, content })).toMatchObject({ complete: true })
    expect((await read(page.id)).content).toBe(content)
  })

  test('that would take too many requests is refused before anything is written', async () => {
    const page = on.workspace.addPage('Many')
    const deep = '- a\n  - b\n    - c\n      - d\n'
    const problem = await problemOf(on.call('append_content', { page_id: page.id, content: deep.repeat(80) }))
    expect(problem).toMatchObject({ code: 'invalid-arguments', detail: expect.stringContaining('Nothing was written') })
    expect(on.fake.seen).toEqual([])
  })

  test('of texts longer than Notion takes in one is split within the block', async () => {
    const page = on.workspace.addPage('Text')
    const words = `${'字'.repeat(1_999)}😀${'x'.repeat(3_000)}`
    await on.call('append_content', { page_id: page.id, content: words })
    expect((await read(page.id)).content).toBe(words)
    expect(on.workspace.blocks.get(page.children[0] ?? '')?.data.rich_text).toHaveLength(3)
  })

  test('deeper than one answer shows says where to go on', async () => {
    const page = on.workspace.addPage('Abyss')
    let parent = page.id
    for (let level = 0; level < 12; level++) {
      const [block] = on.workspace.addBlocks(parent, [{ type: 'bulleted_list_item', text: `level ${level}` }])
      parent = block?.id ?? ''
    }
    const { content } = await read(page.id)
    const block_id = /call notion\.get\\?_page with block\\?_id ([0-9a-f-]{36})/.exec(content)?.[1]
    expect(content).not.toContain('level 11')
    expect((await read(page.id, { block_id })).content).toContain('level 11')
  })

  test('with many toggles asks no more than is bounded, and goes on with the next call', async () => {
    const toggles = Array.from({ length: 70 }, (_, index) => ({
      type: 'toggle',
      text: `T${index}`,
      children: [{ type: 'paragraph', text: `inside ${index}` }],
    }))
    const page = on.workspace.addPage('Toggles', toggles)
    const first = await read(page.id)
    expect(on.fake.seen.length).toBeLessThanOrEqual(45)
    expect(first.next_cursor).not.toBeNull()
    const second = await read(page.id, { cursor: first.next_cursor })
    const all = `${first.content}${second.content}`
    expect(second.next_cursor).toBeNull()
    for (let index = 0; index < 70; index++) expect(all).toContain(`inside ${index}\n`)
  })
})

describe('changing parts of a page', () => {
  interface Blocks {
    blocks: { id: string; type: string; text: string; has_children: boolean }[]
  }

  test('ticks a to-do, rewords a block and keeps its kind and what is in it', async () => {
    const page = on.workspace.addPage('Parts', [
      { type: 'to_do', text: 'Buy milk', data: { checked: false }, children: [{ type: 'paragraph', text: 'soy' }] },
      { type: 'heading_2', text: 'Old', data: { is_toggleable: false } },
      { type: 'code', text: 'a()', data: { language: 'javascript', caption: [] } },
    ])
    const { blocks } = await on.call<Blocks>('list_blocks', { page_id: page.id })
    expect(blocks.map(({ text }) => text)).toEqual(['- [ ] Buy milk', '## Old', '```javascript\na()\n```'])
    const [todo, heading, code] = blocks.map(({ id }) => id)
    expect(await on.call('update_block', { block_id: todo, checked: true })).toMatchObject({ text: '- [x] Buy milk' })
    await on.call('update_block', { block_id: heading, content: 'New *words*' })
    await on.call('update_block', { block_id: code, content: '```py\nb()\n```' })
    expect((await read(page.id)).content).toBe('- [x] Buy milk\n\n  soy\n\n## New *words*\n\n```python\nb()\n```')
    for (const given of [
      { block_id: heading, checked: true },
      { block_id: heading, content: '- item' },
      { block_id: heading, content: 'a\n\nb' },
      { block_id: heading },
    ]) {
      expect((await problemOf(on.call('update_block', given))).code).toBe('invalid-arguments')
    }
    await on.call('delete_block', { block_id: heading })
    expect((await read(page.id)).content).not.toContain('New')
  })

  test('rewrites a page, and keeps child pages and what Markdown cannot carry', async () => {
    const page = on.workspace.addPage('Doc', [
      { type: 'paragraph', text: 'old words' },
      { type: 'unsupported', data: { block_type: 'form' } },
      { type: 'image', data: { type: 'file', file: { url: 'https://files.example.com/a.png' }, caption: [] } },
      { type: 'bulleted_list_item', text: 'old item' },
    ])
    on.workspace.addPage('Child', [], page.id)
    const done = await on.call('replace_content', { page_id: page.id, content: '# New\n\nwords' })
    expect(done).toMatchObject({ deleted: 2, kept: 3, complete: true })
    const { content } = await read(page.id)
    expect(content).toMatch(/form[\s\S]*a\.png[\s\S]*child page: Child[\s\S]*# New\n\nwords$/)
    expect(content).not.toContain('old')
  })

  test('rewrites nothing when the page is too long to do it at once', async () => {
    const page = on.workspace.addPage(
      'Huge',
      Array.from({ length: 90 }, () => ({ type: 'paragraph', text: 'x' })),
    )
    const problem = await problemOf(on.call('replace_content', { page_id: page.id, content: 'new' }))
    expect(problem.detail).toContain('Nothing was done')
    expect(on.fake.seen.map(({ method }) => method)).toEqual(['GET'])
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
