// Markdown is read and written faithfully, and no text takes long to read.
import { describe, expect, test } from '@jest/globals'
import { parseMarkdown, printMarkdown } from './markdown.js'

const length = 32_000
const filled = (part: string) => part.repeat(Math.ceil(length / part.length)).slice(0, length)

describe('reading Markdown', () => {
  test.each([
    '# A heading',
    'Plain, **bold**, *slanted*, ~~gone~~, `code` and [a link](https://example.com/?a=1\\&b=2)',
    '- one\n  - two\n    1. three\n    2. four',
    '- [ ] open\n- [x] done',
    '> said\n>\n> twice',
    '```ts\nconst a = 1 < 2\n```',
    '| a | b |\n| - | - |\n| 1 | x\\|y |',
    'before\n\n---\n\nafter',
  ])('gives back what was written: %s', (markdown) => {
    expect(printMarkdown(parseMarkdown(markdown))).toBe(markdown)
  })

  test('takes HTML, footnotes and indented lines for plain text', () => {
    const tree = parseMarkdown('<b onclick="x()">hi</b>[^1]\n\n<script>\n\n[^1]: note\n\nmore\n\n    indented')
    expect(new Set(tree.children.map(({ type }) => type))).toEqual(new Set(['paragraph']))
    expect(JSON.stringify(tree)).not.toMatch(/"type":"(html|footnote)/)
    expect(printMarkdown(tree)).toContain('\\[^1]: note')
  })

  test('puts the address of a reference where it is referred to', () => {
    const tree = parseMarkdown(
      'See [the page][a] and ![a cat][B].\n\n[a]: https://example.com/a\n[b]: https://example.com/b.png',
    )
    expect(printMarkdown(tree)).toBe('See [the page](https://example.com/a) and ![a cat](https://example.com/b.png).')
  })

  test.each([
    '[',
    '> ',
    '>',
    '- ',
    '* ',
    '1. ',
    '*a ',
    '*a_',
    '*a **a ',
    '_',
    '__a',
    '`',
    '` `` ``` ',
    '<',
    '<!--',
    '[a](',
    '[a](b',
    '![',
    '![[',
    '|a',
    '|-',
    '~a ',
    '[^a]',
    'a@',
    'www.',
    'http://',
    'a\n',
    '[a]: b\n',
    '&',
    '\\',
    '[a]',
    '*a_\n',
    '> *a_\n',
    '*a_*a_*a_*a_\n\n',
    '- *a_*a_*a_\n',
    '```\n',
    '``` `\n*a_',
    '<div>\n```\n\n*a_*a_',
    '    ```\n*a_*a_*a_',
    '|*a_*a_|\n',
    '- > ',
    '\t',
    'http://a_',
    '(((',
    ')',
    'a.b@',
    '~~~\n*_',
    '\r*a_',
    '1) ',
    '+ > * ',
  ])('ends soon with text full of %j', (part) => {
    const startedAt = performance.now()
    try {
      parseMarkdown(filled(part))
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-arguments' })
    }
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('takes code full of signs, and a long list of links', () => {
    expect(parseMarkdown(`\`\`\`\n${'*_'.repeat(5_000)}\n\`\`\``).children).toHaveLength(1)
    expect(parseMarkdown('- [**a**](https://example.com)\n'.repeat(700)).children).toHaveLength(1)
  })
})
