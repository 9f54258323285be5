// A person is asked, sees who asks for what, and decides; nobody else can decide for them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Page, Person, programRedirectUri, submitConsent } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf, knock } from './oauth-bench.js'

let app: TestApp
let aki: Person
let program: OAuthProgram

beforeAll(async () => {
  app = await startTestApp()
  aki = await app.signedIn('Aki Tanaka')
})

afterAll(() => app.close())

beforeEach(async () => {
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
})

function grants() {
  return app.sql<{ scopes: string[]; client_id: string }>('SELECT * FROM oauth_grants WHERE client_id = $1', [
    program.clientId,
  ])
}

/** The callback a browser was sent to, or the page it stayed on. */
function outcome(page: Page): Record<string, string> {
  return page.status === 0 ? Object.fromEntries(page.url.searchParams) : { page: String(page.status) }
}

describe('a person who allows a program', () => {
  test('sends it a code that it turns into tokens for them alone', async () => {
    const { url, verifier, state } = program.begin('booking:read booking:create')
    const callback = await program.consent(aki, url)
    expect(Object.fromEntries(callback)).toEqual({ code: expect.any(String), state, iss: app.url })
    const { status, body } = await program.redeem(callback.get('code') ?? '', verifier)
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: app.settings.accessTokenSeconds,
      scope: 'booking:read booking:create',
    })
    const [user] = await app.sql<{ id: string }>(`SELECT id FROM users WHERE name = 'Aki Tanaka'`)
    const claims = claimsOf(body.access_token)
    expect(claims).toEqual({
      iss: app.url,
      sub: user?.id,
      aud: app.settings.mcpUrl,
      iat: expect.any(Number),
      exp: (claims.iat as number) + app.settings.accessTokenSeconds,
      jti: expect.any(String),
      scope: 'booking:read booking:create',
      client_id: program.clientId,
      grant_id: expect.any(String),
      user: { id: user?.id, email: 'aki.tanaka@example.test', name: 'Aki Tanaka' },
    })
    expect((await knock(app.url, body.access_token)).status).toBe(200)
  })

  test('may narrow what was asked, and the token holds no more', async () => {
    const { url, verifier } = program.begin('booking:read booking:create order:create')
    const callback = await program.consent(aki, url, 'allow', ['booking:read'])
    const { body } = await program.redeem(callback.get('code') ?? '', verifier)
    expect(body.scope).toBe('booking:read')
    expect(claimsOf(body.access_token).scope).toBe('booking:read')
    expect(await grants()).toMatchObject([{ scopes: ['booking:read'] }])
  })

  test('cannot be made to allow more than was asked, whatever the form says', async () => {
    const { url, verifier } = program.begin('booking:read')
    const page = await aki.open(url)
    const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
    if (!form) throw new Error('no form')
    form.fields.push(['scope', 'order:create'], ['scope', 'admin'])
    const callback = await aki.submit(page, form, {}, 'allow')
    const { body } = await program.redeem(callback.url.searchParams.get('code') ?? '', verifier)
    expect(body.scope).toBe('booking:read')
  })

  test('without leaving a box ticked is told so, and nothing was allowed', async () => {
    const { url } = program.begin('booking:read')
    const page = await submitConsent(aki, await aki.open(url), 'allow', [])
    expect(page.status).toBe(400)
    expect(page.body).toContain('Nothing was allowed')
    expect(await grants()).toEqual([])
  })

  test('is asked again the next time, and what was allowed before stays as it was', async () => {
    await program.authorize(aki, 'booking:read')
    const page = await aki.open(program.begin('booking:read booking:create').url)
    expect(page.body).toContain('act for you?')
    await submitConsent(aki, page, 'allow')
    expect((await grants()).map(({ scopes }) => scopes.join(' ')).sort()).toEqual([
      'booking:read',
      'booking:read booking:create',
    ])
  })
})

describe('a person who denies it', () => {
  test('sends the program an answer that says so, and it has nothing', async () => {
    const { url, state } = program.begin('booking:read')
    const callback = await program.consent(aki, url, 'deny')
    expect(callback.get('error')).toBe('access_denied')
    expect(callback.get('state')).toBe(state)
    expect(callback.get('iss')).toBe(app.url)
    expect(callback.get('code')).toBeNull()
    expect(await grants()).toEqual([])
  })
})

describe('the consent page', () => {
  test('says who is signed in, who asks, where the answer goes and what for, in plain words', async () => {
    const page = await aki.open(program.begin('booking:read booking:delete').url)
    for (const words of [
      'Aki Tanaka',
      'aki.tanaka@example.test',
      'Test program',
      'Nobody has checked',
      'a program on this computer',
      'cancel your bookings',
      'makes changes',
    ]) {
      expect(page.body).toContain(words)
    }
    expect(page.body).not.toContain('order')
  })

  test('says of what needs an account elsewhere that it counts once there is one', async () => {
    const page = await aki.open(program.begin('booking:read gcal:read').url)
    expect(page.body).toContain('<legend>Bookings</legend>')
    expect(page.body).toContain('<legend>Google Calendar, once you connect an account</legend>')
  })

  test('lists every scope when the program names none', async () => {
    const page = await aki.open(program.begin('', { scope: undefined }).url)
    const asked = page.forms.flatMap(({ fields }) =>
      fields.filter(([name]) => name === 'scope').map(([, value]) => value),
    )
    const metadata = (await (await fetch(`${app.url}/.well-known/oauth-authorization-server`)).json()) as {
      scopes_supported: string[]
    }
    expect(asked).toEqual(metadata.scopes_supported)
  })

  test('leaves out scopes that do not exist', async () => {
    const page = await aki.open(program.begin('booking:read mcp:everything offline_access').url)
    expect(page.forms.flatMap(({ fields }) => fields.filter(([name]) => name === 'scope'))).toEqual([
      ['scope', 'booking:read'],
    ])
  })

  test('shows a hostile name as inert text', async () => {
    const response = await fetch(program.metadata.registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: '<script>alert(1)</script>\u202E"onx="',
        redirect_uris: [programRedirectUri],
        token_endpoint_auth_method: 'none',
      }),
    })
    const { client_id: clientId } = (await response.json()) as { client_id: string }
    const hostile = await OAuthProgram.at(app.url, app.settings.mcpUrl, clientId)
    const page = await aki.open(hostile.begin('booking:read').url)
    expect(page.status).toBe(200)
    expect(page.body).not.toContain('<script>alert')
    expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;onx=&quot;')
    expect(page.body).not.toContain('\u202E')
  })

  test('cannot be framed, is not stored, and lets its form end at the program and nowhere else in the clear', async () => {
    const page = await aki.open(program.begin('booking:read').url)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toMatch(/form-action 'self' https: http:\/\/127\.0\.0\.1:41999(;|$)/)
    expect(policy).toContain("script-src 'self'")
    expect(page.headers.get('x-frame-options')).toBe('DENY')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('lets the person use another account, and comes back', async () => {
    const mika = await app.signedIn('Mika Sato')
    const { url, verifier } = program.begin('booking:read')
    const page = await mika.open(url)
    const change = page.forms.find(({ action }) => action.endsWith('/switch'))
    if (!change) throw new Error('no way to switch')
    const login = await mika.submit(page, change)
    expect(login.url.pathname).toBe('/auth/login')
    const form = login.forms.find(({ fields }) => fields.some(([field]) => field === 'email'))
    if (!form) throw new Error('no sign-in form')
    const back = await mika.submit(login, form, { name: 'Ren Abe', email: 'ren.abe@example.test' })
    expect(back.body).toContain('Ren Abe')
    const callback = await submitConsent(mika, back, 'allow')
    const { body } = await program.redeem(callback.url.searchParams.get('code') ?? '', verifier)
    expect(claimsOf(body.access_token).user).toMatchObject({ name: 'Ren Abe' })
  })
})

describe('somebody who is not signed in', () => {
  test('signs in first and then goes on where they were', async () => {
    const visitor = new Person([app.url])
    const { url } = program.begin('booking:read')
    const login = await visitor.open(url)
    expect(login.url.pathname).toBe('/auth/login')
    const form = login.forms.find(({ fields }) => fields.some(([field]) => field === 'email'))
    if (!form) throw new Error('no sign-in form')
    const page = await visitor.submit(login, form, { name: 'New Person', email: 'new@example.test' })
    expect(page.body).toContain('New Person')
    expect(outcome(await submitConsent(visitor, page, 'allow'))).toHaveProperty('code')
  })
})

test('an answer to an application leaves a page behind that says what to do', async () => {
  const response = await fetch(program.metadata.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Cursor',
      redirect_uris: ['cursor://anysphere.cursor-retrieval/callback'],
      token_endpoint_auth_method: 'none',
    }),
  })
  const { client_id: clientId } = (await response.json()) as { client_id: string }
  const cursor = await OAuthProgram.at(app.url, app.settings.mcpUrl, clientId)
  const { url } = cursor.begin('booking:read', { redirect_uri: 'cursor://anysphere.cursor-retrieval/callback' })
  const page = await submitConsent(aki, await aki.open(url), 'allow')
  expect(page.status).toBe(200)
  expect(page.body).toContain('You can close this window')
  const onward = /^0;url=(.*)$/.exec(page.headers.get('refresh') ?? '')?.[1] ?? ''
  const end = await aki.open(onward)
  expect(end.url.protocol).toBe('cursor:')
  expect(end.url.searchParams.get('code')).toEqual(expect.any(String))
})
