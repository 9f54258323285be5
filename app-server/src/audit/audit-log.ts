// The audit log: one durable row for each tool call, written before the caller gets the answer.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { Log } from '../platform/log.js'
import { storable } from './redact.js'

export interface AuditEntry {
  requestId: string
  userId: string
  clientId: string
  /** The authorization the token came from; undefined for tokens minted for our own parts. */
  grantId: string | undefined
  tool: string
  /** Already redacted: see redact.ts. */
  arguments: Record<string, unknown>
  /** ok: it was done. refused: it was not allowed or did not fit. failed: it was tried and broke. */
  outcome: 'ok' | 'refused' | 'failed'
  /** Why it was refused or failed: a problem's code, or a finer word. Undefined exactly when ok. */
  reason: string | undefined
  durationMs: number
}

@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    private readonly log: Log,
  ) {}

  /**
   * Writes one entry and resolves when it is durable.
   * Never throws: what was done stays done. A failed write is reported at error level with the whole entry instead.
   */
  async record(entry: AuditEntry): Promise<void> {
    try {
      await this.database.query(
        `INSERT INTO audit_entries
           (request_id, user_id, client_id, grant_id, tool, arguments, outcome, reason, duration_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          entry.requestId,
          entry.userId,
          entry.clientId,
          entry.grantId ?? null,
          storable(entry.tool),
          JSON.stringify(entry.arguments),
          entry.outcome,
          entry.reason ?? null,
          Math.round(entry.durationMs),
        ],
      )
    } catch (error) {
      this.log.error({ error, entry }, 'an audit entry could not be written to the database')
    }
  }
}
