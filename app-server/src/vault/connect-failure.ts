// Everything that can go wrong on the way to a service and back, in words for the person it happens to.
import { Problem } from '@sekisho/contracts'
import { t } from './t.js'

/** Minutes from the start at a page of ours to the return from the service. */
export const consentMinutes = 10

interface FailureWords {
  readonly status: number
  readonly title: string
  /** What happened, and what to do. */
  readonly words: string
  /** Whether starting again here can help. */
  readonly again: boolean
  /** Whether it was allowed and broke, or was not allowed. */
  readonly outcome: 'refused' | 'failed'
}

export const connectFailures = {
  'signed-out': {
    status: 401,
    title: 'You are signed out here',
    words:
      '{service} sent you back, but this browser is not signed in here any more, so nothing was connected. Start again; you sign in on the way.',
    again: true,
    outcome: 'refused',
  },
  'state-unknown': {
    status: 400,
    title: 'Nothing is open that this belongs to',
    words:
      'This address tells of no consent that was begun here for {service}, or of one that is long over. Nothing was connected. Start again here.',
    again: true,
    outcome: 'refused',
  },
  'state-used': {
    status: 400,
    title: 'This was answered before',
    words:
      'The answer has been taken already, and each is taken once. Your connections show what came of it. If nothing did, start again.',
    again: true,
    outcome: 'refused',
  },
  'state-expired': {
    status: 400,
    title: 'This took too long',
    words:
      'A consent has to be back within {minutes} minutes, and this one was not. Nothing was connected. Start again; it is quick.',
    again: true,
    outcome: 'refused',
  },
  'state-elsewhere': {
    status: 403,
    title: 'This was begun in another browser',
    words:
      'A consent ends in the browser and the sign-in it was begun in. Nothing was connected. Start again here, or go back to where you began.',
    again: true,
    outcome: 'refused',
  },
  'state-of-another': {
    status: 403,
    title: 'This was begun by somebody else',
    words:
      'Nothing was connected. If a link brought you here, somebody may have wanted an account of yours in their hands, or one of theirs in yours. You can close this page.',
    again: false,
    outcome: 'refused',
  },
  'wrong-issuer': {
    status: 400,
    title: 'This did not come from {service}',
    words:
      'The answer names another sender than {service}, so it was not used and nothing was connected. Start again; if it stays, tell whoever runs this server.',
    again: true,
    outcome: 'refused',
  },
  'consent-denied': {
    status: 403,
    title: 'You did not allow it',
    words: 'It was cancelled at {service}. Nothing was connected and nothing has changed. Try again whenever you like.',
    again: true,
    outcome: 'refused',
  },
  'consent-refused': {
    status: 502,
    title: '{service} did not complete it',
    words:
      '{service} sent you back without what is needed. Nothing was connected. Try again; if it stays, tell whoever runs this server.',
    again: true,
    outcome: 'failed',
  },
  'client-refused': {
    status: 502,
    title: '{service} does not accept this server',
    words:
      'The OAuth client that this server asks {service} through is not known there, or not by this secret or redirect URI. Trying again will not help: tell whoever runs this server to check it on the page “Credentials”.',
    again: false,
    outcome: 'failed',
  },
  'own-client-refused': {
    status: 502,
    title: '{service} does not accept your OAuth client',
    words:
      'The OAuth client you entered is not known at {service}, or not by this secret or redirect URI. Check it, or remove it to go by the one of this server.',
    again: false,
    outcome: 'failed',
  },
  unavailable: {
    status: 503,
    title: '{service} cannot be reached',
    words:
      '{service} did not answer, or not in time. Nothing was connected and nothing has changed. Wait a moment and try again.',
    again: true,
    outcome: 'failed',
  },
  'not-understood': {
    status: 502,
    title: '{service} answered in an unexpected way',
    words:
      'What {service} sent is not what its documents describe, so nothing was connected. Try again; if it stays, tell whoever runs this server.',
    again: true,
    outcome: 'failed',
  },
  'not-usable': {
    status: 409,
    title: 'That account cannot be used',
    words: '{service} allowed it, but the account cannot be used here. Nothing was connected.',
    again: true,
    outcome: 'refused',
  },
  'other-account': {
    status: 409,
    title: 'That is another account',
    words: 'Nothing was connected and nothing was overwritten.',
    again: true,
    outcome: 'refused',
  },
  'too-many-accounts': {
    status: 409,
    title: 'You have as many accounts as there is room for',
    words: 'Disconnect an account of {service} that you no longer need, then connect this one.',
    again: false,
    outcome: 'refused',
  },
} as const satisfies Record<string, FailureWords>

export type ConnectFailureKind = keyof typeof connectFailures

/** What a person is told of it. */
export function failureWords(kind: ConnectFailureKind, service: string): { title: string; words: string } {
  const { title, words } = connectFailures[kind]
  const values = { service, minutes: consentMinutes }
  return { title: t(title, values), words: t(words, values) }
}

/** What a page about a failure needs besides its kind, so that the next try leads to the same place. */
export interface FailedAttempt {
  /** Of our scopes: what was asked for. */
  readonly scopes?: readonly string[]
  readonly returnTo?: string | undefined
  /** The connection that was to be connected anew. */
  readonly connectionId?: string | undefined
  /** The account that was chosen at the service instead of `expected`. */
  readonly chosen?: string
  readonly expected?: string
  /** A problem's own words, where they say more. */
  readonly detail?: string
}

/** A connection that did not come about. */
export class ConnectFailure extends Error {
  constructor(
    readonly kind: ConnectFailureKind,
    readonly attempt: FailedAttempt = {},
    options?: ErrorOptions,
  ) {
    super(`connecting an account: ${kind}`, options)
    this.name = 'ConnectFailure'
  }
}

/** Errors of an authorization endpoint (RFC 6749, section 4.1.2.1) and of some services' own making. */
const clientErrors = new Set([
  'application_suspended',
  'incorrect_client_credentials',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'redirect_uri_mismatch',
  'unauthorized_client',
  'unsupported_response_type',
])

/** What an `error` that a service sends back with the browser means. */
export function kindOfAnsweredError(error: string, ownClient: boolean): ConnectFailureKind {
  if (error === 'access_denied') return 'consent-denied'
  if (error === 'temporarily_unavailable' || error === 'server_error') return 'unavailable'
  if (clientErrors.has(error)) return ownClient ? 'own-client-refused' : 'client-refused'
  return 'consent-refused'
}

const away = new Set(['upstream-failed', 'timeout', 'unavailable', 'rate-limited', 'cancelled'])

/** What it means that a service did not say whose account it is. Faults of our own are none of it. */
export function kindOfIdentifyProblem(problem: Problem): ConnectFailureKind {
  return away.has(problem.code) ? 'unavailable' : 'not-usable'
}
