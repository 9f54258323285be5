// What a person does in the chat, through its pages in a real browser, with both processes behind them as they are shipped.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { geminiErrors, geminiStream, type PretendedRequest, type Script, type ScriptedAnswer } from '@sekisho/fakes'
import { eventually } from '@sekisho/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import {
  announcementsOn,
  BrowserBench,
  hasBrowser,
  layoutFaults,
  overhanging,
  signInHere,
  signInOn,
} from '../../app-server/e2e/browser-bench.js'
import { RoomOnScreen } from '../../app-server/e2e/room-on-screen.js'
import { type ChatStack, startChatStack, words } from './chat-bench.js'
import { addGitHubAccount, addGoogleAccount, consentOn, secretsOf, startServices } from './connections-bench.js'

const inBrowser = hasBrowser('the journey of the chat') ? describe : describe.skip
const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
  locale: 'ja-JP',
}

/** How long Google takes for each answer: long enough for two calls to be seen at once. */
const slowMs = 2_500
const said = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen.'
const slow: ScriptedAnswer = { pieces: words(said), pauseMs: 400 }
const answered = (text: string): ScriptedAnswer => ({ pieces: words(text) })

inBrowser('a person in the chat', () => {
  let services: Awaited<ReturnType<typeof startServices>>
  let chat: ChatStack
  let browser: BrowserBench
  let url: string
  let page: Page
  let people = 0

  beforeAll(async () => {
    services = await startServices()
    chat = await startChatStack({ appEnv: services.env })
    browser = await BrowserBench.open()
    url = chat.stack.appServer.url
    services.google.misbehave(/^\/calendar\//, { kind: 'slow', delayMs: slowMs }, { method: 'GET' })
  }, 60_000)

  beforeEach(() => {
    people++
  })

  afterEach(async () => {
    chat.gemini.behave()
    expect(await browser.endTest()).toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    await chat?.close()
    await services?.close()
  })

  const me = (): [name: string, email: string] => [`Mei ${people}`, `mei-${people}@example.test`]

  /** Somebody new, in a new room of theirs with the tools of these providers. */
  async function newRoom(providers: readonly string[] = []): Promise<RoomOnScreen> {
    page = await browser.newPage()
    await signInOn(page, `${url}/chat/new`, ...me())
    return RoomOnScreen.make(page, providers)
  }

  /** What tools have said in the turn so far, to the model. */
  function resultsIn({ turns }: PretendedRequest): string {
    const current = turns.slice(turns.findLastIndex(({ role }) => role === 'user'))
    return current.flatMap((turn) => (turn.role === 'results' ? turn.results.map(({ text }) => text) : [])).join('\n')
  }

  /** Looks into the calendar and GitHub at once, deletes the event it found, and tells of what it was told. */
  const tidyUp: Script[] = [
    {
      pieces: [
        { text: 'I look first.' },
        { call: { name: 'gcal.list_events', arguments: { query: 'appointment' } } },
        { call: { name: 'gcal.list_calendars' } },
        { call: { name: 'github.list_repositories' } },
      ],
    },
    (request) => {
      const [, id] = /"events":\[\{"id":"(\w+)"/.exec(resultsIn(request)) ?? []
      return { pieces: [{ call: { name: 'gcal.delete_event', arguments: { event_id: id } } }] }
    },
    (request) => {
      const results = resultsIn(request)
      const [, title] = /"title":"([^"]+)"/.exec(results) ?? []
      const [, calendar] = /"calendars":\[\{"id":"[^"]+","name":"([^"]+)"/.exec(results) ?? []
      const gone = /The event \\"([^"\\]+)\\" is deleted/.exec(results)?.[1] === title
      const lacks = results.includes('No GitHub account is connected')
      return answered(
        `**${title}** ${gone ? 'is gone' : 'is still'} from ${calendar}. GitHub ${lacks ? 'lacks' : 'has'}.`,
      )
    },
  ]

  const deletions = () => services.google.seen.filter(({ method }) => method === 'DELETE').map(({ path }) => path)

  test('connects an account, asks, sees each call as it runs, allows one, and is answered; what was refused is mended there', async () => {
    const account = addGoogleAccount(services.google, people)
    page = await browser.newPage()
    const announced = await announcementsOn(page)
    await signInOn(page, `${url}/chat/new`, ...me())
    await page.locator('a[href^="/connections/gcal/connect"]').click()
    for (const box of await page.locator('input[name=scopes]').all()) await box.check()
    await consentOn(page, account, 'Allow')
    await page.getByText(`Connected: calendar-${people}@example.com`).waitFor()
    const room = await RoomOnScreen.make(page, ['gcal', 'github'])

    chat.gemini.script(...tidyUp)
    await room.ask('Take my appointment out of the calendar.')
    expect(await room.prompt.inputValue()).toBe('')
    const [events, calendars, repositories, deleting] = [
      'List or search events',
      'List calendars',
      'List repositories',
      'Delete an event',
    ].map((title) => room.call(title))
    if (!events || !calendars || !repositories || !deleting) throw new Error('four calls')

    // Two of the round run at the same time, the third was refused meanwhile, and says what to do.
    await eventually(async () => {
      const running = await room.answer.locator('.call-running .call-title').allTextContents()
      return running.join() === 'List or search events,List calendars'
    }, 10_000)
    await repositories
      .locator('.call-state')
      .getByText(/^failed · [\d,.]+ m?s$/)
      .waitFor()
    expect(await events.locator('.call-state').textContent()).toBe('running')
    await repositories.locator('summary').first().click()
    const advice = 'This tool needs an account that is not connected. Connect it, then ask again.'
    await repositories.getByText(advice).waitFor()

    // Each has its duration, and its result is there for whoever opens it.
    for (const call of [events, calendars]) {
      const state = await call
        .locator('.call-state')
        .getByText(/^done · [\d.]+ s$/)
        .textContent()
      expect(Number(/[\d.]+/.exec(state ?? '')?.[0])).toBeGreaterThanOrEqual(slowMs / 1_000)
      expect(await call.getAttribute('open')).toBeNull()
    }
    await events.locator('summary').first().click()
    expect(await events.locator('.call-result pre').isVisible()).toBe(false)
    await events.getByText('Result', { exact: true }).click()
    await events.locator('.call-result pre').getByText(secretsOf(people).gcal).waitFor()

    // The next call waits for the person, with all it is called with; nothing is done before.
    await deleting.getByText('Shall this be done, exactly like this?').waitFor()
    const found = /"id": "(\w+)"/.exec((await events.locator('.call-result pre').textContent()) ?? '')?.[1]
    expect(found).toBeDefined()
    expect(await deleting.locator('.call-arguments tr').allTextContents()).toEqual([`event_id${found}`])
    expect(await deleting.locator('.call-state').textContent()).toBe('waits for approval')
    await eventually(async () => (await announced()).includes('A call of a tool waits for your approval.'))
    expect(deletions()).toEqual([])
    await room.press('Allow once')
    await deleting
      .locator('.call-state')
      .getByText(/^done · [\d.]+ s$/)
      .waitFor()
    await room.ended()
    expect(deletions()).toEqual([`/calendar/v3/calendars/primary/events/${found}`])

    // What it was told by the tools is in the answer, which ends for ears too.
    const { gcal: title } = secretsOf(people)
    const answer = `${title} is gone from calendar-${people}@example.com. GitHub lacks.`
    expect(await room.written()).toBe(`I look first.${answer}`)
    await eventually(async () => (await announced()).some((one) => one.startsWith('Answer: ') && one.endsWith(answer)))
    expect(await announced()).toContain('The answer is being written.')
    expect(await room.turns.count()).toBe(1)
    expect(await room.answer.locator('.call').count()).toBe(4)

    // What was refused leads to where it is mended, and back to the room.
    const hub = addGitHubAccount(services.gitHub, people)
    await repositories.getByRole('link', { name: 'Connect the account' }).click()
    await consentOn(page, hub, 'Allow')
    expect(page.url()).toBe(`${url}/chat/${room.id}`)
    chat.gemini.script({ pieces: [{ call: { name: 'github.list_repositories' } }] }, (request) =>
      answered(`You have ${/diary[\w.]+/.exec(resultsIn(request))?.[0]}.`),
    )
    await room.ask('And now?')
    await room.ended()
    expect(await room.call('List repositories').locator('.call-state').textContent()).toMatch(/^done/)
    expect(await room.written()).toBe(`You have ${secretsOf(people).github}.`)
  }, 90_000)

  test.each([
    ['the button', (room: RoomOnScreen) => room.page.locator('#stop').click()],
    ['Escape', (room: RoomOnScreen) => room.page.keyboard.press('Escape')],
  ])(
    'stops an answer by %s, keeps what is there of it, and lets it go on',
    async (_how, stop) => {
      const room = await newRoom()
      chat.gemini.script(slow)
      await room.ask('Count')
      await room.answer.getByText('three').waitFor()
      const before = await room.written()
      await stop(room)
      await room.answer.getByText('The answer was stopped. What is there of it stays.').waitFor()
      const kept = await room.written()
      expect(kept.startsWith(before)).toBe(true)
      expect(said.startsWith(kept)).toBe(true)
      expect(kept.length).toBeLessThan(said.length)
      // For good, and not only on this page.
      await page.reload()
      expect(await room.written()).toBe(kept)
      chat.gemini.script(answered(said))
      await room.press('Continue')
      await room.answer.getByText('fifteen.').waitFor()
      await room.ended()
      expect(await room.written()).toBe(said)
      expect(await room.turns.count()).toBe(1)
      expect(await room.answer.getByText('The answer was stopped').count()).toBe(0)
    },
    60_000,
  )

  test.each([
    ['killed', 'SIGKILL'],
    ['stopped', 'SIGTERM'],
  ] as const)(
    'keeps the page open while the server is %s and started again, and the answer comes to its end there',
    async (_how, signal) => {
      const room = await newRoom(['product'])
      chat.gemini.script({ pieces: [{ call: { name: 'product.search', arguments: { query: 'tea' } } }] }, slow, slow)
      await page.evaluate('globalThis.sameDocument = true')
      await room.ask('Look, and count')
      await room.answer.getByText('three').waitFor()
      const before = await room.written()
      await chat.stack.appServer.stop(signal)
      await room.state.getByText('Not connected. Trying again …').waitFor()
      expect((await room.written()).startsWith(before)).toBe(true)
      await chat.stack.appServer.start()
      await room.answer
        .getByText('The server was restarted. The answer went on where it was.')
        .waitFor({ timeout: 60_000 })
      await eventually(async () => !(await room.state.isVisible()))
      await room.ended(30_000)
      expect(await room.written()).toBe(said)
      expect(await room.turns.count()).toBe(1)
      expect(await room.answer.locator('.call').count()).toBe(1)
      expect(await room.call('Search products').locator('.call-state').textContent()).toMatch(/^done/)
      expect(await page.evaluate('globalThis.sameDocument')).toBe(true)
      // The same stands in the room for whoever opens it anew.
      await page.reload()
      expect(await room.written()).toBe(said)
    },
    120_000,
  )

  test('closes the laptop in the middle of an answer, and finds it further when it is opened again', async () => {
    const room = await newRoom()
    chat.gemini.script(slow)
    await room.ask('Count')
    await room.answer.getByText('three').waitFor()
    const before = await room.written()
    const address = page.url()
    const context = page.context()
    await page.close()
    const again = await RoomOnScreen.open(await context.newPage(), address)
    const found = await again.written()
    expect(found.startsWith(before)).toBe(true)
    expect(found.length).toBeLessThan(said.length)
    await again.answer.getByText('The answer is being written …').waitFor()
    await again.ended()
    expect(await again.written()).toBe(said)
    // Nobody asked the model a second time.
    expect(chat.gemini.asked).toHaveLength(1)
  }, 60_000)

  test('is told that a busy model is waited for, and then has the answer', async () => {
    const room = await newRoom()
    const { status = 429, body } = geminiErrors.rateLimited(4)
    chat.gemini.misbehave(geminiStream, { kind: 'answer', status, body }, { times: 1 })
    chat.gemini.script(answered('Here I am.'))
    await room.ask('Hello')
    await room.answer.getByText(/^The service of the model is busy\. It is asked again after [45] seconds\.$/).waitFor()
    expect(await room.answer.getAttribute('data-status')).toBe('running')
    expect(await room.written()).toBe('')
    await room.answer.getByText('Here I am.').waitFor()
    await room.ended()
  }, 60_000)

  test('keeps what a model said whose connection broke, is told so, and has it completed', async () => {
    const room = await newRoom()
    chat.gemini.script({ ...answered('Half an answer'), end: 'cut' })
    await room.ask('Hello')
    const notice = room.answer.locator('.notice')
    await notice.getByText('The connection to the model broke. What came before stays.').waitFor()
    expect(await notice.getByText('Not complete').isVisible()).toBe(true)
    expect(await room.written()).toBe('Half an answer')
    chat.gemini.script(answered('Half an answer and the other half.'))
    await room.press('Continue')
    await room.answer.getByText('the other half.').waitFor()
    await room.ended()
    expect(await room.written()).toBe('Half an answer and the other half.')
    expect(await notice.count()).toBe(0)
  }, 60_000)

  test('does the same on a narrow phone in Japanese', async () => {
    const account = addGoogleAccount(services.google, people)
    page = await browser.newPage(phone)
    const announced = await announcementsOn(page)
    await page.goto(`${url}/chat/new`)
    await signInHere(page, ...me())
    await page.locator('a[href^="/connections/gcal/connect"]').click()
    for (const box of await page.locator('input[name=scopes]').all()) await box.check()
    await consentOn(page, account, 'Allow')
    const room = await RoomOnScreen.make(page, ['gcal', 'github'])
    chat.gemini.script(...tidyUp)
    await room.ask('予定を消してください。')
    await room.answer.getByText('回答を作成しています…').waitFor()
    await room.call('予定の一覧と検索').locator('.call-state').getByText('実行中').waitFor()
    await room
      .call('カレンダーの一覧')
      .locator('.call-state')
      .getByText(/^完了 · [\d.]+秒$/)
      .waitFor()
    const refused = room.call('リポジトリの一覧')
    await refused
      .locator('.call-state')
      .getByText(/^失敗 · /)
      .waitFor()
    await refused.locator('summary').first().click()
    await refused
      .getByText('このツールにはアカウントの接続が必要です。接続してから、もう一度頼んでください。')
      .waitFor()
    const deleting = room.call('予定を削除')
    await deleting.getByText('このとおりに実行してよいですか?').waitFor()
    await eventually(async () => (await announced()).includes('ツールの呼び出しがあなたの承認を待っています。'))
    expect(await layoutFaults(page)).toEqual([])
    expect(await overhanging(room.answer)).toEqual([])
    await room.press('一回だけ許可する')
    await deleting.locator('.call-state').getByText(/^完了/).waitFor()
    await room.ended()
    await eventually(async () => (await announced()).some((one) => one.startsWith('回答: ')))
    for (const one of await room.answer.locator('details').all())
      await one.evaluate((element) => element.setAttribute('open', ''))
    expect(await layoutFaults(page)).toEqual([])
    expect(await overhanging(room.answer)).toEqual([])
    const labels = await room.answer
      .locator('.call-title, .call-state, .call-result summary, .turn-acts, .notice')
      .allInnerTexts()
    expect(labels.join(' ')).toMatch(/[ぁ-んァ-ヶ一-龠]/)
    expect(labels.filter((label) => /[A-Za-z]{2}/.test(label))).toEqual([])
  }, 90_000)
})
