// A bench with a pretended Jira: people with accounts there, connected by OAuth or by an API token.
import type { FakeAccount, JiraIssue, JiraProject, JiraSite } from '@sekisho/fakes'
import { AtlassianFake, emptySite, samplePeople, sampleProject } from '@sekisho/fakes'
import { GuardedFetch } from '../src/platform/guarded-fetch.js'
import type { Services } from '../src/platform/service-settings.js'
import type { Account, UpstreamFetch } from '../src/providers/connect.js'
import { jira } from '../src/providers/jira/jira.js'
import type { Caller } from '../src/providers/provider.js'
import { type TokenSource, upstreamFetch } from '../src/providers/upstream.js'
import { type Bench, noServices, openBench } from './provider-bench.js'

export const [hana, daniel, aiko] = samplePeople

/** What the connection form asks for, and what an operator's client may ask for. */
export const allScopes = ['read:me', 'offline_access', 'read:jira-work', 'read:jira-user', 'write:jira-work']

export interface JiraBench {
  readonly bench: Bench
  readonly fake: AtlassianFake
  readonly site: JiraSite
  readonly project: JiraProject
  readonly services: Services
  /** A caller connected by OAuth as this person, and what was asked for. */
  byOAuth(person?: FakeAccount, scopes?: readonly string[]): Promise<Caller>
  /** A caller connected by an API token: at the site, or with scopes at the gateway. */
  byToken(person?: FakeAccount, scopes?: readonly string[]): Promise<Caller>
  /** Calls with a caller's tokens, as the vault would. */
  identify(authorization: string, given: Record<string, string>): Promise<Account>
  issue(given: { summary: string } & Partial<Parameters<JiraSite['addIssue']>[1]>): JiraIssue
  close(): Promise<void>
}

export async function openJiraBench(): Promise<JiraBench> {
  const fake = new AtlassianFake({ accounts: [...samplePeople], sites: [] })
  await fake.listen()
  const site = emptySite('Matsu Trading', fake.url, samplePeople, 'cloud-1')
  fake.sites.push(site)
  const project = sampleProject(site, 'SHOP', 'Web shop')
  const services = { ...noServices, atlassian: { auth: fake.url, api: fake.url } }
  const accounts = new Map<string, { account: Account; tokens: TokenSource }>()
  const bench = await openBench([jira], {
    services,
    hosts: [fake.host],
    accountOf: (caller) => {
      const found = accounts.get(caller.userId)
      if (!found) throw new Error('the caller has no account')
      return found
    },
  })
  const guard = new GuardedFetch({ outboundAllowedHosts: [fake.host] })
  const wayOf = (authorization: string, details: Record<string, unknown>): UpstreamFetch =>
    upstreamFetch({
      connect: jira.connect as NonNullable<typeof jira.connect>,
      services,
      details,
      tokens: fixed(authorization),
      fetch: guard,
      signal: new AbortController().signal,
    })
  const identify = async (authorization: string, given: Record<string, string>) => {
    const found = await jira.connect?.identify(wayOf(authorization, given), services, given)
    if (!found) throw new Error('nobody was identified')
    return found
  }
  const connected = async (authorization: string, given: Record<string, string>) => {
    const caller = await bench.person()
    accounts.set(caller.userId, { account: await identify(authorization, given), tokens: fixed(authorization) })
    return caller
  }
  return {
    bench,
    fake,
    site,
    project,
    services,
    identify,
    byOAuth: (person = hana, scopes = allScopes) => connected(`Bearer ${fake.oauth.personalToken(person, scopes)}`, {}),
    byToken: (person = hana, scopes) =>
      connected(basicOf(person.email, fake.apiToken(person, scopes)), { site: fake.url, email: person.email }),
    issue: (given) => site.addIssue(project, { type: 'Task', reporter: hana, ...given }),
    async close() {
      await bench.close()
      await guard.onApplicationShutdown()
      await fake.close()
    },
  }
}

export function basicOf(email: string, token: string): string {
  const header = jira.connect?.token?.authorization?.(token, { email })
  if (!header) throw new Error('API tokens are not sent')
  return header
}

function fixed(authorization: string): TokenSource {
  return { authorization: async () => authorization, renewed: async () => undefined }
}
