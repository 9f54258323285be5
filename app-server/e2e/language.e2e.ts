// Pages in the reader's language: as the browser asks, as it was chosen, and as it is remembered with the person.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Page, Person, signIn } from '@sekisho/testing'
import { currentLanguage } from '../src/platform/html/language.js'
import { formAt } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { openNotificationsBench } from './notifications-bench.js'
import type { TakenMail } from './smtp-fake.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})

afterAll(() => app.close())

afterEach(async () => {
  await app.sql('DELETE FROM users')
  await app.sql('DELETE FROM sign_in_attempts')
})

const languageOf = ({ body }: Page) => /<html lang="(\w+)"/.exec(body)?.[1]
const headingOf = ({ body }: Page) => /<h1>(.*?)<\/h1>/.exec(body)?.[1]
const browser = (acceptLanguage?: string) =>
  new Person([app.url], acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage })

/** Presses the button of a language at the foot of a page. */
const choose = (person: Person, page: Page, language: string) =>
  person.submit(page, formAt(page, '/language'), {}, language)

/** Sends the switch by hand, as a browser does or does not, and says what comes back. */
function sendSwitch(fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${app.url}/language`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', origin: app.url, ...headers },
    body: new URLSearchParams(fields),
  })
}

const storedOf = async (email: string) =>
  (await app.sql('SELECT language, browser_language FROM users WHERE email = $1', [email]))[0]

describe('a browser in which nothing was chosen', () => {
  test.each([
    [undefined, 'en'],
    ['ja', 'ja'],
    ['ja-JP,ja;q=0.9,en-US;q=0.8', 'ja'],
    ['en-US,en;q=0.9,ja;q=0.8', 'en'],
    ['fr, ja;q=0.5, en;q=0.4', 'ja'],
    ['fr', 'en'],
    ['ja;q=0', 'en'],
    ['*', 'en'],
    [',;=ja', 'en'],
  ])('that prefers %s is answered in %s', async (accepted, language) => {
    const page = await browser(accepted).open('/auth/login')
    expect([languageOf(page), headingOf(page)]).toEqual([language, language === 'ja' ? 'サインイン' : 'Sign in'])
  })

  test('is told in its language that there is nothing at an address, and a program is not', async () => {
    const page = await browser('ja').open('/nothing-here')
    expect([page.status, headingOf(page)]).toEqual([404, '見つかりません'])
    expect(page.body).toContain('このアドレスには何もありません。')
    const program = await fetch(`${app.url}/api/tools`, {
      headers: { authorization: 'Bearer x', 'accept-language': 'ja' },
    })
    const problem = (await program.json()) as Record<string, string>
    expect(problem).toMatchObject({ title: 'The access token is missing, expired or not valid here' })
    expect(problem.detail).toMatch(/^[ -~]+$/)
    const refused = await fetch(`${app.url}/oauth/authorize?client_id=nobody`, {
      headers: { accept: 'application/json', 'accept-language': 'ja' },
    })
    expect(await refused.text()).toMatch(/^[ -~\n]+$/)
  })
})

describe('the switch', () => {
  test('speaks the chosen language from then on, whatever the browser prefers', async () => {
    const person = browser('en')
    const page = await choose(person, await person.open('/auth/login'), 'ja')
    expect(languageOf(page)).toBe('ja')
    expect(languageOf(await person.open('/nothing-here'))).toBe('ja')
    const back = await choose(person, page, 'en')
    expect(languageOf(back)).toBe('en')
  })

  test('is remembered for a year, in a cookie that says nothing else', async () => {
    const answer = await sendSwitch({ language: 'ja' })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([303, 'no-store'])
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^sekisho_language=ja; Max-Age=31536000; Path=\/; .*HttpOnly; SameSite=Lax$/),
    ])
    const tls = await startTestApp({ env: { PUBLIC_URL: 'https://sekisho.example' } })
    try {
      const secure = await fetch(`http://127.0.0.1:${tls.settings.port}/language`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ language: 'ja' }),
      })
      expect(secure.headers.getSetCookie()[0]).toContain('; Secure')
    } finally {
      await tls.close()
    }
  })

  test('comes back to the page it was on, also to one that signs in', async () => {
    const from = (referer: string) => sendSwitch({ language: 'ja' }, { referer: `${app.url}${referer}` })
    for (const path of ['/programs?done=gone', '/auth/login?returnTo=%2Fprograms', '/admin/audit?kind=call']) {
      expect((await from(path)).headers.get('location')).toBe(path)
    }
    expect((await sendSwitch({ language: 'ja' })).headers.get('location')).toBe('/')
    expect((await sendSwitch({ language: 'ja', returnTo: '/programs' })).headers.get('location')).toBe('/programs')
  })

  test('does not repeat what somebody brought back from elsewhere', async () => {
    const referer = `${app.url}/auth/google/callback?state=a&code=b`
    expect((await sendSwitch({ language: 'ja' }, { referer })).headers.get('location')).toBe('/')
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)'])(
    'never leads to %j',
    async (returnTo) => {
      expect((await sendSwitch({ language: 'ja', returnTo })).headers.get('location')).toBe('/')
      const referer = `${returnTo}programs`
      const location = (await sendSwitch({ language: 'ja' }, { referer })).headers.get('location') ?? ''
      expect(new URL(location, app.url).origin).toBe(app.url)
    },
  )

  test('leads from the answer to a form back to the page of the form', async () => {
    const person = browser('ja')
    const login = await person.open('/auth/login?returnTo=%2Fprograms')
    const form = formAt(login, '/auth/development')
    const body = new URLSearchParams([...form.fields.filter(([name]) => name === '_csrf'), ['name', ''], ['email', '']])
    const answer = await fetch(`${app.url}/auth/development`, {
      method: 'POST',
      headers: {
        accept: 'text/html',
        'accept-language': 'ja',
        origin: app.url,
        referer: login.url.href,
        cookie: `sekisho_sign_in=${person.cookie('sekisho_sign_in')}`,
      },
      body,
    })
    const page = await answer.text()
    expect(answer.status).toBe(400)
    expect(page).toContain('お呼びする名前を100文字以内で入力してください。')
    expect(page).toContain('<input type="hidden" name="returnTo" value="/auth/login?returnTo=%2Fprograms"/>')
  })

  test.each(['', 'fr', 'JA', '__proto__', 'ja; Domain=evil.example'])(
    'knows no language called %j',
    async (language) => {
      const answer = await sendSwitch({ language }, { 'accept-language': 'ja' })
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []])
      expect(await answer.text()).toContain('その言語には対応していません。')
    },
  )

  test('is not pressed by another site', async () => {
    const answer = await sendSwitch({ language: 'ja' }, { origin: 'https://evil.example' })
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []])
  })
})

describe('the choice of somebody signed in', () => {
  test('follows them to a browser in which nothing was chosen', async () => {
    const first = browser('en')
    await signIn(first, 'Mika', 'mika@example.com')
    await choose(first, await first.open('/'), 'ja')
    expect(await storedOf('mika@example.com')).toEqual({ language: 'ja', browser_language: 'en' })
    const second = browser('en')
    expect(languageOf(await signIn(second, 'Mika', 'mika@example.com'))).toBe('ja')
    expect(second.cookie('sekisho_language')).toBe('ja')
  })

  test('does not overrule what was chosen in another browser, nor the other way round', async () => {
    const first = browser('en')
    await signIn(first, 'Mika', 'mika@example.com')
    await choose(first, await first.open('/'), 'ja')
    const second = browser('ja')
    await choose(second, await second.open('/auth/login'), 'en')
    expect(languageOf(await signInIn('en', second))).toBe('en')
    expect(await storedOf('mika@example.com')).toMatchObject({ language: 'ja' })
  })

  test('is that of the browser they sign in with first', async () => {
    const person = browser('en')
    await choose(person, await person.open('/auth/login'), 'ja')
    await signInIn('ja', person)
    expect(await storedOf('mika@example.com')).toEqual({ language: 'ja', browser_language: 'ja' })
  })

  test('stays open while nobody chose', async () => {
    const person = browser('ja')
    await signInIn('ja', person)
    expect(await storedOf('mika@example.com')).toEqual({ language: null, browser_language: 'ja' })
    expect(person.cookie('sekisho_language')).toBeUndefined()
  })

  async function signInIn(language: string, person: Person): Promise<Page> {
    const login = await person.open('/auth/login')
    expect(languageOf(login)).toBe(language)
    return person.submit(login, formAt(login, '/auth/development'), { name: 'Mika', email: 'mika@example.com' })
  }
})

test('a person is asked in their language what a program may do, and nothing about it changes', async () => {
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  const mika = browser('ja')
  const login = await mika.open('/auth/login')
  await mika.submit(login, formAt(login, '/auth/development'), { name: 'Mika', email: 'mika@example.com' })
  const page = await mika.open(program.begin('booking:read').url)
  expect(headingOf(page)).toContain('「Test program」に、あなたの代わりの操作を許可しますか？')
  expect(page.body).toContain('サービス、空き時間、あなたの予約を見る')
  expect(page.forms.flatMap(({ fields }) => fields)).toContainEqual(['scope', 'booking:read'])
})

test.each([
  [{ language: 'ja', browser_language: 'en' }, 'お知らせ', 'sekisho.exampleにアカウントをお持ちの方'],
  [{ language: null, browser_language: 'ja' }, 'お知らせ', 'sekisho.exampleにアカウントをお持ちの方'],
  [{ language: 'en', browser_language: 'ja' }, 'Something', 'Sent by sekisho.example, because you have an account'],
  [{ language: null, browser_language: null }, 'Something', 'Sent by sekisho.example, because you have an account'],
])(
  'a mail to somebody whose languages are %j is in the one they chose, else their browser’s',
  async (stored, subject, end) => {
    const bench = await openNotificationsBench()
    try {
      const aki = await bench.person(`aki-${randomUUID()}@example.com`)
      await bench.database.query('UPDATE users SET language = $2, browser_language = $3 WHERE id = $1', [
        aki,
        stored.language,
        stored.browser_language,
      ])
      const say = () => (currentLanguage() === 'ja' ? 'お知らせ' : 'Something')
      await bench.tell(aki, { subject: say, words: say })
      expect(await bench.database.query('SELECT subject, words FROM notifications')).toEqual([
        { subject, words: subject },
      ])
      await bench.run(bench.mail())
      expect(bench.smtp.taken).toHaveLength(1)
      expect(bench.smtp.taken.map(textOf)).toEqual([expect.stringContaining(end)])
    } finally {
      await bench.close()
    }
  },
)

/** The text of a mail, out of the encoding it travelled in (RFC 2045, section 6). */
function textOf({ headers, body }: TakenMail): string {
  const encoding = headers['content-transfer-encoding']
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
