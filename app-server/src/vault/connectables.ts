// The providers whose accounts can be connected, as pages ask for them.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { type ConnectedProvider, isConnected } from './not-connected.js'
import { t } from './t.js'

@Injectable()
export class Connectables {
  readonly all: readonly ConnectedProvider[]

  constructor(registry: ProviderRegistry) {
    this.all = registry.providers.filter(isConnected)
  }

  find(id: string): ConnectedProvider | undefined {
    return this.all.find((provider) => provider.id === id)
  }

  /** Throws Problem not-found. */
  require(id: string): ConnectedProvider {
    const found = this.find(id)
    if (!found) throw new Problem('not-found', t('There is no such service here. Choose one at /connections.'))
    return found
  }
}
