// The page of a room in a real browser: answers appear as they are written, and everything is done by keyboard or thumb.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually, freePort } from '@sekisho/testing'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startTestApp, type TestApp } from './app.js'
import { BrowserBench, hasBrowser, layoutFaults, signInOn, tabTo } from './browser-bench.js'
import { call, holdTurns, idOf, newApproval, Scribe, text, waitingCall } from './chat-bench.js'
import { RoomOnScreen } from './room-on-screen.js'

const sizes: [string, BrowserContextOptions][] = [
  ['a desktop', { viewport: { width: 1280, height: 900 } }],
  [
    'a phone in the dark',
    { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, colorScheme: 'dark' },
  ],
]

const suite = hasBrowser('the chat') ? describe : describe.skip

suite('the page of a room', () => {
  let app: TestApp
  let bench: BrowserBench
  let scribe: Scribe
  let page: Page
  let room: string
  let mikaId: string

  beforeAll(async () => {
    app = await startTestApp()
    await holdTurns(app)
    bench = await BrowserBench.open()
    scribe = new Scribe(app)
  })

  afterAll(async () => {
    await bench.close()
    await app.close()
  })

  async function openRoom(options: BrowserContextOptions = {}): Promise<void> {
    page = await bench.newPage(options)
    await signInOn(page, `${app.url}/chat/new`, 'Mika', 'mika@example.test')
    ;({ id: room } = await RoomOnScreen.make(page))
    mikaId = await idOf(app, 'mika@example.test')
  }

  afterEach(async () => {
    expect(await bench.endTest()).toEqual([])
  })

  const answer = () => page.locator('.turn').last()
  const openTurn = (parts = [text(0, '')]) => scribe.turn(room, mikaId, { status: 'running', parts })
  const turnId = async () =>
    (await app.sql<{ id: string }>('SELECT id FROM chat_turns WHERE room_id = $1 ORDER BY seq DESC LIMIT 1', [room]))[0]
      ?.id as string

  describe.each(sizes)('on %s', (_name, options) => {
    beforeEach(() => openRoom(options))

    test('is sent a message by Enter, shows it, and the answer block by block', async () => {
      await page.getByLabel('Message', { exact: true }).fill('What is on?')
      await page.keyboard.press('Enter')
      await page.getByText('The answer is being written …').waitFor()
      expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('')
      expect(await page.locator('#send').isVisible()).toBe(false)
      const turn = await turnId()
      await scribe.part(room, turn, text(0, '## Next week\n\nYou have'))
      await answer().getByRole('heading', { name: 'Next week' }).waitFor()
      await scribe.part(room, turn, call(1, { state: 'running', result: null, durationMs: null }))
      await answer().getByText('running').waitFor()
      await scribe.part(room, turn, call(1))
      await answer().getByText('done · 120 ms').waitFor()
      const words = 'Here:\n\n| Day | Hours |\n|--|--:|\n| Mon | 2 |\n\n```ts\nconst a = 1\n```\n\nand $a^2$.'
      for (const length of [10, 30, 60, words.length]) await scribe.part(room, turn, text(2, words.slice(0, length)))
      await answer().getByRole('cell', { name: 'Mon' }).waitFor()
      await answer().locator('math').waitFor()
      await app.sql('UPDATE chat_turns SET input_tokens = 1200, cost_micros = 2500 WHERE id = $1', [turn])
      await scribe.end(room, turn)
      await answer().getByRole('link', { name: 'Copy' }).waitFor()
      await page.locator('#send').waitFor()
      await eventually(async () => (await page.locator('#said').textContent())?.startsWith('Answer: Next week'))
      await eventually(async () => (await page.locator('#totals').textContent()) === '1,200 tokens · $0.0025')
      expect(await layoutFaults(page)).toEqual([])
    })

    test('stays at its end while the answer grows, and where one reads when one has scrolled up', async () => {
      const turn = await openTurn()
      const long = Array.from({ length: 60 }, (_, line) => `Paragraph ${line}.\n\n`).join('')
      await scribe.part(room, turn, text(0, long))
      await answer().getByText('Paragraph 59.').waitFor()
      const atEnd = () => page.evaluate<boolean>('innerHeight + scrollY > document.documentElement.scrollHeight - 20')
      await eventually(atEnd)
      await page.evaluate(`scrollTo({ top: 300, behavior: 'instant' })`)
      await eventually(async () => (await page.evaluate<number>('scrollY')) === 300)
      await scribe.part(room, turn, text(0, `${long}The newest paragraph.`))
      await answer().getByText('The newest paragraph.').waitFor()
      expect(await page.evaluate<number>('scrollY')).toBe(300)
      await page.getByRole('button', { name: 'Newest message' }).click()
      await eventually(atEnd)
      await eventually(async () => !(await page.getByRole('button', { name: 'Newest message' }).isVisible()))
    })

    test('has nothing cut off, nameless or too small to touch, with all there can be in an answer', async () => {
      await scribe.turn(room, mikaId, {
        prompt: 'x'.repeat(500),
        parts: [
          text(0, 'thought', 'thinking'),
          call(1, {
            title: 'A tool with a very long title that goes on and on',
            arguments: { a: 'y'.repeat(400), b: [1] },
          }),
          call(2, { state: 'failed', result: null, problem: null }),
          text(
            3,
            `${'z'.repeat(300)}\n\n| ${'wide | '.repeat(12)}\n|${'--|'.repeat(12)}\n\n\`\`\`\n${'c'.repeat(300)}\n\`\`\`\n\n$$${'x+'.repeat(150)}x$$`,
          ),
        ],
      })
      await scribe.turn(room, mikaId, { status: 'failed', endReason: 'failure', failure: { code: 'cut' }, parts: [] })
      await answer().getByText('The connection to the model broke.').waitFor()
      for (const one of await page.locator('details.call, details.thinking, details.call-result').all()) {
        await one.evaluate((element) => element.setAttribute('open', ''))
      }
      expect((await layoutFaults(page)).filter((fault) => !/^h\d after/.test(fault))).toEqual([])
      await page.goto(`${app.url}/chat/${room}/settings`)
      expect(await layoutFaults(page)).toEqual([])
      await page.goto(`${app.url}/chat`)
      expect(await layoutFaults(page)).toEqual([])
    })
  })

  describe('for whoever uses it', () => {
    beforeEach(() => openRoom())

    test('is used by the keyboard alone', async () => {
      await page.reload()
      await tabTo(page, 'prompt')
      await page.keyboard.type('One')
      await page.keyboard.press('Shift+Enter')
      await page.keyboard.type('Two')
      await page.keyboard.press('Enter')
      await page.getByText('The answer is being written …').waitFor()
      expect(await page.locator('.said-words').textContent()).toBe('One\nTwo')
      await page.keyboard.press('Escape')
      await eventually(async () => {
        const [row] = await app.sql('SELECT stop_asked_at FROM chat_turns WHERE room_id = $1', [room])
        return row?.stop_asked_at
      })
      await scribe.end(room, await turnId(), { status: 'stopped', endReason: 'person' })
      await page.getByText('The answer was stopped.').waitFor()
      await tabTo(page, 'Continue')
      await page.keyboard.press('Enter')
      await page.getByText('The answer is being written …').waitFor()
    })

    test('does not send while an input method composes, and sends afterwards', async () => {
      const prompt = page.getByLabel('Message', { exact: true })
      await prompt.focus()
      const client = await page.context().newCDPSession(page)
      await client.send('Input.imeSetComposition', { text: 'かいぎ', selectionStart: 3, selectionEnd: 3 })
      await prompt.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
      await prompt.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })
      await client.send('Input.insertText', { text: '会議' })
      expect(await prompt.inputValue()).toBe('会議')
      expect(await app.sql('SELECT 1 FROM chat_turns WHERE room_id = $1', [room])).toEqual([])
      await page.keyboard.press('Enter')
      await page.locator('.said-words').getByText('会議').waitFor()
    })

    test('keeps what was typed when the page is left, and forgets it when it is sent', async () => {
      const prompt = page.getByLabel('Message', { exact: true })
      await prompt.fill('half a thought')
      await page.goto(`${app.url}/chat`)
      await page.goto(`${app.url}/chat/${room}`)
      await eventually(async () => (await prompt.inputValue()) === 'half a thought')
      await prompt.press('Enter')
      await page.locator('.said-words').getByText('half a thought').waitFor()
      await page.reload()
      expect(await prompt.inputValue()).toBe('')
    })

    test('copies code and whole answers', async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.url })
      const turn = await openTurn()
      await scribe.part(room, turn, text(0, 'Look:\n\n```js\nlet a = "<b>"\n```\n'))
      await scribe.end(room, turn)
      await answer().getByRole('button', { name: 'Copy' }).click()
      const copied = () => page.evaluate<string>('navigator.clipboard.readText()')
      await eventually(async () => (await copied()) === 'let a = "<b>"')
      await answer().getByRole('link', { name: 'Copy' }).click()
      await eventually(async () => (await copied()) === 'Look:\n\n```js\nlet a = "<b>"\n```')
    })

    test('sends files ahead, shows how far they are, and takes them back', async () => {
      await page.locator('#chosen').setInputFiles([
        { name: 'notes.md', mimeType: '', buffer: Buffer.from('# Notes') },
        { name: 'cat.png', mimeType: 'image/png', buffer: Buffer.alloc(3_000, 1) },
        { name: 'turn.ts', mimeType: 'video/mp2t', buffer: Buffer.from('export {}') },
        { name: 'run.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      ])
      await page.locator('#composer-state').getByText('run.exe cannot be sent').waitFor()
      await page.locator('#files').getByText('cat.png', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Remove notes.md' }).click()
      await eventually(async () => {
        const kept = await app.sql<{ name: string }>('SELECT name FROM chat_attachments WHERE room_id = $1', [room])
        return (
          kept
            .map(({ name }) => name)
            .sort()
            .join() === 'cat.png,turn.ts'
        )
      })
      // The page may hear of the last file a moment later, and then says that it is still being sent.
      await eventually(async () => {
        await page.getByLabel('Message', { exact: true }).press('Enter')
        return (await page.locator('.turn').count()) === 1
      })
      await page.locator('.turn img[alt="cat.png"]').waitFor()
      expect(await page.locator('#files').isVisible()).toBe(false)
    })

    test('takes a pasted text that is longer than a message as a file, and cells of a table as their text', async () => {
      const prompt = page.getByLabel('Message', { exact: true })
      await prompt.fill('Look: ')
      const paste = (data: { text: string; html?: string; picture?: boolean }) =>
        page.evaluate<void>(`(({ text, html, picture }) => {
          const clipboardData = new DataTransfer()
          clipboardData.setData('text/plain', text)
          if (html) clipboardData.setData('text/html', html)
          if (picture) clipboardData.items.add(new File(['png'], 'image.png', { type: 'image/png' }))
          const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
          document.getElementById('prompt').dispatchEvent(pasted)
        })(${JSON.stringify(data)})`)
      await paste({ text: 'A1\tB1', html: '<table>', picture: true })
      expect(await page.locator('#files li').count()).toBe(0)
      await paste({ text: 'x'.repeat(60_000) })
      await page.locator('#files').getByText('pasted text.txt', { exact: true }).waitFor()
      await page.getByText('It goes along as a file.').first().waitFor()
      expect(await prompt.inputValue()).toBe('Look: ')
      await prompt.press('Enter')
      await page.locator('.turn').getByText('pasted text.txt').waitFor()
      expect(
        (await app.sql<{ size: number }>('SELECT size FROM chat_attachments WHERE room_id = $1', [room]))[0]?.size,
      ).toBe(60_000)
    })

    test('has a message once that came though nobody heard of it, however often it is sent again', async () => {
      const prompt = page.getByLabel('Message', { exact: true })
      let tries = 0
      await page.route(/\/turns$/, async (route) => {
        tries++
        await route.fetch()
        await route.abort()
      })
      await prompt.fill('Am I there?')
      await prompt.press('Enter')
      await page.getByText('Am I there?', { exact: true }).first().waitFor()
      await answer().getByText('Am I there?').waitFor()
      // The page sees that it came, and does not keep it for another try.
      await eventually(async () => (await prompt.inputValue()) === '')
      expect(tries).toBe(1)
      expect(await page.locator('.turn').count()).toBe(1)
    })

    test('says that the room was deleted elsewhere, keeps what was typed, and sends nothing any more', async () => {
      const turn = await openTurn()
      await scribe.part(room, turn, text(0, 'I begin'))
      await page.getByLabel('Message', { exact: true }).fill('A long thought')
      await app.sql('DELETE FROM chat_rooms WHERE id = $1', [room])
      await page.locator('#chat-state').getByText('You are no longer a member').waitFor()
      for (const id of ['#send', '#stop', '#attach']) expect(await page.locator(id).isVisible()).toBe(false)
      expect(await page.getByLabel('Message', { exact: true }).inputValue()).toBe('A long thought')
      await page.locator('#chat-state').getByRole('link', { name: 'Rooms' }).click()
      await page.waitForURL(/\/chat$/)
    })

    test('asks for approval with the exact arguments, says so at once, and takes the word of the person', async () => {
      const turn = await openTurn([text(0, 'I will cancel it.')])
      const approval = await newApproval(app, mikaId)
      const waiting = waitingCall(1, approval, { order_id: '<i>4711</i>' })
      await scribe.part(room, turn, waiting)
      await answer().getByText('<i>4711</i>').waitFor()
      for (const name of ['Deny', 'Allow and do not ask again for this tool']) {
        expect(await answer().getByRole('button', { name }).isVisible()).toBe(true)
      }
      await eventually(async () => (await page.locator('#alarm').textContent())?.includes('waits for your approval'))
      await answer().getByRole('button', { name: 'Allow once' }).click()
      await eventually(async () => {
        const [row] = await app.sql('SELECT decision FROM approvals WHERE id = $1', [approval])
        return row?.decision === 'approved'
      })
      await scribe.part(room, turn, call(1, { title: 'Cancel an order', result: '{"ok":true}' }))
      await answer().getByText('done · 120 ms').waitFor()
      expect(await answer().getByRole('button', { name: 'Allow once' }).count()).toBe(0)
      expect(await answer().locator('details.call').getAttribute('open')).toBeNull()
    })

    test('keeps open what was opened, and the focus where it was', async () => {
      const turn = await openTurn([call(0, { state: 'running', result: null, durationMs: null })])
      await answer().locator('summary').click()
      await scribe.part(room, turn, call(0))
      await answer().getByText('Result').waitFor()
      expect(await answer().locator('details.call').getAttribute('open')).not.toBeNull()
      expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('SUMMARY')
    })

    test('shows what tools and models say as text: nothing of it runs, loads or leads elsewhere', async () => {
      const evil = [
        '<script>window.broken = 1</script>',
        '<img src=x onerror="window.broken = 2">',
        '[x](javascript:window.broken=3)',
        '![x](https://evil.test/pixel.png)',
        '$\\href{javascript:window.broken=4}{x}$',
        '```"><img src=x onerror="window.broken=5">\nx\n```',
        '<svg onload="window.broken = 6">',
      ].join('\n\n')
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      const turn = await openTurn()
      for (let length = 7; length < evil.length; length += 40)
        await scribe.part(room, turn, text(0, evil.slice(0, length)))
      await scribe.part(room, turn, text(0, evil))
      await scribe.part(room, turn, call(1, { title: evil, result: evil, arguments: { [evil]: evil } }))
      await scribe.part(room, turn, text(2, evil, 'thinking'))
      await scribe.end(room, turn)
      await answer().getByRole('link', { name: 'Copy' }).waitFor()
      await page.reload()
      await answer().getByRole('link', { name: 'Copy' }).waitFor()
      expect(await page.evaluate('window.broken')).toBeUndefined()
      expect(asked.filter((url) => !url.startsWith(app.url))).toEqual([])
      expect(await page.locator('.parts :is(img, script, svg, iframe, form)').count()).toBe(0)
    })

    test('shows messages of others as they come, and what they replaced goes', async () => {
      const first = await scribe.turn(room, mikaId, { prompt: 'First' })
      await page.locator('.said-words').getByText('First').waitFor()
      await app.sql('UPDATE chat_turns SET replaced_at = now() WHERE id = $1', [first])
      await scribe.turn(room, mikaId, { prompt: 'Instead' })
      await page.locator('.said-words').getByText('Instead').waitFor()
      expect(await page.locator('.turn').count()).toBe(1)
    })

    test('says when the session has ended, and keeps what was typed', async () => {
      await page.getByLabel('Message', { exact: true }).fill('not lost')
      await app.sql('DELETE FROM sessions WHERE user_id = $1', [mikaId])
      await page.locator('#chat-state').getByText('You are signed out.').waitFor()
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.getByLabel('Name').fill('Mika')
      await page.getByLabel('E-mail').fill('mika@example.test')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(new RegExp(room))
      await eventually(async () => (await page.getByLabel('Message', { exact: true }).inputValue()) === 'not lost')
    })
  })

  test('of 10,000 messages loads the newest, and older ones when one scrolls up, in a page that stays small', async () => {
    await openRoom()
    await app.sql(
      `INSERT INTO chat_turns (room_id, seq, author_id, author_name, prompt, status, end_reason, rounds_allowed, tokens_allowed)
       SELECT $1, n, $2, 'Mika', 'Message ' || n, 'done', 'answered', 1, 1 FROM generate_series(1, 10000) n`,
      [room, mikaId],
    )
    await app.sql(
      `INSERT INTO chat_parts (turn_id, idx, round, kind, text) SELECT id, 0, 1, 'text', 'Answer **' || seq || '**' FROM chat_turns WHERE room_id = $1`,
      [room],
    )
    const response = await page.goto(`${app.url}/chat/${room}`)
    expect((await response?.body())?.length).toBeLessThan(120_000)
    expect(await page.locator('.turn').count()).toBe(30)
    await page.locator('.said-words').getByText('Message 10000').waitFor()
    for (const count of [60, 90, 120]) {
      const firstSeen = await page.locator('.turn').first().getAttribute('data-seq')
      await page.evaluate(`scrollTo({ top: 0, behavior: 'instant' })`)
      await eventually(async () => (await page.locator('.turn').count()) >= count)
      // What one was reading has not moved away.
      expect(await page.locator(`.turn[data-seq="${firstSeen}"]`).isVisible()).toBe(true)
    }
    const seqs = await page
      .locator('.turn')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-seq'))))
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other))
    expect(new Set(seqs).size).toBe(seqs.length)
    const link = await page.locator('[data-earlier]').getAttribute('href')
    expect(link).toBe(`/chat/${room}?before=${seqs[0]}`)
  })
})

suite('while the server is restarted', () => {
  test('the page comes back by itself, and shows what it missed', async () => {
    const app = await startTestApp()
    await holdTurns(app)
    const bench = await BrowserBench.open()
    const port = String(await freePort())
    const env = { APP_PORT: port, PUBLIC_URL: `http://localhost:${port}` }
    let server = await app.replica(env)
    try {
      const scribe = new Scribe(app)
      const page = await bench.newPage()
      await signInOn(page, `${env.PUBLIC_URL}/chat/new`, 'Mika', 'mika@example.test')
      const { id: room } = await RoomOnScreen.make(page)
      const turn = await scribe.turn(room, await idOf(app, 'mika@example.test'), {
        status: 'running',
        parts: [text(0, 'Before')],
      })
      await page.getByText('Before').waitFor()
      await server.close()
      await page.locator('#chat-state').getByText('Not connected.').waitFor()
      await scribe.part(room, turn, text(0, 'Before, and after.'))
      server = await app.replica(env)
      await page.getByText('Before, and after.').waitFor({ timeout: 30_000 })
      await scribe.end(room, turn)
      await page.getByRole('link', { name: 'Copy' }).waitFor()
    } finally {
      await bench.close()
      await server.close()
      await app.close()
    }
  }, 60_000)
})
