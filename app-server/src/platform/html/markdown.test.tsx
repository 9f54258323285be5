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

  test.each([
    ['so $a^2$ is', 'a^2'],
    ['so $$a^2$$ is', 'a^2'],
    ['so \\(a^2\\) is', 'a^2'],
    ['so \\( a^2 \\)は', 'a^2'],
    ['so \\(a\nb\\) is', 'a\nb'],
    ['- so \\(a*b*c\\) is', 'a*b*c'],
    ['| so \\(a\\) is |\n|--|\n| \\(a^2\\) |', 'a^2'],
    ['# so \\(a_1 + a_2\\)', 'a_1 + a_2'],
    ['it costs $5, and $a^2$ is', 'a^2'],
    ['$\\$5$ is', '\\$5'],
  ])('a formula in a line is MathML: %j', (text, tex) => {
    const html = inside(text)
    expect(html).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics>')
    expect(html).toContain(`<annotation encoding="application/x-tex">${tex}</annotation>`)
    expect(html).not.toContain('<code>')
  })

  test.each([
    ['$$\nx\n$$', 'x', '¶'],
    ['$$ x $$', 'x', '¶'],
    ['\\[ x \\]', 'x', '¶'],
    ['\\[x\\].', 'x.', '¶'],
    ['a\n\\[\nx\n+ y\n= z\n\\]\nb', 'x\n+ y\n= z', '<p>a</p>¶<p>b</p>'],
    ['a\n\\[ \\{\nx \\\\[2pt]\n\n- y\n\\} \\] b', '\\{\nx \\\\[2pt]\n\n- y\n\\}', '<p>a</p>¶<p>b</p>'],
    ['$$\\{\nx\n\\}$$\na', '\\{\nx\n\\}', '¶<p>a</p>'],
    ['a \\[ x = 1 \\] b', 'x = 1', '<p>a </p>¶<p> b</p>'],
    ['- a \\[ x = 1 \\] b', 'x = 1', '<ul><li>a ¶ b</li></ul>'],
    ['- a\n\n  \\[\n  x\n  \\]', 'x', '<ul><li><p>a</p>¶</li></ul>'],
    ['1. a\n\\[\nx\n\\]', 'x', '<ol><li>a</li></ol>¶'],
    ['> \\[\n> x\n> \\]\n> a', 'x', '<blockquote>¶<p>a</p></blockquote>'],
  ])('a formula in lines of its own is a block, within which no Markdown is read: %j', (text, tex, around) => {
    const html = inside(text)
    expect(html).toMatch(/<div class="prose-math"><span class="katex"><math [^>]*display="block"/)
    expect(html).toContain(`<annotation encoding="application/x-tex">${tex}</annotation>`)
    expect(html.replaceAll(/<div class="prose-math">.*?<\/div>/gs, '¶')).toBe(around)
  })

  test.each([
    ['It costs $5 **or** $10.', 'It costs $5 <strong>or</strong> $10.'],
    ['from $5 to $10, or $5/$10, US$5-US$10', 'from $5 to $10, or $5/$10, US$5-US$10'],
    ['$ 5 $ and $$$', '$ 5 $ and $$$'],
    ['[a]: \\[1] and \\[2\\], \\[see there\\](https)', '[a]: [1] and [2], [see there](https)'],
    ['\\[1] Smith', '[1] Smith'],
    ['\\\\(x\\\\) \\(open', '\\(x\\) (open'],
    ['`\\(x\\) $y$`', '<code>\\(x\\) $y$</code>'],
  ])('is no formula: %j', (text, html) => {
    expect(inside(text)).toBe(`<p>${html}</p>`)
  })

  test('there are no formulas in code', () => {
    expect(inside('```\n\\[\nx\n\\]\n$y$\n```')).toContain('<code>\\[\nx\n\\]\n$y$</code>')
  })

  test('what is no TeX, or has not ended yet, is shown as it was written', () => {
    expect(inside('$\\nonsense{$')).toBe('<p><code>\\nonsense{</code></p>')
    expect(inside('\\(\\nonsense{\\)')).toBe('<p><code>\\nonsense{</code></p>')
    expect(inside('words\n\\[\nx = 1')).toBe('<p>words</p><div class="prose-math"><code>x = 1</code></div>')
    expect(inside('\\[\nx\n\n\\[\ny\n\\]')).toMatch(/^<div class="prose-math"><code>x<\/code><\/div>.*<mi>y<\/mi>/)
  })

  test.each([
    ['これは**「強調」**です', 'これは<strong>「強調」</strong>です'],
    ['**注意:**次に', '<strong>注意:</strong>次に'],
    ['これは~~（旧）~~です', 'これは<del>（旧）</del>です'],
    ['이것은 **‘강조’**입니다', '이것은 <strong>‘강조’</strong>입니다'],
    ['2**3**4 と snake_case_name', '2<strong>3</strong>4 と snake_case_name'],
    ['a * b * c、日 * 月', 'a * b * c、日 * 月'],
    ['a**"b"**c', 'a**"b"**c'],
  ])('emphasis is where it is meant beside text without spaces: %j', (text, html) => {
    expect(inside(text)).toBe(`<p>${html.replaceAll('"', '&quot;')}</p>`)
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
    '\\[\n<script>alert(1)</script>\n',
    '\\(\\href{javascript:alert(1)}{x}\\) \\(<img src=x onerror=alert(1)>\\)',
    '\\[ \\text{<script>alert(1)</script>} \\] <script>alert(1)</script>',
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
