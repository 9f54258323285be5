// What the tests of connecting share: an app server with services to connect, and people on the way there and back.
import type { FakeAccount } from '@sekisho/fakes'
import { type FormOnPage, type Page, Person, signIn } from '@sekisho/testing'
import { formAt } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { BoxService, boxProvider, crateProvider } from './connectable-provider.js'
import { cloudClient, settingsFor } from './connected-provider.js'

export interface ConnectBench {
  readonly app: TestApp
  readonly service: BoxService
  /** Somebody signed in, whose browser may open the service too. */
  traveller(name: string, email?: string): Promise<Traveller>
  /** An administrator. */
  readonly boss: Traveller
  close(): Promise<void>
}

const bossEmail = 'boss@example.test'

/** With the operator's client for boxes in place, entered by the administrator. */
export async function openConnectBench(env: Record<string, string> = {}): Promise<ConnectBench> {
  const service = await new BoxService().listen()
  const app = await startTestApp({
    providers: [boxProvider, crateProvider],
    env: { ...settingsFor(service), ADMIN_EMAILS: bossEmail, ...env },
  })
  const traveller = async (name: string, email = `${name.toLowerCase().replaceAll(/\W+/g, '.')}@example.test`) => {
    const browser = new Person([app.url, service.url])
    const page = await signIn(browser, name, email)
    if (page.status !== 200) throw new Error(`sign-in ended at ${page.url} with ${page.status}`)
    const [row] = await app.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])
    return new Traveller(browser, app, service, row?.id ?? '')
  }
  const boss = await traveller('Boss', bossEmail)
  await boss.enterClient()
  return {
    app,
    service,
    boss,
    traveller,
    async close() {
      await app.close()
      await service.close()
    },
  }
}

/** What somebody answers at the service. */
export interface Answer {
  readonly account: FakeAccount
  /** All that is asked for unless told. */
  readonly scopes?: readonly string[]
  readonly choice?: 'allow' | 'deny'
}

export class Traveller {
  constructor(
    readonly browser: Person,
    private readonly app: TestApp,
    private readonly service: BoxService,
    readonly id: string,
  ) {}

  open(address: string | URL): Promise<Page> {
    return this.browser.open(address)
  }

  /** From the page of ours to the service's; ends elsewhere when we do not send people there. */
  async leave(path = '/connections/box/connect', scopes?: readonly string[]): Promise<Page> {
    const page = await this.open(path)
    const form = formAt(page, new URL(page.url).pathname)
    return this.browser.submit(page, scopes ? ticked(form, scopes) : form)
  }

  /** Where the service sends the browser, without going there. */
  async answer(page: Page, { account, scopes, choice = 'allow' }: Answer): Promise<URL> {
    const [form] = page.forms
    if (!form || page.url.origin !== this.service.url)
      throw new Error(`no consent at ${page.url}: ${page.body.slice(-900)}`)
    const kept = form.fields.filter(([name, value]) => name !== 'scope' || !scopes || scopes.includes(value))
    const fields = kept.filter(([name]) => name !== 'account')
    const body = new URLSearchParams([...fields, ['account', account.id], ['choice', choice]])
    const response = await this.browser.request('POST', new URL(form.action, page.url), body)
    return new URL(response.headers.get('location') ?? '')
  }

  /** All the way there and back. */
  async connect(answer: Answer, path?: string, scopes?: readonly string[]): Promise<Page> {
    return this.open(await this.answer(await this.leave(path, scopes), answer))
  }

  /** Sends the form of a page that goes to `action`. */
  async send(address: string, action: string, changes: Record<string, string | undefined> = {}): Promise<Page> {
    const page = await this.open(address)
    return this.browser.submit(page, formAt(page, action), changes)
  }

  /** Asks and confirms. */
  confirmed(address: string): Promise<Page> {
    return this.send(address, new URL(address, this.app.url).pathname)
  }

  /** As an administrator, enters the operator's client. */
  enterClient(provider = 'box', clientId: string = cloudClient.clientId): Promise<Page> {
    const secret = cloudClient.clientSecret
    const path = `/admin/credentials/${provider}`
    return this.send(path, `${path}/client`, { clientId, clientSecret: secret })
  }

  /** This person's connections as the database has them. */
  connections(): Promise<ConnectionRow[]> {
    return this.app.sql<ConnectionRow>(
      `SELECT id, provider, account_id AS account, label, scopes, status, is_default AS "isDefault",
              credential_id AS "credentialId"
         FROM connections WHERE user_id = $1 ORDER BY connected_at`,
      [this.id],
    )
  }

  /** Entries about this person's connections, the oldest first. */
  entries(): Promise<Record<string, unknown>[]> {
    return this.app.sql(
      `SELECT action, outcome, reason, details FROM audit_entries
        WHERE kind = 'connection' AND actor_id = $1 ORDER BY at, id`,
      [this.id],
    )
  }
}

export interface ConnectionRow {
  readonly id: string
  readonly provider: string
  readonly account: string
  readonly label: string
  readonly scopes: string[] | null
  readonly status: string
  readonly isDefault: boolean
  readonly credentialId: string
}

function ticked(form: FormOnPage, scopes: readonly string[]): FormOnPage {
  const others = form.fields.filter(([name]) => name !== 'scopes')
  return { ...form, fields: [...others, ...scopes.map((scope): [string, string] => ['scopes', scope])] }
}

/** The page's one heading. */
export function headingOf({ body }: Page): string {
  return (/<h1[^>]*>(.*?)<\/h1>/s.exec(body)?.[1] ?? '').replaceAll('&#39;', "'")
}
