// A person sees what may act for them and withdraws it; nobody else does.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Page, type Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf, knock } from './oauth-bench.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})

afterAll(() => app.close())

/** Follows a link of the page by its address, then presses the one button of the question. */
async function withdraw(person: Person, query: string): Promise<Page> {
  const question = await person.open(`/programs/withdraw?${query}`)
  const form = question.forms.find(({ action }) => action === '/programs/withdraw')
  if (!form) throw new Error(`no question at ${question.url}`)
  return person.submit(question, form)
}

test('somebody without programs is told how to connect one', async () => {
  const page = await (await app.signedIn('Empty Handed')).open('/programs')
  expect(page.body).toContain('No program acts for you')
})

test('somebody who is not signed in signs in first', async () => {
  const response = await fetch(`${app.url}/programs`, { headers: { accept: 'text/html' }, redirect: 'manual' })
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('/auth/login?returnTo=%2Fprograms')
  expect((await fetch(`${app.url}/programs`, { headers: { accept: 'application/json' } })).status).toBe(401)
})

describe('somebody with programs', () => {
  let aki: Person
  let program: OAuthProgram

  beforeAll(async () => {
    aki = await app.signedIn('Aki Tanaka')
    program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  })

  test('sees what each may do, since when and how lately', async () => {
    const tokens = await program.authorize(aki, 'booking:read order:create')
    let page = await aki.open('/programs')
    for (const words of ['Test program', 'see services', 'a program on your computer', 'not yet', 'makes changes']) {
      expect(page.body).toContain(words)
    }
    await knock(app.url, tokens.access_token)
    page = await aki.open('/programs')
    expect(page.body).toContain('just now')
  })

  test('withdraws one authorization: its tokens are refused at the next call, others go on', async () => {
    const first = await program.authorize(aki, 'booking:read')
    const second = await program.authorize(aki, 'booking:read')
    const page = await withdraw(aki, `authorization=${claimsOf(first.access_token).grant_id}`)
    expect(page.url.search).toBe('?done=withdrawn')
    expect(page.body).toContain('It can no longer act for you')
    expect((await knock(app.url, first.access_token)).status).toBe(401)
    expect((await program.refresh(first.refresh_token ?? '')).body.error).toBe('invalid_grant')
    expect((await knock(app.url, second.access_token)).status).toBe(200)
  })

  test('withdraws a whole program', async () => {
    const tokens = [await program.authorize(aki, 'booking:read'), await program.authorize(aki, 'product:read')]
    await withdraw(aki, `program=${encodeURIComponent(program.clientId)}`)
    for (const { access_token: token } of tokens) expect((await knock(app.url, token)).status).toBe(401)
    expect((await aki.open('/programs')).body).toContain('No program acts for you')
    // It may ask again, like anybody.
    expect((await knock(app.url, (await program.authorize(aki, 'booking:read')).access_token)).status).toBe(200)
  })

  test('is asked before anything is withdrawn, and a link alone withdraws nothing', async () => {
    const tokens = await program.authorize(aki, 'booking:read')
    const question = await aki.open(`/programs/withdraw?authorization=${claimsOf(tokens.access_token).grant_id}`)
    expect(question.body).toContain('Withdraw the access of')
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test('does not see or withdraw what belongs to another', async () => {
    const tokens = await program.authorize(aki, 'booking:read')
    const grantId = claimsOf(tokens.access_token).grant_id as string
    const mika = await app.signedIn('Mika Sato')
    expect((await mika.open('/programs')).body).not.toContain('Test program')
    expect((await mika.open(`/programs/withdraw?authorization=${grantId}`)).url.search).toBe('?done=gone')
    const own = await program.authorize(mika, 'booking:read')
    const question = await mika.open(`/programs/withdraw?authorization=${claimsOf(own.access_token).grant_id}`)
    const form = question.forms.find(({ action }) => action === '/programs/withdraw')
    if (!form) throw new Error('no form')
    const page = await mika.submit(question, form, { authorization: grantId })
    expect(page.url.search).toBe('?done=gone')
    await mika.submit(question, form, { authorization: undefined, program: program.clientId })
    expect((await knock(app.url, own.access_token)).status).toBe(401)
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test('cannot be made to withdraw by another site or without the form of their session', async () => {
    const tokens = await program.authorize(aki, 'booking:read')
    const body = new URLSearchParams({ program: program.clientId })
    const url = new URL('/programs/withdraw', app.url)
    expect((await aki.request('POST', url, body, 'https://evil.example')).status).toBe(403)
    expect((await aki.request('POST', url, body, app.url)).status).toBe(403)
    expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  })

  test.each([
    '',
    'authorization=',
    'authorization=a%00b',
    `authorization=${'x'.repeat(65)}`,
    'authorization=a&program=b',
    'authorization=a&authorization=b',
    'program=%C3%A9',
  ])('who asks in a way we do not understand is told how: %s', async (query) => {
    expect((await aki.open(`/programs/withdraw?${query}`)).status).toBe(400)
  })
})
