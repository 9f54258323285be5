// What a connected account is used for, in our own words: which of our scopes the service's scopes cover, and what to ask for.
import { joined } from '../platform/html/language.js'
import type { OAuthConnect } from '../providers/connect.js'
import type { Provider, Scope } from '../providers/provider.js'
import { shown } from '../providers/shown.js'
import type { ConnectedProvider } from './not-connected.js'
import { t } from './t.js'

/** One of our scopes as a person reads it. */
export interface Access {
  readonly name: string
  /** Continues "may …". */
  readonly allows: string
  readonly writes: boolean
}

/** Our scopes of a provider, those that only read first. */
export function accessOf(provider: Provider): Access[] {
  const words = Object.entries(provider.scopes).map(([name, scope]) => toAccess(provider, name, scope))
  return [...words.filter(({ writes }) => !writes), ...words.filter(({ writes }) => writes)]
}

function toAccess(provider: Provider, name: string, { allows, access }: Scope): Access {
  return { name, allows: shown(provider, allows), writes: access === 'write' }
}

/** Of our scopes: those the given scopes of the service cover. `null` is a token of which nobody knows; it is tried. */
export function covered({ scopes, connect }: ConnectedProvider, given: readonly string[] | null): string[] {
  const needs = connect.oauth?.scopes ?? {}
  return Object.keys(scopes).filter(
    (name) => given === null || (needs[name] ?? []).every((needed) => given.includes(needed)),
  )
}

/** Of our scopes: those a person chooses, because the service has scopes for them. */
export function choosable({ scopes, connect }: ConnectedProvider): string[] {
  const needs = connect.oauth?.scopes ?? {}
  return Object.keys(scopes).filter((name) => (needs[name] ?? []).length > 0)
}

/** Of our scopes: those that the service has one and the same permission for; they are asked for, and given, as one. */
export function inseparable({ scopes, connect }: ConnectedProvider): string[][] {
  const needs = connect.oauth?.scopes ?? {}
  const keyOf = (name: string) => [...(needs[name] ?? [])].sort().join(' ') || name
  return [...Map.groupBy(Object.keys(scopes), keyOf).values()]
}

/** What is chosen when nobody asked for anything certain: reading. */
export function readOnly({ scopes }: Provider): string[] {
  return Object.entries(scopes).flatMap(([name, { access }]) => (access === 'read' ? [name] : []))
}

/**
 * The service's scopes to ask for.
 * @param chosen of our scopes
 * @param held the service's scopes that the account has and keeps; undefined when there is nothing to keep
 */
export function scopesToAsk(oauth: OAuthConnect, chosen: readonly string[], held?: readonly string[] | null): string[] {
  const kept = oauth.incremental ? [] : (held ?? [])
  return [...new Set([...oauth.alwaysScopes, ...chosen.flatMap((name) => oauth.scopes[name] ?? []), ...kept])]
}

/** The scopes of ours that a query or a form names; what is none of this provider's is left out. */
export function namedScopes({ scopes }: Provider, value: unknown): string[] {
  const given = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
  const names = new Set(
    given
      .join(' ')
      .slice(0, 4_000)
      .split(/[\s,]+/),
  )
  return Object.keys(scopes).filter((name) => names.has(name))
}

/** Its tools as the reader calls them. */
export function titledTools(provider: Provider): { title: string }[] {
  return provider.tools.map(({ title }) => ({ title: shown(provider, title) }))
}

/** Titles of tools, as many as one reads: "A, B, C and 4 more". */
export function someTitles(tools: readonly { readonly title: string }[], most = 6): string {
  const titles = tools.map(({ title }) => title)
  // "and 1 more" takes as much room as the one.
  if (titles.length <= most + 1) return joined(titles)
  return t('{titles} and {count} more', { titles: joined(titles.slice(0, most)), count: titles.length - most })
}
