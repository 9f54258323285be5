// A person's way from "connect first" to their own data: an MCP client's link, a real browser, a service's consent, and back.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { BrowserBench, hasBrowser, signInHere } from '../../app-server/e2e/browser-bench.js'
import { ClientProgram, type SdkKind, type ToolAnswer } from './client-program.js'
import { askFor, type ConnectedStack, consentOn, type Newcomer, startConnectedStack } from './connections-bench.js'

const inBrowser = hasBrowser('the journeys of connecting') ? describe : describe.skip

const kinds: readonly SdkKind[] = ['SDK v2 pinned to 2026-07-28', 'SDK v1']

inBrowser('a client whose person has connected nothing', () => {
  let at: ConnectedStack
  let browser: BrowserBench

  beforeAll(async () => {
    at = await startConnectedStack()
    browser = await BrowserBench.open()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await at?.close()
  })

  afterEach(async () => {
    expect(await browser.endTest()).toEqual([])
  })

  /** The link is opened in a browser that is signed in nowhere. */
  async function openAndSignIn(link: string, newcomer: Newcomer): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(link)
    await signInHere(page, 'Somebody', newcomer.email)
    await page.getByRole('heading', { level: 1, name: /Connect/ }).waitFor()
    return page
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
      await consentOn(page, newcomer.accounts.gcal, 'Deny')
      expect(await page.getByRole('main').textContent()).toMatch(/not connected|declined|denied|did not allow/i)
      expect(linkOf(await call(), 'no-account')).toBe(link)

      // They think better of it: the very next call has their events, and nobody else's.
      await page.goto(link)
      await consentOn(page, newcomer.accounts.gcal, 'Allow')
      await page.getByRole('heading', { level: 1, name: /connected/i }).waitFor()
      const answer = await call()
      expect(answer.isError ?? false).toBe(false)
      expect(JSON.stringify(answer.structuredContent)).toContain(newcomer.secrets.gcal)

      // Access is taken away at Google: the next call says so and leads to the page of this account.
      at.google.oauth.revokeAccount(account)
      const again = linkOf(await call(), 'reconnect-needed')
      expect(again).toContain('account=')
      await page.goto(again)
      await consentOn(page, newcomer.accounts.gcal, 'Allow')
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
      await client.close()
    },
    90_000,
  )

  test('a person who tries a tool on its page is led to connecting, and back to the tool', async () => {
    const newcomer = await at.newcomer()
    const tool = `${at.stack.appServer.url}/api/docs/gcal.list_events`
    const page = await browser.newPage()
    await page.goto(tool)
    await signInHere(page, 'Somebody', newcomer.email)
    await page.getByRole('button', { name: 'Run it' }).click()
    await page.getByRole('link', { name: 'Connect an account' }).click()
    await consentOn(page, newcomer.accounts.gcal, 'Allow')
    expect(page.url()).toBe(tool)
    await page.getByRole('button', { name: 'Run it' }).click()
    await page.getByText('It ran').waitFor()
    expect(await page.getByRole('main').textContent()).toContain(newcomer.secrets.gcal)
  }, 60_000)
})
