// Turns whatever was thrown into a problem of the closed table, so that no inner word reaches a caller.
import { randomUUID } from 'node:crypto'
import { HttpException } from '@nestjs/common'
import { Problem, type ProblemCode } from '@sekisho/contracts'
import { isDatabaseAway } from './database/database.js'
import { t } from './html/t.js'
import { currentRequestId } from './request-context.js'

/**
 * Turns an error into a Problem.
 * What is none already and no plain HTTP fault becomes `internal` with a reference; `report` gets the cause, the caller never does.
 */
export function toProblem(error: unknown, report: (cause: unknown, reference: string) => void): Problem {
  if (error instanceof Problem) return error
  const status = error instanceof HttpException ? error.getStatus() : statusOfBodyParser(error)
  const known = status === undefined ? undefined : byStatus[status]
  if (known) return new Problem(known.code, t(known.detail))
  const reference = currentRequestId() ?? randomUUID()
  report(error, reference)
  if (isDatabaseAway(error)) {
    return new Problem(
      'unavailable',
      t(
        'The database does not answer right now. A change may or may not have been made: look before you repeat it, or repeat it with the same idempotency_key.',
      ),
      { reference, retry_after_seconds: 2 },
      { cause: error, headers: { 'Retry-After': '2' } },
    )
  }
  return new Problem(
    'internal',
    t(
      'This is our fault and has been written down. Try again; if it stays, tell the operator the reference {reference}.',
      {
        reference,
      },
    ),
    { reference },
  )
}

/** What Nest and the body parsers refuse by themselves, in the words of the table. */
const refusals = {
  400: {
    code: 'invalid-request',
    detail: 'The body could not be read. Send well-formed JSON (or a form), in UTF-8, as the content type says.',
  },
  404: { code: 'not-found', detail: 'There is nothing at this address. Check it for a typing error.' },
  405: { code: 'method-not-allowed', detail: 'This address exists, but not for that HTTP method.' },
  413: { code: 'payload-too-large', detail: 'The body is larger than this address takes. Send less at once.' },
  415: {
    code: 'unsupported-media-type',
    detail: 'The content type or encoding is not taken here. Send application/json in UTF-8.',
  },
} as const satisfies Record<number, { code: ProblemCode; detail: string }>
const byStatus: Partial<Record<number, (typeof refusals)[keyof typeof refusals]>> = refusals

/** body-parser marks its errors with a status and a type; anything else with a status is not trusted. */
function statusOfBodyParser(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('type' in error) || !('status' in error)) return undefined
  return typeof error.status === 'number' && error.status < 500 ? error.status : undefined
}
