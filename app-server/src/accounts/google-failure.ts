// Everything that can go wrong on the way to Google and back, in words for the person it happens to.
import { Problem } from '@sekisho/contracts'
import { ZodError } from 'zod'

interface FailureWords {
  status: number
  title: string
  /** What happened, and what to do. */
  words: string
  /** Whether going to Google again can help. */
  again: boolean
}

export const googleFailures = {
  denied: {
    status: 403,
    title: 'You did not sign in',
    words: 'The sign-in was cancelled at Google, and nothing was shared. Try again whenever you like.',
    again: true,
  },
  'state-gone': {
    status: 400,
    title: 'This sign-in is no longer open',
    words:
      'A sign-in ends in the browser it began in, once, and within 10 minutes. This one came too late, a second time, or to another browser. Start again here.',
    again: true,
  },
  refused: {
    status: 502,
    title: 'Google did not complete the sign-in',
    words: 'Google sent you back without signing you in. Try again; if it stays, tell whoever runs this server.',
    again: true,
  },
  misconfigured: {
    status: 502,
    title: 'Google does not accept this server',
    words:
      'Sign-in with Google is not set up rightly here, and trying again will not help. Tell whoever runs this server to check GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and the redirect URI.',
    again: false,
  },
  unreachable: {
    status: 503,
    title: 'Google cannot be reached',
    words: 'Google did not answer, or not in time. Nothing is lost: wait a moment and try again.',
    again: true,
  },
  'email-not-verified': {
    status: 403,
    title: 'Google has not verified your e-mail address',
    words: 'Verify the address in your Google account, or choose another account.',
    again: true,
  },
  'domain-not-allowed': {
    status: 403,
    title: 'That address cannot be used here',
    words: 'Only certain e-mail domains may sign in to this server. Choose the account of your organisation.',
    again: true,
  },
  'account-not-active': {
    status: 403,
    title: 'This account is not active',
    words: 'Choose another account, or ask whoever runs this server.',
    again: true,
  },
} as const satisfies Record<string, FailureWords>

export type GoogleFailureKind = keyof typeof googleFailures

/** A sign-in that ended on the way. `returnTo` is where the person wanted to go, so that another try leads there. */
export class GoogleFailure extends Error {
  constructor(
    readonly kind: GoogleFailureKind,
    readonly returnTo: string,
    options?: ErrorOptions,
  ) {
    super(`google sign-in: ${kind}`, options)
    this.name = 'GoogleFailure'
  }
}

/** Sorts what the strategy threw: TokenError is Google's word (RFC 6749 5.2); all else is Google being away or broken. */
export function failureOf(cause: unknown, returnTo: string): GoogleFailure {
  if (cause instanceof GoogleFailure) return cause
  if (cause instanceof Error && cause.name === 'TokenError' && 'code' in cause) {
    return new GoogleFailure(kindOfTokenError(cause.code), returnTo, { cause })
  }
  return new GoogleFailure(cause instanceof ZodError ? 'refused' : 'unreachable', returnTo, { cause })
}

/** A trouble of Google's own also comes as a TokenError, under codes that RFC 6749 does not know. */
function kindOfTokenError(code: unknown): GoogleFailureKind {
  if (code === 'invalid_grant') return 'refused'
  const ofOurSettings = ['invalid_client', 'unauthorized_client', 'redirect_uri_mismatch', 'invalid_request']
  return ofOurSettings.includes(String(code)) ? 'misconfigured' : 'unreachable'
}

/** What is to be explained as part of the Google sign-in; undefined for faults of our own. */
export function asGoogleFailure(error: unknown): GoogleFailure | undefined {
  if (error instanceof GoogleFailure) return error
  const notActive = error instanceof Problem && error.code === 'account-not-active'
  return notActive ? new GoogleFailure('account-not-active', '/', { cause: error }) : undefined
}
