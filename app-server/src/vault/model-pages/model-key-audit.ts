// Writes down what people do with model keys of their own, and why a service did not take one.
import { Injectable } from '@nestjs/common'
import type { Session } from '../../accounts/session.js'
import { AuditLog } from '../../audit/audit-log.js'
import { AuditedRefusals } from '../../audit/refusals.js'
import { toProblem } from '../../platform/problem.js'
import { failureIn } from './model-fault.js'
import type { ModelKeyAct } from './model-key-ground.js'

@Injectable()
export class ModelKeyAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly refusals: AuditedRefusals,
  ) {}

  /** Writes down how it ended; refusals bounded, for a person can fail as often as they like. Throws what `perform` throws. */
  async watch(
    { viewer }: Session,
    act: ModelKeyAct,
    keyId: string | undefined,
    perform: () => Promise<Record<string, unknown>>,
  ): Promise<void> {
    const action = `${act}-model-key`
    const entry = { kind: 'connection', action, actorId: viewer.id } as const
    const target = (id: unknown) => (typeof id === 'string' ? ({ type: 'credential', id } as const) : undefined)
    try {
      const { credential_id = keyId, ...details } = await perform()
      await this.audit.record({ ...entry, outcome: 'ok', target: target(credential_id), details })
    } catch (error) {
      const failure = failureIn(error)
      const { code, status } = toProblem(error, () => undefined)
      const reason = failure ? `model-${failure.kind}` : code
      const outcome = !failure && status >= 500 ? 'failed' : 'refused'
      const refused = { ...entry, outcome, reason, target: target(keyId) } as const
      await this.refusals.record(`${action} ${viewer.id} ${reason}`, refused)
      throw error
    }
  }
}
