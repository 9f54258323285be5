// Why a call goes without a fresh token although the account is still connected: whose turn it is, and when to come back.
import { Problem } from '@sekisho/contracts'
import type { HeldAccount } from './held-accounts.js'
import type { ConnectLink } from './not-connected.js'
import type { NotRenewed } from './renewals.js'

/** `upstream-failed` where waiting alone will not help, `unavailable` where it will. */
export function notRenewed(
  { publicUrl, provider, account }: ConnectLink & { account: HeldAccount },
  { failure, retryAfterSeconds }: Pick<NotRenewed, 'failure' | 'retryAfterSeconds'>,
): Problem {
  const { service } = provider.connect
  const [kind, said] = failure?.split(':') ?? []
  const whose = `the ${service} account ${account.label}`
  const members = {
    provider: provider.id,
    connection: account.label,
    connection_id: account.id,
    retry_after_seconds: retryAfterSeconds,
  }
  const headers = { 'Retry-After': String(retryAfterSeconds) }
  const again = `Try again in ${retryAfterSeconds} seconds`
  switch (kind) {
    case 'client':
      return new Problem(
        'upstream-failed',
        account.credentialIsOwn
          ? `The access of ${whose} has to be renewed, and ${service} does not take the person's own OAuth client (${said}). They must check it at ${publicUrl}/connections/${provider.id}/client. The account stays connected.`
          : `The access of ${whose} has to be renewed, and ${service} does not take the OAuth client of this server (${said}). An administrator must check it at ${publicUrl}/admin/credentials. The account stays connected.`,
        members,
        { headers },
      )
    case 'faulty':
      return new Problem(
        'upstream-failed',
        `The access of ${whose} has to be renewed, and ${service} answered in a way that is not understood (${said}). ${again}; if it stays, an administrator must look. The account stays connected.`,
        members,
        { headers },
      )
    case undefined:
      return new Problem(
        'unavailable',
        `The access of ${whose} is being renewed, which takes longer than usual. ${again}.`,
        members,
        { headers },
      )
    default:
      return new Problem(
        'unavailable',
        `The access of ${whose} has to be renewed, and ${service} cannot do that right now. ${again}. The account stays connected.`,
        members,
        { headers },
      )
  }
}
