// Wiring of the audit log: what writes it, what reads it, and what lets old entries go.
import { Module } from '@nestjs/common'
import { AuditFigures } from './audit-figures.js'
import { AuditLog } from './audit-log.js'
import { AuditTrail } from './audit-trail.js'
import { AuditedRefusals } from './refusals.js'
import { AuditRetention } from './retention.js'

@Module({
  providers: [
    AuditFigures,
    AuditLog,
    AuditTrail,
    AuditRetention,
    { provide: AuditedRefusals, inject: [AuditLog], useFactory: (audit: AuditLog) => new AuditedRefusals(audit) },
  ],
  exports: [AuditFigures, AuditLog, AuditTrail, AuditedRefusals],
})
export class AuditModule {}
