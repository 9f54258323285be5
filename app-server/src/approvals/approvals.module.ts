// Wiring of the approvals room: what waits for people's word, and where they give it.
import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { OAuthModule } from '../oauth/oauth.module.js'
import { VaultModule } from '../vault/vault.module.js'
import { ApprovalAudit } from './approval-audit.js'
import { ApprovalGate } from './approval-gate.js'
import { Approvals } from './approvals.js'

@Module({
  imports: [AccountsModule, AuditModule, OAuthModule, VaultModule],
  providers: [ApprovalAudit, ApprovalGate, Approvals],
  exports: [ApprovalGate, Approvals],
})
export class ApprovalsModule {}
