// What the browser tests share: pages of a real browser whose complaints fail the test, signing in, the keyboard, the layout.
import { findChromium, launchBrowser } from '@sekisho/testing'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'

export class BrowserBench {
  private readonly contexts: BrowserContext[] = []
  private readonly complaints: string[] = []

  private constructor(private readonly browser: Browser) {}

  static async open(): Promise<BrowserBench> {
    return new BrowserBench(await launchBrowser())
  }

  /** A page with cookies of its own. Faults of its scripts and of its content security policy are remembered. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ locale: 'en-GB', ...options })
    this.contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.complaints.push(message.text())
    })
    return page
  }

  /** Closes the pages of one test and gives what they complained of. */
  async endTest(): Promise<string[]> {
    for (const context of this.contexts.splice(0)) await context.close()
    return this.complaints.splice(0)
  }

  async close(): Promise<void> {
    await this.browser.close()
  }
}

/** Whether there is a browser; says what is skipped where there is none. */
export function hasBrowser(what: string): boolean {
  const found = findChromium() !== undefined
  if (!found) console.warn(`no chromium here: the browser tests of ${what} are skipped`)
  return found
}

/** Opens an address, signs in on the way, and is where the address leads. */
export async function signInOn(page: Page, address: string, name: string, email: string): Promise<void> {
  await page.goto(address)
  await signInHere(page, name, email)
}

/** Signs in where the page asks for it, in whatever language. */
export async function signInHere(page: Page, name: string, email: string): Promise<void> {
  await page.locator('input[name=name]').fill(name)
  await page.locator('input[name=email]').fill(email)
  await page.locator('form[action="/auth/development"] button').click()
}

/** Remembers from now on what screen readers are told on the pages that are opened here. */
export async function announcementsOn(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(`
    globalThis.announced = []
    new MutationObserver((records) => {
      for (const { target } of records) {
        const place = (target.closest ? target : target.parentElement)?.closest('[role=status], [role=alert]')
        const words = place?.textContent.trim()
        if (words && announced.at(-1) !== words) announced.push(words)
      }
    }).observe(document, { subtree: true, childList: true, characterData: true })`)
  return () => page.evaluate<string[]>('announced')
}

/** Presses Tab until what has the focus is called so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    // Behind the last one the focus is outside the page for one press.
    if ((await page.locator(':focus').count()) === 0) continue
    const focused = await page.locator(':focus').evaluate((element) => {
      const label = element.getAttribute('aria-label') ?? element.textContent ?? ''
      return label.trim() || (element.getAttribute('name') ?? '')
    })
    if (focused === name) return
  }
  throw new Error(`"${name}" is not reached by the Tab key at ${page.url()}`)
}

/** What reaches beyond the edge of the screen, and is in nothing that scrolls by itself; cut off or not. */
export function overhanging(within: Locator): Promise<string[]> {
  return within.evaluate((root) => {
    const { clientWidth } = root.ownerDocument.documentElement
    const view = root.ownerDocument.defaultView
    const found: string[] = []
    for (const element of root.querySelectorAll('*')) {
      if (!element.checkVisibility() || element.closest('.visually-hidden')) continue
      const over = element.getBoundingClientRect().right - clientWidth
      if (over < 1) continue
      let above = element.parentElement
      while (above && !/auto|scroll/.test(view?.getComputedStyle(above).overflowX ?? '')) above = above.parentElement
      if (!above) found.push(`${Math.round(over)} px: ${element.outerHTML.slice(0, 80)}`)
    }
    return found
  })
}

/** What is cut off, too small to touch, nameless, or out of order on a page. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.locator('html').evaluate((html) => {
    const found: string[] = html.scrollWidth > html.clientWidth ? ['wider than the screen'] : []
    for (const control of html.querySelectorAll('button, .button, input:not([type=hidden]), select, summary')) {
      // What is far from the screen is not laid out yet, and has no size.
      if (!control.checkVisibility({ contentVisibilityAuto: true })) continue
      const box = control.closest('.choice') ?? control
      if (box.getBoundingClientRect().height < 40) found.push(`small: ${control.outerHTML.slice(0, 80)}`)
    }
    for (const input of html.querySelectorAll('input:not([type=hidden]), select')) {
      if (!input.labels?.length) found.push(`no label: ${input.name}`)
    }
    for (const control of html.querySelectorAll('a, button, summary')) {
      const name = control.getAttribute('aria-label') ?? control.textContent ?? ''
      if (!name.trim()) found.push(`no name: ${control.outerHTML.slice(0, 80)}`)
    }
    const ids = [...html.querySelectorAll('[id]')].map(({ id }) => id)
    found.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`))
    const levels = [...html.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1]))
    levels.forEach((level, index) => {
      if (level > (levels[index - 1] ?? 0) + 1) found.push(`h${level} after h${levels[index - 1]}`)
    })
    return found
  })
}
