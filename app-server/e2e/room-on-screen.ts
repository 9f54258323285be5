// The page of a chat room in a real browser, as whoever writes there uses it.
import type { Locator, Page } from 'playwright-core'

export class RoomOnScreen {
  private constructor(readonly page: Page) {}

  /** Makes a room with the tools of these providers, on the page for new ones. */
  static async make(page: Page, providers: readonly string[] = []): Promise<RoomOnScreen> {
    for (const id of providers) await page.locator(`input[name=providers][value=${id}]`).check()
    await page.locator('form[action="/chat"] button').click()
    await page.waitForURL(/\/chat\/[0-9a-f-]{36}$/)
    return new RoomOnScreen(page)
  }

  /** A room there is, on a page of its own. */
  static async open(page: Page, url: string): Promise<RoomOnScreen> {
    await page.goto(url)
    return new RoomOnScreen(page)
  }

  get id(): string {
    return this.page.url().split('/').at(-1) ?? ''
  }

  get prompt(): Locator {
    return this.page.locator('#prompt')
  }

  get turns(): Locator {
    return this.page.locator('.turn')
  }

  /** The newest message, with its answer. */
  get answer(): Locator {
    return this.turns.last()
  }

  /** Whether the connection is lost, and what there is to say. */
  get state(): Locator {
    return this.page.locator('#chat-state')
  }

  /** Writes a message and sends it by Enter, as soon as one can be sent. */
  async ask(words: string): Promise<void> {
    await this.page.locator('#send').waitFor()
    await this.prompt.fill(words)
    await this.prompt.press('Enter')
    await this.page.locator('.said-words').getByText(words).last().waitFor()
  }

  /** A call in the newest answer, by what its tool is called. */
  call(title: string): Locator {
    const named = this.page.locator('.call-title').getByText(title, { exact: true })
    return this.answer.locator('details.call').filter({ has: named })
  }

  /** Presses a button of the newest answer. */
  async press(name: string): Promise<void> {
    await this.answer.getByRole('button', { name, exact: true }).click()
  }

  /** What the model has written in the newest answer so far. */
  async written(): Promise<string> {
    const texts = await this.answer.locator('.parts > .part > .prose').allTextContents()
    return texts.join('').trim()
  }

  /** The newest answer when it has ended and can be copied. */
  async ended(withinMs = 10_000): Promise<void> {
    await this.answer.locator('[data-copy-answer]').waitFor({ timeout: withinMs })
  }
}
