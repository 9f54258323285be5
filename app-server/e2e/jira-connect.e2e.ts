// A person's Jira account through the whole app server: connected on the pages, used by tools, disconnected again.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { AtlassianFake, samplePeople, sampleSite } from '@sekisho/fakes'
import { OAuthProgram, Person, signIn } from '@sekisho/testing'
import { formAt } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { callTool } from './vault-bench.js'

const [hana, daniel] = samplePeople

let fake: AtlassianFake
let app: TestApp
let browser: Person
let bearer: string

beforeAll(async () => {
  fake = await new AtlassianFake({ accounts: [...samplePeople], sites: [sampleSite()] }).listen()
  const { clientId, clientSecret } = fake.oauth.options
  app = await startTestApp({
    env: {
      ATLASSIAN_AUTH_URL: fake.url,
      ATLASSIAN_API_URL: fake.url,
      JIRA_CLIENT_ID: clientId,
      JIRA_CLIENT_SECRET: clientSecret,
      OUTBOUND_ALLOWED_HOSTS: fake.host,
    },
  })
  browser = new Person([app.url, fake.url])
  await signIn(browser, 'Hana Mori', 'hana@example.test')
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  bearer = (await program.authorize(browser, 'jira:read jira:write')).access_token
})
afterAll(async () => {
  await app.close()
  await fake.close()
})
afterEach(() => fake.behave())

const ask = (tool: string, given: Record<string, unknown> = {}) => callTool(app.url, { bearer }, tool, given)
const rows = () =>
  app.sql<{ id: string; account: string; label: string; scopes: string[] | null; details: unknown }>(
    'SELECT id, account_id AS account, label, scopes, details FROM connections',
  )

async function disconnect() {
  const [row] = await rows()
  const path = `/connections/${row?.id}/disconnect`
  const sure = await browser.open(path)
  return browser.submit(sure, formAt(sure, path))
}

describe('an account connected by consent', () => {
  test('is asked for when a tool wants it, with what Atlassian needs to be asked', async () => {
    const { status, body } = await ask('jira.search_issues', { project: 'SHOP' })
    expect([status, body.code]).toEqual([403, 'not-connected'])
    const ours = await browser.open(String(body.connect_url))
    const consent = await browser.submit(ours, formAt(ours, new URL(ours.url).pathname))
    expect(consent.url.origin).toBe(fake.url)
    expect(Object.fromEntries(consent.url.searchParams)).toMatchObject({
      audience: 'api.atlassian.com',
      prompt: 'consent',
      code_challenge_method: 'S256',
    })
    expect(consent.url.searchParams.get('scope')?.split(' ').sort()).toEqual(
      expect.arrayContaining(['offline_access', 'read:jira-user', 'read:jira-work', 'read:me']),
    )
    const [form] = consent.forms
    const fields = (form?.fields ?? []).filter(([name]) => name !== 'account')
    const answer = new URLSearchParams([...fields, ['account', daniel.id], ['choice', 'allow']])
    const response = await browser.request('POST', new URL(form?.action ?? '', consent.url), answer)
    expect((await browser.open(response.headers.get('location') ?? '')).status).toBe(200)
    const [row] = await rows()
    expect(row).toMatchObject({
      account: daniel.id,
      label: daniel.email,
      details: {
        sites: [{ id: fake.sites[0]?.id, name: 'Matsu Trading', url: 'https://matsu-trading.atlassian.net' }],
      },
    })
    const exchange = fake.seen.find(({ path }) => path === '/oauth/token')
    expect(exchange?.headers['content-type']).toMatch(/^application\/json/)
  })

  test('is what tools act on', async () => {
    expect(await ask('jira.search_issues', { assignee: 'me', project: 'SHOP' })).toMatchObject({
      status: 200,
      body: { issues: [{ key: 'SHOP-2', url: 'https://matsu-trading.atlassian.net/browse/SHOP-2' }] },
    })
    // It was connected for reading alone: the person is asked before anything is changed.
    const more = await ask('jira.add_comment', { issue: 'SHOP-2', body: 'x' })
    expect(more).toMatchObject({ status: 403, body: { code: 'not-connected', reason: 'more-access-needed' } })
  })

  test('is disconnected with a word on where to end it at Atlassian', async () => {
    const page = await disconnect()
    expect(page.body).toContain('https://id.atlassian.com/manage-profile/apps')
    expect(await ask('jira.list_projects')).toMatchObject({ status: 403, body: { code: 'not-connected' } })
  })
})

describe('an account connected by an API token', () => {
  const give = async (token: string, site = `${fake.url}/jira/your-work`, email: string = hana.email) => {
    const page = await browser.open('/connections/jira/connect')
    const given = { token, 'field.site': site, 'field.email': email }
    return browser.submit(page, formAt(page, '/connections/jira/token'), given)
  }

  test('must be given a good token for a site of its own', async () => {
    const token = fake.apiToken(hana)
    for (const refused of [
      await give('mistyped'),
      await give(token, 'https://127.0.0.1:1'),
      await give(token, 'http://10.0.0.1'),
    ]) {
      expect(refused.status).toBe(400)
      expect(refused.body).not.toContain(token)
    }
    expect(await rows()).toEqual([])
    expect(fake.seen.map(({ path }) => path)).toContain('/_edge/tenant_info')
  })

  test.each([
    ['at the site', undefined],
    ['at the gateway, with scopes', ['read:jira-work', 'read:jira-user', 'write:jira-work']],
  ])('reads and writes %s, until its token is deleted', async (_where, scopes) => {
    const token = fake.apiToken(hana, scopes)
    await give(token)
    expect(await rows()).toMatchObject([{ account: hana.id, label: hana.email, scopes: null }])
    const before = fake.sites[0]?.issues.length ?? 0
    const given = { project: 'OPS', type: 'Task', summary: 'Water the plants', idempotency_key: `plants ${_where}` }
    const first = await ask('jira.create_issue', given)
    expect(first.status).toBe(200)
    expect((await ask('jira.create_issue', given)).body).toEqual(first.body)
    expect(fake.sites[0]?.issues).toHaveLength(before + 1)
    fake.revokeApiToken(token)
    // At the site a deleted token makes a visitor, who is shown empty lists: they are not passed on.
    for (const tool of ['jira.list_projects', 'jira.list_projects']) {
      expect(await ask(tool)).toMatchObject({
        status: 403,
        body: { code: 'not-connected', lost_because: 'token-refused' },
      })
    }
    await disconnect()
  })
})
