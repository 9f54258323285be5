// Connecting a Notion workspace over HTTP, and tools with the account: by OAuth with its page picker, and by a token.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { NotionFake, type NotionWorkspace } from '@sekisho/fakes'
import { OAuthProgram, type Page, Person, signIn } from '@sekisho/testing'
import { notion } from '../src/providers/notion/notion.js'
import { formAt, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { callTool } from './vault-bench.js'

const client = { clientId: 'notion-client', clientSecret: 'notion-secret' }
const ada = { id: '11111111-1111-4111-8111-111111111111', email: 'ada@example.com', name: 'Ada' }
const bob = { id: '22222222-2222-4222-8222-222222222222', email: 'bob@example.com', name: 'Bob' }

let fake: NotionFake
let acme: NotionWorkspace
let home: NotionWorkspace
let app: TestApp
let plans: { id: string }
let secrets: { id: string }

beforeAll(async () => {
  fake = await new NotionFake(client).listen()
  acme = fake.addWorkspace('Acme', [ada])
  home = fake.addWorkspace("Bob's home", [bob])
  plans = acme.addPage('Plans', [{ type: 'paragraph', text: 'world domination' }])
  secrets = acme.addPage('Secrets')
  home.addPage('Groceries')
  app = await startTestApp({
    providers: [notion],
    env: {
      NOTION_API_URL: fake.url,
      OUTBOUND_ALLOWED_HOSTS: fake.host,
      NOTION_CLIENT_ID: client.clientId,
      NOTION_CLIENT_SECRET: client.clientSecret,
    },
  })
})

afterAll(async () => {
  await app.close()
  await fake.close()
})

beforeEach(() => fake.behave())

class Guest {
  private constructor(
    readonly browser: Person,
    readonly bearer: string,
  ) {}

  static async named(name: string): Promise<Guest> {
    const browser = new Person([app.url, fake.url])
    await signIn(browser, name, `${name.toLowerCase()}@example.test`)
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const { access_token: bearer } = await program.authorize(browser, 'notion:read notion:write')
    return new Guest(browser, bearer)
  }

  /** There and back: allows these pages of a workspace. */
  async connect(account: { id: string }, pages: readonly string[], choice = 'allow'): Promise<Page> {
    const path = '/connections/notion/connect'
    const page = await this.browser.open(path)
    const consent = await this.browser.submit(page, formAt(page, path))
    const [form] = consent.forms
    if (!form) throw new Error(`no consent at ${consent.url}: ${consent.body.slice(-500)}`)
    const kept = form.fields.filter(([name]) => !['scope', 'account'].includes(name))
    const body = new URLSearchParams([
      ...kept,
      ...pages.map((id): [string, string] => ['scope', id]),
      ['account', account.id],
      ['choice', choice],
    ])
    const response = await this.browser.request('POST', new URL(form.action, consent.url), body)
    return this.browser.open(new URL(response.headers.get('location') ?? ''))
  }

  async call(tool: string, given: Record<string, unknown> = {}) {
    return callTool(app.url, this, `notion.${tool}`, given)
  }

  async titles(given: Record<string, unknown> = {}): Promise<string[]> {
    const { body } = await this.call('search', given)
    const { results = [] } = (body.output ?? body) as { results?: { title: string }[] }
    return results.map(({ title }) => title)
  }
}

const connectionsOf = (email: string) =>
  app.sql<{ id: string; label: string; account_id: string; status: string }>(
    `SELECT c.id, c.label, c.account_id, c.status FROM connections c JOIN users u ON u.id = c.user_id
      WHERE u.email = $1 ORDER BY c.connected_at`,
    [email],
  )

describe('by OAuth', () => {
  test('a person picks pages, and tools see those and no others', async () => {
    const guest = await Guest.named('Aki')
    expect(wordsOf(await guest.connect(ada, [plans.id]))).toContain('Acme')
    expect(await connectionsOf('aki@example.test')).toMatchObject([
      { label: 'Acme', account_id: `${acme.id}/${ada.id}`, status: 'connected' },
    ])
    const authorize = fake.seen.find(({ path }) => path === '/v1/oauth/authorize')
    expect(Object.fromEntries(authorize?.query ?? [])).toMatchObject({ owner: 'user', response_type: 'code' })
    expect(authorize?.query.has('scope')).toBe(false)
    expect(await guest.titles()).toEqual(['Plans'])
    const read = await guest.call('get_page', { page_id: plans.id })
    expect(JSON.stringify(read.body)).toContain('world domination')
    expect((await guest.call('get_page', { page_id: secrets.id })).body).toMatchObject({ code: 'not-found' })
  })

  test('two workspaces are two connections, chosen by their names', async () => {
    const guest = await Guest.named('Two')
    await guest.connect(ada, [plans.id])
    await guest.connect(bob, [...home.pages.keys()])
    expect(await guest.titles({ connection: 'Acme' })).toEqual(['Plans'])
    expect(await guest.titles({ connection: "Bob's home" })).toEqual(['Groceries'])
  })

  test('connecting once more keeps one connection, with the pages of the last time', async () => {
    const guest = await Guest.named('Again')
    await guest.connect(ada, [plans.id])
    await guest.connect(ada, [secrets.id])
    expect(await connectionsOf('again@example.test')).toHaveLength(1)
    expect(await guest.titles()).toEqual(['Secrets'])
  })

  test('who says no is not connected', async () => {
    const guest = await Guest.named('No')
    await guest.connect(ada, [plans.id], 'deny')
    expect(await connectionsOf('no@example.test')).toEqual([])
    expect((await guest.call('search')).body).toMatchObject({ code: 'not-connected' })
  })

  test('tokens that end are renewed by themselves, again and again', async () => {
    const guest = await Guest.named('Renewed')
    await guest.connect(ada, [plans.id])
    for (let round = 1; round <= 3; round++) {
      // A token that was renewed a moment ago is not renewed again, so this one is as old as in life.
      await app.sql("UPDATE oauth_tokens SET refreshed_at = now() - interval '1 hour'")
      fake.oauth.expireAccessTokens()
      expect(await guest.titles()).toEqual(['Plans'])
    }
  })

  test('access that was removed at Notion needs a person, and says where', async () => {
    const dora = { id: '44444444-4444-4444-8444-444444444444', email: 'dora@example.com', name: 'Dora' }
    fake.addWorkspace('Den', [dora])
    const guest = await Guest.named('Removed')
    await guest.connect(dora, ['*'])
    fake.oauth.revokeAccount(dora.id)
    const { body } = await guest.call('search')
    expect(body).toMatchObject({ code: 'not-connected', detail: expect.stringContaining('/connections/notion/') })
    expect(await connectionsOf('removed@example.test')).not.toMatchObject([{ status: 'connected' }])
  })

  test('disconnecting ends the token at Notion, and of nobody else', async () => {
    const carol = { id: '33333333-3333-4333-8333-333333333333', email: 'carol@example.com', name: 'Carol' }
    fake.addWorkspace('Corner', [carol])
    const [leaving, staying] = [await Guest.named('Leaving'), await Guest.named('Staying')]
    await leaving.connect(carol, ['*'])
    await staying.connect(bob, ['*'])
    const [connection] = await connectionsOf('leaving@example.test')
    const path = `/connections/${connection?.id}/disconnect`
    const page = await leaving.browser.open(path)
    await leaving.browser.submit(page, formAt(page, path))
    expect(fake.seen.filter((request) => request.path === '/v1/oauth/revoke')).toHaveLength(1)
    expect((await leaving.call('search')).body).toMatchObject({ code: 'not-connected' })
    expect(await staying.titles()).toEqual(['Groceries'])
  })
})

describe('by a token', () => {
  async function enter(guest: Guest, token: string): Promise<Page> {
    const page = await guest.browser.open('/connections/notion/connect')
    return guest.browser.submit(page, formAt(page, '/connections/notion/token'), { token })
  }

  test('of an internal connection its pages can be used', async () => {
    const guest = await Guest.named('Inside')
    await enter(guest, fake.internalToken(acme, [secrets.id]))
    expect(await connectionsOf('inside@example.test')).toMatchObject([
      { label: 'Acme', account_id: `${acme.id}/${acme.botId}` },
    ])
    expect(await guest.titles()).toEqual(['Secrets'])
  })

  test('that Notion does not know nothing is connected', async () => {
    const guest = await Guest.named('Wrong')
    const page = await enter(guest, 'ntn_0000000000000000000000000000000000000000')
    expect(page.status).toBe(400)
    expect(await connectionsOf('wrong@example.test')).toEqual([])
  })
})
