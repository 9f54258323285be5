// Wiring of the approvals room: what waits for people's word, and where they give it.
import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { OAuthModule } from '../oauth/oauth.module.js'
import { VaultModule } from '../vault/vault.module.js'
import { ApprovalAudit } from './approval-audit.js'
import { ApprovalCollection } from './approval-collection.js'
import { ApprovalGate } from './approval-gate.js'
import { ApprovalsController } from './approvals.controller.js'
import { Approvals } from './approvals.js'
import { ShownApprovals } from './shown-approvals.js'
import { WhenToAskController } from './when-to-ask.controller.js'

@Module({
  imports: [AccountsModule, AuditModule, OAuthModule, VaultModule],
  // The choices first: their address would else be taken for an approval's.
  controllers: [WhenToAskController, ApprovalsController],
  providers: [ApprovalAudit, ApprovalCollection, ApprovalGate, Approvals, ShownApprovals],
  exports: [ApprovalGate, Approvals],
})
export class ApprovalsModule {}
