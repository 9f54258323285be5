// A person's GitHub account through the whole app server: connected on the pages, used by a tool, disconnected again.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GitHubFake } from '@sekisho/fakes'
import { OAuthProgram, Person, signIn } from '@sekisho/testing'
import { formAt } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { callTool } from './vault-bench.js'

const kinds = ['oauth-app', 'github-app'] as const

describe.each(kinds)('an account connected by a %s', (kind) => {
  let fake: GitHubFake
  let app: TestApp
  let browser: Person
  let bearer: string

  beforeAll(async () => {
    fake = await new GitHubFake({ app: kind, apiPath: '/api/v3' }).listen()
    fake.repository({ owner: 'hana', name: 'garden', private: true, files: { 'README.md': '# Garden\n' } })
    const { clientId, clientSecret } = fake.oauth.options
    app = await startTestApp({
      env: {
        GITHUB_URL: fake.services.web,
        GITHUB_API_URL: fake.services.api,
        GITHUB_CLIENT_ID: clientId,
        GITHUB_CLIENT_SECRET: clientSecret,
        OUTBOUND_ALLOWED_HOSTS: fake.hosts.join(','),
      },
    })
    browser = new Person([app.url, fake.url])
    await signIn(browser, 'Hana Mori', 'hana@example.test')
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    bearer = (await program.authorize(browser, 'github:read github:write')).access_token
  })

  afterAll(async () => {
    await app.close()
    await fake.close()
  })

  const ask = (tool: string, given: Record<string, unknown> = {}) => callTool(app.url, { bearer }, tool, given)
  const rows = () =>
    app.sql<{ account: string; label: string; scopes: string[] | null; status: string }>(
      'SELECT account_id AS account, label, scopes, status FROM connections',
    )

  test('is asked for when a tool wants it, on the page that the problem names', async () => {
    const { status, body } = await ask('github.get_repository', { repository: 'hana/garden' })
    expect([status, body.code]).toEqual([403, 'not-connected'])
    const ours = await browser.open(String(body.connect_url))
    const consent = await browser.submit(ours, formAt(ours, new URL(ours.url).pathname))
    expect(consent.url.origin).toBe(fake.url)
    expect(consent.url.searchParams.get('scope')).toBe('repo')
    expect(consent.url.searchParams.get('prompt')).toBe('select_account')
    const [form] = consent.forms
    const fields = (form?.fields ?? []).filter(([name]) => name !== 'account')
    const answer = new URLSearchParams([...fields, ['account', fake.accounts[0]?.id ?? ''], ['choice', 'allow']])
    const response = await browser.request('POST', new URL(form?.action ?? '', consent.url), answer)
    const back = await browser.open(response.headers.get('location') ?? '')
    expect(back.status).toBe(200)
    expect(await rows()).toEqual([
      { account: '583231', label: 'hana', scopes: kind === 'oauth-app' ? ['repo'] : null, status: 'connected' },
    ])
  })

  test('is what tools act on, reading and writing', async () => {
    expect(await ask('github.get_repository', { repository: 'hana/garden' })).toMatchObject({
      status: 200,
      body: { repository: 'hana/garden', readme: { text: '# Garden\n' } },
    })
    expect(await ask('github.create_issue', { repository: 'hana/garden', title: 'Snails' })).toMatchObject({
      status: 200,
      body: { issue: { number: 1, author: 'hana' } },
    })
  })

  test('goes on when its token has ended, renewed once, where GitHub gives tokens that end', async () => {
    if (kind === 'github-app') fake.oauth.expireAccessTokens()
    const calls = Array.from({ length: 5 }, () => ask('github.list_repositories'))
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 200))
    expect(fake.oauth.refreshes).toBe(kind === 'github-app' ? 1 : 0)
    expect(await rows()).toMatchObject([{ scopes: kind === 'oauth-app' ? ['repo'] : null, status: 'connected' }])
  })

  test('ends at GitHub too when it is disconnected, and is asked for anew', async () => {
    const [row] = await app.sql<{ id: string }>('SELECT id FROM connections')
    const path = `/connections/${row?.id}/disconnect`
    const sure = await browser.open(path)
    await browser.submit(sure, formAt(sure, path))
    const revocation = fake.seen.find(({ method }) => method === 'DELETE')
    expect(revocation?.path).toBe(`/api/v3/applications/${fake.oauth.options.clientId}/grant`)
    const { access_token } = JSON.parse(revocation?.text ?? '{}') as { access_token?: string }
    expect(access_token).toMatch(kind === 'oauth-app' ? /^gho_/ : /^ghu_/)
    expect(fake.oauth.findGrant({ headers: { authorization: `Bearer ${access_token}` } })).toBeUndefined()
    expect(await ask('github.list_repositories')).toMatchObject({ status: 403, body: { code: 'not-connected' } })
  })

  test('can be connected by a personal token instead, which must be a good one', async () => {
    const give = async (token: string) => {
      const page = await browser.open('/connections/github/connect')
      return browser.submit(page, formAt(page, '/connections/github/token'), { token })
    }
    const refused = await give('ghp_mistyped')
    expect(refused.status).toBe(400)
    expect(await rows()).toEqual([])
    await give(fake.personalToken('kenji', 'fine-grained'))
    expect(await rows()).toMatchObject([{ account: '583232', label: 'kenji', scopes: null }])
    expect(await ask('github.list_repositories')).toMatchObject({ status: 200, body: { repositories: [] } })
  })

  test('that the person took back at GitHub is asked for anew', async () => {
    fake.oauth.revokeAccount('583232')
    expect(await ask('github.list_repositories')).toMatchObject({ status: 403, body: { code: 'not-connected' } })
    expect(await rows()).toMatchObject([{ label: 'kenji', status: 'revoked' }])
  })
})
