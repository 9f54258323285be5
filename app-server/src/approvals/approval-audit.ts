// Writes down what was asked of people before calls were run, and what they said.
import { Injectable } from '@nestjs/common'
import { AuditLog } from '../audit/audit-log.js'
import type { Approval } from './approval.js'

type Told = Pick<Approval, 'id' | 'userId' | 'clientId' | 'tool' | 'account' | 'redacted'>

@Injectable()
export class ApprovalAudit {
  constructor(private readonly audit: AuditLog) {}

  requested(approval: Told & { readonly expiresAt: Date }, grantId: string | undefined): Promise<void> {
    return this.record(approval, 'request', { expires_at: approval.expiresAt.toISOString() }, { grantId })
  }

  /** @param remembered whether calls of the tool are not asked about any more */
  decided(approval: Told, decision: 'approved' | 'denied', { remembered }: { remembered: boolean }): Promise<void> {
    return decision === 'approved'
      ? this.record(approval, 'approve', { remembered })
      : this.record(approval, 'deny', {}, { refusal: 'denied-by-person' })
  }

  /** Taken back by whoever asked, because the person said no there. */
  withdrawn(approval: Told): Promise<void> {
    return this.record(approval, 'withdraw', {}, { refusal: 'denied-by-person' })
  }

  /** A call came for an approval that had been given and was over. */
  cameTooLate(approval: Told, grantId: string | undefined): Promise<void> {
    return this.record(approval, 'use', {}, { refusal: 'approval-expired', grantId })
  }

  /** What a person wants to be asked about from now on. */
  async policyChanged(userId: string, tool: string, policy: string): Promise<void> {
    await this.audit.record({
      kind: 'approval',
      action: 'set-policy',
      outcome: 'ok',
      actorId: userId,
      tool,
      details: { policy },
    })
  }

  private async record(
    { id, userId, clientId, tool, account, redacted }: Told,
    action: string,
    details: Record<string, unknown>,
    { refusal, grantId }: { refusal?: string; grantId?: string | undefined } = {},
  ): Promise<void> {
    await this.audit.record({
      kind: 'approval',
      action,
      outcome: refusal === undefined ? 'ok' : 'refused',
      reason: refusal,
      actorId: userId,
      clientId,
      grantId,
      tool,
      target: { type: 'approval', id },
      arguments: redacted,
      details: { ...(account === null ? {} : { account }), ...details },
    })
  }
}
