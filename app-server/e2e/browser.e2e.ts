// The pages in a real browser: by mouse, by keyboard, on a phone, at night, with and without scripts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { findChromium, launchBrowser, Person, signIn } from '@sekisho/testing'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startTestApp, type TestApp } from './app.js'

const inBrowser = findChromium() ? describe : describe.skip
if (!findChromium()) console.warn('no chromium here: the browser tests of the pages are skipped')

inBrowser('in a browser', () => {
  let app: TestApp
  let browser: Browser
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    app = await startTestApp()
    browser = await launchBrowser()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    await app.sql('DELETE FROM users')
    expect(complaints.splice(0)).toEqual([])
  })

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo', ...options })
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text())
    })
    return page
  }

  async function signInAt(page: Page, path = '/', name = 'Mika Tanaka', email = 'mika@example.com'): Promise<void> {
    await page.goto(`${app.url}${path}`)
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${app.url}${path}`)
  }

  test('a person signs in, comes back to where they were, and signs out', async () => {
    const page = await newPage()
    await page.goto(`${app.url}/account/sessions?done=others`)
    expect(new URL(page.url()).pathname).toBe('/auth/login')
    await signInAt(page, '/account/sessions?done=others')
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByRole('heading', { level: 1, name: 'Welcome, Mika Tanaka' }).waitFor()
    await page.getByRole('button', { name: 'Account Mika Tanaka' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
    await page.goBack()
    await page.reload()
    expect(new URL(page.url()).pathname).toBe('/auth/login')
  })

  test('a person signs in with the keyboard alone, and sees where they are', async () => {
    const page = await newPage()
    await page.goto(`${app.url}/account/sessions`)
    expect(await page.locator(':focus').getAttribute('name')).toBe('name')
    await page.keyboard.type('Mika')
    await page.keyboard.press('Tab')
    await page.keyboard.type('mika@example.com')
    const outline = await page.locator(':focus').evaluate((focused) => {
      const style = focused.ownerDocument.defaultView.getComputedStyle(focused)
      return { style: style.outlineStyle, width: Number.parseFloat(style.outlineWidth) }
    })
    expect(outline).toEqual({ style: 'solid', width: 3 })
    await page.keyboard.press('Enter')
    await page.waitForURL(`${app.url}/account/sessions`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').getAttribute('id')).toBe('content')
  })

  test('a person ends all other sessions, then all', async () => {
    const page = await newPage()
    await signInAt(page, '/account/sessions')
    const elsewhere = new Person([app.url])
    await signIn(elsewhere, 'Mika Tanaka', 'mika@example.com')
    await page.reload()
    await page.getByRole('link', { name: 'End all others' }).click()
    await page.getByText('This ends one session.').waitFor()
    await page.getByRole('button', { name: 'End the others' }).click()
    await page.getByText('You are now signed in only here').waitFor()
    expect((await elsewhere.open('/')).url.pathname).toBe('/auth/login')
    await signIn(elsewhere, 'Mika Tanaka', 'mika@example.com')
    await page.reload()
    await page.getByRole('link', { name: 'End all', exact: true }).click()
    await page.getByRole('button', { name: 'End all sessions' }).click()
    await page.waitForURL(`${app.url}/auth/login?done=signed-out`)
    expect((await elsewhere.open('/')).url.pathname).toBe('/auth/login')
  })

  test('the address and the commands are copied by one press', async () => {
    const page = await newPage({ permissions: ['clipboard-read', 'clipboard-write'] })
    await signInAt(page)
    const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()')
    await page.getByRole('button', { name: 'Copy Your address' }).click()
    await page.getByText('Copied').first().waitFor()
    expect(await clipboard()).toBe(app.settings.mcpUrl)
    await page.locator('#claude-code').getByRole('button').click()
    expect(await clipboard()).toBe(`claude mcp add --transport http sekisho ${app.settings.mcpUrl}`)
    await page.locator('#vs-code summary').click()
    expect(await page.locator('#claude-code').getAttribute('open')).toBeNull()
    await page.locator('#vs-code').getByRole('button').click()
    const added = /^code --add-mcp '(.*)'$/.exec(await clipboard())?.[1] ?? ''
    expect(JSON.parse(added)).toEqual({ name: 'sekisho', type: 'http', url: app.settings.mcpUrl })
    const link = await page.locator('#vs-code a').getAttribute('href')
    expect(JSON.parse(decodeURIComponent(link?.replace('vscode:mcp/install?', '') ?? ''))).toEqual(JSON.parse(added))
    const cursor = new URL((await page.locator('#cursor a').getAttribute('href')) ?? '')
    expect(JSON.parse(Buffer.from(cursor.searchParams.get('config') ?? '', 'base64').toString())).toEqual({
      url: app.settings.mcpUrl,
    })
  })

  test('everything works without scripts', async () => {
    const page = await newPage({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } })
    await signInAt(page, '/account/sessions')
    expect(await page.locator('time').first().textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC$/)
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.locator('[data-copy]').first().isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${app.url}/auth/login?done=signed-out`)
  })

  test('the menu is open and closed by the keyboard, and gives the focus back', async () => {
    const page = await newPage()
    await signInAt(page, '/account/sessions')
    const account = page.getByRole('button', { name: 'Account Mika Tanaka' })
    const here = page.getByRole('link', { name: 'Sessions', exact: true })
    expect(await here.isVisible()).toBe(false)
    expect(await account.getAttribute('aria-current')).toBe('true')
    await account.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await here.evaluate((link) => link.matches(':focus'))).toBe(true)
    expect(await here.getAttribute('aria-current')).toBe('page')
    await page.keyboard.press('Escape')
    expect(await here.isVisible()).toBe(false)
    expect(await account.evaluate((button) => button.matches(':focus'))).toBe(true)
    await account.click()
    await page.getByRole('heading', { level: 1 }).click()
    expect(await here.isVisible()).toBe(false)
  })

  test('times are told in the reader’s own time zone where scripts run', async () => {
    const page = await newPage()
    await signInAt(page, '/account/sessions')
    await app.sql(`UPDATE sessions SET created_at = (now() AT TIME ZONE 'UTC')::date + time '03:04' - interval '1 day'`)
    await page.reload()
    expect(await page.locator('time[data-moment]').first().textContent()).toMatch(/12:04/)
  })

  test.each([
    ['desk', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
    ['small phone', { width: 320, height: 640 }],
  ])('nothing is cut off or out of reach on a %s', async (_name, viewport) => {
    const page = await newPage({ viewport })
    for (const path of ['/auth/login', '/', '/account/sessions', '/account/sessions/end?which=all', '/nothing-here']) {
      await page.goto(`${app.url}${path}`)
      if (new URL(page.url()).pathname === '/auth/login' && path === '/') await signInAt(page)
      const faults = await page.locator('html').evaluate((html) => {
        const wide = html.scrollWidth > html.clientWidth
        const small = [...html.querySelectorAll('button, .button, input:not([type=hidden]), summary')]
          .filter((element) => element.checkVisibility())
          .filter((element) => element.getBoundingClientRect().height < 40)
        return [...(wide ? ['wider than the screen'] : []), ...small.map((element) => element.outerHTML.slice(0, 80))]
      })
      expect([path, faults]).toEqual([path, []])
    }
  })

  test('at night the page is dark and the text light', async () => {
    const brightness = async (colorScheme: 'light' | 'dark') => {
      const page = await newPage({ colorScheme })
      await page.goto(`${app.url}/auth/login`)
      return page.locator('html').evaluate((html) => {
        const sum = (color: string) =>
          (color.match(/\d+/g) ?? []).slice(0, 3).reduce((all, part) => all + Number(part), 0)
        const { backgroundColor, color } = html.ownerDocument.defaultView.getComputedStyle(html)
        return { ground: sum(backgroundColor), text: sum(color) }
      })
    }
    const [day, night] = [await brightness('light'), await brightness('dark')]
    expect(day.ground).toBeGreaterThan(600)
    expect(day.text).toBeLessThan(150)
    expect(night.ground).toBeLessThan(150)
    expect(night.text).toBeGreaterThan(600)
  })

  test('every input has a label, every control a name, every id stands once, headings skip no level', async () => {
    const page = await newPage()
    for (const path of ['/auth/login', '/', '/account/sessions', '/account/sessions/end?which=all', '/nothing-here']) {
      await page.goto(`${app.url}${path}`)
      if (new URL(page.url()).pathname === '/auth/login' && path === '/') await signInAt(page)
      const faults = await page.locator('html').evaluate((html) => {
        const found: string[] = []
        for (const input of html.querySelectorAll('input:not([type=hidden]), select, textarea')) {
          if (!input.labels?.length) found.push(`no label: ${input.name}`)
        }
        for (const control of html.querySelectorAll('a, button, summary')) {
          const name = control.getAttribute('aria-label') ?? control.textContent ?? ''
          if (!name.trim()) found.push(`no name: ${control.outerHTML.slice(0, 80)}`)
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
