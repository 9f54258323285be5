// The audit pages in a real browser: followed live, by keyboard, on a phone, and without scripts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { findChromium, launchBrowser } from '@sekisho/testing'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startTestApp, type TestApp } from './app.js'
import { addCalls } from './audit-bench.js'

const inBrowser = findChromium() ? describe : describe.skip

inBrowser('in a browser', () => {
  let app: TestApp
  let browser: Browser
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    app = await startTestApp()
    await app.signedIn('Boss')
    await addCalls(app, 60, 'booking.create')
    browser = await launchBrowser()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    expect(complaints.splice(0)).toEqual([])
  })

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo', ...options })
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text())
    })
    await page.goto(`${app.url}${path}`)
    await page.getByLabel('Name').fill('Boss')
    await page.getByLabel('E-mail').fill('boss@example.test')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${app.url}${path}`)
    return page
  }

  test('what happens shows up by itself while the list is followed, and no longer afterwards', async () => {
    const page = await open('/admin/audit')
    await page.getByRole('button', { name: 'Follow live' }).click()
    await page.getByText('Following.').waitFor()
    await addCalls(app, 1, 'live.one')
    await page.getByRole('link', { name: 'called live.one' }).waitFor()
    const time = await page.locator('#entries time').first().textContent()
    expect(time).not.toContain('UTC')
    await page.getByRole('button', { name: 'Stop following' }).click()
    await addCalls(app, 1, 'live.two')
    await page.waitForTimeout(3_000)
    expect(await page.getByText('live.two').count()).toBe(0)
    await page.getByRole('link', { name: 'Refresh' }).click()
    await page.getByText('live.two').first().waitFor()
  })

  test('following ends when the role does, and the page says so', async () => {
    const page = await open('/admin/audit')
    await page.getByRole('button', { name: 'Follow live' }).click()
    await page.getByText('Following.').waitFor()
    await app.sql(`UPDATE users SET role = 'member' WHERE email = 'boss@example.test'`)
    try {
      await page.getByText('You can no longer follow').waitFor()
    } finally {
      await app.sql(`UPDATE users SET role = 'administrator' WHERE email = 'boss@example.test'`)
    }
    expect(await page.getByRole('button', { name: 'Follow live' }).isVisible()).toBe(true)
  })

  test('an entry is found and read with the keyboard alone', async () => {
    const page = await open('/admin/audit')
    await page.locator('summary').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type('boss@example.test')
    await page.keyboard.press('Enter')
    await page.waitForURL(/person=boss/)
    const link = page.getByRole('link', { name: 'signed in' }).first()
    await link.focus()
    const width = await link.evaluate(
      (element) => element.ownerDocument.defaultView.getComputedStyle(element).outlineWidth,
    )
    expect(width).toBe('3px')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Boss signed in' }).waitFor()
    await page.getByText('It was allowed because').waitFor()
  })

  test('everything but following works without scripts', async () => {
    const page = await open('/admin/audit', { javaScriptEnabled: false })
    expect(await page.getByRole('button', { name: 'Follow live' }).isVisible()).toBe(false)
    await page.getByRole('link', { name: 'Refresh' }).click()
    await page.getByRole('link', { name: 'Older entries' }).click()
    await page.getByRole('link', { name: 'Newest entries' }).click()
    await page.locator('summary').click()
    await page.getByLabel('Tool').fill('booking.create')
    await page.getByLabel('Outcome').selectOption('ok')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.waitForURL(/tool=booking.create&kind=&outcome=ok|tool=booking.create/)
    await page.getByRole('link', { name: 'called booking.create' }).first().click()
    await page.getByRole('heading', { level: 2, name: 'Why' }).waitFor()
  })

  test('a file is saved by one press', async () => {
    const page = await open('/admin/audit')
    const saving = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Export CSV' }).click()
    expect((await saving).suggestedFilename()).toMatch(/^sekisho-audit-\d{4}-\d\d-\d\d\.csv$/)
  })

  test.each([
    ['desk', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
    ['small phone', { width: 320, height: 640 }],
  ])('on a %s nothing is cut off, out of reach, without a name or without a label', async (_name, viewport) => {
    const page = await open('/admin/audit', { viewport })
    const [entry] = await app.sql<{ id: string }>(`SELECT id FROM audit_entries WHERE kind = 'call' LIMIT 1`)
    for (const path of ['', '?from=never&person=nobody', '?tool=no.such', `/${entry?.id}`]) {
      await page.goto(`${app.url}/admin/audit${path}`)
      const faults = await page.locator('html').evaluate((html) => {
        const found = html.scrollWidth > html.clientWidth ? ['wider than the screen'] : []
        for (const element of html.querySelectorAll(
          'main :is(button, .button, input:not([type=hidden]), select, summary)',
        )) {
          if (!element.checkVisibility()) continue
          if (element.getBoundingClientRect().height < 40) found.push(`small: ${element.outerHTML.slice(0, 80)}`)
        }
        for (const input of html.querySelectorAll('input:not([type=hidden]), select')) {
          if (!input.labels?.length) found.push(`no label: ${input.name}`)
        }
        const ids = [...html.querySelectorAll('[id]')].map(({ id }) => id)
        found.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`))
        const levels = [...html.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1]))
        if (levels[0] !== 1) found.push('does not begin with an h1')
        levels.forEach((level, index) => {
          if (level > (levels[index - 1] ?? 1) + 1) found.push(`h${level} after h${levels[index - 1]}`)
        })
        return found
      })
      expect([path, faults]).toEqual([path, []])
    }
  })
})
