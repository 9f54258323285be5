// The pretended GitHub speaks as the real one where others rely on it: its OAuth, its limits, its pages, who sees what.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GitHubFake } from './github-fake.js'

const redirectUri = 'http://localhost:1/connections/github/callback'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

let app: GitHubFake
let gitHubApp: GitHubFake

beforeAll(async () => {
  app = await new GitHubFake().listen()
  gitHubApp = await new GitHubFake({ app: 'github-app' }).listen()
})
afterAll(async () => {
  await app.close()
  await gitHubApp.close()
})

async function asked(fake: GitHubFake, given: Record<string, string>, accept = 'application/json') {
  const { clientId, clientSecret } = fake.oauth.options
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...given })
  const response = await fetch(`${fake.url}/login/oauth/access_token`, { method: 'POST', body, headers: { accept } })
  return { status: response.status, text: await response.text() }
}

/** The members of an answer of the token endpoint. */
async function tokens(fake: GitHubFake, given: Record<string, string>): Promise<Record<string, unknown>> {
  const { status, text } = await asked(fake, given)
  expect(status).toBe(200)
  return JSON.parse(text) as Record<string, unknown>
}

function code(fake: GitHubFake, scopes = ['repo', 'gist']): string {
  const [account] = fake.accounts
  if (!account) throw new Error('the fake has nobody')
  return fake.oauth.codeFor(account, scopes, redirectUri, challenge)
}

function api(fake: GitHubFake, token: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'test', ...init.headers }
  return fetch(`${fake.services.api}${path}`, { ...init, headers, redirect: 'manual' })
}

describe('an OAuth app', () => {
  test('sends people to a consent page and back with a code', async () => {
    const query = { client_id: app.oauth.options.clientId, redirect_uri: redirectUri, scope: 'repo', state: 's' }
    const page = await (await fetch(`${app.url}/login/oauth/authorize?${new URLSearchParams(query)}`)).text()
    expect(page).toContain('action="/login/oauth/consent"')
    const form = new URLSearchParams({ ...query, account: app.accounts[0]?.id ?? '', choice: 'allow' })
    const answer = await fetch(`${app.url}/login/oauth/consent`, { method: 'POST', body: form, redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe('s')
    expect(back.searchParams.get('code')).toBeTruthy()
  })

  test('gets a token without an end, its scopes with commas, as JSON or as a form', async () => {
    const given = { code: code(app), redirect_uri: redirectUri, code_verifier: verifier }
    const answer = await tokens(app, given)
    expect(answer).toEqual({ access_token: expect.stringMatching(/^gho_/), token_type: 'bearer', scope: 'gist,repo' })
    const user = await api(app, String(answer.access_token), '/user')
    expect(user.headers.get('x-oauth-scopes')).toBe('repo, gist')
    expect(await user.json()).toMatchObject({ id: 583231, login: 'hana' })
    const form = await asked(app, { ...given, code: code(app) }, '*/*')
    expect(new URLSearchParams(form.text).get('token_type')).toBe('bearer')
  })

  test('is told of errors with status 200', async () => {
    const given = { code: code(app), redirect_uri: redirectUri, code_verifier: verifier }
    expect(await tokens(app, { ...given, client_secret: 'wrong' })).toMatchObject({
      error: 'incorrect_client_credentials',
    })
    expect(await tokens(app, { ...given, code_verifier: 'other' })).toMatchObject({ error: 'bad_verification_code' })
    expect(await tokens(app, given)).toMatchObject({ error: 'bad_verification_code' })
  })

  test('ends all its tokens of a person with its own credentials only', async () => {
    const given = { redirect_uri: redirectUri, code_verifier: verifier }
    const { access_token } = await tokens(app, { ...given, code: code(app) })
    const { clientId, clientSecret } = app.oauth.options
    const end = (secret: string) =>
      fetch(`${app.services.api}/applications/${clientId}/grant`, {
        method: 'DELETE',
        headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
        body: JSON.stringify({ access_token }),
      })
    expect((await end('wrong')).status).toBe(401)
    expect((await api(app, String(access_token), '/user')).status).toBe(200)
    expect((await end(clientSecret)).status).toBe(204)
    const after = await api(app, String(access_token), '/user')
    expect([after.status, await after.json()]).toMatchObject([401, { message: 'Bad credentials' }])
  })
})

describe('a GitHub App', () => {
  test('gets tokens that end, with no scope, renewed by refresh tokens that serve once', async () => {
    const first = await tokens(gitHubApp, { code: code(gitHubApp), redirect_uri: redirectUri, code_verifier: verifier })
    expect(first).toMatchObject({
      access_token: expect.stringMatching(/^ghu_/),
      expires_in: 28_800,
      refresh_token: expect.stringMatching(/^ghr_/),
      refresh_token_expires_in: 15_897_600,
      scope: '',
    })
    const renew = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) }
    const second = await tokens(gitHubApp, renew)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await api(gitHubApp, String(first.access_token), '/user')).status).toBe(401)
    expect((await api(gitHubApp, String(second.access_token), '/user')).status).toBe(200)
    expect(await tokens(gitHubApp, renew)).toMatchObject({ error: 'bad_refresh_token' })
  })
})

describe('the API', () => {
  test('gives pages with links, and as many as are asked for', async () => {
    const repository = app.repository({ owner: 'hana', name: 'pages', files: { a: '1' } })
    for (let count = 0; count < 7; count++) repository.issue({ title: `issue ${count}` })
    const token = app.personalToken('hana', ['repo'])
    const page = await api(app, token, '/repos/hana/pages/issues?per_page=3&page=2')
    expect((await page.json()) as unknown[]).toHaveLength(3)
    const links = page.headers.get('link') ?? ''
    expect(links).toContain(`<${app.url}/repos/hana/pages/issues?per_page=3&page=3>; rel="next"`)
    expect(links).toContain('page=1>; rel="prev"')
    const last = await api(app, token, '/repos/hana/pages/issues?per_page=3&page=3')
    expect(last.headers.get('link')).not.toContain('rel="next"')
  })

  test('shows private repositories to their people with the scope, and hides them from everybody else', async () => {
    app.repository({ owner: 'hana', name: 'private', private: true, files: { a: '1' } })
    const seen = async (login: string, scopes: string[] | 'fine-grained') =>
      (await api(app, app.personalToken(login, scopes), '/repos/hana/private')).status
    expect(await seen('hana', ['repo'])).toBe(200)
    expect(await seen('hana', 'fine-grained')).toBe(200)
    expect(await seen('hana', ['public_repo'])).toBe(404)
    expect(await seen('kenji', ['repo'])).toBe(404)
    expect((await fetch(`${app.url}/repos/hana/private`, { headers: { 'user-agent': 'x' } })).status).toBe(401)
  })

  test('counts requests, and says when there are more', async () => {
    const token = app.personalToken('kenji', ['repo'])
    const one = await api(app, token, '/user')
    const two = await api(app, token, '/user')
    const left = (response: Response) => Number(response.headers.get('x-ratelimit-remaining'))
    expect(left(two)).toBe(left(one) - 1)
    app.exhaust('kenji', 30)
    const over = await api(app, token, '/user')
    expect([over.status, left(over)]).toEqual([403, 0])
    expect(Number(over.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now())
    expect((await api(app, app.personalToken('hana', ['repo']), '/user')).status).toBe(200)
  })

  test('keeps logs at another host, which wants no token and takes none', async () => {
    const repository = app.repository({ owner: 'hana', name: 'logs', files: { a: '1' } })
    const run = repository.run(repository.workflow('CI', 'ci.yml'), { jobs: [{ name: 'job', log: 'printed' }] })
    const token = app.personalToken('hana', ['repo'])
    const answer = await api(app, token, `/repos/hana/logs/actions/jobs/${run.jobs[0]?.id}/logs`)
    const location = answer.headers.get('location') ?? ''
    expect([answer.status, new URL(location).host]).toEqual([302, app.logs.host])
    expect(await (await fetch(location)).text()).toBe('printed')
    expect((await fetch(location, { headers: { authorization: `Bearer ${token}` } })).status).toBe(400)
  })
})
