// An authorization request belongs to the browser and the session it came with: nobody answers for somebody else.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Page, Person, signIn, submitConsent } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp
let aki: Person
let program: OAuthProgram

beforeAll(async () => {
  app = await startTestApp()
  aki = await app.signedIn('Aki Tanaka')
})

afterAll(() => app.close())

beforeEach(async () => {
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
})

function grants() {
  return app.sql<{ scopes: string[]; client_id: string }>('SELECT * FROM oauth_grants WHERE client_id = $1', [
    program.clientId,
  ])
}

/** The callback a browser was sent to, or the page it stayed on. */
function outcome(page: Page): Record<string, string> {
  return page.status === 0 ? Object.fromEntries(page.url.searchParams) : { page: String(page.status) }
}

describe('a request that began in one browser', () => {
  test('cannot be answered in another: a captured link allows nothing', async () => {
    const victim = await app.signedIn('Vic Tim')
    const attacker = await app.signedIn('Mal Lory')
    const { url } = program.begin('booking:read')
    const started = await attacker.open(url)
    const opened = await victim.open(started.url.pathname)
    expect(opened.status).toBe(400)
    expect(opened.body).toContain('another browser')
    expect(opened.forms.flatMap(({ buttons }) => buttons.map(([, value]) => value))).not.toContain('allow')
    // Not even with a form of their own session.
    const own = await victim.open(program.begin('booking:read').url)
    const form = own.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
    if (!form) throw new Error('no form')
    const forced = await victim.submit(own, { ...form, action: started.url.pathname }, {}, 'allow')
    expect(forced.status).toBe(400)
    expect(await grants()).toEqual([])
  })

  test('cannot be carried on in another by its resume address', async () => {
    const victim = await app.signedIn('Vic Tim Two')
    const { url } = program.begin('booking:read')
    const page = await aki.open(url)
    const uid = page.url.pathname.split('/').at(-1)
    const carried = await victim.open(`/oauth/authorize/${uid}`)
    expect(carried.status).toBe(400)
    expect(carried.body).toContain('This request is over')
  })

  test('is answered once: going back and answering again does nothing', async () => {
    const { url } = program.begin('booking:read')
    const page = await aki.open(url)
    expect(outcome(await submitConsent(aki, page, 'allow'))).toHaveProperty('code')
    const again = await submitConsent(aki, page, 'allow')
    expect(again.status).toBe(400)
    expect(again.body).toContain('This request is over')
    expect(await grants()).toHaveLength(1)
  })

  test('is not answered by a form of an earlier session', async () => {
    const sora = await app.signedIn('Sora Ito')
    const { url } = program.begin('booking:read')
    const page = await sora.open(url)
    await app.sql(`DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE name = 'Sora Ito')`)
    await signIn(sora, 'Someone Else', 'someone@example.test')
    const answered = await submitConsent(sora, page, 'allow')
    expect(answered.status).toBe(403)
    expect(await grants()).toEqual([])
  })

  test('is not answered by another site', async () => {
    const { url } = program.begin('booking:read')
    const page = await aki.open(url)
    const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
    if (!form) throw new Error('no form')
    const body = new URLSearchParams([...form.fields, ['decision', 'allow']])
    const foreign = await aki.request('POST', page.url, body, 'https://evil.example')
    expect(foreign.status).toBe(403)
    body.delete('_csrf')
    expect((await aki.request('POST', page.url, body, app.url)).status).toBe(403)
    expect(await grants()).toEqual([])
  })
})

describe('a session that ends between the answer and the code', () => {
  test.each([
    ['signing out', 'DELETE FROM sessions WHERE user_id = $1'],
    ['being suspended', `UPDATE users SET status = 'suspended' WHERE id = $1`],
  ])('authorizes nothing: %s', async (how, statement) => {
    const person = await app.signedIn(`Leaving ${how}`)
    const { url } = program.begin('booking:read')
    const page = await person.open(url)
    const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
    if (!form) throw new Error('no form')
    const answer = await person.request(
      'POST',
      page.url,
      new URLSearchParams([...form.fields, ['decision', 'allow']]),
      app.url,
    )
    expect(answer.status).toBe(303)
    const [user] = await app.sql<{ id: string }>('SELECT id FROM users WHERE name = $1', [`Leaving ${how}`])
    await app.sql(statement, [user?.id])
    const end = await person.open(answer.headers.get('location') ?? '')
    expect(outcome(end)).toMatchObject({ error: 'access_denied' })
    expect(end.url.searchParams.get('code')).toBeNull()
  })
})
