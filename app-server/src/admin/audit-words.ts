// The audit log in the words of people: kinds, outcomes, what was done, and reasons in a few words.
import { isProblemCode } from '@sekisho/contracts'
import type { AuditKind, AuditOutcome } from '../audit/audit-log.js'
import type { AuditRecord } from '../audit/audit-trail.js'
import { problemTitle } from '../platform/html/problem-page.js'
import { t } from './t.js'

export const kindWords = {
  call: 'Tool calls',
  access: 'Refused access tokens',
  'sign-in': 'Sign-ins',
  session: 'Sessions',
  consent: 'Consents',
  grant: 'Authorizations',
  client: 'Programs',
  connection: 'Connections',
  approval: 'Approvals',
  room: 'Chat rooms',
  administration: 'Administration',
} as const satisfies Record<AuditKind, string>

export const outcomeWords = { ok: 'Done', refused: 'Refused', failed: 'Failed' } as const satisfies Record<
  AuditOutcome,
  string
>

/** What was done, as the rest of a sentence that begins with whoever did it; `{person}` is whom it was done to. */
const deeds = {
  'access refuse': 'showed an access token',
  'sign-in sign-in': 'signed in',
  'session sign-out': 'signed out',
  'session end': 'ended another session',
  'session end-others': 'ended all other sessions',
  'session end-all': 'ended all sessions',
  'consent allow': 'let a program act',
  'consent deny': 'did not let a program act',
  'grant withdraw': 'withdrew an authorization',
  'grant end': 'ended an authorization',
  'client register': 'registered itself',
  'connection connect': 'connected an account',
  'connection reconnect': 'connected an account again',
  'connection disconnect': 'disconnected an account',
  'connection lose': 'lost the access to an account',
  'connection make-default': 'made an account the default',
  'connection add-client': 'entered an OAuth client of their own',
  'connection replace-client': 'replaced their own OAuth client',
  'connection remove-client': 'removed their own OAuth client',
  'connection add-model-key': 'entered a key of a language model',
  'connection replace-model-key': 'replaced a key of a language model',
  'connection change-model-key': 'changed what a key of a language model is used for',
  'connection remove-model-key': 'removed a key of a language model',
  'administration add-shared-model-key': 'entered a key of a language model for everybody',
  'administration replace-shared-model-key': 'replaced a key of a language model for everybody',
  'administration change-shared-model-key': 'changed what the key of a language model for everybody is used for',
  'administration remove-shared-model-key': 'removed a key of a language model for everybody',
  'approval request': 'was asked to approve a call',
  'approval approve': 'allowed a call',
  'approval deny': 'denied a call',
  'approval withdraw': 'would not look at a call',
  'approval use': 'came with an approval that was over',
  'approval set-policy': 'chose when to be asked',
  'room put-member': 'gave {person} a place in a chat room',
  'room remove-member': 'took {person} out of a chat room',
  'room lend-accounts': 'lent their accounts to a chat room',
  'room end-lending': 'ended the lending of accounts to a chat room',
  'room delete': 'deleted a chat room',
  'room export': 'exported a chat room',
  'administration keep-service-client': 'entered the OAuth client of a service',
  'administration keep-shared-account': 'entered the shared account of a service',
  'administration remove-service-client': 'removed the OAuth client of a service',
  'administration remove-shared-account': 'removed the shared account of a service',
  'administration export-audit': 'exported audit entries',
  'administration suspend': 'suspended {person}',
  'administration disable': 'disabled the account of {person}',
  'administration reactivate': 'reactivated {person}',
  'administration make-administrator': 'made an administrator of {person}',
  'administration make-member': 'took the administrator’s role from {person}',
  'administration end-sessions': 'ended all sessions of {person}',
  'administration withdraw': 'withdrew a program of {person}',
  'administration block-client': 'blocked a program',
  'administration unblock-client': 'unblocked a program',
  'administration withdraw-client': 'withdrew everything a program was allowed',
  'administration remove-unused-clients': 'removed unused programs',
} as const

/** What happened when an attempt did not come about. */
const attempts = {
  'sign-in sign-in': 'tried to sign in',
  'client register': 'tried to register itself',
  'connection connect': 'tried to connect an account',
  'connection reconnect': 'tried to connect an account again',
  'connection add-model-key': 'tried to enter a key of a language model',
  'connection replace-model-key': 'tried to replace a key of a language model',
  'connection change-model-key': 'tried to change what a key of a language model is used for',
  'administration add-shared-model-key': 'tried to enter a key of a language model for everybody',
  'administration replace-shared-model-key': 'tried to replace a key of a language model for everybody',
  'administration keep-service-client': 'tried to enter the OAuth client of a service',
  'administration keep-shared-account': 'tried to enter the shared account of a service',
  'administration suspend': 'tried to suspend {person}',
  'administration disable': 'tried to disable the account of {person}',
  'administration make-member': 'tried to take the administrator’s role from {person}',
} as const

export function deedOf(
  { kind, action, tool, outcome }: Pick<AuditRecord, 'kind' | 'action' | 'tool' | 'outcome'>,
  person = t('somebody'),
): string {
  const name = `${kind} ${action}`
  if (kind === 'call') return t('called {tool}', { tool: tool ?? t('a tool') })
  if (outcome !== 'ok' && isKeyOf(attempts, name)) return t(attempts[name], { person })
  return isKeyOf(deeds, name) ? t(deeds[name], { person }) : action.replaceAll('-', ' ')
}

/** Reasons that are no problem codes, or mean something narrower here. */
const reasons = {
  'token-expired': 'the access token had expired',
  'grant-withdrawn': 'the authorization was withdrawn or had ended',
  'session-ended': 'the session had ended',
  'user-suspended': 'the person is suspended',
  'user-disabled': 'the account is closed',
  'user-unknown': 'the person no longer exists',
  'client-blocked': 'the program is blocked',
  'too-many-to-list': 'too many to list one by one',
  'insufficient-scope': 'the program was not given the scope',
  'account-not-active': 'the account is not active',
  'denied-by-person': 'the person said no',
  'approval-expired': 'the approval was over before it was used',
  'refresh-reuse': 'a used refresh token came back',
  'code-reuse': 'a used authorization code came back',
  'given-back': 'the program gave its token back',
  denied: 'cancelled at Google',
  'state-gone': 'the sign-in was no longer open',
  refused: 'Google did not complete it',
  misconfigured: 'Google does not accept this server',
  unreachable: 'Google could not be reached',
  'email-not-verified': 'the e-mail address is not verified',
  'domain-not-allowed': 'the e-mail domain may not sign in',
  'signed-out': 'the browser was not signed in any more',
  'state-unknown': 'no consent was open',
  'state-used': 'the consent was answered before',
  'state-expired': 'the consent took too long',
  'state-elsewhere': 'the consent was begun in another session',
  'state-of-another': 'the consent was begun by somebody else',
  'consent-denied': 'the person said no at the service',
  'consent-refused': 'the service did not complete it',
  'wrong-issuer': 'the answer named another sender',
  'client-refused': 'the service does not accept the OAuth client of this server',
  'own-client-refused': 'the service does not accept the person’s own OAuth client',
  'not-understood': 'the service answered in an unexpected way',
  'not-usable': 'the account cannot be used here',
  'other-account': 'it was another account than the one to connect again',
  'too-many-accounts': 'there was no room for one more account',
  'token-refused': 'the service does not take the token',
  'grant-gone': 'the service says that the access was withdrawn or has expired',
  'renewal-interrupted': 'a renewal of the access was cut off before the new tokens were kept',
  'no-refresh-token': 'the access has ended, and the service gave nothing to renew it with',
  'model-key-refused': 'the service of the model does not take the key',
  'model-no-permission': 'the key may not use models at its service',
  'model-quota': 'what the key may use is used up',
  'model-rate-limited': 'the service of the model was asked too often',
  'model-overloaded': 'the service of the model had too much to do',
  'model-unreachable': 'the service of the model could not be reached',
  'model-timeout': 'the service of the model did not answer in time',
  'model-model-gone': 'the service lists no model that the key may use',
  'model-bad-request': 'there is no list of models at that address',
  'temporarily-unavailable': 'too many within the hour',
  'invalid-client-metadata': 'its description is not taken',
  'invalid-redirect-uri': 'its redirect address is not taken',
} as const

/** A reason in a few words; one that nobody put into words stays as it is. */
export function reasonWords(reason: string): string {
  if (isKeyOf(reasons, reason)) return t(reasons[reason])
  if (!isProblemCode(reason)) return reason.replaceAll('-', ' ')
  return decapitalized(problemTitle(reason))
}

/** Of a table of words, what is in it. */
export function isKeyOf<Table extends object>(table: Table, key: string): key is string & keyof Table {
  return Object.hasOwn(table, key)
}

/** As a part of a sentence. */
export function decapitalized(title: string): string {
  return `${title[0]?.toLowerCase()}${title.slice(1)}`
}
