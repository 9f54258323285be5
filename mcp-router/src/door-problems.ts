// What a client is told when the app server's door does not give it a JSON-RPC response.
import { isProblemCode, Problem, type ProblemCode, problems } from '@sekisho/contracts'
import { errorCodeOf } from './error-code.js'

/** Headers of the door's answer that are meant for the client. */
const relayedHeaders = ['www-authenticate', 'retry-after'] as const

/** Faults of connecting: the message has not left this process, so nothing was done. */
const connectFaults = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** The app server could not be reached at all; undefined when that is not what happened. */
export function unreachable(error: unknown): Problem | undefined {
  const code = errorCodeOf(error)
  if (code === undefined || !connectFaults.has(code)) return undefined
  return new Problem(
    'unavailable',
    'The app server cannot be reached right now. Nothing was done. Try again in a few seconds.',
    {},
    { cause: error, headers: { 'Retry-After': '2' } },
  )
}

/** The connection broke before the answer was whole. */
export function brokenOff(cause: unknown): Problem {
  return new Problem(
    'unavailable',
    'The connection to the app server broke before its answer was whole. A change may or may not have been made: look before you repeat it.',
    {},
    { cause, headers: { 'Retry-After': '2' } },
  )
}

export function tooLate(timeoutMs: number, cause: unknown): Problem {
  return new Problem(
    'timeout',
    `No answer came within ${Math.round(timeoutMs / 1000)} seconds, so the call was cancelled. A change may or may not have been made: look before you repeat it.`,
    {},
    { cause },
  )
}

const ourFault =
  'This is our fault and has been written down. Try again; if it stays, tell the operator the X-Request-Id of this answer.'

/** The door answered with something that is not its contract. */
export function faultyAnswer(cause: unknown): Problem {
  return new Problem('internal', ourFault, {}, { cause })
}

/**
 * The problem an answer of the door stands for.
 * Its words are relayed only when it is a problem of our closed table with the status the table gives it; a page of some
 * proxy in between is not shown. 401 and 403 keep their status whatever the body says, and every challenge is kept.
 */
export function problemOfAnswer(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): Problem {
  const kept: Record<string, string> = {}
  for (const name of relayedHeaders) {
    const value = headers[name]
    if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const said = problemDetailsOf(text)
  if (said && problems[said.code].status === status) {
    const { type: _type, title: _title, status: _status, detail, code, ...members } = said
    return new Problem(code, detail, members, { headers: kept })
  }
  const cause = new Error(`the door answered ${status} without a problem of the table`)
  const [code, detail] = unexplained(status)
  return new Problem(code, detail, {}, { cause, headers: kept })
}

function unexplained(status: number): [ProblemCode, string] {
  if (status === 401) return ['invalid-token', 'Sign in again: the access token is not valid here.']
  if (status === 403) return ['forbidden', 'You may not do this.']
  if (status === 429) return ['rate-limited', 'That was too much at once. Wait, then try again.']
  if (status === 502 || status === 503 || status === 504) {
    return ['unavailable', 'The app server cannot answer right now. Try again in a few seconds.']
  }
  return ['internal', ourFault]
}

function problemDetailsOf(text: string): { code: ProblemCode; detail: string; [member: string]: unknown } | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const { code, detail } = body as Record<string, unknown>
  return isProblemCode(code) && typeof detail === 'string' ? { ...body, code, detail } : undefined
}
