// A person on the way to Google and back, step by step.
import { type GoogleFake, googlePaths } from '@sekisho/fakes'
import { type Page, Person } from '@sekisho/testing'
import type { TestApp } from './app.js'

export class GooglePerson {
  readonly browser: Person

  constructor(
    private readonly app: Pick<TestApp, 'url'>,
    private readonly google: GoogleFake,
    headers: Record<string, string> = {},
  ) {
    this.browser = new Person([app.url, google.url], headers)
  }

  open(address: string | URL): Promise<Page> {
    return this.browser.open(address)
  }

  /** From our sign-in page to Google's. */
  async leave(returnTo = '/'): Promise<Page> {
    const login = await this.open(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`)
    const link = /href="(\/auth\/google[^"]*)"/.exec(login.body)?.[1]
    if (!link) throw new Error('the sign-in page does not offer Google')
    return this.open(new URL(link.replaceAll('&amp;', '&'), this.app.url))
  }

  /** Presses a button on Google's page; ends where that leads. */
  async choose(page: Page, choice: 'allow' | 'deny' = 'allow'): Promise<Page> {
    const [form] = page.forms
    if (!form) throw new Error(`no consent at ${page.url}: ${page.body.slice(0, 200)}`)
    return this.browser.submit(page, form, {}, choice)
  }

  async signIn(returnTo = '/'): Promise<Page> {
    return this.choose(await this.leave(returnTo))
  }

  /** Where Google would have sent the browser, without going there. */
  async callback(): Promise<URL> {
    const page = await this.leave()
    const [form] = page.forms
    const body = new URLSearchParams([...(form?.fields ?? []), ['choice', 'allow']])
    const response = await this.browser.request('POST', new URL(googlePaths.consent, this.google.url), body)
    return new URL(response.headers.get('location') ?? '')
  }
}

export function heading(page: Page): string | undefined {
  return /<h1>([^<]*)<\/h1>/.exec(page.body)?.[1]
}
