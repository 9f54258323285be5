// The inbox of approvals in a real browser: what comes while it is open, by keyboard, on a phone, without scripts.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type ApprovalsBench, openApprovalsBench, type ShelfCaller } from './approvals-bench.js'
import { BrowserBench, hasBrowser, layoutFaults, signInOn, tabTo } from './browser-bench.js'

const inBrowser = hasBrowser('approvals') ? describe : describe.skip
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true }
/** For what comes by itself, every few seconds. */
const patient = { timeout: 30_000 }
const long = 'a long line of words '.repeat(200)

inBrowser('in a browser', () => {
  let bench: ApprovalsBench
  let browser: BrowserBench
  let aki: ShelfCaller
  let board: string
  let people = 0

  beforeAll(async () => {
    bench = await openApprovalsBench()
    browser = await BrowserBench.open()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  beforeEach(async () => {
    aki = await bench.caller(`Aki ${++people}`)
    board = randomUUID()
  })

  afterEach(async () => expect(await browser.endTest()).toEqual([]))

  async function arrive(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options)
    await signInOn(page, `${bench.app.url}${path}`, `Aki ${people}`, `aki.${people}@example.test`)
    return page
  }

  const ask = async (given: Record<string, unknown> = { board }) => bench.asked(await bench.clear(aki, given))
  const titleOf = (button: string) => `${button}: Clear the shelf (shelf.clear)`

  test.each([
    ['on a desktop', {}],
    ['on a phone at night', phone],
    ['in Japanese on a phone', { ...phone, locale: 'ja-JP' }],
  ])('the pages hold their layout, with long and odd values: %s', async (_how, options) => {
    await bench.decide(aki.person, (await ask({ board: 'earlier' })).id, 'deny')
    const { id } = await ask({ board: long, options: { quietly: true }, pin: `x${'0'.repeat(99)}` })
    const page = await browser.newPage(options)
    // Signed in by its cookie, whatever the language of the page that does so.
    await page
      .context()
      .addCookies([{ name: 'sekisho_session', value: aki.person.cookie('sekisho_session') ?? '', url: bench.app.url }])
    for (const path of ['/approvals', `/approvals/${id}`, '/approvals/tools']) {
      await page.goto(`${bench.app.url}${path}`)
      expect([path, await layoutFaults(page)]).toEqual([path, []])
      for (const summary of await page.locator('main summary').all()) await summary.click()
      expect([`${path}, unfolded`, await layoutFaults(page)]).toEqual([`${path}, unfolded`, []])
    }
  })

  test('a call that comes while the inbox is open shows up, is read out, and is allowed with one press', async () => {
    const page = await arrive('/approvals')
    await page.getByText('Nothing waits for you', { exact: true }).waitFor()
    await ask()
    await page.getByText(board).waitFor(patient)
    await page.locator('#waiting-said', { hasText: '1 call waits for you.' }).waitFor(patient)
    await page.getByRole('button', { name: titleOf('Allow once') }).click()
    await page.getByText('may be done once, with exactly these arguments').waitFor()
    expect((await bench.clear(aki, { board })).status).toBe(200)
  })

  test('what comes while one is looked at moves nothing and closes nothing', async () => {
    await ask({ board: long })
    const page = await arrive('/approvals')
    await page.locator('main summary').click()
    await page.getByRole('button', { name: titleOf('Deny') }).focus()
    await ask()
    await page.getByText(board).waitFor(patient)
    expect(await page.locator('main details[open]').count()).toBe(1)
    const focused = page.locator(':focus')
    expect(await focused.getAttribute('aria-label')).toBe(titleOf('Deny'))
    await focused.press('Enter')
    await page.getByText('is not done. The program is told so.').waitFor()
    expect((await bench.clear(aki, { board: long })).body).toMatchObject({ code: 'approval-denied' })
    expect((await bench.clear(aki, { board })).body).toMatchObject({ code: 'approval-needed' })
  })

  test('a person decides by the keyboard alone, and changes their mind', async () => {
    const { id } = await ask()
    const page = await arrive(`/approvals/${id}`)
    await tabTo(page, titleOf('Deny'))
    await page.keyboard.press('Enter')
    await page.getByText('For a while you can still change your mind').waitFor()
    await tabTo(page, titleOf('Allow once'))
    await page.keyboard.press('Enter')
    await page.getByText('It may be done once').waitFor()
    expect((await bench.clear(aki, { board })).status).toBe(200)
  })

  test.each([
    ['with scripts', {}],
    ['without scripts', { javaScriptEnabled: false }],
  ])('a person stops being asked about a tool, and begins again: %s', async (_how, options) => {
    await ask()
    const page = await arrive('/approvals', options)
    await page.getByRole('button', { name: titleOf('Allow and do not ask again for this tool') }).click()
    await page.getByText('Nothing waits for you', { exact: true }).waitFor()
    expect((await bench.clear(aki, { board: `${board}!` })).status).toBe(200)
    await page.getByRole('link', { name: 'When to ask' }).click()
    const choice = page.getByLabel('Clear the shelf')
    expect(await choice.inputValue()).toBe('allow')
    await choice.selectOption('Default: ask')
    await page.getByRole('button', { name: 'Keep the choices of Shelf' }).click()
    await page.getByText('Your choices count from the next call on').waitFor()
    await ask({ board: `${board}!` })
  })
})
