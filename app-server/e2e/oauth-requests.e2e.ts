// Authorization requests that are wrong: where the program can be told it is told, otherwise the person sees a page.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, Person, programRedirectUri } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf } from './oauth-bench.js'

let app: TestApp
let aki: Person
let program: OAuthProgram

beforeAll(async () => {
  app = await startTestApp()
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
})

afterAll(() => app.close())

describe('the program is told', () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    [
      'that there must be a proof key',
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
    ['that a plain proof key does not do', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['that the method must be named', { code_challenge_method: undefined }, 'invalid_request'],
    ['that a short proof key does not do', { code_challenge: 'short' }, 'invalid_request'],
    ['that another resource is not ours', { resource: 'https://other.example/mcp' }, 'invalid_target'],
    ['that the resource must be an address', { resource: 'mcp' }, 'invalid_target'],
    ['that a part of our address is not the resource', { resource: 'http://localhost:8080/' }, 'invalid_target'],
    ['that none of the scopes exists', { scope: 'mcp:everything' }, 'invalid_scope'],
    ['that a scope has forbidden characters', { scope: 'booking:read "x"' }, 'invalid_scope'],
    ['that there is no implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
    ['that there is no implicit grant', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['that forms are not posted to it', { response_mode: 'form_post' }, 'unsupported_response_mode'],
    ['that a person must be asked', { prompt: 'none' }, 'login_required'],
    ['that a request object is not read', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['that a request is not fetched', { request_uri: 'http://127.0.0.1/' }, 'request_uri_not_supported'],
  ])('%s', async (_what, changes, error) => {
    const { url, state } = program.begin('booking:read', changes)
    const end = await aki.open(url)
    expect(end.url.href.startsWith(programRedirectUri)).toBe(true)
    // Response types that would carry a token are answered in the fragment.
    const answer = new URLSearchParams(end.url.search || end.url.hash.slice(1))
    expect(Object.fromEntries(answer)).toMatchObject({ error, state, iss: app.url })
    expect(answer.get('code')).toBeNull()
  })
})

describe('the person is told, and nothing is sent', () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    ['when the answer would go to another host', { redirect_uri: 'http://evil.example:41999/callback' }, 'wrong place'],
    ['when it would go to another path', { redirect_uri: 'http://127.0.0.1:41999/other' }, 'wrong place'],
    ['when it would go to a longer path', { redirect_uri: `${programRedirectUri}/../evil` }, 'wrong place'],
    ['when it would go to another scheme', { redirect_uri: 'https://127.0.0.1:41999/callback' }, 'wrong place'],
    [
      'when it would go to an address with a user',
      { redirect_uri: 'http://evil@127.0.0.1:41999/callback' },
      'wrong place',
    ],
    [
      'when it would go to this computer by another name',
      { redirect_uri: 'http://127.0.0.2:41999/callback' },
      'wrong place',
    ],
    ['when nobody knows the program', { client_id: 'nobody' }, 'do not know this program'],
    ['when the program is named by a zero byte', { client_id: 'a\u0000b' }, 'do not know this program'],
    ['when there is no program', { client_id: undefined }, 'do not understand'],
  ])('%s', async (_what, changes, words) => {
    const page = await aki.open(program.begin('booking:read', changes).url)
    expect(page.status).toBe(400)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.body).toContain(words)
    expect(page.body).not.toContain('evil')
    expect(page.headers.get('refresh')).toBeNull()
  })

  test('with JSON when a program asks that cannot be redirected', async () => {
    const { url } = program.begin('booking:read', { client_id: 'nobody' })
    const response = await fetch(url, { headers: { accept: 'application/json' }, redirect: 'manual' })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })
})

test('an address given twice is answered at the registered one only', async () => {
  const { url } = program.begin('booking:read')
  url.searchParams.append('redirect_uri', 'http://evil.example/callback')
  const end = await aki.open(url)
  expect(end.url.href.startsWith(`${programRedirectUri}?`)).toBe(true)
  expect(end.url.searchParams.get('error')).toBe('invalid_request')
})

describe('a program is let through', () => {
  test.each<[string, Record<string, string | undefined>]>([
    ['on another port of this computer', { redirect_uri: 'http://127.0.0.1:5050/callback' }],
    ['that names no resource, as older ones do', { resource: undefined }],
    ['that spells the resource with a slash at the end', { resource: 'http://localhost:8080/mcp/' }],
    ['that asks for consent or the choice of an account', { prompt: 'consent select_account' }],
    ['that asks for a sign-in', { prompt: 'login' }],
    ['with odd characters in its state', { state: 'a\u0000b\ud83d\ude00"<>' }],
  ])('%s', async (_what, changes) => {
    const { url, verifier } = program.begin('booking:read', changes)
    const callback = await program.consent(aki, url)
    if (changes.state !== undefined) expect(callback.get('state')).toBe(changes.state)
    const { status, body } = await program.token({
      grant_type: 'authorization_code',
      code: callback.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: changes.redirect_uri ?? programRedirectUri,
      ...(changes.resource === undefined ? {} : { resource: changes.resource }),
    })
    expect(status).toBe(200)
    expect(claimsOf(body.access_token).aud).toBe(app.settings.mcpUrl)
  })
})

test('more requests from one address than a person makes are put off', async () => {
  const busy = await startTestApp()
  try {
    const flooded = await OAuthProgram.at(busy.url, busy.settings.mcpUrl)
    const answers = await Promise.all(
      Array.from({ length: 125 }, () => fetch(flooded.begin('booking:read').url, { redirect: 'manual' })),
    )
    const late = answers.filter(({ status }) => status === 429)
    expect(late).toHaveLength(5)
    expect(late[0]?.headers.get('retry-after')).toBe('60')
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(120)
  } finally {
    await busy.close()
  }
})

test('nothing a refused request said went unsaid to the operator, and no secret did', async () => {
  const { url } = program.begin('booking:read', { resource: 'https://other.example/mcp' })
  await new Person([app.url]).open(url)
  const line = app.logLines.findLast(({ msg }) => msg === 'the authorization server refused a request')
  expect(line).toMatchObject({ fault: 'invalid_target', client: program.clientId })
})
