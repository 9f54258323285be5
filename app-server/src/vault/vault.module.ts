// Wiring of the vault: credentials, connected accounts and their tokens.
import { Module } from '@nestjs/common'
import { AuditModule } from '../audit/audit.module.js'
import { Connections } from './connections.js'
import { Credentials } from './credentials.js'
import { HeldAccounts } from './held-accounts.js'
import { SetUp } from './set-up.js'
import { TokenEndpoint } from './token-endpoint.js'
import { Vault } from './vault.js'

@Module({
  imports: [AuditModule],
  providers: [Connections, Credentials, HeldAccounts, SetUp, TokenEndpoint, Vault],
  exports: [Connections, Credentials, SetUp, TokenEndpoint, Vault],
})
export class VaultModule {}
