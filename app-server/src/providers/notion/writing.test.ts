// Long content and parts of a page on a pretended Notion: in order, bounded, and nothing lost.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type NotionBench, openNotionBench } from '../../../e2e/notion-bench.js'
import { problemOf } from '../../../e2e/provider-bench.js'

let on: NotionBench

beforeAll(async () => {
  on = await openNotionBench()
})
afterAll(() => on.close())
beforeEach(() => on.fake.behave())

interface PageAnswer {
  content: string
  next_cursor: string | null
}

const read = (page_id: string, more: Record<string, unknown> = {}) =>
  on.call<PageAnswer>('get_page', { page_id, ...more })

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

  test('in a single block that is longer than an answer comes in parts', async () => {
    const page = on.workspace.addPage('One block', [{ type: 'paragraph', text: 'before' }])
    const code = Array.from({ length: 9_000 }, (_, index) => `line ${index}`).join('\n')
    await on.call('append_content', { page_id: page.id, content: `\`\`\`\n${code}\n\`\`\`` })
    await on.call('append_content', { page_id: page.id, content: 'after' })
    const parts: string[] = []
    let cursor: string | null | undefined
    do {
      const part: PageAnswer = await read(page.id, cursor ? { cursor } : {})
      expect(part.content.length).toBeLessThanOrEqual(40_000)
      parts.push(part.content)
      cursor = part.next_cursor
    } while (cursor !== null)
    expect(parts).toHaveLength(5)
    expect(parts.slice(1, 4).join('')).toBe(`\`\`\`\n${code}\n\`\`\``)
    expect([parts[0], parts[4]]).toEqual(['before', 'after'])
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

  test('deletes no block with something in it that must stay', async () => {
    const page = on.workspace.addPage('Nest', [
      { type: 'toggle', text: 'plain', children: [{ type: 'paragraph', text: 'x' }] },
      { type: 'toggle', text: 'with a form', children: [{ type: 'unsupported', data: { block_type: 'form' } }] },
      { type: 'table_of_contents', data: { color: 'default' } },
    ])
    const [, holder] = page.children
    on.workspace.childrenOf(holder ?? '').push(on.workspace.addPage('Within').id)
    const done = await on.call('replace_content', { page_id: page.id, content: 'new' })
    expect(done).toMatchObject({ deleted: 1, kept: 2 })
    expect((await read(page.id)).content).toMatch(/with a form[\s\S]*Within[\s\S]*table of contents[\s\S]*new$/)
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
