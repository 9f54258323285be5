// A person's way from "connect first" to their own data: an MCP client's link, a real browser, a service's consent, and back.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { findChromium, launchBrowser } from '@sekisho/testing'
import type { Browser, Page } from 'playwright-core'
import { ClientProgram, type SdkKind, type ToolAnswer } from './client-program.js'
import { askFor, type ConnectedStack, type Newcomer, startConnectedStack } from './connections-bench.js'

const inBrowser = findChromium() ? describe : describe.skip
if (!findChromium()) console.warn('no chromium here: the journeys of connecting are skipped')

const kinds: readonly SdkKind[] = ['SDK v2 pinned to 2026-07-28', 'SDK v1']

inBrowser('a client whose person has connected nothing', () => {
  let at: ConnectedStack
  let browser: Browser
  const complaints: string[] = []

  beforeAll(async () => {
    at = await startConnectedStack()
    browser = await launchBrowser()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await at?.close()
  })

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([])
  })

  async function newPage(): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text())
    })
    return page
  }

  /** The link is opened in a browser that is signed in nowhere. */
  async function openAndSignIn(link: string, newcomer: Newcomer): Promise<Page> {
    const page = await newPage()
    await page.goto(link)
    await signIn(page, newcomer)
    await page.getByRole('heading', { level: 1, name: /Connect/ }).waitFor()
    return page
  }

  async function signIn(page: Page, { email }: Newcomer): Promise<void> {
    await page.getByLabel('Name').fill('Somebody')
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  async function chooseAtGoogle(page: Page, { accounts }: Newcomer, button: 'Allow' | 'Deny'): Promise<void> {
    await page.getByRole('button', { name: /Continue to/ }).click()
    await page.waitForURL(`${at.google.url}/**`)
    await page.getByLabel('Account').selectOption(accounts.gcal)
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.waitForURL(`${at.stack.appServer.url}/**`)
  }

  /** The link that the client was given, as the model and as a program read it. */
  function linkOf(answer: ToolAnswer, reason: string): string {
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'not-connected', reason } })
    const link = String(answer.structuredContent?.connect_url)
    expect(answer.content[0]?.text).toContain(link)
    expect(new URL(link).origin).toBe(at.stack.appServer.url)
    return link
  }

  test.each(kinds)(
    'is given a link, and the account that is connected there, until it is taken back: %s',
    async (kind) => {
      const newcomer = await at.newcomer()
      const { gcal: account } = newcomer.accounts
      const client = new ClientProgram({ kind, mcpUrl: at.stack.mcpUrl, person: newcomer.browser })
      await client.connect()
      const { name, arguments: given } = askFor.gcal
      const call = () => client.callTool(name, given)
      const link = linkOf(await call(), 'no-account')
      expect(link).toContain('/connections/gcal/connect')

      // They say no at Google: nothing is connected, and they are told so.
      const page = await openAndSignIn(link, newcomer)
      await chooseAtGoogle(page, newcomer, 'Deny')
      expect(await page.getByRole('main').textContent()).toMatch(/not connected|declined|denied|did not allow/i)
      expect(linkOf(await call(), 'no-account')).toBe(link)

      // They think better of it: the very next call has their events, and nobody else's.
      await page.goto(link)
      await chooseAtGoogle(page, newcomer, 'Allow')
      await page.getByRole('heading', { level: 1, name: /connected/i }).waitFor()
      const answer = await call()
      expect(answer.isError ?? false).toBe(false)
      expect(JSON.stringify(answer.structuredContent)).toContain(newcomer.secrets.gcal)

      // Access is taken away at Google: the next call says so and leads to the page of this account.
      at.google.oauth.revokeAccount(account)
      const again = linkOf(await call(), 'reconnect-needed')
      expect(again).toContain('account=')
      await page.goto(again)
      await chooseAtGoogle(page, newcomer, 'Allow')
      await page.getByRole('heading', { level: 1, name: /connected/i }).waitFor()
      expect(JSON.stringify((await call()).structuredContent)).toContain(newcomer.secrets.gcal)
      const [kept] = await at.stack.sql<{ n: number }>(
        'SELECT count(*)::int AS n FROM connections c JOIN users u ON u.id = c.user_id WHERE u.email = $1',
        [newcomer.email],
      )
      expect(kept).toEqual({ n: 1 })

      // They disconnect it: the next call says "connect first", and Google holds no grant of theirs any more.
      await page.goto(`${at.stack.appServer.url}/connections`)
      await page.getByRole('link', { name: /^Disconnect/ }).click()
      await page.getByRole('button', { name: /^Disconnect/ }).click()
      await page.getByRole('heading', { level: 1, name: 'Connections', exact: true }).waitFor()
      expect(linkOf(await call(), 'no-account')).toBe(link)
      expect(at.google.oauth.scopesOf(account)).toEqual([])
      await page.context().close()
      await client.close()
    },
    90_000,
  )

  test('a person who tries a tool on its page is led to connecting, and back to the tool', async () => {
    const newcomer = await at.newcomer()
    const tool = `${at.stack.appServer.url}/api/docs/gcal.list_events`
    const page = await newPage()
    await page.goto(tool)
    await signIn(page, newcomer)
    await page.getByRole('button', { name: 'Run it' }).click()
    await page.getByRole('link', { name: 'Connect an account' }).click()
    await chooseAtGoogle(page, newcomer, 'Allow')
    expect(page.url()).toBe(tool)
    await page.getByRole('button', { name: 'Run it' }).click()
    await page.getByText('It ran').waitFor()
    expect(await page.getByRole('main').textContent()).toContain(newcomer.secrets.gcal)
    await page.context().close()
  }, 60_000)
})
