// Wiring of the vault: credentials, connected accounts and their tokens, keys of language models.
import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { ModelsModule } from '../models/models.module.js'
import { NotificationsModule } from '../notifications/notifications.module.js'
import { AccountTokens } from './account-tokens.js'
import { ClientChanges } from './client-changes.js'
import { ConnectController } from './connect.controller.js'
import { ConnectFlow } from './connect-flow.js'
import { ConnectOutcomes } from './connect-outcomes.js'
import { Connectables } from './connectables.js'
import { ConnectionAudit } from './connection-audit.js'
import { ConnectionOverview } from './connection-overview.js'
import { ConnectionsController } from './connections.controller.js'
import { Connections } from './connections.js'
import { ConsentReturnController } from './consent-return.controller.js'
import { ConsentStates } from './consent-states.js'
import { Credentials } from './credentials.js'
import { Disconnecting } from './disconnecting.js'
import { GivenClients } from './given-clients.js'
import { GivenModelKey } from './given-model-key.js'
import { HeldAccounts } from './held-accounts.js'
import { Losses } from './losses.js'
import { ModelKeys } from './model-keys.js'
import { ModelDesk } from './model-pages/model-desk.js'
import { ModelKeyAudit } from './model-pages/model-key-audit.js'
import { ModelsController } from './model-pages/models.controller.js'
import { ModelTrial } from './model-trial.js'
import { OwnClientController } from './own-client.controller.js'
import { RenewalLeases } from './renewal-leases.js'
import { Renewals } from './renewals.js'
import { SetUp } from './set-up.js'
import { TokenAttempts } from './token-attempts.js'
import { TokenEndpoint } from './token-endpoint.js'
import { VaultUpkeep } from './upkeep.js'
import { Vault } from './vault.js'

@Module({
  imports: [AccountsModule, AuditModule, ModelsModule, NotificationsModule],
  controllers: [
    ConnectionsController,
    ConnectController,
    ConsentReturnController,
    ModelsController,
    OwnClientController,
  ],
  providers: [
    AccountTokens,
    ClientChanges,
    ConnectFlow,
    ConnectOutcomes,
    Connectables,
    ConnectionAudit,
    ConnectionOverview,
    Connections,
    ConsentStates,
    Credentials,
    Disconnecting,
    GivenClients,
    GivenModelKey,
    HeldAccounts,
    Losses,
    ModelDesk,
    ModelKeyAudit,
    ModelKeys,
    ModelTrial,
    RenewalLeases,
    Renewals,
    SetUp,
    TokenAttempts,
    TokenEndpoint,
    Vault,
    VaultUpkeep,
  ],
  exports: [
    ClientChanges,
    ConnectFlow,
    Connectables,
    Connections,
    Credentials,
    ModelDesk,
    ModelKeys,
    SetUp,
    TokenEndpoint,
    Vault,
  ],
})
export class VaultModule {}
