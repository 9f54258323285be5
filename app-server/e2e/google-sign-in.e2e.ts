// Signing in with Google: the way there and back, and who may finish it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { GoogleFake, googlePaths } from '@sekisho/fakes'
import { Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { GooglePerson, heading } from './google-person.js'

let google: GoogleFake
let app: TestApp

beforeAll(async () => {
  google = await GoogleFake.start()
  app = await startTestApp({ env: google.env })
})

afterAll(async () => {
  await app.close()
  await google.close()
})

beforeEach(async () => {
  google.behave()
  await app.sql('DELETE FROM users')
  await app.sql('DELETE FROM sign_in_attempts')
})

function somebody(headers?: Record<string, string>): GooglePerson {
  return new GooglePerson(app, google, headers)
}

async function sessionsNow(): Promise<number> {
  const [row] = await app.sql<{ count: number }>('SELECT count(*)::int AS count FROM sessions')
  return row?.count ?? -1
}

describe('a person who comes back from Google', () => {
  test('is signed in and goes on where they were', async () => {
    const page = await somebody().signIn('/account/sessions?done=ended')
    expect(page.status).toBe(200)
    expect(`${page.url.pathname}${page.url.search}`).toBe('/account/sessions?done=ended')
    expect(page.body).toContain('Mika Tanaka')
    expect(await app.sql('SELECT email, name, role, status FROM users')).toEqual([
      { email: 'mika@example.com', name: 'Mika Tanaka', role: 'administrator', status: 'active' },
    ])
  })

  test('is the same person the next time, also with another e-mail address', async () => {
    await somebody().signIn()
    google.person = { ...google.person, email: 'mika.new@example.com', name: 'Mika Suzuki' }
    await somebody().signIn()
    expect(await app.sql('SELECT email, name FROM users')).toEqual([
      { email: 'mika.new@example.com', name: 'Mika Suzuki' },
    ])
  })

  test('joins the account that already has their verified e-mail address', async () => {
    await app.signedIn('Mika', 'Mika@Example.com')
    await somebody().signIn()
    expect(await app.sql('SELECT provider FROM identities ORDER BY provider')).toEqual([
      { provider: 'development' },
      { provider: 'google' },
    ])
    expect(await app.sql('SELECT id FROM users')).toHaveLength(1)
  })

  test('cannot take the e-mail address somebody else has here', async () => {
    await somebody().signIn()
    await app.signedIn('Ken', 'ken@example.com')
    google.person = { ...google.person, email: 'ken@example.com' }
    const page = await somebody().signIn()
    expect(page.status).toBe(200)
    expect(page.body).toContain('mika@example.com')
    expect(await app.sql('SELECT email FROM users ORDER BY email')).toEqual([
      { email: 'ken@example.com' },
      { email: 'mika@example.com' },
    ])
  })

  test('may have no name', async () => {
    google.person = { id: '7', email: 'noname@example.com', name: '', emailVerified: 'true' }
    await somebody().signIn()
    expect(await app.sql('SELECT name FROM users')).toEqual([{ name: 'noname@example.com' }])
  })
})

describe('what is sent to Google', () => {
  test('has state and a PKCE challenge, asks for no more than who it is, and names our public address', async () => {
    const page = await somebody({ 'x-forwarded-host': 'evil.example' }).leave()
    const query = page.url.searchParams
    expect(query.get('redirect_uri')).toBe(`${app.settings.publicUrl}/auth/google/callback`)
    expect(query.get('scope')).toBe('openid email profile')
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(query.get('state')).toMatch(/^[\w-]{43}$/)
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(query.has('code_verifier')).toBe(false)
  })

  test('keeps the token out of the address, and our cookies at home', async () => {
    await somebody().signIn()
    const userinfo = google.seen.find(({ path }) => path === '/oauth2/v3/userinfo')
    expect(userinfo?.headers.authorization).toMatch(/^Bearer ya29\./)
    expect(userinfo?.query.toString()).toBe('')
    const fromServer = google.seen.filter(({ path }) => path === '/token' || path === '/oauth2/v3/userinfo')
    expect(fromServer.map(({ headers }) => headers.cookie)).toEqual([undefined, undefined])
  })

  test('leaves nothing of Google in the database but who it is', async () => {
    await somebody().signIn()
    const dump = JSON.stringify([
      await app.sql('SELECT * FROM users'),
      await app.sql('SELECT * FROM identities'),
      await app.sql('SELECT * FROM sessions'),
      await app.sql('SELECT * FROM sign_in_attempts'),
    ])
    expect(dump).not.toContain('ya29.')
    expect(dump).not.toContain('4/0A')
  })
})

describe('a callback', () => {
  test('of another browser is refused: a victim cannot be led into finishing it', async () => {
    const callback = await somebody().callback()
    const victim = somebody()
    await victim.open('/auth/login')
    const page = await victim.open(callback)
    expect(page.status).toBe(400)
    expect(heading(page)).toBe('This sign-in is no longer open')
    expect(await sessionsNow()).toBe(0)
  })

  test('that was refused elsewhere can still be finished by the browser that began it', async () => {
    const person = somebody()
    const callback = await person.callback()
    await somebody().open(callback)
    expect((await person.open(callback)).url.pathname).toBe('/')
    expect(await sessionsNow()).toBe(1)
  })

  test('works once', async () => {
    const person = somebody()
    const callback = await person.callback()
    await person.open(callback)
    expect((await person.open(callback)).status).toBe(400)
    expect(await sessionsNow()).toBe(1)
  })

  test('works once also when it comes twice at the same time', async () => {
    const person = somebody()
    const callback = await person.callback()
    const answers = await Promise.all(Array.from({ length: 8 }, () => person.browser.request('GET', callback)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400, 400, 400, 400, 400])
    expect(await sessionsNow()).toBe(1)
  })

  test('comes too late after ten minutes', async () => {
    const person = somebody()
    const callback = await person.callback()
    await app.sql(`UPDATE sign_in_attempts SET created_at = now() - interval '10 minutes 1 second'`)
    expect((await person.open(callback)).status).toBe(400)
    expect(await sessionsNow()).toBe(0)
  })

  test.each([
    '',
    '?code=4/0Ax',
    '?state=x',
    `?state=${'a'.repeat(43)}&code=4/0Ax`,
    '?state=a&state=b&code=c',
    '?error=access_denied',
    `?state=${'a'.repeat(100_00)}&code=c`,
    '?state=%00&code=%00',
  ])('with a query like %s is refused and sends nothing to Google', async (query) => {
    const person = somebody()
    await person.leave()
    google.seen.length = 0
    const page = await person.open(`/auth/google/callback${query}`)
    expect(page.status).toBe(400)
    expect(page.body).toContain('href="/auth/google')
    expect(google.seen).toEqual([])
  })

  test('with the state of another attempt of the same browser does not fit the code', async () => {
    const person = somebody()
    const [first, second] = [await person.callback(), await person.callback()]
    const mixed = new URL(second)
    mixed.searchParams.set('state', first.searchParams.get('state') ?? '')
    const page = await person.open(mixed)
    expect(heading(page)).toBe('Google did not complete the sign-in')
    expect(await sessionsNow()).toBe(0)
  })
})

describe('with settings', () => {
  test('a slow Google is waited for', async () => {
    google.misbehave(googlePaths.userinfo, { kind: 'slow', delayMs: 1_500 })
    expect((await somebody().signIn()).url.pathname).toBe('/')
  })

  test('only the domains of SIGN_IN_DOMAINS get in', async () => {
    const strict = await startTestApp({ env: { ...google.env, SIGN_IN_DOMAINS: 'Corp.example, other.example' } })
    try {
      const signIn = async (email: string) => {
        google.person = { id: email, email, name: 'X' }
        return new GooglePerson(strict, google).signIn()
      }
      for (const email of [
        'a@evil.example',
        'a@corp.example.evil.example',
        'a@notcorp.example',
        'a@sub.corp.example',
      ]) {
        const page = await signIn(email)
        expect([page.status, heading(page)]).toEqual([403, 'That address cannot be used here'])
      }
      expect((await signIn('a@CORP.example')).url.pathname).toBe('/')
      expect(await strict.sql('SELECT email FROM users')).toEqual([{ email: 'a@CORP.example' }])
    } finally {
      await strict.close()
    }
  })

  test('without Google it is neither offered nor there', async () => {
    const without = await startTestApp()
    try {
      const person = new Person([without.url])
      expect((await person.open('/auth/login')).body).not.toContain('Google')
      expect((await person.open('/auth/google')).status).toBe(404)
      expect((await person.open('/auth/google/callback?code=x&state=y')).status).toBe(404)
    } finally {
      await without.close()
    }
  })
})
