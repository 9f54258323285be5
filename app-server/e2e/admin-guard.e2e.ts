// Who may see and do what administrators may: they and nobody else, and only as long as they are.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { confirmed, formAt, type SignedIn, signedInAs, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp
let replica: { url: string; close(): Promise<void> }
let boss: SignedIn
let other: SignedIn

const html = { accept: 'text/html' }

beforeAll(async () => {
  app = await startTestApp()
  replica = await app.replica()
  boss = await signedInAs(app, 'Boss', 'administrator')
  await signedInAs(app, 'Second Boss', 'administrator')
  other = await signedInAs(app, 'Other', 'member')
})

afterAll(async () => {
  await replica.close()
  await app.close()
})

const pages = () => [
  '/admin',
  '/admin?span=7d',
  '/admin/figures?span=1h',
  '/admin/people',
  `/admin/people/${other.id}`,
  ...['suspend', 'disable', 'reactivate', 'promote', 'demote', 'end-sessions'].map(
    (act) => `/admin/people/${other.id}/${act}`,
  ),
  `/admin/people/${other.id}/withdraw?program=x`,
  '/admin/clients',
  '/admin/clients/details?client=x',
  '/admin/clients/block?client=x',
  '/admin/clients/unblock?client=x',
  '/admin/clients/withdraw?client=x',
  '/admin/clients/remove-unused',
  '/admin/settings',
]
const acts = () => pages().filter((path) => /\/people\/[^/]+\/|block|withdraw|remove/.test(path))

describe('somebody who is not signed in', () => {
  test('signs in before any page, and comes back to it', async () => {
    for (const path of pages()) {
      const response = await fetch(`${app.url}${path}`, { headers: html, redirect: 'manual' })
      expect([path, response.status, response.headers.get('location')]).toEqual([
        path,
        302,
        `/auth/login?returnTo=${encodeURIComponent(path)}`,
      ])
    }
  })

  test('does nothing', async () => {
    for (const path of acts()) {
      const response = await fetch(`${app.url}${path}`, { method: 'POST', body: new URLSearchParams({ client: 'x' }) })
      expect([path, response.status]).toEqual([path, 401])
    }
  })
})

describe('a member', () => {
  test('sees no page, and is told why and by whom', async () => {
    for (const path of pages()) {
      const page = await other.person.open(path)
      expect([path, page.status]).toEqual([path, 403])
      expect(wordsOf(page)).toContain('These pages are for administrators')
    }
  })

  test('is not led there', async () => {
    expect((await other.person.open('/')).body).not.toContain('href="/admin"')
    expect((await boss.person.open('/')).body).toContain('href="/admin"')
  })

  test('does nothing, also with a good token of their own session', async () => {
    const home = await other.person.open('/')
    const token = formAt(home, '/auth/logout').fields.find(([name]) => name === '_csrf')?.[1] ?? ''
    for (const path of acts()) {
      const body = new URLSearchParams({ _csrf: token, client: 'x', program: 'x' })
      const response = await other.person.request('POST', new URL(path, app.url), body, app.url)
      expect([path, response.status]).toEqual([path, 403])
      expect(await response.text()).toContain('These pages are for administrators')
    }
    expect(await app.sql('SELECT status, role FROM users WHERE id = $1', [other.id])).toEqual([
      { status: 'active', role: 'member' },
    ])
  })
})

describe('an administrator', () => {
  test('does nothing from another site, nor without the form of their session', async () => {
    for (const path of acts()) {
      const url = new URL(path, app.url)
      const wrong = new URLSearchParams({ _csrf: 'x'.repeat(43), client: 'x', program: 'x' })
      expect([path, (await boss.person.request('POST', url, wrong, app.url)).status]).toEqual([path, 403])
      expect([path, (await boss.person.request('POST', url, undefined, app.url)).status]).toEqual([path, 403])
      const question = await boss.person.open(`/admin/people/${other.id}/suspend`)
      const good = new URLSearchParams(formAt(question, `/admin/people/${other.id}/suspend`).fields)
      expect([path, (await boss.person.request('POST', url, good, 'https://evil.example')).status]).toEqual([path, 403])
    }
    expect((await app.sql('SELECT status FROM users WHERE id = $1', [other.id]))[0]).toEqual({ status: 'active' })
  })

  test('whose role is taken away is refused at the next request, on every replica', async () => {
    const former = await signedInAs(app, 'Former', 'administrator')
    const elsewhere = () =>
      fetch(`${replica.url}/admin`, {
        headers: { ...html, cookie: `sekisho_session=${former.person.cookie('sekisho_session')}` },
      })
    expect((await former.person.open('/admin')).status).toBe(200)
    expect((await elsewhere()).status).toBe(200)
    const question = await former.person.open(`/admin/people/${other.id}/suspend`)
    expect((await confirmed(boss.person, `/admin/people/${former.id}/demote`)).status).toBe(200)
    expect((await elsewhere()).status).toBe(403)
    expect((await former.person.open('/admin')).status).toBe(403)
    const tried = await former.person.submit(question, formAt(question, `/admin/people/${other.id}/suspend`))
    expect(tried.status).toBe(403)
    expect((await app.sql('SELECT status FROM users WHERE id = $1', [other.id]))[0]).toEqual({ status: 'active' })
  })

  test('who is suspended is signed out at the next request, on every replica', async () => {
    const former = await signedInAs(app, 'Suspended', 'administrator')
    const cookie = `sekisho_session=${former.person.cookie('sekisho_session')}`
    await confirmed(boss.person, `/admin/people/${former.id}/suspend`)
    for (const url of [app.url, replica.url]) {
      const response = await fetch(`${url}/admin`, { headers: { ...html, cookie }, redirect: 'manual' })
      expect([response.status, response.headers.get('location')]).toEqual([302, '/auth/login?returnTo=%2Fadmin'])
    }
  })
})
