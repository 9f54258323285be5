// Tests of Markdown that arrives in pieces: it ends as the same page, however it was cut, and takes bounded time.
import { describe, expect, test } from '@jest/globals'
import { renderMarkdown } from './markdown.js'
import { markdownBlocks, type RenderedMarkdown } from './markdown-blocks.js'
import { maxCostly, maxMarkdownLength } from './markdown-limits.js'

const texts: Record<string, string> = {
  'headings and paragraphs':
    '# One\ntext\n\nTwo\n===\n\nmore **bold** and _slanted_\nin two lines  \nbroken\n\n***\n\nend',
  'a list that goes on after blank lines':
    'Before:\n\n1. one\n\n2. two\n   more\n\n   - inner\n\n     deep\n\n10. ten\n\nafter',
  'lists of two kinds': '- a\n\n- b\n\n* c\n\n**not a list**\n\n+ d\n',
  'a list with a lazy line': '- a\nlazy\n\nnext\n- b\n**c**\n',
  'code between fences': 'Look:\n\n```ts\nconst a = 1\n\n\n# no heading\n```\n\nthen\n\n~~~\n```\n\n~~~\n',
  'code in a list': '- a\n\n  ```sh\n  one\n\n  two\n  ```\n\nafter\n\n    indented\n\n    code\n',
  'a table': 'T:\n\n| a | b |\n|:--|--:|\n| 1 | `x\\|y` |\n| 2 | **z** |\n\nafter\n\n| no | table |\n',
  'references defined at the end':
    'See [one], [two][2] and ![pic][p].\n\n- [one] again\n\n[one]: https://a.test/1 "Title"\n[2]: <https://a.test/2>\n\nlast\n\n[p]: https://a.test/p.png\n',
  'a definition whose title goes on':
    '[a]: https://a.test\n"title\nmore"\n\n[a]\n\n[b]: https://b.test\n\'not\n\nclosed\n\n[b]',
  footnotes: 'One[^1] and two[^b].\n\n[^b]: Bee\n\n    goes on\n\nAgain[^b]\n\n[^1]: First\n\nnone[^x]',
  maths: 'Inline $a^2$ and $$b$$.\n\n$$\n\\frac{a}{b}\n\n+ c\n$$\n\nIt costs $5 and $10, or $5/$10.\n\n$$ x = 1 $$\n',
  'formulas between brackets':
    'So \\(a^2\\) and \\( b \\).\n\n\\[\n\\frac{a}{b}\n\n+ c\n\\]\n\n- in \\[ x = 1 \\] a list\n\n  \\[ y \\].\n\nText\n\\[ \\begin{aligned}\na &= b \\\\[2pt]\n- c\n\\end{aligned} \\] where\nit ends\n\n\\[\nz\n\n\\] there\n\nend',
  'formulas that are none, or do not end':
    '\\[1] and \\[2\\] are \\(open\n\n\\[1] too\n\n\\[\na\n\n\\[\nb\n\\]\n\n> \\[ c\nd\n\n$$ x\n= 2 $$ end\n\n$5/$6 \\\\(e\\\\) \\[\n\nf',
  tasks: '- [ ] open\n- [x] done\n\n1) other\n\n2) numbers\n',
  quotations: '> a\nlazy\n\n> b\n>\n> - c\n>\n> d\n\ne\n',
  'Windows line ends': 'a\r\n\r\n- b\r\n\r\n- c\r\n\r\nd\r\n\r\n```\r\nx\r\n\r\ny\r\n```\r\n',
  HTML: 'a <b>bold</b>\n\n<div>\n\n*slanted*\n\n</div>\n\n<!-- c\n\n-->\n\n<details><summary>s</summary>\n\nx\n\n</details>',
  'Japanese emphasis':
    'これは**「強調」**です。**注意:**次の*「文」*、~~「旧」~~と**「新」**。\n\n- **（一）**だ\n\n2**3**4',
  Japanese: '## 予定\n\n来週の**会議**は3件です。\n\n| 日 | 件名 |\n|--|--|\n| 月 | 打ち合わせ |\n\n1. 朝\n\n2. 夜\n',
  'words only':
    'Plain words, don\'t you think? And "more" of them  \nbroken and  then   wide, 日本語の文章、です。次の文「引用」へ',
  addresses:
    'See www.example.com and http://a.test/b or mail me@example.com now, me@ x, www and http: as words, http://a.test/b,c?d',
  'signs between words': 'a*b _c d_ e**f g** h`i j` k~~l m~~ [n o](p "q) r & s &amp; t <u> v\\ w ! x # y | z $1 a$ 2',
  'headings that grow':
    '# One two\n## Three four ##\n### five\nsix seven\n=\n- eight nine\n  ten\n> eleven twelve\nthirteen',
  'numbers that may be lists': '1. one\n\n2\n\n3. three\n\n4.5 is no item\n\n-\n\n--\n\n---\n\n*\n',
}

/** Numbers that are the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Words arrive whole, every other sign alone: within a word nothing can be decided. */
function atEverySign(text: string): string[] {
  return text.match(/[\p{L}\p{N}]{3,}|./gsu) ?? []
}

function atRandom(text: string, longest: number, random: () => number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * longest)
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return pieces
}

/** Renders what has come so far after each piece, and holds every step against the same text read at once. */
function expectSame(pieces: readonly string[], atOnce: Map<string, string>): void {
  let rendered: RenderedMarkdown | undefined
  let come = ''
  for (const piece of pieces) {
    come += piece
    rendered = renderMarkdown(come, 'x-', rendered)
    const whole = atOnce.get(come) ?? renderMarkdown(come, 'x-').html.join('')
    atOnce.set(come, whole)
    // Saying that it is so takes as long as the work, thousands of times.
    if (rendered.html.join('') !== whole) expect([come, rendered.html.join('')]).toEqual([come, whole])
  }
  expect(rendered?.html.join('')).toBe(renderMarkdown(come, 'x-').html.join(''))
}

describe('a text that arrives in pieces ends as the text read at once', () => {
  test.each(Object.entries(texts))('%s', (_name, text) => {
    const atOnce = new Map<string, string>()
    expectSame(atEverySign(text), atOnce)
    expectSame(atRandom(text, 7, randomOf(7)), atOnce)
  })

  test('and so do mixtures of them', () => {
    const random = randomOf(11)
    const pieces = Object.values(texts).flatMap((text) => text.split(/(?<=\n\n)/))
    for (let round = 0; round < 40; round++) {
      const text = Array.from({ length: 5 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
      expectSame(atRandom(text, 13, random), new Map())
    }
  })

  test('and as the text that was never cut into blocks', () => {
    const random = randomOf(13)
    const pieces = Object.values(texts).flatMap((text) => text.split(/(?<=\n)/))
    for (let round = 0; round < 150; round++) {
      const text = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
      const { blocks } = markdownBlocks(text)
      // A text that ends in the middle of its last line is cut nowhere that a longer one is not.
      const longer = markdownBlocks(`${text}\n\nnext\n\nlast\n`)
      expect(blocks.map(({ source }) => source).join('')).toBe(text)
      const ends = (list: typeof blocks) => {
        let sum = 0
        return list.map(({ source }) => (sum += source.length))
      }
      expect(ends(longer.blocks)).toEqual(expect.arrayContaining(ends(blocks).slice(0, -1)))
    }
  })
})

test('what is complete is not read again while the text grows', () => {
  const first = renderMarkdown('One **two**.\n\n- a\n\nThree.\n\nFo', 'x-')
  const then = renderMarkdown('One **two**.\n\n- a\n\nThree.\n\nFour', 'x-', first)
  expect(then.blocks.slice(0, 2)).toEqual(first.blocks.slice(0, 2))
  expect(then.blocks[0]).toBe(first.blocks[0])
  expect(then.blocks[1]).toBe(first.blocks[1])
  expect(then.html.at(-1)).toContain('Four')
})

describe('a text of 200 kB made to take long', () => {
  const crafted: Record<string, string> = {
    paragraphs: 'a\n\n',
    items: '- a\n',
    'empty items': '-\n',
    tasks: '- [ ] a\n',
    quotations: '> a\n',
    'quotations in one line': '>',
    'lists in one line': '- ',
    emphasis: '**a ',
    'struck out': '~~a',
    brackets: '[',
    'link ends': '](',
    images: '![a](',
    underlines: 'a\n=\n',
    rows: '|a|b|\n',
    columns: '|',
    definitions: '[a]: b\n\n',
    'a definition and many references': '[a]\n\n[a]: b\n\n',
    'footnotes used': '[^a]',
    'footnotes defined': '[^a]: b\n\n',
    addresses: 'a+a@a.',
    'http addresses': 'http://a.b/(',
    'angle brackets': '<a:',
    entities: '&amp',
    code: '` ',
    'code of all lengths': Array.from({ length: 600 }, (_, length) => '`'.repeat(length)).join(' '),
    'maths of all lengths': Array.from({ length: 600 }, (_, length) => '$'.repeat(length)).join('x'),
    formulas: '$x$\n\n',
    'formulas in brackets': '\\(x\\) ',
    'formulas in lines of their own': '\\[x\\]\n',
    'beginnings of formulas': '\\(',
    'beginnings of display formulas': '\\[\n',
    'beginnings of formulas between dollars': '$x ',
    'a formula that does not end': '\\[\n\\alpha + ',
    'a deep formula': `$${'{'.repeat(3_000)}$\n\n`,
    'a deep list': Array.from({ length: 600 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join(''),
    'empty lines': '\n',
  }
  test.each(Object.entries(crafted))('ends, with all of it shown: %s', (_name, unit) => {
    const text = unit.repeat(Math.ceil(200_000 / unit.length)).slice(0, 200_000)
    const { html, blocks } = renderMarkdown(text, 'x-')
    expect(html.length).toBeGreaterThan(0)
    expect(blocks.map(({ source }) => source).join('')).toBe(text)
  })

  test.each(['underlines', 'rows', 'emphasis', 'link ends', 'code of all lengths', 'quotations in one line'])(
    'is no other behind what only seems to open a fence: %s',
    (name) => {
      for (const opened of ['- ```\n  ```\n', '   ```\n```\n', '> ```\n\n```\n']) {
        const unit = crafted[name] ?? ''
        const text = opened + unit.repeat(Math.ceil(200_000 / unit.length)).slice(0, 200_000)
        expect(renderMarkdown(text, 'x-').html.length).toBeGreaterThan(0)
      }
    },
  )

  test.each([
    ['length', 'word '.repeat(maxMarkdownLength / 5)],
    ['number of blank lines', '\n'.repeat(maxCostly + 2)],
    ['number of formulas', `${'\\(x\\) '.repeat(300)}\n\n`.repeat(maxCostly / 300)],
  ])('is shown as it is written from a certain %s on', (_what, long) => {
    expect(renderMarkdown(`${long}**not read**`, 'x-').html.at(-1)).toContain('**not read**')
  })

  test('is shown as it is written from there on also when it is code that grows', () => {
    const open = `\`\`\`\n${'\n'.repeat(maxCostly - 1)}`
    const before = renderMarkdown(open, 'x-')
    expect(renderMarkdown(`${open}a\n\n\nb`, 'x-', before).html).toEqual(renderMarkdown(`${open}a\n\n\nb`, 'x-').html)
  })
})
