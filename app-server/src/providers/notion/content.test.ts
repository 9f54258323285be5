// Content goes from Markdown to Notion's blocks and back without change, whatever its words are.
import { describe, expect, test } from '@jest/globals'
import { type BlockTree, markdownOf } from './blocks-to-markdown.js'
import { blocksOf, type NewBlock } from './markdown-to-blocks.js'
import { type Json, objectOf, objectsOf, textOf } from './notion-api.js'
import { chunksOf } from './rich-text.js'

/** A block as Notion would show it after it was made. */
function treeOf({ type, data, children }: NewBlock): BlockTree {
  const shown = Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (name === 'cells') return [name, (value as Json[][]).map((cell) => cell.map(richOf))]
      return [name, name === 'rich_text' || name === 'caption' ? objectsOf(value).map(richOf) : value]
    }),
  )
  return { id: 'b', type, data: shown, children: children.map(treeOf), hasMore: false }
}

function richOf(item: Json): Json {
  if (item.type === 'equation') return { ...item, plain_text: textOf(objectOf(item.equation).expression) }
  const text = objectOf(item.text)
  return { ...item, plain_text: text.content, href: objectOf(text.link).url ?? null }
}

const back = (markdown: string) => markdownOf(blocksOf(markdown).map(treeOf))

describe('Markdown', () => {
  test.each([
    '# One\n\n## Two\n\n### Three\n\n#### Four',
    'Words, **bold**, *slanted*, ~~gone~~, `code`, ***both*** and [a link](https://example.com/a?b=1).',
    '**[bold link](https://example.com/)** and [**link of bold**](https://example.com/)',
    'Lines\nof one paragraph\n\nand another',
    '- one\n- two\n  - three\n    - four\n- five',
    '1. one\n2. two\n   1. inner\n   2. more\n3. three',
    '- [ ] open\n- [x] done\n  - [ ] within\n- plain',
    '- item\n\n  its paragraph\n\n  ```js\n  code()\n  ```',
    '> said\n> on\n>\n> - a list in it',
    '> one\n\n> another',
    '> [!TIP]\n> Do it **well**.\n>\n> - and soon',
    '> [!CALLOUT 🔥]\n> Hot',
    '> [!WARNING]\n> Beware',
    '```typescript\nconst a: string = `1 < 2`\n\n// **not bold**\n```',
    '````\n```\nfenced\n```\n````',
    'before\n\n---\n\nafter',
    '| Name | Size |\n| - | - |\n| a \\| b | **1** |\n| c<br>d |  |',
    '|  |  |\n| - | - |\n| a | b |',
    '<details>\n<summary>More **here**</summary>\n\nHidden words\n\n- and a list\n\n</details>\n\nafter',
    '<details>\n<summary>Outer</summary>\n\n<details>\n<summary>Inner</summary>\n\ndeep\n\n</details>\n\n</details>',
    '<details>\n<summary>## Folded heading</summary>\n\ninside\n\n</details>',
    '![A cat](https://example.com/cat.png)',
    '[bookmark: The site](https://example.com/)',
    '[video: Talk](https://example.com/talk.mp4)\n\n[embed: Map](https://example.com/map)',
    '[pdf: Paper](https://example.com/p.pdf)\n\n[file: Data](https://example.com/d.csv)\n\n[audio: Song](https://example.com/s.mp3)',
    '```math\nx^2 + \\frac{1}{2}\n```',
    'The area is $`\\pi r^2`$ exactly.',
    '日本語の**強調**と*斜体*です。',
    'Prices: \\$5 and 2 \\* 3, snake\\_case, \\<b>html\\</b>',
    '\\# no heading\n\n1\\. no list\n\n\\- no item\n\n\\[!TIP] no callout',
  ])('comes back as it was: %s', (markdown) => {
    const once = back(markdown)
    // What is written back is read as the same blocks, and is either the very text or another way to write it.
    expect(blocksOf(once)).toEqual(blocksOf(markdown))
    expect(back(once)).toBe(once)
  })

  test.each([
    ['# One', ['heading_1']],
    ['###### Six', ['heading_4']],
    ['- a\n- [ ] b\n\n1. c', ['bulleted_list_item', 'to_do', 'numbered_list_item']],
    ['> q\n\n> [!NOTE]\n> n', ['quote', 'callout']],
    ['```\nx\n```\n\n---\n\n| a |\n| - |\n| b |', ['code', 'divider', 'table']],
    ['<details><summary>t</summary>inside</details>', ['toggle']],
    ['<details>\n<summary>t</summary>\n\nnever closed', ['toggle']],
    ['\\<details>\\<summary>t\\</summary>', ['paragraph']],
    ['![x](javascript:alert(1))', ['paragraph']],
    ['![x](https://example.com/x.png) with words', ['paragraph']],
    ['', []],
  ])('makes of %j the blocks %j', (markdown, types) => {
    expect(blocksOf(markdown).map(({ type }) => type)).toEqual(types)
  })

  test('keeps words that look like marks of ours', () => {
    const text = (content: string): BlockTree[] => [
      {
        id: 'b',
        type: 'paragraph',
        data: { rich_text: [{ type: 'text', plain_text: content }] },
        children: [],
        hasMore: false,
      },
    ]
    for (const content of [
      '<details>\n<summary>t</summary>',
      '# x',
      '- [ ] x',
      '> [!TIP]\ny',
      '```',
      '| a |\n| - |',
      '</details>',
      '1. x',
      '---',
      '  spaces  ',
      '&lt; &amp; &#35;',
      '*a* _b_ ~~c~~ `d`',
      'https://example.com and a@b.co',
      '[x](https://example.com)',
    ]) {
      const [block, second] = blocksOf(markdownOf(text(content)))
      expect(second).toBeUndefined()
      expect(block?.type).toBe('paragraph')
      expect(wordsIn(block)).toBe(content.trim() === content ? content : content)
    }
  })

  test('sends only http, https and mail addresses on', () => {
    const [block] = blocksOf(
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.com) [d](mailto:a@b.co)',
    )
    const links = objectsOf(block?.data.rich_text).map((item) => objectOf(objectOf(item.text).link).url)
    expect(links.filter(Boolean)).toEqual(['https://example.com/', 'mailto:a@b.co'])
  })

  test('is cut into rich texts of 2,000 units, never within a sign', () => {
    const chunks = chunksOf(`${'a'.repeat(1_999)}😀${'b'.repeat(3_000)}`)
    expect(chunks.map(({ length }) => length)).toEqual([1_999, 2_000, 1_002])
    expect(chunks.every((chunk) => chunk.isWellFormed())).toBe(true)
    const [block] = blocksOf('é'.repeat(4_001))
    expect(objectsOf(block?.data.rich_text)).toHaveLength(3)
  })

  test('with more changes of style than one block takes goes on in paragraphs', () => {
    const blocks = blocksOf(`- ${'**a** b '.repeat(120)}`)
    expect(blocks).toHaveLength(1)
    expect(blocks[0]?.children.map(({ type }) => type)).toEqual(['paragraph', 'paragraph'])
    const all = [blocks[0], ...(blocks[0]?.children ?? [])]
    expect(all.every((block) => objectsOf(block?.data.rich_text).length <= 100)).toBe(true)
    expect(all.map(wordsIn).join('')).toBe('a b '.repeat(120).trim())
  })

  test('of more than a thousand blocks is refused', () => {
    expect(() => blocksOf('- a\n'.repeat(1_001))).toThrow(/1001 blocks/)
  })
})

describe('blocks', () => {
  test('that are not known, or that Markdown has no words for, stand there marked', () => {
    const block = (type: string, data: Json = {}, children: BlockTree[] = []): BlockTree => ({
      id: '01890a5d-ac96-774b-bcce-b302099a8057',
      type,
      data,
      children,
      hasMore: false,
    })
    const paragraph = block('paragraph', { rich_text: [{ type: 'text', plain_text: 'in it' }] })
    expect(
      markdownOf([
        block('unsupported', { block_type: 'form' }),
        block('hologram', {}, [paragraph]),
        block('child_page', { title: 'Sub' }),
        block('child_database', { title: 'List' }),
        block('image', { type: 'file', file: { url: 'https://files.example.com/a.png?sig=1' }, caption: [] }),
        block('bookmark', { url: 'javascript:alert(1)', caption: [] }),
        block('column_list', {}, [block('column', {}, [paragraph])]),
        block('synced_block', {}, [paragraph]),
        block('meeting_notes', { title: [] }),
      ]),
    ).toBe(
      [
        '\\[block that Notion does not show: form]',
        '\\[block: hologram]',
        'in it',
        '[child page: Sub](https://www.notion.so/01890a5dac96774bbcceb302099a8057)',
        '[child database: List](https://www.notion.so/01890a5dac96774bbcceb302099a8057)',
        '[image in Notion: a.png](https://files.example.com/a.png?sig=1)',
        '\\[bookmark: unknown]',
        'in it',
        'in it',
        '\\[block: meeting notes]',
      ].join('\n\n'),
    )
  })

  test('show no hidden signs, and their marks stand around words', () => {
    const run = (plain_text: string, annotations: Json = {}): Json => ({ type: 'text', plain_text, annotations })
    const data = {
      rich_text: [
        run('Look\u202e here\u0007 '),
        run('bold ', { bold: true }),
        run('and both', { bold: true, italic: true }),
        run(' '),
        run('「強調」', { bold: true }),
        run('です'),
      ],
    }
    const markdown = markdownOf([{ id: 'b', type: 'paragraph', data, children: [], hasMore: false }])
    expect(markdown).toMatch(/^Look here \*\*bold _and both_\*\* /)
    const [block] = blocksOf(markdown)
    expect(wordsIn(block)).toBe('Look here bold and both 「強調」です')
    expect(JSON.stringify(block)).toContain('{"content":"「強調」"},"annotations":{"bold":true}')
  })

  test('made at random come back as they were', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const blocks = documentOf(randomOf(seed))
      const markdown = markdownOf(blocks.map(treeOf))
      expect({ seed, blocks: blocksOf(markdown) }).toEqual({ seed, blocks })
    }
  })
})

function wordsIn(block: NewBlock | undefined): string {
  return objectsOf(block?.data.rich_text)
    .map((item) => textOf(objectOf(item.text).content))
    .join('')
}

type Random = (below: number) => number

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

// Bare addresses are left out: they become links, as everywhere in GFM.
const tokens =
  'word|two words|*|_|**|#|# x|- |1. |> |`|``|~|~~|[|]|(|)|<|>|<b>|&|&amp;|\\|\\*|!|![|日本語|「引用」|、|。|😀|é|"|$|$5|:|a_b|x*y|=|+|---|\n|||'.split(
    '|',
  )

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)] as Item
}

function wordsAt(random: Random): string {
  return Array.from({ length: 1 + random(4) }, () => pick(random, tokens)).join(pick(random, ['', ' ']))
}

/** Rich text with marks whose ends are words, as people set them; equal neighbours are one. */
function richAt(random: Random, lines = true): Json[] {
  const runs: { content: string; marks: Json; url: string | undefined }[] = []
  const count = 1 + random(4)
  for (let index = 0; index < count; index++) {
    const content = (lines ? wordsAt(random) : wordsAt(random).replaceAll('\n', ' ')).trim()
    if (content === '') continue
    const names = ['bold', 'italic', 'strikethrough'].filter(() => random(4) === 0)
    const marks = Object.fromEntries(names.map((name) => [name, true]))
    runs.push({ content, marks, url: random(6) === 0 ? 'https://example.com/x' : undefined })
    runs.push({ content: ' ', marks: {}, url: undefined })
  }
  runs.pop()
  const merged: typeof runs = []
  for (const run of runs) {
    const last = merged.at(-1)
    if (last && last.url === run.url && JSON.stringify(last.marks) === JSON.stringify(run.marks))
      last.content += run.content
    else merged.push({ ...run })
  }
  return merged.map(({ content, marks, url }) => ({
    type: 'text',
    text: { content, ...(url === undefined ? {} : { link: { url } }) },
    ...(Object.keys(marks).length > 0 ? { annotations: marks } : {}),
  }))
}

function documentOf(random: Random, depth = 0): NewBlock[] {
  const blocks: NewBlock[] = []
  const count = 1 + random(4)
  for (let index = 0; index < count; index++) {
    const rich_text = richAt(random)
    if (rich_text.length === 0) continue
    const inside = depth < 3 && random(3) === 0 ? documentOf(random, depth + 1) : []
    const kind = random(10)
    if (kind === 0) blocks.push({ type: 'paragraph', data: { rich_text }, children: [] })
    if (kind === 1)
      blocks.push({ type: `heading_${1 + random(4)}`, data: { rich_text: richAt(random, false) }, children: [] })
    if (kind === 2) blocks.push({ type: 'bulleted_list_item', data: { rich_text }, children: inside })
    if (kind === 3) blocks.push({ type: 'numbered_list_item', data: { rich_text }, children: inside })
    if (kind === 4) blocks.push({ type: 'to_do', data: { rich_text, checked: random(2) === 0 }, children: inside })
    if (kind === 5) blocks.push({ type: 'quote', data: { rich_text }, children: inside })
    if (kind === 6) {
      const icon = { type: 'emoji', emoji: pick(random, ['💡', '🔥', '⚠️']) }
      blocks.push({ type: 'callout', data: { rich_text, icon }, children: inside })
    }
    if (kind === 7) {
      const content = Array.from({ length: 3 }, () => wordsAt(random)).join('\n')
      blocks.push({
        type: 'code',
        data: { language: 'python', rich_text: [{ type: 'text', text: { content } }] },
        children: [],
      })
    }
    if (kind === 8) blocks.push({ type: 'divider', data: {}, children: [] })
    if (kind === 9) blocks.push({ type: 'toggle', data: { rich_text: richAt(random, false) }, children: inside })
  }
  return blocks
}
