// The pages of the direct API in a real browser: by keyboard alone, on a phone, without scripts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { findChromium, launchBrowser } from '@sekisho/testing'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startTestApp, type TestApp } from './app.js'

const inBrowser = findChromium() ? describe : describe.skip
if (!findChromium()) console.warn('no chromium here: the browser tests of the direct API are skipped')

inBrowser('in a browser', () => {
  let app: TestApp
  let browser: Browser
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    app = await startTestApp({ env: { SAMPLE_DATA: 'true' } })
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

  async function signedIn(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text())
    })
    await page.goto(`${app.url}${path}`)
    await page.getByLabel('Name').fill('Mika Tanaka')
    await page.getByLabel('E-mail').fill('mika@example.com')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${app.url}${path}`)
    return page
  }

  test('a person finds a tool and tries it by keyboard alone', async () => {
    const page = await signedIn('/')
    await page.getByRole('button', { name: 'Account Mika Tanaka' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'API', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Direct API' }).waitFor()
    await page.getByRole('link', { name: 'product.search' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Arguments').focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('{"limit": 2}')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('It ran').waitFor()
    expect(await page.getByRole('figure', { name: 'Result' }).textContent()).toContain('"products"')
    // What was tried stands there still, to be changed and tried again.
    expect(await page.getByLabel('Arguments').inputValue()).toBe('{"limit": 2}')
  })

  test('what it says to paste into the console works there', async () => {
    const page = await signedIn('/api/docs')
    const script = await page.getByRole('figure', { name: 'In this browser’s console' }).locator('code').textContent()
    const result = await page.evaluate(
      `(async () => { ${script?.replace("await (await fetch('/api/tools", "return await (await fetch('/api/tools")} })()`,
    )
    expect(result).toMatchObject({ products: expect.any(Array) })
  })

  test.each(['/api/docs', '/api/docs/booking.create', '/api/docs/order.create'])(
    '%s fits a phone, and needs no scripts',
    async (path) => {
      const page = await signedIn(path, { viewport: { width: 360, height: 740 }, javaScriptEnabled: false })
      const wide = await page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth)
      expect(wide).toBe(0)
    },
  )

  test('without scripts a refused call says why', async () => {
    const page = await signedIn('/api/docs/product.get', { javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Run it' }).click()
    await page.getByRole('alert').getByText('Mend these arguments').waitFor()
  })
})
