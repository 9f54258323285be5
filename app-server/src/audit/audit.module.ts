// Wiring of the audit log.
import { Module } from '@nestjs/common'
import { AuditLog } from './audit-log.js'
import { AuditRetention } from './retention.js'

@Module({ providers: [AuditLog, AuditRetention], exports: [AuditLog] })
export class AuditModule {}
