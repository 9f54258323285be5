// The closed table of everything that can go wrong on purpose: one code, one HTTP status, one title.
// Whoever throws picks a code from here; whoever answers reads the status from here (RFC 9457).

/** Every problem Sekisho can report. The key is the last segment of the problem's `type` URI. */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not well formed' },
  'invalid-arguments': { status: 400, title: 'The arguments do not fit' },
  'invalid-token': { status: 401, title: 'The access token is missing, expired or not valid here' },
  'sign-in-required': { status: 401, title: 'Sign in first' },
  'insufficient-scope': { status: 403, title: 'The access token does not cover this' },
  forbidden: { status: 403, title: 'You may not do this' },
  'not-connected': { status: 403, title: 'An account must be connected first' },
  'approval-needed': { status: 403, title: 'The person has to approve this call first' },
  'approval-denied': { status: 403, title: 'The person did not approve this call' },
  'account-not-active': { status: 403, title: 'This account is not active' },
  'form-expired': { status: 403, title: 'This form is out of date' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'unknown-tool': { status: 404, title: 'There is no tool of that name' },
  'unknown-method': { status: 404, title: 'There is no method of that name' },
  'method-not-allowed': { status: 405, title: 'This address does not take that HTTP method' },
  conflict: { status: 409, title: 'This does not fit the present state' },
  'slot-taken': { status: 409, title: 'That time is no longer free' },
  'out-of-stock': { status: 409, title: 'Not enough in stock' },
  'idempotency-conflict': { status: 409, title: 'That idempotency key was used for something else' },
  'payload-too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'That content type is not taken here' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  cancelled: { status: 499, title: 'The caller gave up' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  'upstream-failed': { status: 502, title: 'The service behind this did not do it' },
  unavailable: { status: 503, title: 'The service cannot answer right now' },
  timeout: { status: 504, title: 'It took too long' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** RFC 9457 problem details, as sent in `application/problem+json` and in a tool result's structuredContent. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  /** What happened, and what to do next; written for the reader, never an inner word. */
  detail: string
  code: ProblemCode
  /** Further members, e.g. `free_slots` of slot-taken or `reference` of internal. */
  [member: string]: unknown
}

/** A failure with a place in the table. `detail` is shown to whoever asked. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    /** Extra members for the reader: plain JSON, snake_case keys. */
    readonly members: Record<string, unknown> = {},
    options: ErrorOptions & { headers?: Record<string, string> } = {},
  ) {
    super(`${code}: ${detail}`, options)
    this.name = 'Problem'
    this.headers = options.headers ?? {}
  }

  /** HTTP headers that belong to the answer, e.g. WWW-Authenticate of a challenge or Retry-After. */
  readonly headers: Readonly<Record<string, string>>

  get status(): number {
    return problems[this.code].status
  }

  toJSON(): ProblemDetails {
    const { status, title } = problems[this.code]
    return {
      ...this.members,
      type: `urn:sekisho:problem:${this.code}`,
      title,
      status,
      detail: this.detail,
      code: this.code,
    }
  }
}

export function isProblemCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(problems, value)
}
