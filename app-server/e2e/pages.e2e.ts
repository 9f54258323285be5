// What the settings change about people and their pages, and what every page has.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { Person, signIn } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})

afterAll(() => app.close())

afterEach(async () => {
  await app.sql('DELETE FROM users')
  await app.sql('DELETE FROM sign_in_attempts')
})

describe('settings', () => {
  test('on https the cookie is tied to this host and to TLS', async () => {
    const tls = await startTestApp({ env: { PUBLIC_URL: 'https://sekisho.example' } })
    try {
      const person = new Person([`http://127.0.0.1:${tls.settings.port}`])
      const login = await person.open('/auth/login')
      const fields = { ...Object.fromEntries(login.forms[0]?.fields ?? []), name: 'Mika', email: 'mika@example.com' }
      const target = new URL('/auth/development', login.url)
      const response = await person.request('POST', target, new URLSearchParams(fields), 'https://sekisho.example')
      expect(response.status).toBe(303)
      expect(response.headers.getSetCookie()[0]).toMatch(
        /^__Host-sekisho=[\w-]{43}; .*Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
      )
      expect((await person.open('/')).status).toBe(200)
    } finally {
      await tls.close()
    }
  })

  test('without development sign-in it is neither offered nor there', async () => {
    const off = await startTestApp({ env: { DEV_SIGN_IN: 'false' } })
    try {
      const person = new Person([off.url])
      const login = await person.open('/auth/login')
      expect(login.forms.map(({ action }) => action)).toEqual(['/language'])
      expect(login.body).toContain('Nobody can sign in yet')
      const target = new URL('/auth/development', off.url)
      const body = new URLSearchParams({ name: 'Eve', email: 'eve@example.com' })
      expect((await person.request('POST', target, body, off.url)).status).toBe(404)
    } finally {
      await off.close()
    }
  })

  test('behind a trusted proxy the address is the one it saw, otherwise what a client claims counts for nothing', async () => {
    const claimed = { 'x-forwarded-for': '198.51.100.7' }
    const [row] = await (async () => {
      await signIn(new Person([app.url], claimed), 'Mika', 'mika@example.com')
      return app.sql('SELECT host(address) AS address FROM sessions')
    })()
    expect(row).toEqual({ address: '127.0.0.1' })
    const behind = await startTestApp({ env: { TRUSTED_PROXIES: '1' } })
    try {
      await signIn(new Person([behind.url], claimed), 'Mika', 'mika@example.com')
      await signIn(new Person([behind.url], { 'x-forwarded-for': 'nonsense' }), 'Ken', 'ken@example.com')
      await signIn(new Person([behind.url], { 'x-forwarded-for': '2001:db8:1:2:3:4:5:6' }), 'Aki', 'aki@example.com')
      expect(await behind.sql('SELECT host(address) AS address FROM sessions ORDER BY created_at')).toEqual([
        { address: '198.51.100.7' },
        { address: '0.0.0.0' },
        { address: '2001:db8:1:2:3:4:5:6' },
      ])
      expect(await behind.sql('SELECT network::text FROM sign_in_attempts ORDER BY created_at')).toEqual([
        { network: '198.51.100.7/32' },
        { network: '0.0.0.0/32' },
        { network: '2001:db8:1:2::/64' },
      ])
    } finally {
      await behind.close()
    }
  })
})

describe('every page', () => {
  test('is whole, private and without anything inline', async () => {
    const me = await app.signedIn('Mika')
    const stranger = new Person([app.url])
    const pages = [
      await stranger.open('/auth/login'),
      await stranger.open('/nothing-here'),
      await me.open('/'),
      await me.open('/account/sessions'),
      await me.open('/account/sessions/end?which=all'),
    ]
    for (const page of pages) {
      expect(page.headers.get('cache-control')).toBe('no-store')
      expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self'.*style-src 'self'/)
      expect(page.headers.get('referrer-policy')).toBe('same-origin')
      expect(page.body).not.toMatch(/<style|\sstyle=|\son[a-z]+="|javascript:/i)
      expect(page.body.match(/<h1[\s>]/g)).toHaveLength(1)
      expect(page.body).toMatch(/^<!doctype html><html lang="en">/)
      for (const [, path] of page.body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
        const asset = await fetch(`${app.url}${path}`)
        expect(asset.status).toBe(200)
        expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
        await asset.arrayBuffer()
      }
    }
  })

  test('keeps its forms at home, but for signing in, which can go on to the program it is for', async () => {
    const policyOf = async (person: Person, path: string) =>
      (await person.open(path)).headers.get('content-security-policy')
    const me = await app.signedIn('Mika')
    expect(await policyOf(me, '/account/sessions')).toContain("form-action 'self'")
    const login = await policyOf(new Person([app.url]), '/auth/login')
    expect(login).not.toContain('form-action')
    expect(login).toContain("default-src 'none'")
    expect(login).toContain("frame-ancestors 'none'")
  })

  test('an asset of another version is not found, and nothing else can be read there', async () => {
    for (const name of ['sekisho.css', 'sekisho.000000000000.css', '..%2Fpackage.json', '%2e%2e%2fpackage.json']) {
      expect((await fetch(`${app.url}/assets/${name}`)).status).toBe(404)
    }
  })
})
