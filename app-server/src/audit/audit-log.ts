// The audit log: one durable row for everything that was done, tried or refused, written before the caller gets the answer.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { Gathered } from '../platform/database/gathered.js'
import { storable } from '../platform/database/storable.js'
import { Log } from '../platform/log.js'
import { currentAddress, currentRequestId } from '../platform/request-context.js'
import { redactArguments } from './redact.js'

/** What an entry is about; `action` says finely what was done, e.g. kind session, action end-others. */
export const auditKinds = [
  'call',
  'access',
  'sign-in',
  'session',
  'consent',
  'grant',
  'client',
  'connection',
  'approval',
  'room',
  'administration',
] as const
export type AuditKind = (typeof auditKinds)[number]

/** ok: it was done. refused: it was not allowed or did not fit. failed: it was tried and broke. */
export const auditOutcomes = ['ok', 'refused', 'failed'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** What something can be done to. */
export type AuditTarget =
  | 'user'
  | 'session'
  | 'client'
  | 'grant'
  | 'connection'
  | 'credential'
  | 'approval'
  | 'audit'
  | 'settings'
  | 'room'

export interface AuditEntry {
  kind: AuditKind
  /** Lower case with hyphens, at most 40 characters. */
  action: string
  outcome: AuditOutcome
  /** Why: a problem's code, or a finer word. There whenever the outcome is not ok. */
  reason?: string | undefined
  /** The person who did it, or in whose name a program did. */
  actorId?: string | undefined
  clientId?: string | undefined
  grantId?: string | undefined
  /** What it was done to. With type `user` the entry is one of that person's, whoever acted. */
  target?: { type: AuditTarget; id: string } | undefined
  tool?: string | undefined
  /** Already redacted: see redact.ts. */
  arguments?: Record<string, unknown> | undefined
  /**
   * What the decision rested on: scopes needed and held, role, rule. Plain JSON in snake_case; it is redacted and cut like
   * arguments, so no name in it may sound like a secret.
   */
  details?: Record<string, unknown> | undefined
  durationMs?: number | undefined
}

/** How long an answer waits for its entry at most, in milliseconds. */
const writeDeadlineMs = 3_000
const maxBatch = 200
const maxWaiting = 5_000

const columns = `kind, action, outcome, reason, actor_id, client_id, grant_id, target_type, target_id, tool, arguments,
  details, duration_ms, request_id, address`

@Injectable()
export class AuditLog {
  /** Entries that could not be written, or not in time, since this process began: for the metrics. */
  readonly failures = { total: 0 }
  private readonly writes: Gathered<string, undefined>

  constructor(
    database: Database,
    private readonly log: Log,
  ) {
    const insert = database.prepare(
      'audit',
      `INSERT INTO audit_entries (${columns}) SELECT ${columns} FROM json_to_recordset($1::json) AS entry (
         kind text, action text, outcome text, reason text, actor_id uuid, client_id text, grant_id text,
         target_type text, target_id text, tool text, arguments jsonb, details jsonb, duration_ms integer,
         request_id text, address inet)`,
    )
    this.writes = new Gathered<string, undefined>(
      async (rows) => {
        await insert([`[${rows.join(',')}]`])
        return rows.map(() => undefined)
      },
      { maxBatch, maxWaiting },
    )
  }

  /**
   * Writes one entry and resolves when it is durable, with those that come together in one commit.
   * Never throws and never takes long: what was done stays done. An entry that could not be written, or not in time, is
   * reported whole at error level and counted instead.
   */
  async record(entry: AuditEntry): Promise<void> {
    const details = redactArguments(entry.details ?? {})
    let timer: NodeJS.Timeout | undefined
    let written: Promise<undefined> | undefined
    try {
      written = this.writes.add(rowOf(entry, details))
      const tooLate = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new WriteTooSlow()), writeDeadlineMs)
      })
      await Promise.race([written, tooLate])
    } catch (error) {
      this.failures.total++
      this.log.error({ error, entry: { ...entry, details } }, 'an audit entry could not be written to the database')
      if (error instanceof WriteTooSlow) {
        written?.then(
          () => this.log.warn({ kind: entry.kind, action: entry.action }, 'a late audit entry was written after all'),
          () => undefined,
        )
      }
    } finally {
      clearTimeout(timer)
    }
  }
}

class WriteTooSlow extends Error {
  constructor() {
    super(`the database did not confirm it within ${writeDeadlineMs} ms; it may still be written`)
    this.name = 'WriteTooSlow'
  }
}

/** As JSON, by the names of the columns; what is undefined is left out and becomes NULL. */
function rowOf(entry: AuditEntry, details: Record<string, unknown>): string {
  const { kind, action, outcome, reason, actorId, clientId, grantId, target, tool, durationMs } = entry
  return JSON.stringify({
    kind,
    action,
    outcome,
    reason: reason?.slice(0, 100),
    actor_id: actorId,
    client_id: clientId && storable(clientId),
    grant_id: grantId && storable(grantId),
    target_type: target?.type,
    target_id: target && storable(target.id),
    tool: tool && storable(tool),
    arguments: entry.arguments,
    details,
    duration_ms: durationMs === undefined ? undefined : Math.round(durationMs),
    request_id: currentRequestId(),
    address: currentAddress(),
  })
}
