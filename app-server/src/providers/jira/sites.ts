// The Jira sites of a connected account: as they are kept with it, and which of them a call means.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Services } from '../../platform/service-settings.js'
import type { Account } from '../connect.js'
import { text } from '../inputs.js'

/** Sites of one account; nobody has more. */
export const maxSites = 50

const site = z.object({
  /** What Atlassian calls it (cloud id). */
  id: z.string().max(100),
  /** Where people find it, without a slash at the end. */
  url: z.string().max(500),
  name: z.string().max(200),
  /** Asked at its own address instead of Atlassian's gateway. */
  direct: z.boolean().optional(),
})
const details = z.object({ sites: z.array(site).max(maxSites) })

export type Site = z.output<typeof site>

/** Spread into the input of every tool. */
export const siteInput = {
  site: text({ min: 1, max: 200 })
    .optional()
    .describe('Jira site by name or address; only for an account with several.'),
}

export function sitesOf(account: Pick<Account, 'details'>): readonly Site[] {
  return details.safeParse(account.details).data?.sites ?? []
}

/** The site a call means: the only one there is, or the one it names. Throws Problem invalid-arguments listing them. */
export function requireSite(account: Account, given: string | undefined): Site {
  const sites = sitesOf(account)
  const [only] = sites
  if (!only) {
    throw new Problem(
      'forbidden',
      `The account ${account.label} has no Jira site. Ask the person to reconnect it and choose a site at Atlassian.`,
    )
  }
  if (given === undefined && sites.length === 1) return only
  const wanted = given?.trim().toLowerCase()
  const found = sites.filter((one) => wanted !== undefined && namesOf(one).includes(wanted.replace(/\/+$/, '')))
  if (found.length === 1 && found[0]) return found[0]
  const list = sites.map(({ name, url }) => `${name} (${url})`).join(', ')
  throw new Problem(
    'invalid-arguments',
    given === undefined
      ? `The account ${account.label} has several Jira sites. Give one as site: ${list}.`
      : `${found.length === 0 ? 'No' : 'More than one'} Jira site of ${account.label} is called "${given}". There are: ${list}. Give the address.`,
    { sites: sites.map(({ name, url }) => ({ name, url })) },
  )
}

function namesOf({ id, url, name }: Site): string[] {
  const host = URL.parse(url)?.host ?? url
  return [id, url, host, host.split('.')[0] ?? host, name].map((one) => one.toLowerCase())
}

/** Where the API of a site is, without a slash at the end. */
export function apiUrlOf({ id, url, direct }: Site, { atlassian }: Services): string {
  return direct ? `${url}/rest/api/3` : `${atlassian.api}/ex/jira/${encodeURIComponent(id)}/rest/api/3`
}

/**
 * The address of a site as a person enters it, made one of its origin: `https://name.atlassian.net`.
 * Plain http is for the operator's own Atlassian addresses (a pretended one) alone. Throws Problem invalid-arguments.
 */
export function requireSiteUrl(given: unknown, services: Services): string {
  const url = findSiteUrl(given, services)
  if (url !== undefined) return url
  throw new Problem(
    'invalid-arguments',
    'That is no address of a Jira site. Enter it as in the browser, e.g. https://your-company.atlassian.net.',
  )
}

/** As `requireSiteUrl`; undefined for what is no address of a site. */
export function findSiteUrl(given: unknown, { atlassian }: Services): string | undefined {
  const entered = typeof given === 'string' ? given.trim() : ''
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(entered) ? entered : `https://${entered}`)
  if (!url || entered.length > 300 || url.host === '' || url.username || url.password) return undefined
  const own = [atlassian.api, atlassian.auth].map((address) => URL.parse(address)?.origin)
  return url.protocol === 'https:' || own.includes(url.origin) ? url.origin : undefined
}
