// Renews an account's tokens exactly once, however many calls on however many replicas need them.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import { isDatabaseAway } from '../platform/database/database.js'
import { Notices } from '../platform/database/notices.js'
import { Log } from '../platform/log.js'
import { placeIn } from '../platform/sealed-values.js'
import { SecretBox } from '../platform/secret-box.js'
import type { GivenClient } from '../platform/service-settings.js'
import type { OAuthConnect } from '../providers/connect.js'
import { Credentials } from './credentials.js'
import { Losses } from './losses.js'
import { type ConnectedProvider, interruptedReason, type Loss } from './not-connected.js'
import { type Lease, leaseMs, RenewalLeases, renewalEnded, type TokenState } from './renewal-leases.js'
import { sealedAccessTokens, sealedRefreshTokens } from './sealed-columns.js'
import { TokenEndpoint, TokenEndpointFailure, type Tokens } from './token-endpoint.js'

/** Requests of one renewal, and the pauses between them. */
const maxAttempts = 3
const pausesMs = [300, 1_000]
/** No further request begins later than this after the first. */
const lastAttemptMs = 5_000
/** How long somebody else's renewal is waited for: until a lease of a holder that died has ended. */
const longestWaitMs = leaseMs + 1_000
const pollMs = 500
/** When a lease has just ended. */
const shortPollMs = 25
/** New tokens are worth more than anything: they are offered to a database that is away for this long. */
const longestStoreMs = 60_000

/** An account whose tokens can be renewed, and what was seen of them. */
export interface Renewable {
  readonly id: string
  readonly userId: string
  readonly label: string
  readonly provider: ConnectedProvider
  readonly credentialId: string
  readonly generation: number
}

export interface FreshToken {
  readonly accessToken: string
  readonly generation: number
}

/** The person is needed. */
export class AccessLost extends Error {
  constructor(readonly loss: Loss) {
    super(`access was lost: ${loss.reason}`)
    this.name = 'AccessLost'
  }
}

/** The account is not there any more. */
export class AccountGone extends Error {}

/** No new token for now, and the account stays as it is. `failure` as kept in its row; undefined: somebody is still at it. */
export class NotRenewed extends Error {
  constructor(
    readonly failure: string | undefined,
    readonly retryAfterSeconds: number,
  ) {
    super(`not renewed: ${failure ?? 'still under way elsewhere'}`)
    this.name = 'NotRenewed'
  }
}

@Injectable()
export class Renewals implements OnApplicationShutdown {
  private readonly running = new Map<string, Promise<FreshToken>>()
  private readonly waiting = new Map<string, Set<() => void>>()
  /** A renewal belongs to no single call, so it must not run (and log) in the context of the one that began it. */
  private readonly outsideRequests = AsyncLocalStorage.snapshot()

  constructor(
    private readonly leases: RenewalLeases,
    private readonly losses: Losses,
    private readonly credentials: Credentials,
    private readonly endpoint: TokenEndpoint,
    private readonly box: SecretBox,
    private readonly log: Log,
    notices: Notices,
  ) {
    notices.on(renewalEnded, (id) => {
      for (const wake of this.waiting.get(id) ?? []) wake()
    })
  }

  /**
   * A token newer than the one seen: renewed now by this process, or by another meanwhile. Calls for one account share it.
   * Throws AccessLost, AccountGone, NotRenewed.
   */
  async renew(account: Renewable): Promise<FreshToken> {
    const { id, generation } = account
    for (let running = this.running.get(id); running; running = this.running.get(id)) {
      const token = await running
      // It may have begun before what was seen here: then it is no newer.
      if (token.generation !== generation) return token
    }
    const begun = this.outsideRequests(() => this.renewed(account)).finally(() => this.running.delete(id))
    this.running.set(id, begun)
    return begun
  }

  /** Renewals end before the database closes: what a service has given is kept. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.running.values())
  }

  private async renewed(account: Renewable): Promise<FreshToken> {
    const until = Date.now() + longestWaitMs
    for (;;) {
      const lease = await this.leases.take(account.id, account.generation)
      if (lease) {
        const token = await this.renewUnder(lease, account)
        if (token) return token
      }
      const state = await this.leases.look(account.id)
      const token = this.tokenOf(state, account)
      if (token) return token
      if (Date.now() >= until) throw new NotRenewed(undefined, 5)
      await this.ending(account.id, state?.leased ? pollMs : shortPollMs)
    }
  }

  /** The newer token that was kept meanwhile; undefined while there is none. */
  private tokenOf(state: TokenState | undefined, { id, generation }: Renewable): FreshToken | undefined {
    if (!state) throw new AccountGone()
    if (state.status !== 'connected') {
      const { status, statusReason, statusAt } = state
      throw new AccessLost({ status, reason: statusReason ?? status, at: statusAt })
    }
    if (state.generation !== generation) {
      const accessToken = this.box.open(state.accessToken, placeIn(sealedAccessTokens, id)).toString()
      return { accessToken, generation: state.generation }
    }
    if (state.retryAt) throw new NotRenewed(state.failure ?? 'unknown', secondsUntil(state.retryAt))
    return undefined
  }

  /** Undefined when it brought no token, and the row says why. */
  private async renewUnder(lease: Lease, account: Renewable): Promise<FreshToken | undefined> {
    const place = placeIn(sealedRefreshTokens, account.id)
    let given: { client: GivenClient; refreshToken: string }
    try {
      const refreshToken = this.box.open(lease.refreshToken, place).toString()
      given = { client: await this.credentials.requireClient(account.credentialId), refreshToken }
    } catch (error) {
      // Nothing was asked yet, and nobody has to wait for the lease to end by itself.
      await this.leases.giveUp(lease, new TokenEndpointFailure('faulty', 'internal'), lease.unsureSince)
      throw error
    }
    return this.ask(lease, account, given)
  }

  /** Asks the service, a few times when it has a bad moment. No database connection is held meanwhile. */
  private async ask(
    lease: Lease,
    account: Renewable,
    { client, refreshToken }: { client: GivenClient; refreshToken: string },
  ): Promise<FreshToken | undefined> {
    const startedAt = Date.now()
    let unsureSince = lease.unsureSince
    for (let attempt = 1; ; attempt++) {
      const requestedAt = new Date()
      const answer = await this.endpoint.refresh(oauthOf(account), client, refreshToken).catch(failureOf)
      if (!(answer instanceof TokenEndpointFailure)) return this.store(lease, account, answer)
      if (answer.kind === 'gone') {
        await this.lose(account, lease, unsureSince)
        return undefined
      }
      if (answersLost.has(answer.error)) unsureSince = requestedAt
      const pauseMs = pausesMs[attempt - 1] ?? 0
      const soon = (answer.retryAfterSeconds ?? 0) * 1000 <= pauseMs && Date.now() - startedAt + pauseMs < lastAttemptMs
      if (answer.kind !== 'unavailable' || attempt === maxAttempts || !soon) {
        await this.giveUp(lease, account, answer, unsureSince)
        return undefined
      }
      await wait(pauseMs)
      if (!(await this.leases.extend(lease))) return undefined
    }
  }

  private async giveUp(
    lease: Lease,
    { id, provider }: Renewable,
    failure: TokenEndpointFailure,
    unsureSince: Date | null,
  ): Promise<void> {
    const { kind, error } = failure
    this.log.warn({ provider: provider.id, connection: id, kind, said: error }, 'tokens were not renewed')
    await this.leases.giveUp(lease, failure, unsureSince)
  }

  /** The service has spent the old refresh token: these tokens are all there is, so they are not given up lightly. */
  private async store(lease: Lease, { id }: Renewable, tokens: Tokens): Promise<FreshToken | undefined> {
    const until = Date.now() + longestStoreMs
    for (;;) {
      try {
        const stored = await this.leases.store(lease, tokens)
        return stored ? { accessToken: tokens.accessToken, generation: lease.generation + 1 } : undefined
      } catch (error) {
        if (!isDatabaseAway(error) || Date.now() > until) {
          this.log.error({ error, connection: id }, 'renewed tokens could not be kept')
          throw error
        }
        await wait(pollMs)
      }
    }
  }

  /** Told as it is: a renewal of ours whose end nobody knows has probably spent the refresh token. */
  private async lose(account: Renewable, { id: leaseId, generation }: Lease, unsureSince: Date | null): Promise<void> {
    const reason = unsureSince ? interruptedReason(unsureSince) : 'grant-gone'
    await this.losses.record({ ...account, seen: { generation, leaseId } }, { status: 'reconnect-needed', reason })
  }

  /** Until a renewal of this account ended somewhere, or it is time to look. */
  private async ending(id: string, longestMs: number): Promise<void> {
    const listeners = this.waiting.get(id) ?? new Set()
    this.waiting.set(id, listeners)
    const end = new AbortController()
    const wake = () => end.abort()
    listeners.add(wake)
    await wait(longestMs, undefined, { signal: end.signal }).catch(() => undefined)
    listeners.delete(wake)
    if (listeners.size === 0) this.waiting.delete(id)
  }
}

function oauthOf({ provider }: Renewable): OAuthConnect {
  const { oauth } = provider.connect
  if (!oauth) throw new Error(`${provider.id} has accounts with tokens to renew and does not say how`)
  return oauth
}

function failureOf(error: unknown): TokenEndpointFailure {
  if (error instanceof TokenEndpointFailure) return error
  throw error
}

/** Failures after which the service may have renewed the tokens all the same: its answer never came, or not past a gateway. */
const answersLost: ReadonlySet<string> = new Set(['timeout', 'unreachable', 'status-502', 'status-504'])

function secondsUntil(moment: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - Date.now()) / 1000))
}
