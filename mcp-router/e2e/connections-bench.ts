// What the whole-system tests of connected accounts share: both processes, a pretended Google and GitHub with as many people
// as wanted, and people on their way through our pages and theirs.
import { GitHubFake, GoogleFake, type SeenRequest } from '@sekisho/fakes'
import { OAuthProgram, type Page, Person, type Stack, type StackOptions, signIn, startStack } from '@sekisho/testing'
import type { Page as BrowserPage } from 'playwright-core'
import { formAt } from '../../app-server/e2e/admin-bench.js'
import { postLegacy, postModern } from './router-at-test.js'

/** What a person may do with their accounts here. */
export const allScopes = 'gcal:read gcal:write github:read'

export const services = ['gcal', 'github'] as const
export type Service = (typeof services)[number]

/** A call whose answer has something that only one account's has. */
export const askFor = {
  gcal: { name: 'gcal.list_events', arguments: {} },
  github: { name: 'github.list_repositories', arguments: {} },
} as const

export interface ConnectedStack {
  readonly stack: Stack
  readonly google: GoogleFake
  readonly gitHub: GitHubFake
  /** The first person to sign in. */
  readonly administrator: Person
  /** Somebody new, signed in; with an account at each service and a bearer for their tools, but nothing connected. */
  newcomer(): Promise<Newcomer>
  /** Every request that reached a service. */
  seen(): SeenRequest[]
  close(): Promise<void>
}

export interface Newcomer {
  readonly number: number
  readonly email: string
  readonly browser: Person
  readonly bearer: string
  readonly refreshToken: string
  /** The id of their account at each service. */
  readonly accounts: Readonly<Record<Service, string>>
  /** What no other account has. */
  readonly secrets: Readonly<Record<Service, string>>
}

/** A pretended Google and GitHub without people, and the app server's settings that lead there. */
export async function startServices() {
  const google = await GoogleFake.start()
  google.accounts.length = 0
  const gitHub = await new GitHubFake({ accounts: [] }).listen()
  const env = {
    ...google.env,
    GITHUB_CLIENT_ID: gitHub.oauth.options.clientId,
    GITHUB_CLIENT_SECRET: gitHub.oauth.options.clientSecret,
    GITHUB_URL: gitHub.services.web,
    GITHUB_API_URL: gitHub.services.api,
    OUTBOUND_ALLOWED_HOSTS: [google.host, ...gitHub.hosts].join(','),
  }
  const close = async () => void (await Promise.all([google.close(), gitHub.close()]))
  return { google, gitHub, env, close }
}

export async function startConnectedStack({ appEnv = {}, ...options }: StackOptions = {}): Promise<ConnectedStack> {
  const { google, gitHub, env, close } = await startServices()
  const stack = await startStack({ appEnv: { ...env, TRUSTED_PROXIES: '1', ...appEnv }, ...options })
  const administrator = await stack.signedIn('Administrator')
  const program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
  let people = 0
  return {
    stack,
    google,
    gitHub,
    administrator,
    async newcomer() {
      const number = ++people
      const email = `person-${number}@example.com`
      const browser = new Person([stack.appServer.url], {
        'x-forwarded-for': `198.51.${100 + Math.floor(number / 200)}.${1 + (number % 200)}`,
      })
      await signIn(browser, `Person ${number}`, email)
      const { access_token, refresh_token = '' } = await program.authorize(browser, allScopes)
      return {
        number,
        email,
        browser,
        bearer: access_token,
        refreshToken: refresh_token,
        accounts: { gcal: addGoogleAccount(google, number), github: addGitHubAccount(gitHub, number) },
        secrets: secretsOf(number),
      }
    },
    seen: () => [...google.seen, ...gitHub.seen],
    async close() {
      await stack.close()
      await close()
    },
  }
}

/** In a real browser: from our page to the service, where an account is chosen and a button pressed, and back. */
export async function consentOn(page: BrowserPage, accountId: string, button: 'Allow' | 'Deny'): Promise<void> {
  const { origin } = new URL(page.url())
  await page.locator('form[action$="/connect"] button').first().click()
  await page.getByLabel('Account').selectOption(accountId)
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.waitForURL(`${origin}/**`)
}

/** Words found in one account's answers alone; with signs around the number, so that 1 is not found in 11. */
export function secretsOf(number: number): Record<Service, string> {
  return { gcal: `appointment.${number}.of.one`, github: `diary.${number}.of.one` }
}

/** An account with one event in its calendar. Gives its id. */
export function addGoogleAccount(google: GoogleFake, number: number): string {
  const account = { id: `10${number}`, email: `calendar-${number}@example.com`, name: `Calendar ${number}` }
  google.accounts.push(account)
  const calendar = google.calendars.findListed(account, 'primary')?.calendar
  if (!calendar) throw new Error('an account has a calendar')
  const hour = 3_600_000
  const at = (ms: number) => ({ dateTime: new Date(ms).toISOString() })
  const start = Date.now() + 24 * hour
  google.calendars.put(calendar, { summary: secretsOf(number).gcal, start: at(start), end: at(start + hour) })
  return account.id
}

/** An account with one repository of its own. Gives its id. */
export function addGitHubAccount(gitHub: GitHubFake, number: number): string {
  const login = `hub-${number}`
  gitHub.accounts.push({ id: String(7_000 + number), login, name: `Hub ${number}`, email: `${login}@example.com` })
  gitHub.repository({ owner: login, name: secretsOf(number).github, private: true, files: { 'README.md': 'Mine\n' } })
  return String(7_000 + number)
}

/** From a page of ours to the service, through its consent, and back; ends wherever that leads. */
export async function connectAt(
  { browser }: Pick<Newcomer, 'browser'>,
  address: string | URL,
  accountId: string,
  choice: 'allow' | 'deny' = 'allow',
): Promise<Page> {
  const page = await browser.open(address)
  const { url } = await browser.submit(page, formAt(page, page.url.pathname))
  // As real browsers do, it sends the service none of our cookies.
  const there = new Person([url.origin])
  const consent = await there.open(url)
  const [form] = consent.forms
  if (!form || url.origin === page.url.origin) {
    throw new Error(`no consent at ${url} (${consent.status}): ${consent.body.slice(-600)}`)
  }
  const back = await there.submit(consent, form, { account: accountId }, choice)
  return browser.open(back.url)
}

/** Connects a newcomer's own account of a service. */
export async function connect(newcomer: Newcomer, service: Service): Promise<void> {
  const end = await connectAt(newcomer, `/connections/${service}/connect`, newcomer.accounts[service])
  if (end.status !== 200 || end.url.pathname !== '/connections/connected') {
    throw new Error(`connecting ${service} ended at ${end.url} (${end.status}): ${end.body.slice(-600)}`)
  }
}

/** Calls the tool of a service through a router, in either era. */
export async function ask(
  base: string,
  { bearer }: Pick<Newcomer, 'bearer'>,
  service: Service,
  era: 'modern' | 'legacy' = 'modern',
) {
  const send = era === 'modern' ? postModern : postLegacy
  return send({ base }, 'tools/call', { ...askFor[service] }, { bearer })
}
