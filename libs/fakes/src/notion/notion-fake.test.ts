// The pretended Notion refuses what the real one refuses, so that whoever builds on it learns of it here.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NotionFake, notionVersion } from './notion-fake.js'
import type { NotionWorkspace } from './notion-workspace.js'

const ada = { id: '11111111-1111-4111-8111-111111111111', email: 'ada@example.com', name: 'Ada' }
const redirectUri = 'https://sekisho.example/callback'

let fake: NotionFake
let workspace: NotionWorkspace
let token: string
let topId: string
let innerId: string

beforeAll(async () => {
  fake = await new NotionFake().listen()
  workspace = fake.addWorkspace('Acme', [ada])
  topId = workspace.addPage('Top').id
  innerId = workspace.addPage('Inner', [], topId).id
  token = fake.internalToken(workspace)
})
afterAll(() => fake.close())

interface Asked {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

async function ask(path: string, { method = 'GET', body, headers = {} }: Asked = {}) {
  const response = await fetch(`${fake.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'notion-version': notionVersion,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await response.text()
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, headers: response.headers, text, json }
}

const basic = (secret = 'notion-secret') => `Basic ${Buffer.from(`notion-client:${secret}`).toString('base64')}`
const tokenRequest = (body: unknown, authorization = basic()) =>
  ask('/v1/oauth/token', { method: 'POST', body, headers: { authorization } })

describe('its OAuth', () => {
  test('shows the pages to pick, and gives tokens that see those and what is in them', async () => {
    const query = new URLSearchParams({
      client_id: 'notion-client',
      response_type: 'code',
      owner: 'user',
      redirect_uri: redirectUri,
      state: 's',
    })
    const consent = await ask(`/v1/oauth/authorize?${query}`)
    expect(consent.text).toContain('Pages of Acme')
    expect(consent.text).toContain('pretended Notion')
    const form = new URLSearchParams({
      redirect_uri: redirectUri,
      state: 's',
      account: ada.id,
      choice: 'allow',
      scope: topId,
    })
    const back = await fetch(`${fake.url}/v1/oauth/consent`, { method: 'POST', body: form, redirect: 'manual' })
    const code = new URL(back.headers.get('location') ?? '').searchParams.get('code')
    const other = workspace.addPage('Other').id
    const { json } = await tokenRequest({ grant_type: 'authorization_code', code, redirect_uri: redirectUri })
    expect(json).toMatchObject({
      token_type: 'bearer',
      bot_id: workspace.botId,
      workspace_id: workspace.id,
      workspace_name: 'Acme',
      owner: { type: 'user', user: { id: ada.id, person: { email: ada.email } } },
      duplicated_template_id: null,
      refresh_token: expect.stringMatching(/^nrt_/),
    })
    const headers = { authorization: `Bearer ${json.access_token}` }
    expect((await ask(`/v1/pages/${innerId}`, { headers })).status).toBe(200)
    expect((await ask(`/v1/pages/${other}`, { headers })).json).toMatchObject({ code: 'object_not_found' })
  })

  test('rotates refresh tokens, and ends all when a spent one comes again', async () => {
    const code = fake.oauth.codeFor(ada, ['*'], redirectUri)
    const first = await tokenRequest({ grant_type: 'authorization_code', code, redirect_uri: redirectUri })
    const refresh = { grant_type: 'refresh_token', refresh_token: first.json.refresh_token }
    const second = await tokenRequest(refresh)
    expect(second.json.refresh_token).not.toBe(first.json.refresh_token)
    const spent = await tokenRequest(refresh)
    expect(spent).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    const introspect = {
      method: 'POST',
      body: { token: second.json.access_token },
      headers: { authorization: basic() },
    }
    expect((await ask('/v1/oauth/introspect', introspect)).json).toEqual({ active: false })
  })

  test('wants the client in the header, and a token ends when it is revoked', async () => {
    const code = fake.oauth.codeFor(ada, ['*'], redirectUri)
    const body = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    expect(await tokenRequest(body, basic('wrong'))).toMatchObject({ status: 401, json: { error: 'invalid_client' } })
    expect(
      await tokenRequest({ ...body, client_id: 'notion-client', client_secret: 'notion-secret' }, ''),
    ).toMatchObject({
      status: 401,
    })
    const { json } = await tokenRequest(body)
    const headers = { authorization: `Bearer ${json.access_token}` }
    expect((await ask('/v1/users/me', { headers })).json).toMatchObject({ type: 'bot' })
    await ask('/v1/oauth/revoke', {
      method: 'POST',
      body: { token: json.access_token },
      headers: { authorization: basic() },
    })
    expect((await ask('/v1/users/me', { headers })).json).toMatchObject({
      object: 'error',
      status: 401,
      code: 'unauthorized',
    })
  })
})

describe('its API', () => {
  const paragraph = (content: string) => ({ paragraph: { rich_text: [{ text: { content } }] } })
  const append = (children: unknown, more: object = {}) =>
    ask(`/v1/blocks/${topId}/children`, { method: 'PATCH', body: { children, ...more } })
  const nest = (levels: number): unknown => ({
    toggle: { rich_text: [], ...(levels > 0 ? { children: [nest(levels - 1)] } : {}) },
  })

  test('wants its version, a known address and a body', async () => {
    const none = await fetch(`${fake.url}/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(await none.json()).toMatchObject({ code: 'missing_version' })
    const old = { headers: { 'notion-version': '2022-06-28' } }
    expect((await ask('/v1/users/me', old)).json).toMatchObject({ code: 'validation_error' })
    expect((await ask('/v1/nothing')).json).toMatchObject({ code: 'invalid_request_url' })
    expect((await ask('/v1/search', { method: 'POST' })).json).toMatchObject({ code: 'invalid_json' })
  })

  test.each<[string, unknown]>([
    ['a hundred and one blocks', Array.from({ length: 101 }, () => paragraph('x'))],
    ['three levels within one another', [nest(3)]],
    ['2,001 characters', [paragraph('x'.repeat(2_001))]],
    ['a kind that cannot be made', [{ child_page: { title: 'x' } }]],
    ['a language it does not know', [{ code: { rich_text: [], language: 'klingon' } }]],
    ['a table with rows of another width', [{ table: { table_width: 2, children: [{ table_row: { cells: [[]] } }] } }]],
    ['a bookmark of no address', [{ bookmark: { url: 'nope' } }]],
  ])('takes no %s, and then nothing of it', async (_what, children) => {
    const before = workspace.childrenOf(topId).length
    expect(await append(children)).toMatchObject({ status: 400, json: { object: 'error', code: 'validation_error' } })
    expect(workspace.childrenOf(topId)).toHaveLength(before)
  })

  test('takes what is allowed, and no names of earlier versions', async () => {
    expect((await append([nest(2)])).status).toBe(200)
    expect((await append([paragraph('x')], { after: innerId })).json).toMatchObject({ code: 'validation_error' })
    const archive = { method: 'PATCH', body: { archived: true } }
    expect((await ask(`/v1/pages/${innerId}`, archive)).json).toMatchObject({ code: 'validation_error' })
  })

  test('pages its lists by cursors of its own', async () => {
    const search = (body: object) => ask('/v1/search', { method: 'POST', body })
    const first = await search({ page_size: 1 })
    expect(first.json).toMatchObject({ has_more: true, type: 'page_or_data_source' })
    const second = await search({ page_size: 1, start_cursor: first.json.next_cursor })
    expect(second.json.results).not.toEqual(first.json.results)
    expect((await search({ page_size: 101 })).json).toMatchObject({ code: 'validation_error' })
    expect((await search({ start_cursor: 'made up' })).json).toMatchObject({ code: 'validation_error' })
  })

  test('lets a connection do what it was given', async () => {
    fake.capabilities.delete('read_users')
    expect((await ask('/v1/users')).json).toMatchObject({ status: 403, code: 'restricted_resource' })
    fake.capabilities.add('read_users')
    expect((await ask('/v1/users')).status).toBe(200)
  })
})
