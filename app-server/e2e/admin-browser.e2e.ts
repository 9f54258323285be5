// The admin pages in a real browser: by keyboard, on a phone, without scripts, and live.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type SignedIn, signedInAs } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { BrowserBench, hasBrowser, layoutFaults, signInOn, tabTo } from './browser-bench.js'

const inBrowser = hasBrowser('the admin pages') ? describe : describe.skip

inBrowser('in a browser', () => {
  let app: TestApp
  let browser: BrowserBench
  let mika: SignedIn

  beforeAll(async () => {
    app = await startTestApp({ env: { ADMIN_EMAILS: 'boss@example.test' } })
    mika = await signedInAs(app, 'Mika Sato')
    await app.sql(
      `INSERT INTO oauth_clients (id, kind, name, metadata)
       VALUES ('c1', 'registered', 'A program with a rather long name', '{"redirect_uris":["https://x.example/back"]}')`,
    )
    await app.sql(
      `INSERT INTO oauth_grants (id, user_id, client_id, scopes, redirect_uri, expires_at)
       VALUES ('g1', $1, 'c1', '{booking:read}', 'https://x.example/back', now() + interval '1 day')`,
      [mika.id],
    )
    await call('timeout')
    browser = await BrowserBench.open()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  afterEach(async () => {
    await app.sql(`UPDATE users SET status = 'active'`)
    expect(await browser.endTest()).toEqual([])
  })

  async function call(reason?: string): Promise<void> {
    await app.sql(
      `INSERT INTO audit_entries (kind, action, outcome, reason, actor_id, client_id, tool, details, duration_ms)
       VALUES ('call', 'call', $1, $2, $3, 'c1', 'product.get', '{}', 5)`,
      [reason ? 'failed' : 'ok', reason ?? null, mika.id],
    )
  }

  async function signedIn(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options)
    await signInOn(page, `${app.url}${path}`, 'Boss', 'boss@example.test')
    await page.waitForURL(`${app.url}${path}`)
    return page
  }

  const statusOf = async () =>
    (await app.sql<{ status: string }>('SELECT status FROM users WHERE id = $1', [mika.id]))[0]

  test.each([true, false])('a person is found and suspended with the keyboard alone (scripts: %s)', async (scripts) => {
    const page = await signedIn('/admin', { javaScriptEnabled: scripts })
    await tabTo(page, 'People')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${app.url}/admin/people`)
    await tabTo(page, 'text')
    await page.keyboard.type('mika')
    await page.keyboard.press('Enter')
    await page.waitForURL(/text=mika/)
    await tabTo(page, 'Mika Satomika.sato@example.test')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Mika Sato' }).waitFor()
    await tabTo(page, 'Suspend')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Suspend Mika Sato?' }).waitFor()
    expect(await statusOf()).toEqual({ status: 'active' })
    await tabTo(page, 'Suspend')
    await page.keyboard.press('Enter')
    await page.getByText('You can take it back').waitFor()
    expect(await statusOf()).toEqual({ status: 'suspended' })
    await tabTo(page, 'Reactivate')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Reactivate Mika Sato?' }).waitFor()
    await tabTo(page, 'Reactivate')
    await page.keyboard.press('Enter')
    await page.waitForURL(/done=reactivate/)
    expect(await statusOf()).toEqual({ status: 'active' })
  })

  test('the overview shows new calls by itself, keeps what is open, and stands still when paused', async () => {
    const page = await signedIn('/admin?span=15m')
    const calls = () => page.locator('.tile', { hasText: 'Calls' }).first().locator('.tile-value').textContent()
    const before = Number(await calls())
    await page.getByText('The same as a table').click()
    await page.getByText(/every 5 seconds/).waitFor()
    await call()
    await eventually(async () => (await calls()) === String(before + 1), 10_000)
    expect(await page.locator('#figures-table').getAttribute('open')).not.toBeNull()
    expect(await page.locator(':focus').getAttribute('id')).toBe('figures-table-summary')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText(/^Paused at/).waitFor()
    await call()
    await page.waitForTimeout(6_000)
    expect(await calls()).toBe(String(before + 1))
    await page.getByRole('button', { name: 'Go on' }).click()
    await eventually(async () => (await calls()) === String(before + 2), 10_000)
  })

  test('who is suspended while the overview is open is led to sign in by the page itself', async () => {
    const page = await signedIn('/admin?span=15m')
    await app.sql(`DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE email = 'boss@example.test')`)
    await page.waitForURL(/\/auth\/login\?returnTo=%2Fadmin/, { timeout: 10_000 })
  })

  test.each([
    ['desk', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
    ['small phone', { width: 320, height: 640 }],
  ])('nothing is cut off or out of reach on a %s, and everything has a name', async (_name, viewport) => {
    const page = await signedIn('/admin', { viewport })
    for (const path of [
      '/admin',
      '/admin/people',
      '/admin/people?text=nobody',
      `/admin/people/${mika.id}`,
      `/admin/people/${mika.id}/disable`,
      '/admin/clients',
      '/admin/clients/details?client=c1',
      '/admin/clients/block?client=c1',
      '/admin/credentials',
      '/admin/settings',
    ]) {
      await page.goto(`${app.url}${path}`)
      expect([path, await layoutFaults(page)]).toEqual([path, []])
    }
  })
})
