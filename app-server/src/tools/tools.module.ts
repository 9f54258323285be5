// Wiring of the tools room: the catalog, the runner, the door for MCP and the direct API.
import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.js'
import { ApprovalsModule } from '../approvals/approvals.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { OAuthModule } from '../oauth/oauth.module.js'
import { ProblemFilter } from '../platform/problem.filter.js'
import { VaultModule } from '../vault/vault.module.js'
import { ApiController } from './api.controller.js'
import { ApiGuard } from './api.guard.js'
import { ApiDocsController } from './api-docs.controller.js'
import { ApiProblemFilter } from './api-problem.filter.js'
import { ApproveFirst } from './approve-first.js'
import { Catalog } from './catalog.js'
import { ConnectFirst } from './connect-first.js'
import { DirectCalls } from './direct-calls.js'
import { Door } from './door.js'
import { DoorMessages } from './door-messages.js'
import { Questions } from './questions.js'
import { RunningCalls } from './running-calls.js'
import { ToolRunner } from './tool-runner.js'

@Module({
  imports: [AccountsModule, ApprovalsModule, AuditModule, OAuthModule, VaultModule],
  controllers: [ApiController, ApiDocsController],
  providers: [
    ApiGuard,
    ApiProblemFilter,
    ApproveFirst,
    Catalog,
    ConnectFirst,
    DirectCalls,
    Door,
    DoorMessages,
    ProblemFilter,
    Questions,
    RunningCalls,
    ToolRunner,
  ],
})
export class ToolsModule {}
