// Authorization in a real browser: asked, allowed, narrowed, denied, withdrawn, with and without scripts.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram } from '@sekisho/testing'
import type { Page } from 'playwright-core'
import { startTestApp, type TestApp } from './app.js'
import { BrowserBench, hasBrowser } from './browser-bench.js'
import { knock } from './oauth-bench.js'

const inBrowser = hasBrowser('authorization') ? describe : describe.skip

inBrowser('in a browser', () => {
  let app: TestApp
  let browser: BrowserBench
  let program: OAuthProgram
  /** Where the program waits for its answer, as a command line client does. */
  let waiting: Server
  let redirectUri: string
  const answers: URLSearchParams[] = []

  beforeAll(async () => {
    app = await startTestApp()
    browser = await BrowserBench.open()
    waiting = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1')
      if (pathname !== '/callback') return response.writeHead(404).end()
      answers.push(searchParams)
      response.end('You can close this window now.')
    })
    await new Promise<void>((resolve) => waiting.listen(0, '127.0.0.1', resolve))
    redirectUri = `http://127.0.0.1:${(waiting.address() as AddressInfo).port}/callback`
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await app?.close()
    waiting?.closeAllConnections()
    await new Promise((resolve) => waiting?.close(resolve))
  })

  beforeEach(async () => {
    program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    answers.length = 0
  })

  afterEach(async () => {
    await app.sql('DELETE FROM users')
    expect(await browser.endTest()).toEqual([])
  })

  /** Opens an authorization request as its program would, and signs in on the way. */
  async function arrive(page: Page, scope: string) {
    const begun = program.begin(scope, { redirect_uri: redirectUri })
    await page.goto(begun.url.href)
    await page.getByLabel('Name').fill('Mika Tanaka')
    await page.getByLabel('E-mail').fill('mika@example.com')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Let “Test program” act for you?' }).waitFor()
    return begun
  }

  function redeem(verifier: string) {
    const code = answers[0]?.get('code') ?? ''
    return program.token({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri })
  }

  test.each([
    ['with scripts', {}],
    ['without scripts', { javaScriptEnabled: false }],
    ['on a phone at night', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true } as const],
  ])('a person allows a program, sees it and withdraws it: %s', async (_how, options) => {
    const page = await browser.newPage(options)
    const { verifier, state } = await arrive(page, 'booking:read booking:create')
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('You can close this window now.').waitFor()
    expect(answers[0]?.get('state')).toBe(state)
    const { body } = await redeem(verifier)
    expect(body.scope).toBe('booking:read booking:create')
    expect((await knock(app.url, body.access_token)).status).toBe(200)

    await page.goto(`${app.url}/programs`)
    await page.getByRole('heading', { name: '“Test program”' }).waitFor()
    await page.getByText('just now').waitFor()
    await page.getByRole('link', { name: /^Withdraw/ }).click()
    await page.getByRole('button', { name: 'Withdraw' }).click()
    await page.getByText('No program acts for you').waitFor()
    expect((await knock(app.url, body.access_token)).status).toBe(401)
  })

  test('a person unticks what the program need not do', async () => {
    const page = await browser.newPage()
    const { verifier } = await arrive(page, 'booking:read booking:create')
    await page.getByLabel('book appointments in your name').uncheck()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('You can close this window now.').waitFor()
    expect((await redeem(verifier)).body.scope).toBe('booking:read')
  })

  test('a person denies it, and the program is told', async () => {
    const page = await browser.newPage()
    await arrive(page, 'booking:read')
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.getByText('You can close this window now.').waitFor()
    expect(answers[0]?.get('error')).toBe('access_denied')
    await page.goto(`${app.url}/programs`)
    await page.getByText('No program acts for you').waitFor()
  })

  test('the keyboard alone is enough', async () => {
    const page = await browser.newPage()
    await arrive(page, 'booking:read')
    await page.getByLabel('see services, free times and your bookings').focus()
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Allow')
    await page.keyboard.press('Enter')
    await page.getByText('You can close this window now.').waitFor()
    expect(answers[0]?.get('code')).toEqual(expect.any(String))
  })

  test('going back after the answer and answering again allows nothing more', async () => {
    const page = await browser.newPage()
    await arrive(page, 'booking:read')
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.getByText('You can close this window now.').waitFor()
    await page.goBack()
    await page.getByText('This request is over').waitFor()
    expect(answers).toHaveLength(1)
  })

  test('another site cannot put the question into a frame of its own', async () => {
    const page = await browser.newPage()
    const { url } = program.begin('booking:read', { redirect_uri: redirectUri })
    await page.route('http://evil.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${url.href.replaceAll('&', '&amp;')}"></iframe>` }),
    )
    await page.goto('http://evil.example/')
    await page.waitForTimeout(1_000)
    const frames = page.frames().slice(1)
    expect(frames).toHaveLength(1)
    expect(await frames[0]?.locator('form').count()).toBe(0)
    // The browser may complain of exactly that.
    await browser.endTest()
  })
})
