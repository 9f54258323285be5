// Texts go both ways between Markdown and Jira's documents, lose nothing that both can say, and never make Jira refuse them.
import { describe, expect, test } from '@jest/globals'
import { faultOfDocument } from '@sekisho/fakes'
import type { AdfNode } from './adf.js'
import { adfToMarkdown, lostByMarkdown } from './adf-to-markdown.js'
import { markdownToAdf } from './markdown-to-adf.js'

const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content })
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content })
const text = (value: string, ...marks: unknown[]) => ({ type: 'text', text: value, ...(marks.length ? { marks } : {}) })
const mark = (type: string, attrs?: unknown) => ({ type, ...(attrs ? { attrs } : {}) })

/** What both sides can say, as it is written here. */
const corpus = [
  'Just words.',
  'Two\n\nparagraphs',
  'A line\\\nand the next',
  '# One\n\n## Two\n\n###### Six',
  '**bold** *slanted* ~~gone~~ `code` **bold *and slanted* here**',
  '*slanted **and bold** here* [a **link** here](https://example.com/)',
  '[a link](https://example.com/a?b=1\\&c=2#d) and [**bold link**](https://example.com/)',
  'mail [us](mailto:us@example.com)',
  '- one\n- two\n  - three\n    - four\n- five',
  '1. one\n2. two\n   - mixed\n3. three',
  '7. seven\n8. eight',
  '- [ ] open\n- [x] done\n  - [ ] below',
  '> said\n>\n> - by a list',
  '> [!WARNING]\n>\n> Mind the **gap**.\n>\n> ### A heading',
  '> [!NOTE]\n>\n> - [ ] a task',
  '> [!TIP]\n>\n> t\n\n> [!CAUTION]\n>\n> c\n\n> [!IMPORTANT]\n>\n> i',
  '```\nplain\n\n  code <b>\n```',
  '```ts\nconst a = `b`\n```',
  '````md\n```\ninner\n```\n````',
  '- an item\n  ```sh\n  with code\n  ```',
  'before\n\n---\n\nafter',
  '| a | **b** |\n| - | - |\n| 1 | x\\|y |\n| `c` | [l](https://example.com/) |',
  '| a | b |\n| - | - |\n| one<br>two | |',
  'Ask [@Hana Mori](accountid:712020:1f0c6a52-7b1e-4c55-9d1a-000000000001) please',
  'Signs: \\*not bold\\*, 1 < 2 & 3 > 2, \\_snake_case_name\\_, #1, C:\\temp, 日本語も、😀',
  '\\# no heading',
  '1\\. no list',
  '\\[x] no task, \\[link]\\(no)',
]

describe('Markdown', () => {
  test.each(corpus)('comes back from a document as it was: %j', (markdown) => {
    const document = markdownToAdf(markdown)
    expect(faultOfDocument(document)).toBeUndefined()
    expect(adfToMarkdown(document)).toBe(markdown)
  })

  test.each([
    ['# in a list\n\n- # heading', '# in a list\n\n- **heading**'],
    ['> # heading\n>\n> > inner\n>\n> | a |\n> | - |\n> | 1 |', '> **heading**\n>\n> inner\n>\n> a\n>\n> 1'],
    ['- > quoted', '- quoted'],
    ['- [ ] task\n\n  with more\n- [x] other', '- ☐ task\n\n  with more\n- ☑ other'],
    ['- [ ] task\n- no task', '- ☐ task\n- no task'],
    ['- a\n\n  ---', '- a\n\n  ———'],
    ['**bold `code` bold**', '**bold** `code` **bold**'],
    ['one\ntwo', 'one\\\ntwo'],
    ['![a picture](https://example.com/a.png)', '[a picture](https://example.com/a.png)'],
    ['[bad](javascript:alert\\(1\\))', 'bad (javascript:alert(1))'],
    ['[rel](/path) <file:///etc/passwd>', 'rel (/path) file:///etc/passwd'],
    ['<b>html</b> & <script>x</script>', '\\<b>html\\</b> & \\<script>x\\</script>'],
    ['*a **b `c`***', '*a __b__* `c`'],
    ['see https://example.com/x now', 'see [https://example.com/x](https://example.com/x) now'],
    ['> [!NOTE] same line', '> \\[!NOTE] same line'],
    ['', ''],
  ])('that Jira has no place for is put another way: %j', (markdown, expected) => {
    const document = markdownToAdf(markdown)
    expect(faultOfDocument(document)).toBeUndefined()
    expect(adfToMarkdown(document)).toBe(expected)
  })

  test('of any kind makes a document that Jira takes', () => {
    const parts = [
      'word',
      ' ',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '  - ',
      '1. ',
      '> ',
      '[ ] ',
      '[x] ',
      '**',
      '*',
      '_',
      '~~',
      '`',
      '```',
      '\n```\n',
      '---\n',
      '|',
      '| a | b |\n| - | - |\n',
      '[',
      '](',
      ')',
      'https://x.y',
      '![',
      '<br>',
      '[!NOTE]\n',
      '\\',
      '&amp;',
      '[^1]',
      '[^1]: ',
      '[a]: b\n',
      '@x',
      '\t',
      '    ',
      '😀',
      '"',
      '<',
      '>',
      '(accountid:1:2)',
      '[@a](accountid:1:2)',
    ]
    let seed = 20261120
    const next = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed
    }
    for (let round = 0; round < 200; round++) {
      const markdown = Array.from({ length: 1 + (next() % 14) }, () => parts[next() % parts.length]).join('')
      const document = markdownToAdf(markdown)
      expect({ markdown, fault: faultOfDocument(document) }).toEqual({ markdown, fault: undefined })
      // What came out once stays as it is from then on.
      const settled = adfToMarkdown(markdownToAdf(adfToMarkdown(document)))
      const again = markdownToAdf(settled)
      expect({ markdown, fault: faultOfDocument(again) }).toEqual({ markdown, fault: undefined })
    }
  })
})

describe('a document', () => {
  test.each<[string, unknown, string]>([
    ['blanks at the edges of marks', paragraph(text('a'), text(' bold ', mark('strong')), text('b')), 'a **bold** b'],
    ['a mention without an id', paragraph({ type: 'mention', attrs: { text: '@Hana' } }), '@Hana'],
    [
      'emoji',
      paragraph(
        { type: 'emoji', attrs: { shortName: ':smile:', text: '😄' } },
        { type: 'emoji', attrs: { shortName: ':acme:' } },
      ),
      '😄:acme:',
    ],
    ['a date', paragraph({ type: 'date', attrs: { timestamp: '1763596800000' } }), '2025-11-20'],
    ['a status', paragraph({ type: 'status', attrs: { text: 'IN QA', color: 'blue' } }), '«status: IN QA»'],
    [
      'a card',
      { type: 'blockCard', attrs: { url: 'https://example.com/x' } },
      '[https://example.com/x](https://example.com/x)',
    ],
    [
      'a file',
      { type: 'mediaSingle', content: [{ type: 'media', attrs: { type: 'file', id: '1', alt: 'plan.png' } }] },
      '«media: plan.png»',
    ],
    [
      'a picture elsewhere',
      {
        type: 'mediaSingle',
        content: [{ type: 'media', attrs: { type: 'external', url: 'https://example.com/p.png', alt: 'p' } }],
      },
      '![p](https://example.com/p.png)',
    ],
    [
      'an expand',
      { type: 'expand', attrs: { title: 'More' }, content: [paragraph(text('inside'))] },
      '**More**\n\ninside',
    ],
    [
      'columns',
      { type: 'layoutSection', content: [{ type: 'layoutColumn', content: [paragraph(text('left'))] }] },
      'left',
    ],
    ['a part of an app', { type: 'extension', attrs: { extensionKey: 'toc' } }, '«extension: toc»'],
    ['a node nobody knows', { type: 'hologram', content: [paragraph(text('words in it'))] }, 'words in it'],
    ['an empty node nobody knows', { type: 'hologram' }, '«hologram»'],
    [
      'decisions',
      { type: 'decisionList', content: [{ type: 'decisionItem', content: [text('go')] }] },
      '- «decision» go',
    ],
    ['an address nobody may follow', paragraph(text('click', mark('link', { href: 'javascript:alert(1)' }))), 'click'],
    ['signs nobody sees', paragraph(text('a\u202eb\u200bc\u0007')), 'abc'],
    [
      'underlined and coloured text',
      paragraph(text('a', mark('underline'), mark('textColor', { color: '#f00' }))),
      'a',
    ],
    [
      'a table with lists, spans and paragraphs in its cells',
      {
        type: 'table',
        content: [
          {
            type: 'tableRow',
            content: [{ type: 'tableHeader', attrs: { colspan: 2 }, content: [paragraph(text('wide'))] }],
          },
          {
            type: 'tableRow',
            content: [
              { type: 'tableCell', content: [paragraph(text('x')), paragraph(text('y'))] },
              {
                type: 'tableCell',
                content: [{ type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(text('z'))] }] }],
              },
            ],
          },
        ],
      },
      '| wide | |\n| - | - |\n| x<br>y | • z |',
    ],
  ])('is readable with %s', (_what, node, expected) => {
    expect(adfToMarkdown(doc(node))).toBe(expected)
  })

  test.each([
    [['strong'], ['strong', 'em'], ['em']],
    [['em'], ['strong'], ['em', 'strong'], ['strike', 'em']],
    [['strong', 'em', 'strike'], ['strike'], ['strong'], []],
  ])('keeps marks that overlap within words: %j', (...runs) => {
    const document = doc(
      paragraph(...runs.map((types, at) => text('abcd'[at] ?? '', ...types.map((type) => mark(type))))),
    )
    const sorted = (value: unknown) =>
      JSON.stringify(value, (name, one) =>
        name === 'marks' ? one.map(({ type }: { type: string }) => type).sort() : one,
      )
    expect(sorted(markdownToAdf(adfToMarkdown(document)))).toBe(sorted(document))
  })

  test('is never trusted: odd shapes, great depths and things that are none end in text', () => {
    for (const odd of [
      null,
      undefined,
      7,
      [],
      {},
      { type: 'doc' },
      { type: 'doc', content: 'x' },
      doc(null, 7, { type: 9 }),
    ]) {
      expect(adfToMarkdown(odd)).toBe('')
    }
    expect(adfToMarkdown('a plain text of old')).toBe('a plain text of old')
    const odd = doc(
      { type: 'codeBlock', content: [{ type: 'text', text: {} }] },
      { type: 'heading', attrs: { level: 99 }, content: [text('h')] },
      { type: 'orderedList', attrs: { order: -5 }, content: [{ type: 'listItem', content: [paragraph(text('i'))] }] },
      paragraph(
        { type: 'text' },
        { type: 'mention' },
        { type: 'date', attrs: { timestamp: 'never' } },
        { type: 'emoji' },
      ),
    )
    expect(adfToMarkdown(odd)).toContain('###### h')
    let deep: AdfNode = { type: 'paragraph', content: [{ type: 'text', text: 'bottom' }] }
    for (let depth = 0; depth < 3_000; depth++) {
      deep = { type: 'bulletList', content: [{ type: 'listItem', content: [deep] }] }
    }
    expect(adfToMarkdown(doc(deep))).toContain('«deeper parts left out»')
    expect(lostByMarkdown(doc(deep))).toEqual([])
  })

  test('says what writing it back would lose', () => {
    const media = { type: 'mediaSingle', content: [{ type: 'media', attrs: { type: 'file' } }] }
    expect(lostByMarkdown(doc(media, media, { type: 'extension' }))).toEqual(['a picture or file', 'a part of an app'])
    expect(lostByMarkdown(markdownToAdf(corpus.join('\n\n')))).toEqual([])
  })
})
