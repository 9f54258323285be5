// Wiring of the authorization room: the authorization server, consent, programs, tokens and the guard that reads them.
import { Module } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
import { AccountsModule } from '../accounts/accounts.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { Database } from '../platform/database/database.js'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { SecretBox } from '../platform/secret-box.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { Artifacts } from './artifacts.js'
import { AuthorizationAudit } from './authorization-audit.js'
import { AuthorizationServer } from './authorization-server.js'
import { BearerGuard } from './bearer.guard.js'
import { ClientDirectory } from './client-directory.js'
import { ClientDocuments } from './client-documents.js'
import { Clients } from './clients.js'
import { OAuthCollection } from './collection.js'
import { Grants } from './grants.js'
import { InteractionController } from './interaction.controller.js'
import { IntrospectionController } from './introspection.controller.js'
import { IssuedTokens } from './issued-tokens.js'
import { jwtService, MintedTokens } from './minted-tokens.js'
import { ProgramsController } from './programs.controller.js'
import { ResourceMetadataController } from './resource-metadata.controller.js'
import { SigningKeyWatch } from './signing-key-watch.js'
import { SigningKeys } from './signing-keys.js'
import { Standings } from './standing.js'
import { TokenVerifier } from './token-verifier.js'

@Module({
  imports: [AccountsModule, AuditModule],
  controllers: [InteractionController, IntrospectionController, ProgramsController, ResourceMetadataController],
  providers: [
    { provide: GuardedFetch, inject: [SETTINGS], useFactory: (settings: Settings) => new GuardedFetch(settings) },
    {
      provide: SigningKeys,
      inject: [Database, SecretBox],
      useFactory: (database: Database, box: SecretBox) => SigningKeys.load(database, box),
    },
    { provide: JwtService, useFactory: jwtService },
    Artifacts,
    AuthorizationAudit,
    AuthorizationServer,
    BearerGuard,
    ClientDirectory,
    ClientDocuments,
    Clients,
    Grants,
    IssuedTokens,
    MintedTokens,
    OAuthCollection,
    SigningKeyWatch,
    Standings,
    TokenVerifier,
  ],
  exports: [ClientDirectory, Clients, Grants, BearerGuard, TokenVerifier, Standings, MintedTokens, AuthorizationServer],
})
export class OAuthModule {}
