// Scopes as a person reads them: in plain words, under the provider they belong to.
import type { ProviderRegistry } from '../providers/provider-registry.js'
import { shown } from '../providers/shown.js'
import { t } from './t.js'

export interface ScopeWords {
  readonly name: string
  /** Continues "may …". */
  readonly allows: string
  readonly writes: boolean
}

export interface ScopeGroup {
  readonly title: string
  /** Whether its tools act on an account of the person's elsewhere, which may not be connected yet. */
  readonly byAccount: boolean
  readonly scopes: readonly ScopeWords[]
}

/** Groups scopes by provider, in the providers' order. A scope that no longer exists keeps its bare name. */
export function scopeGroups(scopes: Iterable<string>, registry: ProviderRegistry): ScopeGroup[] {
  const groups = new Map<string, { byAccount: boolean; scopes: ScopeWords[] }>()
  const held = new Set(scopes)
  const known = [...registry.scopes.keys()].filter((name) => held.delete(name))
  for (const name of [...known, ...held]) {
    const scope = registry.scopes.get(name)
    const title = scope ? shown(scope.provider, scope.provider.title) : t('No longer offered')
    const words = {
      name,
      allows: scope ? shown(scope.provider, scope.allows) : name,
      writes: scope?.access === 'write',
    }
    const group = groups.get(title) ?? { byAccount: scope?.provider.connect !== undefined, scopes: [] }
    group.scopes.push(words)
    groups.set(title, group)
  }
  return [...groups].map(([title, group]) => ({ title, ...group }))
}
