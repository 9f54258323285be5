// A person's Google account through the whole app server: connected on the pages, used by tools, given more, renewed, ended.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type FakeAccount, GoogleFake, googlePaths } from '@sekisho/fakes'
import { OAuthProgram, type Page, Person, signIn } from '@sekisho/testing'
import { formAt } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { callTool } from './vault-bench.js'

const auth = 'https://www.googleapis.com/auth/'
const reading = [`${auth}calendar.events.readonly`, `${auth}calendar.calendarlist.readonly`, `${auth}calendar.freebusy`]
const known = ['openid', `${auth}userinfo.email`]
const mika: FakeAccount = { id: '1001', email: 'mika@example.com', name: 'Mika Tanaka' }
const anna: FakeAccount = { id: '1003', email: 'anna@example.com', name: 'Anna Weber' }
const ken: FakeAccount = { id: '1002', email: 'ken@example.com', name: 'Ken Sato' }
const monday = { from: '2027-03-08', to: '2027-03-08' }

let google: GoogleFake
let app: TestApp

beforeAll(async () => {
  google = await GoogleFake.withSamples().listen()
  app = await startTestApp({ env: google.env })
})

afterAll(async () => {
  await app.close()
  await google.close()
})

/** Google's tokens have expired, and were given long ago; the vault does not know yet, and no pause lasts so long. */
async function hourPasses(): Promise<void> {
  google.oauth.expireAccessTokens()
  await app.sql(`UPDATE oauth_tokens SET refreshed_at = refreshed_at - interval '1 hour', retry_at = NULL`)
}

/** Somebody of our own, with a program that may read and write calendars. */
async function somebody(name: string) {
  const browser = new Person([app.url, google.url])
  const email = `${name.toLowerCase()}@home.example`
  await signIn(browser, name, email)
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  const bearer = (await program.authorize(browser, 'gcal:read gcal:write')).access_token
  const [user] = await app.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])
  return {
    browser,
    ask: (tool: string, given: Record<string, unknown> = {}) => callTool(app.url, { bearer }, tool, given),
    rows: () =>
      app.sql<{ id: string; account: string; label: string; scopes: string[]; status: string }>(
        'SELECT id, account_id AS account, label, scopes, status FROM connections WHERE user_id = $1 ORDER BY connected_at',
        [user?.id],
      ),
    /** From a page of ours to Google's. */
    async leave(address: string): Promise<Page> {
      const ours = await browser.open(address)
      return browser.submit(ours, formAt(ours, new URL(ours.url).pathname))
    },
    /** Answers at Google, with all that is asked for but `without`. */
    async consent(page: Page, account: FakeAccount, without: readonly string[] = []): Promise<Page> {
      const [form] = page.forms
      const kept = (form?.fields ?? []).filter(([name, value]) => name !== 'account' && !without.includes(value))
      const body = new URLSearchParams([...kept, ['account', account.id], ['choice', 'allow']])
      const response = await browser.request('POST', new URL(form?.action ?? '', page.url), body)
      return browser.open(response.headers.get('location') ?? '')
    },
  }
}

describe('a Google account', () => {
  let hana: Awaited<ReturnType<typeof somebody>>
  beforeAll(async () => {
    hana = await somebody('Hana')
  })

  test('is asked for when a tool wants it, for no more than that tool’s scope needs', async () => {
    const { status, body } = await hana.ask('gcal.list_calendars')
    expect([status, body.code]).toEqual([403, 'not-connected'])
    const page = await hana.leave(String(body.connect_url))
    const query = page.url.searchParams
    expect(query.get('scope')?.split(' ').sort()).toEqual([...known, ...reading].sort())
    expect([query.get('access_type'), query.get('include_granted_scopes')]).toEqual(['offline', 'true'])
    expect(query.get('prompt')?.split(' ')).toContain('consent')
    expect((await hana.consent(page, mika)).status).toBe(200)
    expect(await hana.rows()).toMatchObject([{ account: '1001', label: 'mika@example.com', status: 'connected' }])
  })

  test('is what tools read', async () => {
    const { status, body } = await hana.ask('gcal.list_calendars')
    expect([status, body]).toMatchObject([
      200,
      { calendars: [{ name: 'mika@example.com', primary: true }, { name: 'Team' }] },
    ])
  })

  test('gives more when more is needed, and keeps what it gave before', async () => {
    const given = { title: 'Tea', start: '2027-03-08T10:00', idempotency_key: 'tea' }
    const { status, body } = await hana.ask('gcal.create_event', given)
    expect([status, body.code]).toEqual([403, 'not-connected'])
    const page = await hana.leave(String(body.connect_url))
    // Only what is new is asked for; Google adds what was given before.
    await hana.consent(page, mika, reading)
    const [row] = await hana.rows()
    expect(row?.scopes).toEqual(expect.arrayContaining([...reading, `${auth}calendar.events`]))
    expect(await hana.ask('gcal.create_event', given)).toMatchObject({ status: 200, body: { event: { title: 'Tea' } } })
    expect(await hana.ask('gcal.list_events', { ...monday, query: 'tea' })).toMatchObject({
      body: { events: [{ title: 'Tea' }] },
    })
  })

  test('is renewed when its token has expired: once, however many calls want it', async () => {
    for (const kind of ['steady', 'rotating'] as const) {
      google.oauth.options.refreshTokens = kind
      await hourPasses()
      const before = google.oauth.refreshes
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => hana.ask('gcal.list_calendars')))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      expect([kind, google.oauth.refreshes - before]).toEqual([kind, 1])
    }
    google.oauth.options.refreshTokens = 'steady'
  })

  test('stays connected while Google’s token endpoint has a fault', async () => {
    await hourPasses()
    google.misbehave(googlePaths.token, { kind: 'answer', status: 503, body: { error: 'internal_failure' } })
    const { body } = await hana.ask('gcal.list_calendars')
    expect(['upstream-failed', 'unavailable']).toContain(body.code)
    google.behave()
    expect(await hana.rows()).toMatchObject([{ status: 'connected' }])
  })

  test('is asked for anew when the person took it back at Google', async () => {
    google.oauth.revokeAccount('1001')
    await hourPasses()
    const { body } = await hana.ask('gcal.list_calendars')
    expect(body.code).toBe('not-connected')
    expect((await hana.rows())[0]?.status).not.toBe('connected')
    await hana.consent(await hana.leave(String(body.connect_url)), mika)
    expect(await hana.ask('gcal.list_calendars')).toMatchObject({ status: 200 })
  })

  test('of several is chosen by its name', async () => {
    const page = await hana.leave('/connections/gcal/connect')
    await hana.consent(page, ken)
    expect((await hana.rows()).map(({ label }) => label)).toEqual(['mika@example.com', 'ken@example.com'])
    const named = async (connection?: string) => {
      const { body } = await hana.ask('gcal.list_calendars', connection ? { connection } : {})
      return (body.calendars as { name: string }[])[0]?.name
    }
    expect([await named('ken@example.com'), await named('mika@example.com'), await named()]).toEqual([
      'ken@example.com',
      'mika@example.com',
      'mika@example.com',
    ])
  })

  test('ends at Google too when it is disconnected', async () => {
    const [row] = await hana.rows()
    google.seen.length = 0
    const path = `/connections/${row?.id}/disconnect`
    const sure = await hana.browser.open(path)
    await hana.browser.submit(sure, formAt(sure, path))
    const [revocation] = google.seen.filter((request) => request.path === googlePaths.revoke)
    const token = new URLSearchParams(revocation?.text).get('token') ?? ''
    expect(token).toMatch(/^1\/\/0/)
    expect(google.oauth.grantOf(token)).toBeUndefined()
    expect((await hana.rows()).map(({ label }) => label)).toEqual(['ken@example.com'])
  })
})

describe('a person who leaves a box unticked', () => {
  test('can use what they gave, and is asked for the rest when it is needed', async () => {
    const yuki = await somebody('Yuki')
    const { body } = await yuki.ask('gcal.list_calendars')
    await yuki.consent(await yuki.leave(String(body.connect_url)), anna, [`${auth}calendar.freebusy`])
    expect((await yuki.rows())[0]?.scopes).not.toContain(`${auth}calendar.freebusy`)
    const refused = await yuki.ask('gcal.free_busy', monday)
    expect(refused.body).toMatchObject({ code: 'not-connected', missing_scopes: [`${auth}calendar.freebusy`] })
    await yuki.consent(await yuki.leave(String(refused.body.connect_url)), anna)
    expect(await yuki.ask('gcal.free_busy', monday)).toMatchObject({ status: 200 })
  })
})
