// Why a call has no account to act with, in words a model can act on: what is missing, and the link where it is mended.
import { Problem } from '@sekisho/contracts'
import { withLanguage } from '../platform/html/language.js'
import type { Provider } from '../providers/provider.js'
import { connectPath } from './connect-link.js'
import type { HeldAccount } from './held-accounts.js'
import { t } from './t.js'

export type NotConnectedReason =
  | 'not-set-up'
  | 'no-account'
  | 'unknown-account'
  | 'reconnect-needed'
  | 'revoked'
  | 'more-access-needed'

/** A provider whose tools need an account. */
export type ConnectedProvider = Provider & { readonly connect: NonNullable<Provider['connect']> }

export function isConnected(provider: Provider): provider is ConnectedProvider {
  return provider.connect !== undefined
}

export interface ConnectLink {
  readonly publicUrl: string
  readonly provider: ConnectedProvider
  /** Our scopes that are asked for. */
  readonly scopes: readonly string[]
  /** The account that is connected anew. */
  readonly account?: { readonly id: string }
}

/** The page of ours where an account is connected. */
export function connectUrl({ publicUrl, provider, scopes, account }: ConnectLink): string {
  return new URL(connectPath(provider.id, { scopes, account: account?.id }), publicUrl).href
}

const askPerson = (url: string) => `Ask the person to open ${url} in a browser`

export function notSetUp(provider: ConnectedProvider, publicUrl: string): Problem {
  const { service, oauth, token } = provider.connect
  const operator = oauth
    ? `An administrator enters an OAuth client of ${service} at ${publicUrl}/admin/credentials.`
    : `An administrator enters a ${token?.name ?? 'token'} of ${service} at ${publicUrl}/admin/credentials.`
  const own = token
    ? ` Or the person enters their own ${token.name} at ${publicUrl}/connections/${provider.id}/connect.`
    : ''
  return problem(provider, 'not-set-up', `${service} is not set up here yet. ${operator}${own}`)
}

export function noAccount(link: ConnectLink): Problem {
  const url = connectUrl(link)
  const { service } = link.provider.connect
  return problem(
    link.provider,
    'no-account',
    `No ${service} account is connected. ${askPerson(url)} and connect one, then call again.`,
    { connect_url: url },
  )
}

/** @param known the names of the accounts there are */
export function unknownAccount(link: ConnectLink, given: string, known: readonly HeldAccount[]): Problem {
  const url = connectUrl(link)
  const { service } = link.provider.connect
  const names = known.map(({ label }) => label)
  const asked = given.slice(0, 200)
  const several = known.filter((one) => isCalled(one, given))
  const what =
    several.length > 1
      ? `${several.length} ${service} accounts are called "${asked}": ${several.map(({ id, accountId }) => `${id} (${service}'s ${accountId})`).join(', ')}. Name one by its id.`
      : `No connected ${service} account is called "${asked}". There ${names.length === 1 ? 'is' : 'are'}: ${names.map((name) => `"${name}"`).join(', ')}. Name one of them, or leave connection out for the default one.`
  return problem(link.provider, 'unknown-account', `${what} To connect another, the person opens ${url}.`, {
    connect_url: url,
    connections: several.length > 1 ? several.map(({ id }) => id) : names,
  })
}

export function moreAccessNeeded(link: ConnectLink & { account: HeldAccount }, missing: readonly string[]): Problem {
  const url = connectUrl(link)
  const { service } = link.provider.connect
  return problem(
    link.provider,
    'more-access-needed',
    `The ${service} account ${link.account.label} was connected without the access this needs (${missing.join(', ')}). ${askPerson(url)} and allow it, then call again.`,
    { ...accountMembers(link.account), connect_url: url, missing_scopes: [...missing] },
  )
}

/** Access that was there and is lost, by what is kept of it. */
export interface Loss {
  readonly status: 'reconnect-needed' | 'revoked'
  readonly reason: string
  /** When it was lost. */
  readonly at: Date
}

/** Why access was lost, continuing "… must be connected anew: ". */
export function wordsOfLoss(service: string, { status, reason, at }: Loss): string {
  if (reason.startsWith(interruptedPrefix)) {
    const began = reason.slice(interruptedPrefix.length)
    return t("a renewal of its access that began at {began} was cut off before {service}'s new tokens were kept", {
      began,
      service,
    })
  }
  switch (reason) {
    case 'grant-gone':
      return t('{service} says that its access was withdrawn or has expired', { service })
    case 'token-refused':
      return t('{service} does not take its token any more', { service })
    case 'no-refresh-token':
      return t('its access has ended and {service} gave nothing to renew it with', { service })
    case 'client-replaced':
      return t('what it was connected through was replaced by another')
    default:
      return t('its access was lost at {when} ({status})', { when: at.toISOString(), status })
  }
}

/** Followed by the time when the renewal began. */
const interruptedPrefix = 'renewal-interrupted:'

export function interruptedReason(beganAt: Date): string {
  return `${interruptedPrefix}${beganAt.toISOString()}`
}

export function accessLost(link: ConnectLink & { account: HeldAccount }, loss: Loss): Problem {
  const url = connectUrl(link)
  const { service } = link.provider.connect
  const why = withLanguage('en', () => wordsOfLoss(service, loss))
  return problem(
    link.provider,
    loss.status,
    `The ${service} account ${link.account.label} must be connected anew: ${why}. ${askPerson(url)}, then call again.`,
    {
      ...accountMembers(link.account),
      connect_url: url,
      lost_because: loss.reason.split(':')[0],
      lost_at: loss.at.toISOString(),
    },
  )
}

/** Whether an account is meant by a name: its label or id, as anybody may write them. */
export function isCalled({ id, label }: Pick<HeldAccount, 'id' | 'label'>, given: string): boolean {
  const name = given.trim().toLowerCase()
  return label.toLowerCase() === name || id === name
}

function accountMembers({ id, label }: HeldAccount) {
  return { connection: label, connection_id: id }
}

function problem(
  provider: ConnectedProvider,
  reason: NotConnectedReason,
  detail: string,
  members: Record<string, unknown> = {},
): Problem {
  return new Problem('not-connected', detail, { provider: provider.id, reason, ...members })
}
