// The pretended Atlassian behaves as the real one where others rely on it: consent, rotating tokens, scopes, queries, faults.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { documentOf, faultOfDocument } from './adf-rules.js'
import { AtlassianFake } from './atlassian-fake.js'
import { emptySite, samplePeople, sampleProject, sampleSite } from './sample-site.js'

const [hana, daniel, aiko] = samplePeople
const client = { client_id: 'atlassian-client', client_secret: 'atlassian-secret' }
const redirectUri = 'http://127.0.0.1:9/back'
const scope = 'read:me offline_access read:jira-work read:jira-user write:jira-work'

let fake: AtlassianFake
let shop: string

beforeAll(async () => {
  fake = await new AtlassianFake({ accounts: [...samplePeople], sites: [sampleSite()] }).listen()
  shop = `${fake.url}/ex/jira/${fake.sites[0]?.id}/rest/api/3`
})
afterAll(() => fake.close())
beforeEach(() => fake.behave())

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const token = (body: Record<string, string>) => post(`${fake.url}/oauth/token`, { ...client, ...body })
const bearer = (scopes = scope.split(' '), account = hana) => ({
  authorization: `Bearer ${fake.oauth.personalToken(account, scopes)}`,
})

/** What the authorization endpoint is asked. */
function authorizeUrl(more: Record<string, string> = {}): URL {
  const url = new URL(`${fake.url}/authorize`)
  const asked = {
    audience: 'api.atlassian.com',
    client_id: client.client_id,
    scope,
    redirect_uri: redirectUri,
    state: 's',
  }
  url.search = new URLSearchParams({ ...asked, response_type: 'code', prompt: 'consent', ...more }).toString()
  return url
}

async function tokens(): Promise<{ access_token: string; refresh_token: string }> {
  const code = fake.oauth.codeFor(hana, scope.split(' '), redirectUri)
  const answer = await token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri })
  return (await answer.json()) as { access_token: string; refresh_token: string }
}

describe('signing in', () => {
  test('gives tokens for a consent, to the client that asked, with its proof', async () => {
    const verifier = 'v'.repeat(50)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const page = await (await fetch(authorizeUrl({ code_challenge: challenge, code_challenge_method: 'S256' }))).text()
    expect(page).toContain('read:jira-work')
    expect(page).toContain(hana.email)
    const form = new URLSearchParams({
      redirect_uri: redirectUri,
      state: 's',
      code_challenge: challenge,
      account: hana.id,
      choice: 'allow',
    })
    for (const one of scope.split(' ')) form.append('scope', one)
    const back = await fetch(`${fake.url}/consent`, { method: 'POST', body: form, redirect: 'manual' })
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? ''
    const given = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
    const answer = await token(given)
    expect(await answer.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3_600,
      token_type: 'Bearer',
      scope,
    })
    expect((await token(given)).status).toBe(403)
    expect((await token({ ...given, client_secret: 'wrong' })).status).toBe(401)
  })

  test('gives no refresh token to who did not ask for offline_access', async () => {
    const code = fake.oauth.codeFor(hana, ['read:me'], redirectUri)
    const answer = await token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri })
    expect(await answer.json()).not.toHaveProperty('refresh_token')
  })

  test.each(['audience', 'prompt', 'response_type'])('asks for %s', async (name) => {
    expect((await fetch(authorizeUrl({ [name]: 'other' }))).status).toBe(400)
  })

  test('rotates refresh tokens: the one before works for a while, then ends everything', async () => {
    const { refresh_token } = await tokens()
    const refresh = (given: string) => token({ grant_type: 'refresh_token', refresh_token: given })
    const next = (await (await refresh(refresh_token)).json()) as { refresh_token: string }
    expect(next.refresh_token).not.toBe(refresh_token)
    expect((await refresh(refresh_token)).status).toBe(200)
    fake.oauth.options.reuseMs = 0
    try {
      const refused = await refresh(refresh_token)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toEqual({
        error: 'invalid_grant',
        error_description: 'Unknown or invalid refresh token.',
      })
      expect((await refresh(next.refresh_token)).status).toBe(403)
    } finally {
      fake.oauth.options.reuseMs = 600_000
    }
  })

  test('forgets a refresh token that nobody used for long', async () => {
    const { refresh_token } = await tokens()
    fake.oauth.options.refreshIdleMs = 0
    try {
      expect((await token({ grant_type: 'refresh_token', refresh_token })).status).toBe(403)
    } finally {
      fake.oauth.options.refreshIdleMs = 90 * 24 * 3_600_000
    }
  })

  test('says whose a token is and which sites it reaches', async () => {
    const { access_token } = await tokens()
    const headers = { authorization: `Bearer ${access_token}` }
    expect(await (await fetch(`${fake.url}/me`, { headers })).json()).toMatchObject({
      account_id: hana.id,
      email: hana.email,
    })
    const sites = await (await fetch(`${fake.url}/oauth/token/accessible-resources`, { headers })).json()
    expect(sites).toEqual([expect.objectContaining({ id: fake.sites[0]?.id, name: 'Matsu Trading' })])
    fake.oauth.expireAccessTokens()
    expect((await fetch(`${fake.url}/me`, { headers })).status).toBe(401)
  })
})

describe('the API', () => {
  test('wants a token that covers what is asked, for a site of the account', async () => {
    const get = (url: string, headers: Record<string, string>) => fetch(url, { headers })
    expect((await get(`${shop}/project/SHOP`, {})).status).toBe(401)
    const narrow = await get(`${shop}/project/SHOP`, bearer(['read:jira-user']))
    expect([narrow.status, await narrow.json()]).toEqual([
      401,
      { code: 401, message: 'Unauthorized; scope does not match' },
    ])
    expect((await post(`${shop}/issue`, {}, bearer(['read:jira-work']))).status).toBe(401)
    expect((await get(`${shop}/project/SHOP`, bearer())).status).toBe(200)
    expect((await get(`${fake.url}/ex/jira/other/rest/api/3/project/SHOP`, bearer())).status).toBe(404)
    const stranger = { id: 's', email: 's@example.com', name: 'Stranger' }
    expect((await get(`${shop}/project/SHOP`, bearer(scope.split(' '), stranger))).status).toBe(404)
  })

  test('takes API tokens where they work: without scopes at the site, with scopes at the gateway', async () => {
    const basic = (of: string, email = hana.email) => ({
      authorization: `Basic ${Buffer.from(`${email}:${of}`).toString('base64')}`,
    })
    const [plain, scoped] = [fake.apiToken(hana), fake.apiToken(hana, ['read:jira-user'])]
    const status = async (url: string, headers: Record<string, string>) => (await fetch(url, { headers })).status
    expect(await status(`${fake.url}/rest/api/3/myself`, basic(plain))).toBe(200)
    expect(await status(`${shop}/myself`, basic(plain))).toBe(401)
    expect(await status(`${fake.url}/rest/api/3/myself`, basic(scoped))).toBe(401)
    expect(await status(`${shop}/myself`, basic(scoped))).toBe(200)
    expect(await status(`${fake.url}/rest/api/3/myself`, basic(plain, daniel.email))).toBe(401)
    fake.revokeApiToken(plain)
    const hidden = await fetch(`${fake.url}/rest/api/3/issue/SHOP-1`, { headers: basic(plain) })
    expect([hidden.status, hidden.headers.get('x-seraph-loginreason')]).toEqual([404, 'AUTHENTICATED_FAILED'])
  })

  test('no longer has the old search', async () => {
    const gone = await fetch(`${shop}/search?jql=project=SHOP`, { headers: bearer() })
    expect(gone.status).toBe(410)
    expect(await gone.text()).toContain('/rest/api/3/search/jql')
  })

  test.each([
    ['project = SHOP AND assignee = currentUser() ORDER BY key ASC', ['SHOP-1', 'SHOP-3']],
    ['status = "In Progress" AND assignee != currentUser()', ['SHOP-2']],
    ['text ~ "postal bank"', []],
    ['text ~ "japan post" AND statusCategory != Done', ['SHOP-2']],
    ['created >= -7d ORDER BY created DESC', ['SHOP-3', 'OPS-1']],
    ['updated >= -4d', ['SHOP-2', 'SHOP-3']],
    ['project in (OPS, "Web shop") AND NOT (labels IN (checkout, money) OR labels IS EMPTY)', ['OPS-1']],
    ['parent = SHOP-1', ['SHOP-2']],
    ['"Story Points" >= 3 or cf[10016] > 99', ['SHOP-2']],
    ['assignee is empty', ['OPS-2']],
    ['resolution = Unresolved AND due <= 7d', ['SHOP-3']],
    ['issuetype = Bug ORDER BY priority', ['SHOP-3']],
  ])('finds with %s', async (jql, keys) => {
    const answer = await post(`${shop}/search/jql`, { jql, fields: ['summary'] }, bearer())
    const { issues } = (await answer.json()) as { issues: { key: string }[] }
    const found = issues.map(({ key }) => key)
    expect(jql.includes('ORDER') ? found : found.sort()).toEqual(jql.includes('ORDER') ? keys : keys.sort())
  })

  test.each([
    ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
    ['colour = red', "Field 'colour' does not exist or you do not have permission to view it."],
    ['status = In Progress', "Expecting either 'OR' or 'AND' but got 'Progress'"],
    ['project', 'Expecting operator before the end of the query.'],
    ['project SHOP', "Expecting operator but got 'SHOP'"],
    ['summary = "x"', "The operator '=' is not supported by the 'summary' field."],
    ['assignee = "open', 'The quoted string has not been completed.'],
    ['text ~ "a\\q"', 'is an illegal JQL escape sequence'],
    ['text ~ a?', "The character '?' is a reserved JQL character."],
    ['updated > yesterday', "Date value 'yesterday' for field 'updated' is invalid."],
    ['assignee = everybody()', "Unable to find JQL function 'everybody()'."],
    ['(project = SHOP', "Expecting ')' before the end"],
    ['', 'Unbounded JQL queries are not allowed here.'],
  ])('refuses %s as Jira does', async (jql, words) => {
    const answer = await post(`${shop}/search/jql`, { jql }, bearer())
    expect(answer.status).toBe(400)
    const { errorMessages } = (await answer.json()) as { errorMessages: string[] }
    expect(errorMessages.join(' ')).toContain(words)
  })

  test('gives ids alone unless fields are asked for, and pages that fit one query', async () => {
    const ask = async (body: object) =>
      (await post(`${shop}/search/jql`, { jql: 'project = SHOP', ...body }, bearer())).json()
    const first = (await ask({ maxResults: 2 })) as { issues: unknown[]; nextPageToken: string; isLast: boolean }
    expect(first).toEqual({
      issues: [{ id: expect.any(String) }, { id: expect.any(String) }],
      nextPageToken: expect.any(String),
      isLast: false,
    })
    const rest = { maxResults: 2, nextPageToken: first.nextPageToken }
    expect(await ask(rest)).toEqual({ issues: [{ id: expect.any(String) }], isLast: true })
    expect(await ask({ ...rest, jql: 'project = OPS' })).toMatchObject({
      errorMessages: [expect.stringContaining('next page token')],
    })
  })

  test('names every faulty field of a new issue, and counts none that was refused', async () => {
    const site = emptySite('Other', 'https://other.example', samplePeople, 'cloud-9')
    sampleProject(site, 'NEW', 'New')
    fake.sites.push(site)
    const create = (fields: object) => post(`${fake.url}/ex/jira/cloud-9/rest/api/3/issue`, { fields }, bearer())
    const head = { project: { key: 'NEW' }, issuetype: { name: 'Bug' } }
    const refused = await create({ ...head, description: 'plain', labels: ['a b'], customfield_99: 1 })
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        errorMessages: [],
        errors: {
          summary: 'You must specify a summary of the issue.',
          customfield_10030: 'Severity is required.',
          description: expect.stringContaining('Atlassian Document'),
          labels: "The label 'a b' contains spaces which is invalid.",
          customfield_99: expect.stringContaining('cannot be set'),
        },
      },
    ])
    const good = await create({
      ...head,
      summary: 'x',
      customfield_10030: { value: 'Looks wrong' },
      description: documentOf('y'),
    })
    expect(await good.json()).toMatchObject({ key: 'NEW-1' })
    fake.sites.pop()
  })

  test('has a sample that anybody could look at', () => {
    const [site] = fake.sites
    expect(site?.projects.map(({ key }) => key)).toEqual(['SHOP', 'OPS'])
    expect(new Set(site?.issues.map(({ status }) => status.name)).size).toBe(3)
    for (const { fields, comments } of site?.issues ?? []) {
      for (const document of [fields.description, ...comments.map(({ body }) => body)].filter(Boolean)) {
        expect(faultOfDocument(document)).toBeUndefined()
      }
    }
    expect(site?.accounts).toContain(aiko)
  })
})
