// People of a Jira site: as tools show them, and found by what somebody calls them.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { text } from '../inputs.js'
import { type Jira, path } from './jira-api.js'

/** Candidates that are listed when a name may mean several. */
const maxCandidates = 10

/**
 * People that one question looks through, which are all that Jira gives. It takes so many who fit the words, and of those it
 * leaves out whoever cannot be assigned issues: fewer would miss people.
 */
export const mostPeople = 1_000

export const person = z.object({
  accountId: z.string(),
  displayName: z.string().nullish(),
  emailAddress: z.string().nullish(),
  active: z.boolean().nullish(),
  accountType: z.string().nullish(),
})
export const people = z.array(person)
export type Person = z.output<typeof person>

export const personOutput = z.object({
  account_id: z.string().describe('What Atlassian calls them.'),
  name: z.string(),
  email: z.string().nullable().describe('Their e-mail address; null when they do not show it.'),
  active: z.boolean().describe('Whether the account is in use.'),
})

export function showPerson(one: Person): z.input<typeof personOutput> {
  return {
    account_id: one.accountId,
    name: oneLine(one.displayName ?? '', 120) || 'Somebody',
    email: one.emailAddress ? oneLine(one.emailAddress, 200) : null,
    active: one.active ?? true,
  }
}

/** Input member for somebody to whom an issue is given. */
export const assigneeText = () => text({ min: 1, max: 200 })

/** Where somebody must be able to work. */
export type Place = { readonly issueKey: string } | { readonly project: string }

/** An account id as Atlassian makes them, old and new. */
const accountIdShape = /^(?:[0-9a-f]{24}|[\w-]{1,40}:[\w-]{1,80})$/i

/**
 * The person somebody means by `me`, an account id, a name or an e-mail address, who can be assigned issues there.
 * Throws Problem not-found, and invalid-arguments with the candidates when it may be several.
 */
export async function requirePerson(jira: Jira, given: string, place: Place): Promise<{ id: string; name: string }> {
  const wanted = given.trim()
  if (wanted.toLowerCase() === 'me') return { id: jira.accountId, name: 'the connected account' }
  if (accountIdShape.test(wanted)) return { id: wanted, name: wanted }
  const found = await jira.get(people, path`/user/assignable/search`, {
    ...place,
    query: wanted,
    maxResults: mostPeople,
  })
  const candidates = found.filter(({ active }) => active !== false)
  const same = candidates.filter(({ emailAddress, displayName }) =>
    [emailAddress, displayName].some((name) => name?.toLowerCase() === wanted.toLowerCase()),
  )
  const meant = same.length > 0 ? same : candidates
  const [only] = meant
  if (!only) {
    throw new Problem(
      'not-found',
      `Nobody called "${wanted}" can be assigned issues there. Call jira.find_people for those who can.`,
    )
  }
  if (meant.length === 1) return { id: only.accountId, name: showPerson(only).name }
  const shown = meant.slice(0, maxCandidates).map(showPerson)
  const list = shown.map(({ account_id, name, email }) => `${name}${email ? ` <${email}>` : ''} (${account_id})`)
  throw new Problem(
    'invalid-arguments',
    `"${wanted}" may be ${list.join(', ')}. Ask who is meant and give the account id.`,
    {
      candidates: shown,
    },
  )
}
