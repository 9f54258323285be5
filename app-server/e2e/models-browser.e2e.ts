// Entering a model's key in a real browser: with and without scripts, on a phone, by keyboard alone; nothing is cut off.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { BrowserBench, hasBrowser, layoutFaults, signInOn, tabTo } from './browser-bench.js'
import { type ModelsBench, openModelsBench } from './models-bench.js'

const inBrowser = hasBrowser('models') ? describe : describe.skip
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true }

inBrowser('in a browser', () => {
  let bench: ModelsBench
  let browser: BrowserBench

  beforeAll(async () => {
    bench = await openModelsBench()
    browser = await BrowserBench.open()
  })

  afterEach(async () => {
    bench.gemini.behave()
    await bench.app.sql(`DELETE FROM credentials WHERE kind = 'model-key'`)
    expect(await browser.endTest()).toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  /** Somebody else each time: what one person may try is limited. */
  let count = 0
  async function arrive(options: BrowserContextOptions = {}, name = `Aki ${++count}`): Promise<Page> {
    const page = await browser.newPage(options)
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.test`
    await signInOn(page, `${bench.app.url}/models`, name, email)
    return page
  }

  test.each([
    ['with scripts', {}],
    ['without scripts', { javaScriptEnabled: false }],
    ['on a phone at night', phone],
  ])('a person enters a wrong key, then the right one, chooses a model and removes it: %s', async (_how, options) => {
    const page = await arrive(options)
    await page.getByText('No model yet').waitFor()
    await page.getByRole('link', { name: 'Add a key' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Add a key: Google Gemini' }).waitFor()
    await page.getByLabel('Key', { exact: true }).fill('AIza-wrong')
    await page.getByRole('button', { name: 'Try and keep' }).click()
    await page.getByText('Google Gemini does not take this key.').waitFor()
    expect(await page.getByLabel('Key', { exact: true }).inputValue()).toBe('')
    await page.getByLabel('Key', { exact: true }).fill(bench.gemini.apiKey)
    await page.getByRole('button', { name: 'Try and keep' }).click()
    await page.getByRole('heading', { level: 1, name: 'Choose the model' }).waitFor()
    expect(await page.getByLabel('Model', { exact: true }).inputValue()).toBe('gemini-3.8-flash')
    await page.getByLabel('Model', { exact: true }).selectOption('gemini-2.5-flash')
    await page.getByLabel('Name').fill('My Gemini')
    await page.getByRole('button', { name: 'Use this model' }).click()
    await page.getByRole('heading', { level: 1, name: 'My Gemini' }).waitFor()
    await page.getByText('0.3 in, 2.5 out').waitFor()
    expect(await page.content()).not.toContain(bench.gemini.apiKey)
    await page.getByRole('button', { name: 'Try the key' }).click()
    await page.getByText('The service takes the key, and the model is there.').waitFor()
    await page.getByRole('link', { name: 'Remove' }).click()
    await page.getByRole('heading', { level: 1, name: 'Remove My Gemini?' }).waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('The key is deleted here.').waitFor()
  })

  test('the keyboard alone is enough', async () => {
    const page = await arrive()
    await tabTo(page, 'Add a key')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Add a key: Google Gemini' }).waitFor()
    await tabTo(page, 'apiKey')
    await page.keyboard.type(bench.gemini.apiKey)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Choose the model' }).waitFor()
    await tabTo(page, 'Use this model')
    await page.keyboard.press('Enter')
    await page.getByText('Rooms that use this key have this model').waitFor()
  })

  test.each([
    ['desk', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
    ['small phone', { width: 320, height: 640 }],
  ])('nothing is cut off or out of reach on a %s, and everything has a name', async (_name, viewport) => {
    const name = `Emi ${viewport.width}`
    const aki = await bench.keeper(name)
    await aki.addGemini(bench.gemini.apiKey)
    await bench.boss.addOwnModel(bench.openAi.baseUrl, bench.openAi.options.apiKey ?? '', '/admin/models')
    const [key] = await aki.keys()
    await bench.app.sql(
      `UPDATE credentials SET label = 'A-rather-long-name-without-any-space-in-it-that-somebody-chose-for-their-key' WHERE id = $1`,
      [key?.id],
    )
    const page = await arrive({ viewport }, name)
    for (const path of [
      '/models',
      '/models/add',
      '/models/add?vendor=openai-compatible',
      `/models/${key?.id}`,
      `/models/${key?.id}/model`,
    ]) {
      await page.goto(`${bench.app.url}${path}`)
      expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toContain('Too many')
      for (const summary of await page.locator('summary').all()) await summary.click()
      expect([path, await layoutFaults(page)]).toEqual([path, []])
    }
    const japanese = await browser.newPage({ viewport, locale: 'ja-JP' })
    await japanese.context().addCookies(await page.context().cookies())
    await japanese.goto(`${bench.app.url}/models/${key?.id}`)
    await japanese.getByText('暗号化して保管（表示されません）').waitFor()
    expect(await layoutFaults(japanese)).toEqual([])
  })
})
