// One approval as it is read: what was to be done, for whom it waits or waited, and what became of it.
import type { Access } from '../oauth/access.js'
import type { Sql } from '../platform/database/database.js'
import { placeIn } from '../platform/sealed-values.js'
import type { SecretBox } from '../platform/secret-box.js'
import { sealedArguments } from './sealed-columns.js'

/**
 * pending: waits for the person's word. approved: may be used once. denied: the person said no. used: the call ran.
 * withdrawn: whoever asked took it back. expired: nobody said anything, or nobody used it, in time.
 */
export type ApprovalState = 'pending' | 'approved' | 'denied' | 'used' | 'withdrawn' | 'expired'

export interface Approval {
  readonly id: string
  /** Whose word it is. */
  readonly userId: string
  /** The program that wants to call; `urn:sekisho:<part>` for parts of ours. */
  readonly clientId: string
  readonly tool: string
  /** The account the call acts with, by its label; null for tools that need none. */
  readonly account: string | null
  /** The very arguments of the call, its idempotency key aside; null once nothing can be decided any more. */
  readonly arguments: Record<string, unknown> | null
  /** The arguments as far as they may be kept. */
  readonly redacted: Record<string, unknown>
  readonly state: ApprovalState
  /** Whether the person's word still counts: until the call ran or the time is over they may also change their mind. */
  readonly decidable: boolean
  readonly requestedAt: Date
  /** Until when it can be decided and, once approved, used. */
  readonly expiresAt: Date
  readonly decidedAt: Date | null
  readonly usedAt: Date | null
}

type Row = Omit<Approval, 'arguments'> & { readonly arguments: Buffer | null }

const decidable = 'a.open AND a.expires_at > now()'

/** The columns of an approval `a`, by the database's clock. */
const columns = `a.id, a.user_id AS "userId", a.client_id AS "clientId", a.tool, a.account, a.redacted,
  CASE WHEN ${decidable} THEN a.arguments END AS arguments,
  CASE WHEN a.used_at IS NOT NULL THEN 'used'
       WHEN a.decision IN ('withdrawn', 'denied') THEN a.decision
       WHEN ${decidable} THEN coalesce(a.decision, 'pending')
       ELSE 'expired' END AS state,
  ${decidable} AS decidable,
  a.requested_at AS "requestedAt", a.expires_at AS "expiresAt", a.decided_at AS "decidedAt", a.used_at AS "usedAt"`

/** Reads approvals. @param rest what follows FROM approvals a */
export async function readApprovals(
  sql: Sql,
  box: SecretBox,
  rest: string,
  parameters: readonly unknown[],
): Promise<Approval[]> {
  const rows = await sql.query<Row>(`SELECT ${columns} FROM approvals a ${rest}`, parameters)
  return rows.map((row) => ({ ...row, arguments: row.arguments && openArguments(box, row.id, row.arguments) }))
}

export function sealArguments(box: SecretBox, id: string, given: Record<string, unknown>): Buffer {
  return box.seal(JSON.stringify(given), placeIn(sealedArguments, id))
}

function openArguments(box: SecretBox, id: string, sealed: Buffer): Record<string, unknown> {
  return JSON.parse(box.open(sealed, placeIn(sealedArguments, id)).toString('utf8'))
}

/** The page of ours where one is decided. */
export function approvalUrl(publicUrl: string, id: string): string {
  return new URL(`/approvals/${id}`, publicUrl).href
}

/** Whether it is a part of ours that calls, and no client of the authorization server. */
export function isOurs(clientId: string): boolean {
  return clientId.startsWith('urn:sekisho:')
}

/**
 * Who asks: an approval is good for nobody else. A program by its authorization; a part of ours by itself, because what it
 * has from a person, a session or something lent, comes and goes.
 */
export function ownerOf({ clientId, grantId }: Pick<Access, 'clientId' | 'grantId'>): string {
  return isOurs(clientId) ? clientId : (grantId ?? clientId)
}
