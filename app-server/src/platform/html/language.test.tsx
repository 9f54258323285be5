// Tests of how pages speak: in the language asked for, with arguments, plurals and elements, and never with foreign markup.
import { describe, expect, test } from '@jest/globals'
import type { Request } from 'express'
import { askedLanguage } from '../asked-language.js'
import { counted, currentLanguage, listed, translator, withLanguage } from './language.js'
import { ProblemPage } from './problem-page.js'

const t = translator({
  Hello: 'こんにちは',
  "It's {name}": '{name}です',
  '{count, plural, one {# tool} other {# tools}}': '{count, plural, other {ツール#個}}',
  'Open <a>the page of {name}</a> now.': '今すぐ<a>{name}のページ</a>を開いてください。',
})
const hostile = '<b onclick="x">&'

describe('a message', () => {
  test('is said in the current language, which is English unless told', () => {
    expect(t('Hello')).toBe('Hello')
    expect(withLanguage('ja', () => t('Hello'))).toBe('こんにちは')
    expect(currentLanguage()).toBe('en')
  })

  test('keeps its language over what is waited for, and lends it to nobody else', async () => {
    const later = withLanguage('ja', async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return t('Hello')
    })
    expect(t('Hello')).toBe('Hello')
    expect(await later).toBe('こんにちは')
  })

  test('has its arguments in their place, and counts as the language does', () => {
    expect(t("It's {name}", { name: 'Mika' })).toBe("It's Mika")
    const tools = (count: number) => t('{count, plural, one {# tool} other {# tools}}', { count })
    expect([tools(1), tools(2), tools(1234)]).toEqual(['1 tool', '2 tools', '1,234 tools'])
    expect(withLanguage('ja', () => tools(1))).toBe('ツール1個')
  })

  test('takes elements where the language wants them', () => {
    const say = () => (
      <p>
        {t.rich('Open <a>the page of {name}</a> now.', { name: <b>Mika</b>, a: (words) => <a href="/x">{words}</a> })}
      </p>
    )
    expect(String(say())).toBe('<p>Open <a href="/x">the page of <b>Mika</b></a> now.</p>')
    expect(withLanguage('ja', () => String(say()))).toBe(
      '<p>今すぐ<a href="/x"><b>Mika</b>のページ</a>を開いてください。</p>',
    )
  })

  test('keeps foreign text text, with elements and without', () => {
    const html = String(
      <p title={t("It's {name}", { name: hostile })}>
        {t.rich('Open <a>the page of {name}</a> now.', { name: hostile, a: (words) => <a href="/x">{words}</a> })}
      </p>,
    )
    expect(html).not.toContain('<b')
    expect(html.match(/&lt;b onclick/g)).toHaveLength(2)
  })

  test('fails loudly when an argument is missing', () => {
    expect(() => t("It's {name}", {})).toThrow(/name/)
  })
})

test('lists and numbers are those of the language', () => {
  expect([listed(['a', 'b', 'c']), counted(12345)]).toEqual(['a, b, and c', '12,345'])
  expect(withLanguage('ja', () => listed(['a', 'b', 'c']))).toBe('a、b、c')
})

test('a problem is called by its name in the language of the page', () => {
  const problem = { type: 'x', title: 'Too many requests', status: 429, detail: 'x', code: 'rate-limited' } as const
  expect(withLanguage('ja', () => String(ProblemPage({ problem })))).toContain('<h1>リクエストが多すぎます</h1>')
})

describe('the language of a request', () => {
  const asked = (headers: Record<string, string>) => {
    const accepted = (headers['accept-language'] ?? '').split(',')[0]
    const acceptsLanguages = () => (accepted?.startsWith('ja') ? 'ja' : accepted?.startsWith('en') ? 'en' : false)
    return askedLanguage({ headers, acceptsLanguages } as unknown as Request)
  }

  test('is what the browser prefers, unless it was chosen', () => {
    expect(asked({ 'accept-language': 'ja' })).toBe('ja')
    expect(asked({ 'accept-language': 'ja', cookie: 'sekisho_language=en' })).toBe('en')
    expect(asked({ 'accept-language': 'en', cookie: 'a=b; sekisho_language=ja' })).toBe('ja')
  })

  test('is English when nothing we speak is asked for, and a cookie that is none of ours counts for nothing', () => {
    expect(asked({})).toBe('en')
    expect(asked({ 'accept-language': 'fr' })).toBe('en')
    expect(asked({ 'accept-language': 'ja', cookie: 'sekisho_language=xx' })).toBe('ja')
  })

  test('of a program with a token is English', () => {
    expect(asked({ 'accept-language': 'ja', authorization: 'Bearer x' })).toBe('en')
  })
})
