// How Jira accounts are connected: OAuth at Atlassian (3LO), or an e-mail address and an API token.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Services } from '../../platform/service-settings.js'
import { type Account, type Connect, TokenRefused, type UpstreamFetch } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { jiraProblem, refusesToken } from './jira-api.js'
import { findSiteUrl, maxSites, requireSiteUrl, type Site } from './sites.js'

const developerConsole = 'https://developer.atlassian.com/console/myapps/'
const connectedApps = 'https://id.atlassian.com/manage-profile/apps'

const me = z.object({
  account_id: z.string().min(1).max(200),
  email: z.string().optional(),
  name: z.string().optional(),
})
const myself = z.object({
  accountId: z.string().min(1).max(200),
  emailAddress: z.string().optional(),
  displayName: z.string().optional(),
})
const resources = z.array(z.object({ id: z.string().max(100), url: z.string().max(500), name: z.string() }))
const tenant = z.object({ cloudId: z.string().regex(/^[\w-]{1,100}$/) })

export const connect: Connect = {
  service: 'Jira',
  apiUrls(services, details) {
    // An account with an API token has a site, which is asked for whose the token is even where its tools do not go.
    const site = findSiteUrl(details.site, services)
    return [services.atlassian.api, ...(site === undefined ? [] : [site])]
  },
  identify: (fetch, services, given) =>
    given.site === undefined ? identifyByOAuth(fetch, services) : identifyByToken(fetch, services, given),
  problemOf: jiraProblem,
  refusesToken,
  manageUrl: connectedApps,
  oauth: {
    endpoints: ({ atlassian }) => ({
      authorizationUrl: `${atlassian.auth}/authorize`,
      tokenUrl: `${atlassian.auth}/oauth/token`,
    }),
    parameters: { audience: 'api.atlassian.com', prompt: 'consent' },
    clientAuthentication: 'client_secret_post',
    tokenRequest: 'json',
    alwaysScopes: ['read:me', 'offline_access'],
    scopes: {
      'jira:read': ['read:jira-work', 'read:jira-user'],
      // Changing an issue needs to read what can be chosen for it.
      'jira:write': ['read:jira-work', 'read:jira-user', 'write:jira-work'],
    },
    incremental: false,
    // Beside the documented invalid_grant, for refresh tokens that were replaced or withdrawn.
    goneErrors: [{ error: 'unauthorized_client', description: /refresh.?token/i }],
    refreshIdleDays: 90,
    setUp: {
      url: developerConsole,
      steps: [
        'Choose Create, then OAuth 2.0 integration, and give it a name that people will recognise.',
        'Under Permissions add the User identity API with read:me, and the Jira API with the classic scopes read:jira-work, read:jira-user and write:jira-work.',
        'Under Authorization add OAuth 2.0 (3LO) and enter the callback URL shown here.',
        'Under Distribution choose Sharing, so that people other than you can connect.',
        'Copy the client ID and the secret from Settings into the fields here.',
        `Atlassian has no way to end an authorization for the person: who disconnects here removes the application at ${connectedApps} as well.`,
      ],
    },
  },
  token: {
    name: 'API token',
    url: 'https://id.atlassian.com/manage-profile/security/api-tokens',
    hint: 'Create an API token. One with scopes needs read:jira-work and read:jira-user, and write:jira-work to change anything.',
    fields: [
      {
        name: 'site',
        label: 'Site',
        hint: 'The address of your Jira in the browser, e.g. https://your-company.atlassian.net',
        type: 'url',
      },
      { name: 'email', label: 'E-mail address', hint: 'The one of your Atlassian account.', type: 'email' },
    ],
    authorization: (token, details) => `Basic ${Buffer.from(`${String(details.email)}:${token}`).toString('base64')}`,
  },
}

async function identifyByOAuth(fetch: UpstreamFetch, { atlassian }: Services): Promise<Account> {
  const [person, found] = await Promise.all([
    ask(fetch, `${atlassian.api}/me`, me),
    ask(fetch, `${atlassian.api}/oauth/token/accessible-resources`, resources),
  ])
  const sites = new Map<string, Site>()
  for (const { id, url, name } of found) {
    const origin = URL.parse(url)
    if (!origin || !/^https?:$/.test(origin.protocol)) continue
    // A site is listed once for each of its products.
    sites.set(id, { id, url: origin.origin, name: oneLine(name, 200) || origin.host })
  }
  return {
    id: person.account_id,
    label: labelOf(person.email, person.name, person.account_id),
    details: { sites: [...sites.values()].slice(0, maxSites) },
  }
}

/**
 * Tokens without scopes work at the site, those with scopes through the gateway alone; nothing in a token tells which it
 * is (Atlassian, "Manage API tokens", and CLOUD-12617). So the site is asked first, then the gateway.
 */
async function identifyByToken(
  fetch: UpstreamFetch,
  services: Services,
  { site: entered, email = '' }: Readonly<Record<string, string>>,
): Promise<Account> {
  const url = requireSiteUrl(entered, services)
  if (!/^[^\s:@]+@[^\s:@]+$/.test(email)) {
    throw new Problem('invalid-arguments', 'Enter the e-mail address of the Atlassian account the token is of.')
  }
  const { cloudId } = await ask(fetch, `${url}/_edge/tenant_info`, tenant)
  const name = URL.parse(url)?.host ?? url
  const direct = await askWhether(fetch, `${url}/rest/api/3/myself`, myself)
  const person = direct ?? (await ask(fetch, `${services.atlassian.api}/ex/jira/${cloudId}/rest/api/3/myself`, myself))
  const site: Site = { id: cloudId, url, name, ...(direct ? { direct: true } : {}) }
  return {
    id: person.accountId,
    label: labelOf(person.emailAddress ?? email, person.displayName, person.accountId),
    details: { site: url, email, sites: [site] },
  }
}

function labelOf(...names: (string | undefined)[]): string {
  return names.map((name) => oneLine(name ?? '', 200)).find((name) => name !== '') ?? 'Jira'
}

/** Throws Problem; TokenRefused when the token is not taken. */
async function ask<Schema extends z.ZodType>(
  fetch: UpstreamFetch,
  url: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const answer = await askWhether(fetch, url, schema)
  if (answer === undefined) throw new TokenRefused()
  return answer
}

/** Undefined when the token is not taken. Throws Problem. */
async function askWhether<Schema extends z.ZodType>(
  fetch: UpstreamFetch,
  url: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  if (await refusesToken(response)) return undefined
  if (!response.ok) throw await jiraProblem(response)
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  throw new Problem(
    'upstream-failed',
    `${new URL(url).host} does not answer as Jira does. Check the address of the site.`,
  )
}
