// What is done on one app server is in force on the other at the very next request, by bearer and by session alike.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram, Person, signIn, type TokenAnswer } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { knock } from './oauth-bench.js'

let app: TestApp
let other: Awaited<ReturnType<TestApp['replica']>>
let administrator: Person
let number = 0

beforeAll(async () => {
  app = await startTestApp({ env: { TRUSTED_PROXIES: '1' } })
  other = await app.replica()
  administrator = await app.signedIn('Aki', 'aki@example.test')
})

afterAll(async () => {
  await other?.close()
  await app?.close()
})

let person: Person
let personId: string
let program: OAuthProgram
let tokens: TokenAnswer

beforeEach(async () => {
  number++
  person = new Person([app.url], { 'x-forwarded-for': `198.51.100.${number}` })
  await signIn(person, `Person ${number}`, `person-${number}@example.test`)
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  tokens = await program.authorize(person, 'product:read')
  const [row] = await app.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [
    `person-${number}@example.test`,
  ])
  personId = row?.id ?? ''
  // The other replica knows both already: what it remembers is no reason to go on.
  expect(await statuses()).toEqual({ bearer: 200, session: 200, admin: 403 })
})

/** What the other app server says to the person's program and to their browser. */
async function statuses() {
  const cookie = `sekisho_session=${person.cookie('sekisho_session')}`
  const page = async (path: string) => {
    // Like every replica it goes by the public name.
    const { hostname, port } = new URL(other.url)
    const response = await fetch(`http://${hostname}:${port}${path}`, {
      redirect: 'manual',
      headers: { cookie, accept: 'application/json' },
    })
    await response.body?.cancel()
    return response.status
  }
  const knocked = await knock(other.url, tokens.access_token)
  await knocked.body?.cancel()
  return { bearer: knocked.status, session: await page('/programs'), admin: await page('/admin') }
}

/** An administrator presses a button for the person, on the first app server. */
async function act(name: string): Promise<void> {
  const page = await administrator.open(`/admin/people/${personId}/${name}`)
  const form = page.forms.find(({ action, method }) => method === 'post' && !action.includes('logout'))
  if (!form)
    throw new Error(`no form to ${name} at ${page.url} (${page.status}): ${page.forms.map(({ action }) => action)}`)
  const done = await administrator.submit(page, form)
  if (done.status !== 200) throw new Error(`${name}: ${done.status} at ${done.url}`)
}

describe('at the very next request on the other app server', () => {
  test('a suspended person is refused, by bearer and by session', async () => {
    await act('suspend')
    expect(await statuses()).toEqual({ bearer: 401, session: 401, admin: 401 })
  })

  test('a program that was withdrawn is refused, and the person is not', async () => {
    const page = await person.open('/programs')
    const link = /href="(\/programs\/withdraw[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const question = await person.open(link)
    const form = question.forms.find(({ action }) => action.includes('withdraw'))
    if (!form) throw new Error(`no question at ${question.url} (${question.status})`)
    expect((await person.submit(question, form)).status).toBe(200)
    expect(await statuses()).toEqual({ bearer: 401, session: 200, admin: 403 })
  })

  test('whoever was made administrator is one, and whoever was unmade is none', async () => {
    await act('promote')
    expect(await statuses()).toEqual({ bearer: 200, session: 200, admin: 200 })
    await act('demote')
    expect(await statuses()).toEqual({ bearer: 200, session: 200, admin: 403 })
  })

  test('a session that was ended is none', async () => {
    await act('end-sessions')
    expect(await statuses()).toMatchObject({ bearer: 200, session: 401, admin: 401 })
  })
})
