// The tokens of one account for one call: renewed before they expire, and once more when the service refuses one.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { Log } from '../platform/log.js'
import { placeIn } from '../platform/sealed-values.js'
import { SecretBox } from '../platform/secret-box.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { TokenRefused } from '../providers/connect.js'
import { type TokenSource, upstreamFetch } from '../providers/upstream.js'
import type { HeldAccount } from './held-accounts.js'
import { Losses } from './losses.js'
import { accessLost, type ConnectLink, type Loss, noAccount } from './not-connected.js'
import { notRenewed } from './not-renewed.js'
import { AccessLost, AccountGone, type FreshToken, NotRenewed, type Renewable, Renewals } from './renewals.js'
import { sealedAccessTokens, sealedCredentialSecrets } from './sealed-columns.js'

/** A token is renewed this long before its end, or a tenth of its life before it when that is less. */
const longestMarginMs = 5 * 60_000
/** A token that ends sooner is not sent any more: it could end on the way. */
const shortestUseMs = 2_000
/** A token that was renewed so recently and is refused all the same is not renewed again: that would not help. */
const justRenewedMs = 30_000

/** Where a problem of the account is mended, for the call's scope. */
export type AccountLink = ConnectLink & { readonly account: HeldAccount }

@Injectable()
export class AccountTokens {
  constructor(
    private readonly renewals: Renewals,
    private readonly losses: Losses,
    private readonly box: SecretBox,
    private readonly fetch: GuardedFetch,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'services'>,
  ) {}

  /** @param signal ends with the call */
  of(link: AccountLink, signal: AbortSignal): TokenSource {
    const { account } = link
    let current: Promise<FreshToken> | undefined
    return {
      authorization: async () => {
        current ??= this.fresh(link)
        return this.authorizationOf(link, (await current).accessToken)
      },
      renewed: async (refused) => {
        const used = await (current ?? this.fresh(link))
        // Requests of one call go side by side: another of them has got a newer one while this one was under way.
        const newest = this.authorizationOf(link, used.accessToken)
        if (newest !== refused) return newest
        if (!account.renewable) {
          await this.confirmRefusal(link, refused, signal)
          return undefined
        }
        if (wasJustRenewed(account, used)) return undefined
        current = this.renew(link, used.generation)
        return this.authorizationOf(link, (await current).accessToken)
      },
    }
  }

  /** The token to send now. One that is still good is used at once, whoever is renewing it. Throws Problem. */
  private async fresh(link: AccountLink): Promise<FreshToken> {
    const { account } = link
    const held = { accessToken: this.open(account), generation: account.generation }
    if (!account.renewable || account.expiresAt === null) return held
    const leftMs = account.expiresAt.getTime() - Date.now()
    if (leftMs < shortestUseMs) return this.renew(link, account.generation)
    if (leftMs < marginMs(account, account.expiresAt) && !account.renewalWaits) this.renewAhead(link)
    return held
  }

  private async renew(link: AccountLink, generation: number): Promise<FreshToken> {
    try {
      return await this.renewals.renew(renewable(link, generation))
    } catch (error) {
      throw problemOf(error, link) ?? error
    }
  }

  /** What goes wrong here goes wrong for nobody: the token is still good, and the next call tries again. */
  private renewAhead(link: AccountLink): void {
    this.renewals.renew(renewable(link, link.account.generation)).catch((error: unknown) => {
      if (problemOf(error, link)) return
      this.log.error({ error, connection: link.account.id }, 'a renewal ahead of time failed unexpectedly')
    })
  }

  /**
   * A token that cannot be renewed is refused for one request: whether it is refused altogether, the service is asked.
   * Throws Problem not-connected when it is.
   */
  private async confirmRefusal(link: AccountLink, refused: string, signal: AbortSignal): Promise<void> {
    const { account, provider } = link
    const { connect } = provider
    const { services } = this.settings
    const tokens: TokenSource = { authorization: async () => refused, renewed: async () => undefined }
    const ask = upstreamFetch({ connect, services, details: account.details, tokens, fetch: this.fetch, signal })
    try {
      await connect.identify(ask, services, account.fields)
      return
    } catch (error) {
      // Anything else says nothing about the token; the answer to the request stands.
      if (!(error instanceof TokenRefused)) return
    }
    const { id, userId, label, credentialId, credentialKind, generation, sealedToken } = account
    const seen = credentialKind === 'token' ? { sealedToken } : { generation }
    const loss = lossOf(account)
    const lost = await this.losses.record({ id, userId, label, provider, credentialId, seen }, loss)
    // Otherwise another token is there meanwhile: the next call uses it.
    if (lost) throw accessLost(link, { ...loss, at: new Date() })
  }

  private open({ id, credentialKind, credentialId, sealedToken }: HeldAccount): string {
    const place =
      credentialKind === 'token' ? placeIn(sealedCredentialSecrets, credentialId) : placeIn(sealedAccessTokens, id)
    return this.box.open(sealedToken, place).toString()
  }

  private authorizationOf({ account, provider }: AccountLink, token: string): string {
    const own = account.credentialKind === 'token' ? provider.connect.token : undefined
    return own?.authorization?.(token, account.details) ?? `Bearer ${token}`
  }
}

function renewable({ account, provider }: AccountLink, generation: number): Renewable {
  const { id, userId, label, credentialId } = account
  return { id, userId, label, provider, credentialId, generation }
}

function marginMs({ refreshedAt }: HeldAccount, expiresAt: Date): number {
  return Math.min(longestMarginMs, (expiresAt.getTime() - refreshedAt.getTime()) / 10)
}

function wasJustRenewed({ generation, refreshedAt, connectedAt }: HeldAccount, used: FreshToken): boolean {
  if (used.generation !== generation) return true
  return refreshedAt > connectedAt && Date.now() - refreshedAt.getTime() < justRenewedMs
}

function lossOf({ expiresAt }: HeldAccount): Omit<Loss, 'at'> {
  const expired = expiresAt !== null && expiresAt.getTime() <= Date.now()
  return expired
    ? { status: 'reconnect-needed', reason: 'no-refresh-token' }
    : { status: 'revoked', reason: 'token-refused' }
}

function problemOf(error: unknown, link: AccountLink): Problem | undefined {
  if (error instanceof AccessLost) return accessLost(link, error.loss)
  if (error instanceof AccountGone) return noAccount(link)
  if (error instanceof NotRenewed) return notRenewed(link, error)
  return undefined
}
