// Wires the administrators' pages.
import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { OAuthModule } from '../oauth/oauth.module.js'
import { Vitals } from '../platform/database/vitals.js'
import { VaultModule } from '../vault/vault.module.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { Administration } from './administration.js'
import { AuditFollowing } from './audit-follow.js'
import { AuditNaming } from './audit-names.js'
import { AuditPagesController } from './audit-pages.controller.js'
import { ClientsController } from './clients.controller.js'
import { CredentialsController } from './credentials.controller.js'
import { OverviewController } from './overview.controller.js'
import { PeopleController } from './people.controller.js'
import { PersonActsController } from './person-acts.controller.js'
import { SettingsController } from './settings.controller.js'
import { SharedModelsController } from './shared-models.controller.js'

@Module({
  imports: [AccountsModule, AuditModule, OAuthModule, VaultModule],
  controllers: [
    OverviewController,
    PeopleController,
    PersonActsController,
    ClientsController,
    CredentialsController,
    SharedModelsController,
    AuditPagesController,
    SettingsController,
  ],
  providers: [AdminGuard, AdminPages, Administration, AuditFollowing, AuditNaming, Vitals],
})
export class AdminModule {}
