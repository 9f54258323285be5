// Signing in over HTTP: from where and to where, as whom, and what is refused.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Person, signIn } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})

afterAll(() => app.close())

afterEach(async () => {
  await app.sql('DELETE FROM users')
  await app.sql('DELETE FROM sign_in_attempts')
})

interface SessionOnFile {
  id: string
  email: string
}

function sessionsOnFile(): Promise<SessionOnFile[]> {
  return app.sql<SessionOnFile>(
    'SELECT s.id, u.email FROM sessions s JOIN users u ON u.id = s.user_id ORDER BY s.created_at, s.id',
  )
}

/** The token in the forms of the person's sessions page. */
async function formToken(person: Person): Promise<string> {
  const page = await person.open('/account/sessions')
  const token = page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1]
  if (!token) throw new Error(`no form at ${page.url}`)
  return token
}

function post(person: Person, path: string, fields: Record<string, string>, origin: string | undefined = app.url) {
  return person.request('POST', new URL(path, app.url), new URLSearchParams(fields), origin)
}

async function isSignedIn(person: Person): Promise<boolean> {
  return (await person.open('/account/sessions')).url.pathname === '/account/sessions'
}

describe('without a session', () => {
  test('a page leads to signing in and from there back to where one was', async () => {
    const person = new Person([app.url])
    const login = await person.open('/account/sessions?done=others')
    expect(`${login.url.pathname}${login.url.search}`).toBe(
      '/auth/login?returnTo=%2Faccount%2Fsessions%3Fdone%3Dothers',
    )
    const [form] = login.forms
    if (!form) throw new Error('no form')
    const back = await person.submit(login, form, { name: 'Mika', email: 'mika@example.com' })
    expect(`${back.url.pathname}${back.url.search}`).toBe('/account/sessions?done=others')
    expect(back.status).toBe(200)
  })

  test('a program is told so instead of being sent to a page', async () => {
    const response = await fetch(`${app.url}/`, { headers: { accept: 'application/json' }, redirect: 'manual' })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'sign-in-required' })
  })

  test('who does not say what they want is sent to the sign-in page, as anybody with a browser', async () => {
    const response = await fetch(`${app.url}/programs`, { headers: { accept: '*/*' }, redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, '/auth/login?returnTo=%2Fprograms'])
  })

  test('a write is refused', async () => {
    const response = await post(new Person([app.url]), '/account/sessions/end', { which: 'all' })
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('href="/auth/login"')
  })

  test.each(['sekisho_session=x', `sekisho_session=${'A'.repeat(43)}`, `sekisho_session=${'A'.repeat(5000)}`])(
    'a made-up cookie %s is none',
    async (cookie) => {
      const response = await fetch(`${app.url}/`, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })
      expect(response.status).toBe(302)
      expect(response.headers.get('location')).toBe('/auth/login')
    },
  )
})

describe('signing in', () => {
  test('sets one cookie that scripts cannot read and other sites cannot send along', async () => {
    const person = new Person([app.url])
    const login = await person.open('/auth/login')
    const body = new URLSearchParams([...(login.forms[0]?.fields ?? [])])
    body.set('name', 'Mika')
    body.set('email', 'mika@example.com')
    const response = await person.request('POST', new URL('/auth/development', app.url), body, app.url)
    expect(response.status).toBe(303)
    const [cookie = '', ...others] = response.headers.getSetCookie()
    expect(others).toEqual([])
    expect(cookie).toMatch(
      /^sekisho_session=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    )
  })

  test('stores nothing that would open the session', async () => {
    const person = await app.signedIn('Mika')
    const secret = person.cookie('sekisho_session') ?? ''
    expect(secret).toHaveLength(43)
    const [row] = await app.sql<Record<string, unknown>>('SELECT s::text AS all FROM sessions s')
    expect(String(row?.all)).not.toContain(secret)
    expect(String(row?.all)).not.toContain(Buffer.from(secret, 'base64url').toString('hex'))
    expect(JSON.stringify(app.logLines)).not.toContain(secret)
  })

  test('always makes a new session and ends the one the browser had', async () => {
    const attacker = await app.signedIn('Eve', 'eve@example.com')
    const planted = attacker.cookie('sekisho_session') ?? ''
    const victim = new Person([app.url])
    victim.setCookie('sekisho_session', planted)
    await post(victim, '/auth/logout', { _csrf: await formToken(victim) })
    victim.setCookie('sekisho_session', planted)
    await signIn(victim, 'Mika', 'mika@example.com')
    expect(victim.cookie('sekisho_session')).not.toBe(planted)
    expect(await isSignedIn(attacker)).toBe(false)
    expect((await sessionsOnFile()).map(({ email }) => email)).toEqual(['mika@example.com'])
  })

  test('again in the same browser ends the earlier session of that browser', async () => {
    const person = await app.signedIn('Mika', 'mika@example.com')
    const earlier = person.cookie('sekisho_session') ?? ''
    const login = await new Person([app.url]).open('/auth/login')
    expect(login.status).toBe(200)
    // The browser shows the form it had opened before it was signed in.
    const stale = new Person([app.url])
    const form = (await stale.open('/auth/login')).forms[0]
    stale.setCookie('sekisho_session', earlier)
    await post(stale, '/auth/development', {
      ...Object.fromEntries(form?.fields ?? []),
      name: 'Ken',
      email: 'ken@example.com',
    })
    expect((await sessionsOnFile()).map(({ email }) => email)).toEqual(['ken@example.com'])
    expect(await isSignedIn(person)).toBe(false)
  })

  test('when already signed in goes straight on', async () => {
    const person = await app.signedIn('Mika')
    expect((await person.open('/auth/login?returnTo=/account/sessions')).url.pathname).toBe('/account/sessions')
  })

  test.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '/.//evil.example', '/%09/evil.example'])(
    'never leads to %s',
    async (returnTo) => {
      const person = new Person([app.url])
      const page = await signIn(person, 'Mika', 'mika@example.com', returnTo)
      expect(page.status).toBeGreaterThan(0)
      expect(page.url.origin).toBe(app.url)
      const again = await person.request(
        'GET',
        new URL(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`, app.url),
      )
      expect(new URL(again.headers.get('location') ?? '', app.url).origin).toBe(app.url)
    },
  )

  test('by a form that another site sends is refused, with the page to do it oneself', async () => {
    const fields = { name: 'Eve', email: 'eve@example.com', returnTo: '/' }
    const stranger = new Person([app.url])
    const eve = new Person([app.url])
    const evesForm = Object.fromEntries((await eve.open('/auth/login')).forms[0]?.fields ?? [])
    await stranger.open('/auth/login')
    for (const attempt of [fields, { ...fields, _csrf: '' }, { ...fields, _csrf: evesForm._csrf ?? '' }]) {
      const response = await post(stranger, '/auth/development', attempt)
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('Please send this once more')
    }
    const foreign = await post(eve, '/auth/development', { ...evesForm, ...fields }, 'https://evil.example')
    expect(foreign.status).toBe(403)
    expect(await sessionsOnFile()).toEqual([])
  })

  test.each([
    [{ name: '', email: 'mika@example.com' }, 'Tell us what to call you'],
    [{ name: 'x'.repeat(101), email: 'mika@example.com' }, 'at most 100 characters'],
    [{ name: 'Mika', email: 'mika' }, 'not a whole e-mail address'],
    [{ name: 'Mika', email: 'mika@example.com, ken@example.com' }, 'not a whole e-mail address'],
    [{ name: 'Mika', email: `${'m'.repeat(64)}@${'e'.repeat(250)}.com` }, 'too long'],
    [{ name: 'Mika', email: '<script>@example.com' }, 'not a whole e-mail address'],
  ])('with %j says what to put instead', async (typed, words) => {
    const person = new Person([app.url])
    const page = await signIn(person, typed.name, typed.email)
    expect(page.status).toBe(400)
    expect(page.body).toContain(words)
    expect(page.body).not.toContain('<script>@')
    expect(page.forms[0]?.fields).toContainEqual(['name', typed.name])
    expect(await sessionsOnFile()).toEqual([])
  })

  test('without any of the fields, or with files of them, is refused', async () => {
    const person = new Person([app.url])
    const token = Object.fromEntries((await person.open('/auth/login')).forms[0]?.fields ?? [])._csrf ?? ''
    const twice = new URLSearchParams([
      ['_csrf', token],
      ['name', 'a'],
      ['name', 'b'],
      ['email', 'x@example.com'],
    ])
    expect((await person.request('POST', new URL('/auth/development', app.url), twice, app.url)).status).toBe(400)
    expect((await post(person, '/auth/development', { _csrf: token })).status).toBe(400)
    expect((await person.request('POST', new URL('/auth/development', app.url), undefined, app.url)).status).toBe(403)
  })

  test('too often from one network is stopped for a while', async () => {
    await app.sql(`INSERT INTO sign_in_attempts (network) SELECT '127.0.0.1/32' FROM generate_series(1, 99)`)
    expect((await signIn(new Person([app.url]), 'Mika', 'mika@example.com')).status).toBe(200)
    const page = await signIn(new Person([app.url]), 'Ken', 'ken@example.com')
    expect(page.status).toBe(429)
    expect(page.headers.get('retry-after')).toBe('600')
    await app.sql(`UPDATE sign_in_attempts SET created_at = now() - interval '11 minutes'`)
    expect((await signIn(new Person([app.url]), 'Ken', 'ken@example.com')).status).toBe(200)
  })
})

describe('administrators', () => {
  async function roles() {
    const rows = await app.sql<{ email: string; role: string }>('SELECT email, role FROM users ORDER BY id')
    return Object.fromEntries(rows.map(({ email, role }) => [email, role]))
  }

  test('the first person is one, the others are not', async () => {
    for (const name of ['a', 'b', 'c']) await app.signedIn(name, `${name}@example.com`)
    expect(await roles()).toEqual({
      'a@example.com': 'administrator',
      'b@example.com': 'member',
      'c@example.com': 'member',
    })
  })

  test('of many first people at the same moment one is', async () => {
    for (let round = 0; round < 5; round++) {
      await app.sql('DELETE FROM users')
      const names = Array.from({ length: 8 }, (_, index) => `p${index}`)
      await Promise.all(names.map((name) => app.signedIn(name, `${name}@example.com`)))
      const all = Object.values(await roles())
      expect(all).toHaveLength(8)
      expect(all.filter((role) => role === 'administrator')).toHaveLength(1)
    }
  })

  test('the same person from several browsers at the same moment is one person', async () => {
    await Promise.all(Array.from({ length: 8 }, () => app.signedIn('Mika', 'Mika@example.com')))
    expect(await roles()).toEqual({ 'Mika@example.com': 'administrator' })
    expect(await sessionsOnFile()).toHaveLength(8)
  })

  test('with ADMIN_EMAILS these are, from their next sign-in on, and the first stranger is not', async () => {
    const strict = await startTestApp({ env: { ADMIN_EMAILS: 'Boss@example.com,second@example.com' } })
    try {
      await strict.signedIn('Stranger', 'stranger@example.com')
      await strict.signedIn('Boss', 'boss@example.com')
      await strict.sql(`INSERT INTO users (email, name) VALUES ('second@example.com', 'Second')`)
      await strict.signedIn('Second', 'SECOND@example.com')
      expect(await strict.sql('SELECT lower(email) AS email, role FROM users ORDER BY 1')).toEqual([
        { email: 'boss@example.com', role: 'administrator' },
        { email: 'second@example.com', role: 'administrator' },
        { email: 'stranger@example.com', role: 'member' },
      ])
    } finally {
      await strict.close()
    }
  })
})
