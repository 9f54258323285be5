// Errors as Google's APIs send them: one JSON shape, whose `reason` says what happened.
// Shapes: Google Calendar API, "Handle API errors"; Google AIP-193 for `status` and `details`.
import type { FakeAnswer } from '../fake-service.js'

/** Where the fault is in the request. */
export interface FaultPlace {
  readonly locationType: 'parameter' | 'header'
  readonly location: string
}

/** Thrown by whatever answers a request of an API; the fake answers with it. */
export class GoogleRefusal extends Error {
  constructor(readonly answer: FakeAnswer) {
    super('refused')
  }
}

const domains: Readonly<Record<string, string>> = {
  rateLimitExceeded: 'usageLimits',
  userRateLimitExceeded: 'usageLimits',
  quotaExceeded: 'usageLimits',
  dailyLimitExceeded: 'usageLimits',
  accessNotConfigured: 'usageLimits',
  timeRangeEmpty: 'calendar',
  fullSyncRequired: 'calendar',
  requiredAccessLevel: 'calendar',
  forbiddenForNonOrganizer: 'calendar',
  updatedMinTooLongAgo: 'calendar',
  cannotChangeOrganizerOfInstance: 'calendar',
}

/** An answer with an error of Google's; also for `misbehave`. */
export function googleError(status: number, reason: string, message: string, place?: FaultPlace): FakeAnswer {
  return {
    status,
    body: {
      error: {
        errors: [{ domain: domains[reason] ?? 'global', reason, message, ...place }],
        code: status,
        message,
      },
    },
  }
}

export function refuse(status: number, reason: string, message: string, place?: FaultPlace): never {
  throw new GoogleRefusal(googleError(status, reason, message, place))
}

export const notFound = (): never => refuse(404, 'notFound', 'Not Found')

/** The token is unknown, expired or revoked. */
export function invalidCredentials(): FakeAnswer {
  const message =
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.'
  const place = { location: 'Authorization', locationType: 'header' }
  return {
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
    body: {
      error: {
        code: 401,
        message,
        errors: [{ message: 'Invalid Credentials', domain: 'global', reason: 'authError', ...place }],
        status: 'UNAUTHENTICATED',
      },
    },
  }
}

/** The token is good, for other things. */
export function insufficientScopes(method: string, needed: readonly string[]): FakeAnswer {
  const challenge = `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${needed.join(' ')}"`
  return {
    status: 403,
    headers: { 'www-authenticate': challenge },
    body: {
      error: {
        code: 403,
        message: 'Request had insufficient authentication scopes.',
        errors: [{ message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' }],
        status: 'PERMISSION_DENIED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
            domain: 'googleapis.com',
            metadata: { method, service: 'calendar-json.googleapis.com' },
          },
        ],
      },
    },
  }
}
