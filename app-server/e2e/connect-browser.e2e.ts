// Connecting in a real browser: there and back, denied, again, disconnected; by keyboard, on a phone, without scripts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { BrowserBench, hasBrowser, layoutFaults, signInOn, tabTo } from './browser-bench.js'
import { type ConnectBench, openConnectBench } from './connect-bench.js'
import { akisAccount, akisOtherAccount } from './connected-provider.js'

const inBrowser = hasBrowser('connections') ? describe : describe.skip
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true }

inBrowser('in a browser', () => {
  let bench: ConnectBench
  let browser: BrowserBench
  let url: string

  beforeAll(async () => {
    bench = await openConnectBench()
    browser = await BrowserBench.open()
    url = bench.app.url
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  afterEach(async () => {
    bench.service.behave()
    await bench.app.sql('DELETE FROM connections')
    expect(await browser.endTest()).toEqual([])
  })

  async function arrive(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options)
    await signInOn(page, `${url}${path}`, 'Aki Tanaka', 'aki@example.test')
    return page
  }

  /** Answers at the service. */
  async function answer(page: Page, choice: 'Allow' | 'Deny', account = akisAccount): Promise<void> {
    await page.getByRole('heading', { level: 1, name: /^Allow|access/ }).waitFor()
    await page.locator('select[name=account], input[name=account]').first().waitFor()
    const select = page.locator('select[name=account]')
    if ((await select.count()) > 0) await select.selectOption(account.id)
    else await page.locator(`input[name=account][value="${account.id}"]`).check()
    await page.getByRole('button', { name: choice }).click()
  }

  test.each([
    ['with scripts', {}],
    ['without scripts', { javaScriptEnabled: false }],
    ['on a phone at night', phone],
  ])('a person connects, connects again and disconnects: %s', async (_how, options) => {
    const page = await arrive('/connections', options)
    await page.getByRole('link', { name: 'Connect Boxes, for Boxes' }).click()
    await page.getByRole('heading', { level: 1, name: 'Connect Boxes' }).waitFor()
    expect(await page.getByLabel('see what is in your boxes').isChecked()).toBe(true)
    expect(await page.getByLabel('put things into your boxes').isChecked()).toBe(false)
    await page.getByRole('button', { name: 'Continue to Boxes' }).click()
    await answer(page, 'Allow')
    await page.getByText('is ready for the programs you allow').waitFor()
    await page.getByText('Not allowed').waitFor()

    await page.getByRole('link', { name: 'Allow more for aki@clouds.example' }).click()
    await page.getByRole('heading', { level: 1, name: 'Allow more for aki@clouds.example' }).waitFor()
    await page.getByRole('button', { name: 'Continue to Boxes' }).click()
    await answer(page, 'Allow')
    await page.getByText('works again').waitFor()
    expect(await page.getByText('Not allowed').count()).toBe(0)

    await bench.app.sql(`UPDATE connections SET status = 'reconnect-needed', status_reason = 'grant-gone'`)
    await page.goto(`${url}/connections`)
    await page.getByText('Boxes says that its access was withdrawn or has expired').waitFor()
    await page.getByRole('link', { name: 'Reconnect aki@clouds.example' }).click()
    await page.getByRole('button', { name: 'Continue to Boxes' }).click()
    await answer(page, 'Allow', akisOtherAccount)
    await page.getByRole('heading', { level: 1, name: 'That is another account' }).waitFor()
    await page.getByRole('link', { name: 'Choose aki@clouds.example' }).click()
    await page.getByRole('button', { name: 'Continue to Boxes' }).click()
    await answer(page, 'Allow')
    await page.getByText('works again').waitFor()

    await page.getByRole('link', { name: 'Disconnect aki@clouds.example of Boxes' }).click()
    await page.getByRole('heading', { level: 1, name: 'Disconnect aki@clouds.example?' }).waitFor()
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('Boxes confirmed that the access has ended there too').waitFor()
    await page.getByText('No account connected').waitFor()
  })

  test('a person who came by a link of a tool says no, then yes, and is told to go back to the program', async () => {
    const page = await arrive('/connections/box/connect?scopes=box:write')
    await page.getByRole('button', { name: 'Continue to Boxes' }).click()
    await answer(page, 'Deny')
    await page.getByRole('heading', { level: 1, name: 'You did not allow it' }).waitFor()
    await page.getByRole('link', { name: 'Try again' }).click()
    expect(await page.getByLabel('put things into your boxes').isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Continue to Boxes' }).click()
    await answer(page, 'Allow')
    await page.getByText('You can go back to your program').waitFor()
  })

  test('the keyboard alone is enough', async () => {
    const page = await arrive('/connections')
    await tabTo(page, 'Connect Boxes, for Boxes')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Connect Boxes' }).waitFor()
    await tabTo(page, 'scopes')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await page.getByLabel('put things into your boxes').isChecked()).toBe(true)
    await tabTo(page, 'Continue to Boxes')
    await page.keyboard.press('Enter')
    await answer(page, 'Allow')
    await page.getByText('is ready for the programs you allow').waitFor()
    await tabTo(page, 'Disconnect aki@clouds.example of Boxes')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Disconnect aki@clouds.example?' }).waitFor()
    await tabTo(page, 'Disconnect')
    await page.keyboard.press('Enter')
    await page.getByText('No account connected').waitFor()
  })

  test('an administrator enters a client, and what stood in its way is gone', async () => {
    await bench.app.sql(`DELETE FROM credentials WHERE provider = 'crate'`)
    const page = await browser.newPage()
    await signInOn(page, `${url}/connections`, 'Boss', 'boss@example.test')
    await page.getByRole('link', { name: 'Set up Crates' }).click()
    await page.getByRole('heading', { level: 1, name: 'Crates' }).waitFor()
    await page.getByText(`${url}/connections/crate/callback`).waitFor()
    await page.getByLabel('Client id').fill('crate-client')
    await page.getByLabel('Client secret').fill('crate-secret')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.getByText('People can connect their accounts through it from now on').waitFor()
    await page.goto(`${url}/connections`)
    await page.getByRole('link', { name: 'Connect Crates, for Crates' }).waitFor()
  })

  test.each([
    ['desk', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
    ['small phone', { width: 320, height: 640 }],
  ])('nothing is cut off or out of reach on a %s, and everything has a name', async (_name, viewport) => {
    const aki = await bench.traveller('Boss', 'boss@example.test')
    await aki.connect({ account: akisAccount })
    await aki.connect({ account: akisOtherAccount })
    const [first, second] = await aki.connections()
    await bench.app.sql(
      `UPDATE connections SET status = 'reconnect-needed', status_reason = 'grant-gone',
              label = 'a.rather.long.address.of.somebody@a-rather-long-name-of-an-organisation.example' WHERE id = $1`,
      [second?.id],
    )
    const page = await browser.newPage({ viewport })
    await signInOn(page, `${url}/connections`, 'Boss', 'boss@example.test')
    const paths = [
      '/connections',
      '/connections/box/connect',
      `/connections/box/connect?account=${second?.id}`,
      `/connections/connected?connection=${first?.id}&scopes=box:write`,
      '/connections/box/callback?state=x',
      `/connections/${second?.id}/disconnect`,
      '/connections/box/client',
      '/admin/credentials',
      '/admin/credentials/box',
      '/admin/credentials/crate',
      '/admin/credentials/box/client/remove',
    ]
    for (const path of paths) {
      await page.goto(`${url}${path}`)
      expect([path, await layoutFaults(page)]).toEqual([path, []])
    }
  })
})
