// Every way a Google sign-in can fail, and the page that says what happened and what to do.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { GoogleFake, googlePaths, type Misbehaviour } from '@sekisho/fakes'
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

describe('when it does not come about, a page says why and leads on:', () => {
  test('the person cancelled', async () => {
    const person = somebody()
    const page = await person.choose(await person.leave('/account/sessions'), 'deny')
    expect(page.status).toBe(403)
    expect(heading(page)).toBe('You did not sign in')
    expect(page.body).toContain('href="/auth/google?returnTo=%2Faccount%2Fsessions"')
  })

  test('the e-mail address is not verified', async () => {
    for (const emailVerified of [false, 'false']) {
      google.person = { ...google.person, emailVerified }
      const page = await somebody().signIn()
      expect(page.status).toBe(403)
      expect(heading(page)).toBe('Google has not verified your e-mail address')
    }
    expect(await app.sql('SELECT id FROM users')).toEqual([])
  })

  test.each(['suspended', 'disabled'])('the account is %s', async (status) => {
    await somebody().signIn()
    await app.sql('UPDATE users SET status = $1', [status])
    const page = await somebody().signIn('/account/sessions')
    expect(page.status).toBe(403)
    expect(heading(page)).toBe('This account is not active')
    expect(page.body).toContain('href="/auth/google')
  })

  const json = { 'content-type': 'application/json' }
  const answers = (status: number, body: string): Misbehaviour => ({ kind: 'answer', status, body, headers: json })
  test.each<[endpoint: 'token' | 'userinfo', what: string, how: Misbehaviour, title: string]>([
    ['token', 'fails with JSON', answers(500, '{"error":"internal_failure"}'), 'Google cannot be reached'],
    ['token', 'is busy with HTML', answers(503, '<h1>busy</h1>'), 'Google cannot be reached'],
    ['token', 'drops the connection', { kind: 'drop' }, 'Google cannot be reached'],
    ['token', 'answers null', answers(200, 'null'), 'Google cannot be reached'],
    ['token', 'answers without a token', answers(200, '{}'), 'Google cannot be reached'],
    ['token', 'answers with far too much', answers(200, `{"a":"${'x'.repeat(100_000)}"}`), 'Google cannot be reached'],
    ['token', 'redirects', answers(302, ''), 'Google cannot be reached'],
    ['token', 'refuses the code', answers(400, '{"error":"invalid_grant"}'), 'Google did not complete the sign-in'],
    ['token', 'refuses us', answers(401, '{"error":"invalid_client"}'), 'Google does not accept this server'],
    ['userinfo', 'fails', answers(500, '{}'), 'Google cannot be reached'],
    ['userinfo', 'drops the connection', { kind: 'drop' }, 'Google cannot be reached'],
    ['userinfo', 'answers null', answers(200, 'null'), 'Google cannot be reached'],
    ['userinfo', 'answers with a list', answers(200, '[]'), 'Google cannot be reached'],
    ['userinfo', 'tells no e-mail address', answers(200, '{"sub":"1"}'), 'Google did not complete the sign-in'],
  ])('%s %s', async (endpoint, _what, how, title) => {
    google.misbehave(googlePaths[endpoint], how)
    const page = await somebody().signIn('/account/sessions')
    expect(heading(page)).toBe(title)
    expect([502, 503]).toContain(page.status)
    expect(page.body).toContain('returnTo=%2Faccount%2Fsessions')
    expect(await sessionsNow()).toBe(0)
    google.behave()
    expect((await somebody().signIn()).status).toBe(200)
  })

  test('Google hangs, and the person does not wait without end', async () => {
    google.misbehave(googlePaths.token, { kind: 'hang' })
    const startedAt = performance.now()
    const page = await somebody().signIn()
    expect(heading(page)).toBe('Google cannot be reached')
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  }, 20_000)

  test('and nothing of it is told that only the operator should read', async () => {
    google.misbehave(googlePaths.token, {
      kind: 'answer',
      status: 401,
      body: { error: 'invalid_client', error_description: 'inner word' },
    })
    const page = await somebody().signIn()
    expect(page.body).not.toContain('inner word')
    expect(page.body).not.toContain(app.settings.google?.clientSecret ?? '')
    expect(app.logLines.some(({ kind }) => kind === 'misconfigured')).toBe(true)
  })
})
