// What administrators do, written into the audit log however it ends.
import { Injectable } from '@nestjs/common'
import type { Session } from '../accounts/session.js'
import { type AuditEntry, AuditLog } from '../audit/audit-log.js'
import { toProblem } from '../platform/problem.js'

export interface Act {
  /** Lower case with hyphens, e.g. suspend. */
  readonly action: string
  readonly target?: AuditEntry['target']
  readonly clientId?: string
}

@Injectable()
export class Administration {
  constructor(private readonly audit: AuditLog) {}

  /**
   * Does it and writes it down: as done, with what `perform` tells of it (plain JSON in snake_case), or as refused or
   * failed with the problem's code. Throws what `perform` throws.
   */
  async act(session: Session, act: Act, perform: () => Promise<Record<string, unknown>>): Promise<void> {
    const entry = { kind: 'administration', actorId: session.viewer.id, ...act } as const
    let details: Record<string, unknown>
    try {
      details = await perform()
    } catch (error) {
      const { code, status } = toProblem(error, () => undefined)
      await this.audit.record({ ...entry, outcome: status >= 500 ? 'failed' : 'refused', reason: code })
      throw error
    }
    await this.audit.record({ ...entry, outcome: 'ok', details })
  }
}
