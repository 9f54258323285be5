// The providers of tools a room can be given, and whether a person can use them yet.
import { Injectable } from '@nestjs/common'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { shown } from '../providers/shown.js'
import { connectPath } from '../vault/connect-link.js'
import { Connections } from '../vault/connections.js'
import { isConnected } from '../vault/not-connected.js'
import { SetUp } from '../vault/set-up.js'

export interface ToolChoice {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly tools: number
  /** What the tools need of a person; undefined for those that need no account. */
  readonly account: AccountState | undefined
}

export interface AccountState {
  readonly state: 'connected' | 'not-connected' | 'not-set-up'
  /** What the connected accounts are called. */
  readonly labels: readonly string[]
  /** Where one is connected. */
  readonly connectPath: string
}

@Injectable()
export class ToolChoices {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly connections: Connections,
    private readonly setUp: SetUp,
  ) {}

  /** In the order of the providers. @param returnTo where connecting an account comes back to */
  async list(userId: string, returnTo: string): Promise<ToolChoice[]> {
    const connections = await this.connections.list(userId)
    const setUp = await this.setUp.providersOf(userId)
    return this.registry.providers.map((provider) => {
      const { id, title, description, tools } = provider
      const mine = connections.filter((connection) => connection.provider === id)
      const state = mine.length > 0 ? 'connected' : setUp.has(id) ? 'not-connected' : 'not-set-up'
      return {
        id,
        title: shown(provider, title),
        description: shown(provider, description),
        tools: tools.length,
        account: isConnected(provider)
          ? { state, labels: mine.map(({ account }) => account.label), connectPath: connectPath(id, { returnTo }) }
          : undefined,
      }
    })
  }

  /** What a provider is called, in the reader's language. */
  titleOf(id: string): string {
    const provider = this.registry.providers.find((one) => one.id === id)
    return provider ? shown(provider, provider.title) : id
  }

  /** What a tool is called, in the reader's language; as it was called when it was used where it is gone. */
  toolTitleOf(name: string, title: string): string {
    const provider = this.registry.providerOf.get(name)
    return provider ? shown(provider, this.registry.tools.get(name)?.title ?? title) : title
  }

  has(id: string): boolean {
    return this.registry.providers.some((provider) => provider.id === id)
  }
}
