// "Connect first": the question that leads the person to connecting the account a call is missing.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { type ConnectedProvider, connectUrl, isConnected } from '../vault/not-connected.js'

/** What a link mends. An account of an unknown name is mended by the model, and a service that is not set up by nobody here. */
const mendable: ReadonlySet<unknown> = new Set(['no-account', 'reconnect-needed', 'revoked', 'more-access-needed'])

@Injectable()
export class ConnectFirst {
  constructor(
    private readonly registry: ProviderRegistry,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl'>,
  ) {}

  isAbout({ code, members }: Problem): boolean {
    return code === 'not-connected' && mendable.has(members.reason) && typeof members.connect_url === 'string'
  }

  questionFor(tool: string, problem: Problem): { message: string; url: string } | undefined {
    const provider = this.providerOf(tool)
    return provider && { message: wordsFor(provider, problem), url: String(problem.members.connect_url) }
  }

  /** What the model is told when the person would not. */
  refusedBy(tool: string, scope: string, said: 'decline' | 'cancel'): Problem | undefined {
    const provider = this.providerOf(tool)
    if (!provider) return undefined
    const url = connectUrl({ publicUrl: this.settings.publicUrl, provider, scopes: [scope] })
    const { service } = provider.connect
    const what =
      said === 'decline'
        ? `The person was asked to connect their ${service} account and said no, so ${tool} was not run. Do not call again unless they ask for it; they connect an account at ${url}.`
        : `The person was asked to connect their ${service} account and closed the question, so ${tool} was not run. Ask them whether to go on; they connect an account at ${url}, then call again.`
    const reason = said === 'decline' ? 'declined' : 'cancelled'
    return new Problem('not-connected', what, { provider: provider.id, reason, connect_url: url })
  }

  private providerOf(tool: string): ConnectedProvider | undefined {
    const provider = this.registry.providerOf.get(tool)
    return provider && isConnected(provider) ? provider : undefined
  }
}

/** For the person, who sees where the link leads beside it. */
function wordsFor({ connect: { service } }: ConnectedProvider, { members }: Problem): string {
  const account = `${service} account${typeof members.connection === 'string' ? ` ${members.connection}` : ''}`
  switch (members.reason) {
    case 'no-account':
      return `Connect your ${account} on the page that opens. What was begun goes on when it is connected.`
    case 'more-access-needed':
      return `Your ${account} was connected without the access this needs. Allow it on the page that opens; then this goes on.`
    default:
      return `Access to your ${account} was lost. Connect it again on the page that opens; then this goes on.`
  }
}
