// What a session is worth, how it ends and who may end it.
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

function post(
  person: Person,
  path: string,
  fields: Record<string, string | undefined>,
  origin: string | undefined = app.url,
) {
  return person.request(
    'POST',
    new URL(path, app.url),
    new URLSearchParams(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)),
    origin,
  )
}

async function isSignedIn(person: Person): Promise<boolean> {
  return (await person.open('/account/sessions')).url.pathname === '/account/sessions'
}

describe('a session ends', () => {
  test('when nobody has used it for the idle time', async () => {
    const person = await app.signedIn('Mika')
    await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '6 days 23 hours'`)
    expect(await isSignedIn(person)).toBe(true)
    await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '7 days 1 second'`)
    expect(await isSignedIn(person)).toBe(false)
  })

  test('after its whole time, however much it is used', async () => {
    const person = await app.signedIn('Mika')
    await app.sql(`UPDATE sessions SET created_at = now() - interval '30 days 1 second'`)
    expect(await isSignedIn(person)).toBe(false)
    await app.sql(`UPDATE sessions SET created_at = now(), expires_at = now() - interval '1 second'`)
    expect(await isSignedIn(person)).toBe(false)
  })

  test.each(['suspended', 'disabled'])('on every replica at the next request when its person is %s', async (status) => {
    const person = await app.signedIn('Mika', 'mika@example.com')
    const replica = await app.replica()
    try {
      const cookie = `sekisho_session=${person.cookie('sekisho_session')}`
      const there = () => fetch(`${replica.url}/`, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' })
      expect((await there()).status).toBe(200)
      await app.sql('UPDATE users SET status = $1', [status])
      expect((await there()).status).toBe(302)
      expect(await isSignedIn(person)).toBe(false)
      const page = await signIn(new Person([app.url]), 'Mika', 'mika@example.com')
      expect(page.status).toBe(403)
      expect(page.body).toContain(status === 'suspended' ? 'suspended' : 'closed')
      expect(page.body).toContain('Sign in with another account')
    } finally {
      await replica.close()
    }
  })

  test('by signing out, in this browser only', async () => {
    const [here, elsewhere] = [await app.signedIn('Mika', 'm@example.com'), await app.signedIn('Mika', 'm@example.com')]
    const cookie = here.cookie('sekisho_session') ?? ''
    const home = await here.open('/')
    const form = home.forms.find(({ action }) => action === '/auth/logout')
    if (!form) throw new Error('no way to sign out')
    const page = await here.submit(home, form)
    expect(page.url.pathname).toBe('/auth/login')
    expect(page.body).toContain('You are signed out')
    expect(here.cookie('sekisho_session')).toBeUndefined()
    here.setCookie('sekisho_session', cookie)
    expect(await isSignedIn(here)).toBe(false)
    expect(await isSignedIn(elsewhere)).toBe(true)
  })

  test('and signing out without one is no error', async () => {
    const response = await post(new Person([app.url]), '/auth/logout', {})
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/auth/login?done=signed-out')
  })
})

describe('a session is used', () => {
  test('and that is written down at most once a minute', async () => {
    const person = await app.signedIn('Mika')
    const lastSeen = async () => (await app.sql<{ at: string }>('SELECT last_seen_at::text AS at FROM sessions'))[0]?.at
    const before = await lastSeen()
    await person.open('/')
    expect(await lastSeen()).toBe(before)
    await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '61 seconds', address = '192.0.2.1'`)
    await person.open('/')
    const [row] = await app.sql(
      "SELECT last_seen_at > now() - interval '5 seconds' AS fresh, host(address) AS address FROM sessions",
    )
    expect(row).toEqual({ fresh: true, address: '127.0.0.1' })
  })

  test('in more than fifty browsers: the one unused for longest makes room', async () => {
    const first = await app.signedIn('Mika', 'mika@example.com')
    await app.sql(`UPDATE sessions SET last_seen_at = now() - interval '1 hour'`)
    await app.sql(
      `INSERT INTO sessions (token_digest, user_id, expires_at, user_agent, address)
       SELECT sha256(n::text::bytea), (SELECT id FROM users), now() + interval '1 day', '', '192.0.2.1'
         FROM generate_series(1, 49) n`,
    )
    await app.signedIn('Mika', 'mika@example.com')
    expect(await sessionsOnFile()).toHaveLength(50)
    expect(await isSignedIn(first)).toBe(false)
  })
})

describe('my sessions', () => {
  test('are shown with device, address and times, this one marked, and nobody else’s', async () => {
    const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1'
    const me = new Person([app.url], { 'user-agent': phone })
    await signIn(me, 'Mika', 'mika@example.com')
    await app.signedIn('Ken', 'ken@example.com')
    const alone = await me.open('/account/sessions')
    expect(alone.body).toContain('Safari on iPhone')
    expect(alone.body).toContain('This browser')
    expect(alone.body).toContain('127.0.0.1')
    expect(alone.body).toContain('You are signed in nowhere else')
    expect(alone.body).not.toContain('End all others')
    expect(alone.body).not.toContain('ken@')
    await app.signedIn('Mika', 'mika@example.com')
    const both = await me.open('/account/sessions')
    expect(both.body).toContain('End all others')
    expect(both.body.match(/This browser/g)).toHaveLength(1)
  })

  test('a user agent is shown as text', async () => {
    const person = new Person([app.url], { 'user-agent': 'Chrome/1 Linux <script>alert(1)</script>' })
    await signIn(person, '<b>Mika</b>', 'mika@example.com')
    const page = await person.open('/account/sessions')
    expect(page.body).not.toContain('<script>alert')
    expect(page.body).not.toContain('<b>Mika')
  })

  test('one of them can be ended', async () => {
    const [here, there] = [await app.signedIn('Mika', 'm@example.com'), await app.signedIn('Mika', 'm@example.com')]
    const page = await here.open('/account/sessions')
    const form = page.forms.find(({ text, action }) => text === 'End' && action.endsWith('/end'))
    if (!form) throw new Error('no way to end it')
    const after = await here.submit(page, form)
    expect(after.body).toContain('Session ended')
    expect(await isSignedIn(there)).toBe(false)
    expect((await here.submit(page, form)).body).toContain('had already ended')
  })

  test('this one can be ended, which signs out', async () => {
    const here = await app.signedIn('Mika')
    const page = await here.open('/account/sessions')
    const form = page.forms.find(({ text, action }) => text === 'Sign out' && action.endsWith('/end'))
    if (!form) throw new Error('no way to end it')
    expect((await here.submit(page, form)).url.pathname).toBe('/auth/login')
    expect(await sessionsOnFile()).toEqual([])
  })

  test.each([
    ['others', 1],
    ['all', 0],
  ])('"%s" can be ended after a question, which leaves %d', async (which, left) => {
    const here = await app.signedIn('Mika', 'm@example.com')
    await app.signedIn('Mika', 'm@example.com')
    await app.signedIn('Mika', 'm@example.com')
    const ken = await app.signedIn('Ken', 'ken@example.com')
    const question = await here.open(`/account/sessions/end?which=${which}`)
    expect(question.status).toBe(200)
    expect(question.body).toContain(which === 'all' ? 'This ends 3 sessions' : 'This ends 2 sessions')
    expect(await sessionsOnFile()).toHaveLength(4)
    const [form] = question.forms
    if (!form) throw new Error('no form')
    const after = await here.submit(question, form)
    expect(after.url.pathname).toBe(which === 'all' ? '/auth/login' : '/account/sessions')
    expect((await sessionsOnFile()).filter(({ email }) => email === 'm@example.com')).toHaveLength(left)
    expect(await isSignedIn(ken)).toBe(true)
  })

  test('somebody else’s can not be ended, nor told apart from one that does not exist', async () => {
    const me = await app.signedIn('Mika', 'm@example.com')
    await app.signedIn('Ken', 'ken@example.com')
    const _csrf = await formToken(me)
    const kens = (await sessionsOnFile()).find(({ email }) => email === 'ken@example.com')?.id
    const hers = await post(me, `/account/sessions/${kens}/end`, { _csrf })
    const nobodys = await post(me, '/account/sessions/01890000-0000-7000-8000-000000000000/end', { _csrf })
    expect(hers.headers.get('location')).toBe(nobodys.headers.get('location'))
    expect(await sessionsOnFile()).toHaveLength(2)
  })

  test.each(['x', '1', "' OR 1=1 --", '%00', '../end'])('an id like %p is not found', async (id) => {
    const me = await app.signedIn('Mika')
    const response = await post(me, `/account/sessions/${encodeURIComponent(id)}/end`, { _csrf: await formToken(me) })
    expect(response.status).toBe(404)
  })

  test.each([{}, { which: '' }, { which: 'mine' }])('ending %j of them is refused', async (fields) => {
    const me = await app.signedIn('Mika')
    const response = await post(me, '/account/sessions/end', { _csrf: await formToken(me), ...fields })
    expect(response.status).toBe(400)
    expect(await sessionsOnFile()).toHaveLength(1)
  })
})

describe('a write', () => {
  test('needs the token of its own session, in the form or the header', async () => {
    const me = await app.signedIn('Mika', 'm@example.com')
    await app.signedIn('Mika', 'm@example.com')
    const eve = await app.signedIn('Eve', 'eve@example.com')
    const evesToken = await formToken(eve)
    for (const path of [
      '/account/sessions/end',
      '/auth/logout',
      `/account/sessions/${(await sessionsOnFile())[1]?.id}/end`,
    ]) {
      for (const fields of [{}, { _csrf: '' }, { _csrf: evesToken }, { _csrf: 'x'.repeat(10_000) }]) {
        const response = await post(me, path, { which: 'all', ...fields })
        expect(response.status).toBe(403)
        expect(await response.text()).toContain('This form is out of date')
      }
    }
    expect(await sessionsOnFile()).toHaveLength(3)
    const byHeader = await fetch(`${app.url}/account/sessions/end`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        cookie: `sekisho_session=${me.cookie('sekisho_session')}`,
        'x-csrf-token': await formToken(me),
      },
      body: new URLSearchParams({ which: 'others' }),
    })
    expect(byHeader.status).toBe(303)
    expect(await sessionsOnFile()).toHaveLength(2)
  })

  test.each(['https://evil.example', 'null', 'http://localhost', 'http://localhost:1'])(
    'from a page of %s is refused, even with the token',
    async (origin) => {
      const me = await app.signedIn('Mika')
      const response = await post(me, '/account/sessions/end', { which: 'all', _csrf: await formToken(me) }, origin)
      expect(response.status).toBe(403)
      expect(await sessionsOnFile()).toHaveLength(1)
    },
  )

  test('is never a GET', async () => {
    const me = await app.signedIn('Mika')
    const [session] = await sessionsOnFile()
    for (const path of ['/auth/logout', '/auth/development', `/account/sessions/${session?.id}/end`]) {
      expect((await me.open(path)).status).toBe(404)
    }
    await me.open('/account/sessions/end?which=all')
    expect(await sessionsOnFile()).toHaveLength(1)
  })
})
