// The vault as tools' calls meet it: chooses the account, makes sure of its access, and opens the way to its service.
import { Inject, Injectable } from '@nestjs/common'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Upstream } from '../providers/connect.js'
import { upstreamFetch } from '../providers/upstream.js'
import { AccountTokens } from './account-tokens.js'
import { type HeldAccount, HeldAccounts } from './held-accounts.js'
import {
  accessLost,
  type ConnectedProvider,
  type ConnectLink,
  isCalled,
  moreAccessNeeded,
  noAccount,
  notSetUp,
  unknownAccount,
} from './not-connected.js'
import { SetUp } from './set-up.js'

export interface UpstreamRequest {
  readonly userId: string
  readonly provider: ConnectedProvider
  /** The account's label or id; undefined for the default one. */
  readonly connection: string | undefined
  /** The tool's scope: what the account must have given. */
  readonly scope: string
  readonly signal: AbortSignal
}

/** The way to a service, and whose it is. */
export interface OpenedUpstream {
  readonly upstream: Upstream
  readonly connection: { readonly id: string; readonly label: string }
}

@Injectable()
export class Vault {
  constructor(
    private readonly held: HeldAccounts,
    private readonly setUp: SetUp,
    private readonly tokens: AccountTokens,
    private readonly fetch: GuardedFetch,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl' | 'services'>,
  ) {}

  /** Opens the way to a service with one of the person's accounts. Throws Problem not-connected, upstream-failed, unavailable. */
  async upstream(request: UpstreamRequest): Promise<OpenedUpstream> {
    const { provider, signal } = request
    const { connect } = provider
    const { services } = this.settings
    const account = await this.choose(request)
    const { id, accountId, label, details } = account
    const tokens = this.tokens.of({ ...this.linkOf(request), account }, signal)
    await this.held.noteUse(account)
    return {
      connection: { id, label },
      upstream: {
        account: { id: accountId, label, details },
        services,
        fetch: upstreamFetch({ connect, services, details, tokens, fetch: this.fetch, signal }),
      },
    }
  }

  /** The account that is meant, connected and with the access that is needed. Throws Problem not-connected. */
  private async choose(request: UpstreamRequest): Promise<HeldAccount> {
    const { userId, provider, connection, scope } = request
    const accounts = await this.held.find(userId, provider.id)
    const link = this.linkOf(request)
    if (accounts.length === 0) {
      throw (await this.setUp.isFor(userId, provider.id)) ? noAccount(link) : notSetUp(provider, link.publicUrl)
    }
    const meant = connection === undefined ? accounts.slice(0, 1) : accounts.filter((one) => isCalled(one, connection))
    const [account] = meant
    if (!account || meant.length > 1) throw unknownAccount(link, connection ?? '', accounts)
    if (account.status !== 'connected') {
      const { status, statusReason, statusAt } = account
      throw accessLost({ ...link, account }, { status, reason: statusReason ?? status, at: statusAt })
    }
    const missing = missingScopes(account, provider, scope)
    if (missing.length > 0) throw moreAccessNeeded({ ...link, account }, missing)
    return account
  }

  private linkOf({ provider, scope }: UpstreamRequest): ConnectLink {
    return { publicUrl: this.settings.publicUrl, provider, scopes: [scope] }
  }
}

/** The service's scopes that the tool needs and the account has not given; where nobody knows, the service will say. */
function missingScopes({ scopes }: HeldAccount, { connect }: ConnectedProvider, scope: string): string[] {
  const needed = connect.oauth?.scopes[scope] ?? []
  if (scopes === null) return []
  const given = new Set(scopes)
  return needed.filter((one) => !given.has(one))
}
