// What others rely on of the pretended Google: that it gives, keeps and refuses as Google does.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { GoogleFake, googlePaths } from './google-fake.js'

const auth = 'https://www.googleapis.com/auth/'
const writing = [`${auth}calendar.events`]
const redirectUri = 'http://127.0.0.1:1/back'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

let google: GoogleFake
let bearer: string

beforeAll(async () => {
  google = await GoogleFake.start()
  google.calendars.setZone(google.person, 'Asia/Tokyo')
})
afterAll(() => google.close())
beforeEach(() => {
  google.behave()
  google.oauth.revokeAccount('1001')
  for (const { entries } of google.calendars.calendars.values()) entries.clear()
  bearer = google.oauth.personalToken(google.person, writing)
})

interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: whatever Google's JSON has
  body: any
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${google.url}${googlePaths.calendar}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

async function post(path: string, form: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${google.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  const body = response.status === 302 ? undefined : await response.json()
  return { status: response.status, headers: response.headers, body }
}

const client = { client_id: '1234-fake.apps.googleusercontent.com', client_secret: 'GOCSPX-fake' }

/** The answer of the consent form, as a browser sends it. */
async function consent(scopes: readonly string[], more: Record<string, string> = {}): Promise<URL> {
  const form = new URLSearchParams({
    redirect_uri: redirectUri,
    state: 's',
    code_challenge: challenge,
    choice: 'allow',
    ...more,
  })
  for (const scope of scopes) form.append('scope', scope)
  const response = await fetch(`${google.url}${googlePaths.consent}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  return new URL(response.headers.get('location') ?? '')
}

async function tokens(scopes: readonly string[], more: Record<string, string> = {}): Promise<Answer['body']> {
  const code = (await consent(scopes, more)).searchParams.get('code') ?? ''
  const form = { ...client, grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
  return (await post(googlePaths.token, form)).body
}

const refresh = (refresh_token: string) =>
  post(googlePaths.token, { ...client, grant_type: 'refresh_token', refresh_token })
const offline = { access_type: 'offline', prompt: 'consent' }

describe('consent', () => {
  test('gives a refresh token for offline access, the first time or after asking again', async () => {
    expect(await tokens(['openid'])).not.toHaveProperty('refresh_token')
    expect(await tokens(['openid'], { access_type: 'offline' })).not.toHaveProperty('refresh_token')
    expect((await tokens(['openid'], offline)).refresh_token).toMatch(/^1\/\/0/)
  })

  test('gives what was ticked, and what was given before when that is asked for', async () => {
    await tokens(['openid', `${auth}calendar.freebusy`])
    expect((await tokens(['openid', 'email'])).scope).toBe(`openid ${auth}userinfo.email`)
    const all = await tokens(writing, { include_granted_scopes: 'true' })
    expect(all.scope.split(' ')).toEqual(expect.arrayContaining([`${auth}calendar.freebusy`, ...writing]))
  })

  test('comes back with state, iss and scope, or with access_denied', async () => {
    const back = await consent(['openid'])
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      state: 's',
      iss: 'https://accounts.google.com',
      scope: 'openid',
    })
    const denied = await consent([], { choice: 'deny' })
    expect(Object.fromEntries(denied.searchParams)).toEqual({ state: 's', error: 'access_denied' })
  })

  test('is not even asked of an unknown client', async () => {
    const query = new URLSearchParams({ client_id: 'x', redirect_uri: redirectUri, response_type: 'code' })
    const response = await fetch(`${google.url}${googlePaths.authorize}?${query}`)
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('invalid_client')])
  })
})

describe('tokens', () => {
  test('are had for a code once, with the right proof key', async () => {
    const code = (await consent(['openid'])).searchParams.get('code') ?? ''
    const form = { ...client, grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    expect(await post(googlePaths.token, { ...form, code_verifier: 'wrong' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect((await post(googlePaths.token, { ...form, code_verifier: verifier })).status).toBe(400)
  })

  test('are renewed with a refresh token that stays, or with one that changes each time', async () => {
    const first = (await tokens(['openid'], offline)).refresh_token
    const steady = await refresh(first)
    expect([steady.status, steady.body.refresh_token]).toEqual([200, undefined])
    google.oauth.options.refreshTokens = 'rotating'
    const next = (await refresh(first)).body.refresh_token
    expect(next).toMatch(/^1\/\/0/)
    expect((await refresh(first)).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    })
    google.oauth.options.refreshTokens = 'steady'
  })

  test('end all together when one of them is revoked', async () => {
    const one = await tokens(['openid'], offline)
    const other = await tokens(writing, offline)
    expect((await post(googlePaths.revoke, { token: one.refresh_token })).status).toBe(200)
    expect((await refresh(other.refresh_token)).status).toBe(400)
    bearer = other.access_token
    expect((await ask('GET', '/calendars/primary/events')).status).toBe(401)
    expect((await post(googlePaths.revoke, { token: one.refresh_token })).body.error).toBe('invalid_token')
  })

  test('tell who somebody is as far as the scopes go', async () => {
    const who = async (scopes: string[]) => {
      const { access_token } = await tokens(scopes)
      const headers = { authorization: `Bearer ${access_token}` }
      return (await fetch(`${google.url}${googlePaths.userinfo}`, { headers })).json()
    }
    expect(await who(['openid'])).toEqual({ sub: '1001', picture: expect.any(String) })
    expect(await who(['openid', 'email', 'profile'])).toMatchObject({
      email: 'mika@example.com',
      email_verified: true,
      name: 'Mika Tanaka',
    })
  })
})

describe('the Calendar API', () => {
  const events = '/calendars/primary/events'
  const event = (summary: string, day = '10', more: object = {}) => ({
    summary,
    start: { dateTime: `2026-11-${day}T10:00:00`, timeZone: 'Asia/Tokyo' },
    end: { dateTime: `2026-11-${day}T11:00:00`, timeZone: 'Asia/Tokyo' },
    ...more,
  })

  test('refuses a token that expired as Google does', async () => {
    google.oauth.expireAccessTokens()
    const { status, headers, body } = await ask('GET', events)
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('invalid_token')])
    expect(body.error).toMatchObject({ code: 401, status: 'UNAUTHENTICATED', errors: [{ reason: 'authError' }] })
  })

  test.each([
    ['GET', '/users/me/calendarList', [`${auth}calendar.events`]],
    ['POST', events, [`${auth}calendar.events.readonly`, `${auth}calendar.readonly`]],
    ['GET', events, [`${auth}calendar.freebusy`, `${auth}calendar.calendarlist.readonly`]],
    ['POST', '/freeBusy', [`${auth}calendar.events`]],
  ])('refuses %s %s to tokens of other scopes', async (method, path, scopes) => {
    bearer = google.oauth.personalToken(google.person, scopes)
    const { status, headers, body } = await ask(method, path, method === 'POST' ? {} : undefined)
    expect([status, headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('insufficient_scope')])
    expect(body.error).toMatchObject({
      status: 'PERMISSION_DENIED',
      errors: [{ reason: 'insufficientPermissions' }],
      details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
    })
  })

  test('keeps an id taken after its event is deleted, and says each thing by its status and reason', async () => {
    const id = 'abcde12345'
    const made = await ask('POST', events, { id, ...event('A') })
    expect(made.body).toMatchObject({ id, start: { dateTime: '2026-11-10T10:00:00+09:00', timeZone: 'Asia/Tokyo' } })
    const reason = async (...asked: Parameters<typeof ask>) => {
      const { status, body } = await ask(...asked)
      return [status, body?.error.errors[0].reason]
    }
    expect(await reason('POST', events, { id, ...event('B') })).toEqual([409, 'duplicate'])
    expect(await reason('POST', events, { id: 'XYZ', ...event('B') })).toEqual([400, 'invalid'])
    expect(await reason('PATCH', `${events}/${id}`, { summary: 'B' }, { 'if-match': '"old"' })).toEqual([
      412,
      'conditionNotMet',
    ])
    expect(await reason('DELETE', `${events}/${id}`)).toEqual([204, undefined])
    expect(await reason('DELETE', `${events}/${id}`)).toEqual([410, 'deleted'])
    expect((await ask('GET', `${events}/${id}`)).body).toMatchObject({ id, status: 'cancelled' })
    expect(await reason('POST', events, { id, ...event('B') })).toEqual([409, 'duplicate'])
    expect(await reason('GET', `${events}/nothing`)).toEqual([404, 'notFound'])
    expect(await reason('POST', events, { ...event('A'), end: { date: '2026-11-10' } })).toEqual([400, 'invalid'])
    expect(
      await reason('POST', events, {
        start: { dateTime: '2026-11-10T10:00:00' },
        end: { dateTime: '2026-11-10T10:00:00' },
      }),
    ).toEqual([400, 'required'])
  })

  test('changes what a patch names, and everything with an update', async () => {
    const { body } = await ask('POST', events, event('A', '10', { location: 'Room 4' }))
    const path = `${events}/${body.id}`
    const patched = await ask('PATCH', path, { summary: 'B' }, { 'if-match': body.etag })
    expect(patched.body).toMatchObject({ summary: 'B', location: 'Room 4' })
    expect(patched.body.etag).not.toBe(body.etag)
    expect((await ask('PATCH', path, { location: null })).body).not.toHaveProperty('location')
    expect((await ask('PUT', path, event('C'))).body).toMatchObject({ id: body.id, summary: 'C' })
  })

  test('tells by a sync token what changed, until the token is expired', async () => {
    await ask('POST', events, event('A'))
    const first = (await ask('GET', events)).body
    const { body } = await ask('POST', events, event('B'))
    await ask('DELETE', `${events}/${body.id}`)
    const next = (await ask('GET', `${events}?syncToken=${first.nextSyncToken}`)).body
    expect(next.items).toEqual([expect.objectContaining({ id: body.id, status: 'cancelled' })])
    expect((await ask('GET', `${events}?syncToken=${first.nextSyncToken}&q=x`)).status).toBe(400)
    google.calendars.epoch++
    const gone = await ask('GET', `${events}?syncToken=${first.nextSyncToken}`)
    expect([gone.status, gone.body.error.errors[0].reason]).toEqual([410, 'fullSyncRequired'])
  })

  test('goes on with a page token for the same question alone', async () => {
    for (const day of ['10', '11', '12']) await ask('POST', events, event(day, day))
    const range = `${events}?singleEvents=true&orderBy=startTime&timeMin=2026-11-01T00:00:00Z&maxResults=2`
    const first = (await ask('GET', range)).body
    expect(first.items.map(({ summary }: { summary: string }) => summary)).toEqual(['10', '11'])
    const second = (await ask('GET', `${range}&pageToken=${first.nextPageToken}`)).body
    expect(second.items).toMatchObject([{ summary: '12' }])
    expect((await ask('GET', `${range}&q=x&pageToken=${first.nextPageToken}`)).status).toBe(400)
  })

  test('lists the dates of a series, each with an id that stays when it is changed', async () => {
    const series = event('Daily', '10', {
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;TZID=Asia/Tokyo:20261111T100000'],
    })
    const { body } = await ask('POST', events, series)
    const all = (await ask('GET', `${events}/${body.id}/instances`)).body.items
    expect(all.map(({ id }: { id: string }) => id)).toEqual([
      `${body.id}_20261110T010000Z`,
      `${body.id}_20261112T010000Z`,
    ])
    const changed = await ask('PATCH', `${events}/${all[1].id}`, { summary: 'Other' })
    expect(changed.body).toMatchObject({
      id: all[1].id,
      recurringEventId: body.id,
      originalStartTime: all[1].originalStartTime,
    })
    const listed = (await ask('GET', `${events}?singleEvents=true&orderBy=startTime`)).body.items
    expect(listed.map(({ summary }: { summary: string }) => summary)).toEqual(['Daily', 'Other'])
  })
})
