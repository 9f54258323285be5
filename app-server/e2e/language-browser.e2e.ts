// The pages in Japanese in a real browser, on a phone: nothing is left in English, and everything has its room.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram } from '@sekisho/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startTestApp, type TestApp } from './app.js'
import { BrowserBench, hasBrowser, layoutFaults, signInOn } from './browser-bench.js'
import { call, holdTurns, newRoom, Scribe, text, waitingCall } from './chat-bench.js'

const inBrowser = hasBrowser('the pages in Japanese') ? describe : describe.skip
const phone: BrowserContextOptions = { viewport: { width: 360, height: 780 }, locale: 'ja-JP', hasTouch: true }

/** Why an answer can fail. */
const failures = [
  ...['no-model', 'session-ended', 'lending-ended', 'not-a-member', 'tools-unavailable', 'internal'],
  ...['key-refused', 'no-permission', 'quota', 'rate-limited', 'overloaded', 'model-gone', 'too-long', 'blocked'],
  ...['bad-request', 'cut', 'unreachable', 'timeout'],
]

/** What stays as it is: names, units, words of the trade that Japanese writes in Latin letters, and what tests put in. */
const kept = new Set(
  [
    'Sekisho sekisho English UTC ms kB MB GB',
    'Google Calendar GitHub Notion Jira Atlassian Cloud Claude Code VS Cursor Gemini CLI ChatGPT Inspector PostgreSQL Node macOS Linux',
    'Prometheus Chrome CSV JSON HTTP HTTPS MCP API OAuth OpenAPI problem RFC URI URL ID ADMIN EMAILS GOOGLE CLIENT SECRET',
    'Authenticate Apps Create app Streamable Connect Webhook internal connection personal access token true false null',
    'Contents Issues Pull requests Actions Metadata Classic Personal repo',
    'Mika Tanaka Boss Test program Ctrl Enter Shift Markdown',
  ].flatMap((line) => line.split(' ')),
)

inBrowser('in Japanese on a phone', () => {
  let app: TestApp
  let browser: BrowserBench
  let ids: { person: string; entry: string; room: string; turn: string }

  beforeAll(async () => {
    app = await startTestApp({ env: { ADMIN_EMAILS: 'boss@example.test' } })
    const mika = await app.signedIn('Mika Tanaka', 'mika@example.test')
    await mika.open('/programs')
    const [person] = await app.sql<{ id: string }>(`SELECT id FROM users WHERE email = 'mika@example.test'`)
    await app.sql(
      `INSERT INTO oauth_clients (id, kind, name, metadata)
       VALUES ('c1', 'registered', 'Test program', '{"redirect_uris":["http://127.0.0.1/callback"]}')`,
    )
    await app.sql(
      `INSERT INTO oauth_grants (id, user_id, client_id, scopes, redirect_uri, expires_at)
       SELECT 'g' || n, $1, 'c1', '{booking:read,order:create}', 'http://127.0.0.1/callback', now() + interval '1 day'
         FROM generate_series(1, 2) AS n`,
      [person?.id],
    )
    await app.sql(
      `INSERT INTO audit_entries (kind, action, outcome, reason, actor_id, client_id, tool, details, duration_ms)
       VALUES ('call', 'call', 'refused', 'insufficient-scope', $1, 'c1', 'product.get',
               '{"scopes_needed": ["product:read"], "scopes_held": []}', 5)`,
      [person?.id],
    )
    const [entry] = await app.sql<{ id: string }>(`SELECT id FROM audit_entries WHERE reason = 'insufficient-scope'`)
    const room = await newRoom(mika, '計画', { providers: 'booking' })
    const turn = await everyKindOfTurn(room, person?.id ?? '')
    ids = { person: person?.id ?? '', entry: entry?.id ?? '', room, turn }
    browser = await BrowserBench.open()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  afterEach(async () => {
    expect(await browser.endTest()).toEqual([])
  })

  /** Answers that came to all ends there are. @returns the id of one with others after it */
  async function everyKindOfTurn(room: string, person: string): Promise<string> {
    await holdTurns(app)
    const scribe = new Scribe(app)
    const turn = (given: Parameters<Scribe['turn']>[2]) =>
      scribe.turn(room, person, { prompt: '予定は?', model: 'Gemini', ...given })
    const failed = (code: string, problem: Record<string, unknown> = {}) =>
      call(0, {
        tool: 'booking.create',
        arguments: {},
        state: 'failed',
        result: '結果',
        problem: { code, ...problem } as never,
      })
    const first = await turn({
      parts: [
        text(0, '考え中', 'thinking'),
        call(1, { tool: 'booking.find_slots', arguments: {}, result: '結果' }),
        text(2, '## 予定\n\n- [x] 会議\n\n```\n計算\n```\n'),
        ...['retrying', 'resumed', 'summarised'].map((code, index) => ({
          idx: 3 + index,
          round: 1,
          kind: 'note' as const,
          data: { code, turns: 3, seconds: 5 },
        })),
      ],
    })
    for (const endReason of ['length', 'safety', 'other'] as const) await turn({ endReason, parts: [text(0, '途中')] })
    for (const endReason of ['person', 'rounds', 'tokens', 'cost', 'time'] as const) {
      await turn({ status: 'stopped', endReason, parts: [text(0, '途中')] })
    }
    for (const code of failures) await turn({ status: 'failed', endReason: 'failure', failure: { code }, parts: [] })
    for (const code of [
      'not-connected',
      'insufficient-scope',
      'rate-limited',
      'timeout',
      'internal',
      'upstream-failed',
    ]) {
      await turn({ parts: [failed(code)] })
    }
    await turn({ status: 'waiting', parts: [waitingCall(0, crypto.randomUUID(), {})] })
    return first
  }

  async function signedIn(email: string, name: string, options = phone): Promise<Page> {
    const page = await browser.newPage(options)
    await signInOn(page, `${app.url}/auth/login`, name, email)
    await page.waitForURL(`${app.url}/`)
    return page
  }

  test.each([
    '/',
    '/programs',
    '/programs?done=withdrawn',
    '/programs/withdraw?program=c1',
    '/connections',
    '/connections/github/connect',
    '/connections/jira/connect',
    '/connections/gcal/connect',
    '/models',
    '/models/add',
    '/models/add?vendor=openai',
    '/approvals',
    '/approvals/tools',
    '/chat',
    '/chat?archived=1',
    '/chat?search=x',
    '/chat/new',
    '/chat/<room>',
    '/chat/<room>/settings',
    '/chat/<room>/delete',
    '/chat/<room>/turns/<turn>/edit',
    '/chat/<room>/turns/<turn>/again',
    '/account/sessions',
    '/account/sessions/end?which=all',
    '/api/docs',
    '/api/docs/booking.create',
    '/nothing-here',
  ])('%s says everything in Japanese and has room for it', async (path) => {
    const page = await signedIn('mika@example.test', 'Mika Tanaka')
    await page.goto(`${app.url}${path.replace('<room>', ids.room).replace('<turn>', ids.turn)}`)
    await page.locator('.chat details').evaluateAll((all) => all.forEach((one) => void one.setAttribute('open', '')))
    expect(await page.locator('html').getAttribute('lang')).toBe('ja')
    expect(await latinWords(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
  })

  test.each([
    '/admin',
    '/admin/people',
    '/admin/people/<person>',
    '/admin/people/<person>?done=end-sessions',
    '/admin/people/<person>/disable',
    '/admin/clients',
    '/admin/clients/details?client=c1',
    '/admin/clients/block?client=c1',
    '/admin/credentials',
    '/admin/credentials/gcal',
    '/admin/credentials/jira',
    '/admin/models/add',
    '/admin/audit',
    '/admin/audit?kind=x',
    '/admin/audit/<entry>',
    '/admin/settings',
  ])('%s says everything in Japanese and has room for it', async (path) => {
    const page = await signedIn('boss@example.test', 'Boss')
    await page.goto(`${app.url}${path.replace('<person>', ids.person).replace('<entry>', ids.entry)}`)
    expect(await page.locator('html').getAttribute('lang')).toBe('ja')
    expect(await latinWords(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
  })

  test('signing in and the question of a program say everything in Japanese and have room for it', async () => {
    const page = await browser.newPage(phone)
    await page.goto(`${app.url}/auth/login`)
    expect(await latinWords(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const question = program.begin('booking:read order:create gcal:read').url.href
    await signInOn(page, question, 'Mika Tanaka', 'mika@example.test')
    await page.getByRole('button', { name: '許可する' }).waitFor()
    expect(await latinWords(page)).toEqual([])
    expect(await layoutFaults(page)).toEqual([])
  })

  test.each([
    ['ja-JP', 960],
    ['ja-JP', 1280],
    ['en-GB', 960],
    ['en-GB', 1280],
  ])(
    'in %s on a desk of %i pixels the navigation is one line, also for an administrator with a long name',
    async (locale, width) => {
      const name = 'Maximiliane von Hohenlohe-Bartenstein'
      const page = await signedIn('boss@example.test', name, { locale, viewport: { width, height: 800 } })
      await page.goto(`${app.url}/admin`)
      expect(await layoutFaults(page)).toEqual([])
      const line = await page.locator('.brand, .menu-places > .nav a, .menu-opener').evaluateAll((places) =>
        places.map((place) => {
          const { top, bottom, right } = place.getBoundingClientRect()
          return { middle: Math.round((top + bottom) / 20), lines: place.getClientRects().length, right }
        }),
      )
      expect(line).toHaveLength(9)
      expect(new Set(line.map(({ middle }) => middle)).size).toBe(1)
      expect(line.every(({ lines, right }) => lines === 1 && right <= width)).toBe(true)
    },
  )

  test.each([360, 800])('on %i pixels all of it is behind one button, and fits', async (width) => {
    const page = await signedIn('boss@example.test', 'Boss', { ...phone, viewport: { width, height: 640 } })
    await page.goto(`${app.url}/admin/audit`)
    const sheet = page.locator('#menu')
    expect(await sheet.isVisible()).toBe(false)
    await page.getByRole('button', { name: 'メニュー' }).click()
    expect(await layoutFaults(page)).toEqual([])
    const links = await sheet
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getBoundingClientRect().height))
    expect(links).toHaveLength(14)
    expect(Math.min(...links)).toBeGreaterThanOrEqual(44)
    const unseen = await sheet.evaluate((menu) => menu.scrollHeight - menu.clientHeight)
    expect(unseen).toBe(0)
    expect(await sheet.locator('[aria-current=page]').textContent()).toBe('監査')
    await page.keyboard.press('Escape')
    expect(await sheet.isVisible()).toBe(false)
  })

  test('the words a page is searched for are found where a page is not in Japanese', async () => {
    const page = await signedIn('mika@example.test', 'Mika Tanaka', { ...phone, locale: 'en-GB' })
    expect((await latinWords(page)).length).toBeGreaterThan(50)
  })

  test.each([true, false])('the language is switched with and without scripts (%s), and back', async (scripts) => {
    const page = await browser.newPage({ javaScriptEnabled: scripts })
    await page.goto(`${app.url}/auth/login?returnTo=%2Fprograms`)
    await page.getByRole('button', { name: '日本語' }).click()
    await page.getByRole('heading', { level: 1, name: 'サインイン' }).waitFor()
    expect(page.url()).toBe(`${app.url}/auth/login?returnTo=%2Fprograms`)
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  })

  test('what scripts say is in Japanese too', async () => {
    const page = await signedIn('boss@example.test', 'Boss')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url })
    await page.locator('.pass button').click()
    await page.locator('.pass').getByText('コピーしました').first().waitFor()
    await page.goto(`${app.url}/admin`)
    await page.getByText(/に更新（\d+秒ごと）$/).waitFor()
    await page.getByRole('button', { name: '一時停止' }).click()
    await page.getByText('に一時停止しました。').waitFor()
    await page.goto(`${app.url}/admin/audit`)
    await page.getByRole('button', { name: 'リアルタイムで表示' }).click()
    await page.getByText('リアルタイムで表示中です').waitFor()
    await page.getByRole('button', { name: 'リアルタイム表示を停止' }).click()
  })

  /** Latin words that people read or hear on a page, without what is kept, code, and what is marked as English. */
  async function latinWords(page: Page): Promise<string[]> {
    const texts = await page.locator('html').evaluate((html) => {
      const found: string[] = []
      // Steps name the buttons of other sites.
      const foreign = 'code, pre, script, textarea, :not(html)[lang="en"], .setting-value, ol.steps'
      const textNodes = 4
      const walker = html.ownerDocument.createTreeWalker(html, textNodes)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!node.parentElement?.closest(foreign)) found.push(node.textContent ?? '')
      }
      for (const element of html.querySelectorAll('[aria-label], [placeholder], [alt], [data-title], [data-confirm]')) {
        if (element.closest(foreign)) continue
        for (const name of ['aria-label', 'placeholder', 'alt', 'data-title', 'data-confirm']) {
          found.push(element.getAttribute(name) ?? '')
        }
      }
      return found
    })
    // Addresses, versions, names of scopes and tools, and examples are code wherever they stand.
    const code = /\S*[/@_]\S*|\b[\w-]+(?:[.:][\w-]+)+|\b[\w-]*-[\w-]+\b/g
    const words = texts.flatMap((text) => text.replaceAll(code, ' ').match(/[A-Za-z]{2,}/g) ?? [])
    return [...new Set(words.filter((word) => !kept.has(word)))]
  }
})
