// Tests of what Markdown of others becomes: what it says, and nothing it could do.
import { describe, expect, test } from '@jest/globals'
import { Markdown } from './markdown.js'

const htmlOf = (text: string) => String(<Markdown text={text} idPrefix="x-" />)
const inside = (text: string) => htmlOf(text).replace(/^<div class="prose">(.*)<\/div>$/s, '$1')

describe('Markdown', () => {
  test.each([
    ['a **b** _c_ ~~d~~ `e`', '<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>'],
    ['# a\n\n## b\n\n### c\n\n###### d', '<h3>a</h3><h3>b</h3><h4>c</h4><h6>d</h6>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['3. a\n4. b', '<ol start="3"><li>a</li><li>b</li></ol>'],
    ['- a\n\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
    ['> a\n\n---', '<blockquote><p>a</p></blockquote><hr/>'],
    ['a  \nb', '<p>a<br/>b</p>'],
    ['~a~', '<p>~a~</p>'],
  ])('%j becomes %j', (text, html) => {
    expect(inside(text)).toBe(html)
  })

  test('links lead out in a new tab and tell the other site nothing', () => {
    const link = '<a href="https://a.test/x?y=1" target="_blank" rel="noopener noreferrer">'
    for (const text of ['[t](https://a.test/x?y=1)', '[t][r]\n\n[r]: https://a.test/x?y=1']) {
      expect(inside(text)).toContain(`${link}t</a>`)
    }
    expect(inside('see https://a.test/x?y=1.')).toContain(`${link}https://a.test/x?y=1</a>.`)
    expect(inside('<https://a.test/x?y=1>')).toContain(link)
  })

  test('images are links: nothing is loaded from elsewhere', () => {
    const html = inside('![a cat](https://evil.test/?secret=1) ![](https://evil.test/b)')
    expect(html).not.toMatch(/<img|src=/)
    expect(html).toContain('href="https://evil.test/?secret=1"')
    expect(html).toContain('Image: a cat')
  })

  test('code has its language, can be copied and is reached by the keyboard', () => {
    const html = inside('```ts\nif (a < b) "c"\n```')
    expect(html).toContain('<figcaption class="code-language">ts</figcaption>')
    expect(html).toContain('data-copy')
    expect(html).toContain('<pre tabindex="0"><code>if (a &lt; b) &quot;c&quot;</code></pre>')
  })

  test('tables are tables, with their alignment by class', () => {
    const html = inside('| a | b |\n|:-:|--:|\n| 1 | 2 |')
    expect(html).toContain('<th scope="col" class="align-center">a</th>')
    expect(html).toContain('<td class="align-right">2</td>')
  })

  test('maths is MathML; prices are prices', () => {
    expect(inside('so $a^2$ is')).toMatch(/<math.*<msup>/s)
    expect(inside('$$\nx\n$$')).toMatch(/prose-math.*<math.*display="block"/s)
    expect(inside('$$ x $$')).toMatch(/display="block"/)
    expect(inside('It costs $5 **or** $10.')).toBe('<p>It costs $5 <strong>or</strong> $10.</p>')
    expect(inside('from $5 to $10')).not.toContain('<math')
  })

  test('what is no TeX is shown as it was written', () => {
    expect(inside('$\\nonsense{$')).toBe('<p><code>\\nonsense{</code></p>')
  })

  test('tasks say their state in words', () => {
    expect(inside('- [x] a\n- [ ] b')).toMatch(/aria-label="Done".*aria-label="To do"/s)
  })

  test('footnotes lead to their notes, under ids of their own text', () => {
    const html = inside('a[^n]\n\n[^n]: the **note**')
    expect(html).toContain('<a href="#x-note-1" aria-label="Footnote 1">1</a>')
    expect(html).toMatch(/<li id="x-note-1"><p>the <strong>note<\/strong><\/p><\/li>/)
    expect(inside('a[^n]')).toBe('<p>a[^n]</p>')
  })
})

/** The only elements and attributes there may be. */
const elements =
  'p|h[3-6]|em|strong|del|br|code|a|blockquote|ul|ol|li|hr|pre|figure|figcaption|button|div|table|thead|tbody|tr|th|td|sup|section|span|math|semantics|annotation|m[a-z]+'
const tag = new RegExp(
  `^</?(?:${elements})(?: (?:class|href|target|rel|id|start|scope|tabindex|role|aria-label|type|hidden|data-copy|data-words|xmlns|display|encoding|[a-z]+)(?:="[^"<>]*")?)*/?>$`,
)

describe('nothing can be done by', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg/onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\u0000script:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](//evil.test)',
    '[x](/chat)',
    '[x](#top)',
    '[x][r]\n\n[r]: javascript:alert(1)',
    '![x](javascript:alert(1))',
    '![x"onerror="alert(1)](https://a.test)',
    '<javascript:alert(1)>',
    '[x](https://a.test" onmouseover="alert(1))',
    '[x](https://a.test/"onmouseover="alert(1))',
    '```"><script>alert(1)</script>\nx\n```',
    '`<script>alert(1)</script>`',
    '| <script> |\n|--|\n| <img src=x onerror=alert(1)> |',
    '$\\href{javascript:alert(1)}{x}$',
    '$\\htmlStyle{color:red}{x}$ $\\htmlData{a=b}{x}$ $\\includegraphics{https://evil.test/x.png}$',
    '$\\url{javascript:alert(1)}$ $\\text{<script>alert(1)</script>}$',
    '$\\fcolorbox{red}{blue}{x}$ $\\color{"onload=alert(1)}$',
    '$$\n<script>alert(1)</script>\n$$',
    '[^<script>]\n\n[^<script>]: <script>alert(1)</script>',
    '[^"onclick="x]\n\n[^"onclick="x]: y',
    'a<!--><script>alert(1)</script>-->',
    '<style>*{display:none}</style>',
    '<form action=https://evil.test><button>',
    '<base href=https://evil.test>',
    '<meta http-equiv=refresh content=0;url=https://evil.test>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<details open ontoggle=alert(1)>',
    '<math><mtext><script>alert(1)</script></mtext></math>',
  ])('%j', (text) => {
    const html = htmlOf(text)
    for (const [found] of html.matchAll(/<[^>]*>/g)) expect(found).toMatch(tag)
    expect(html).not.toMatch(/<(?:script|img|svg|iframe|style|form|base|meta|details|input|object|embed)/i)
    expect(html.replaceAll(/>[^<]*</g, '><')).not.toMatch(/\son[a-z]+=|\sstyle=|javascript:|src=/i)
    for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^(?:https?:\/\/|#x-note-\d+$)/)
  })
})
