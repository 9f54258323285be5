// The providers of this process: the built-in ones, or what the composition was given instead.
import type { Provider, Scope, Tool } from './provider.js'

export class ProviderRegistry {
  /** Every scope a token can hold, in the order of the providers. */
  readonly scopes: ReadonlyMap<string, Scope & { provider: Provider }>
  /** Every tool by its name, in the order of the providers. */
  readonly tools: ReadonlyMap<string, Tool>
  /** The provider of each tool, by the tool's name. */
  readonly providerOf: ReadonlyMap<string, Provider>

  constructor(readonly providers: readonly Provider[]) {
    this.scopes = new Map(
      providers.flatMap((provider) =>
        Object.entries(provider.scopes).map(([name, scope]) => [name, { ...scope, provider }] as const),
      ),
    )
    this.providerOf = new Map(
      providers.flatMap((provider) => provider.tools.map(({ name }) => [name, provider] as const)),
    )
    this.tools = new Map(providers.flatMap((provider) => provider.tools.map((tool) => [tool.name, tool] as const)))
  }
}
