// Wires the people's room: who they are, how they sign in, where they are signed in.
import { Module } from '@nestjs/common'
import { AuditModule } from '../audit/audit.module.js'
import { Accounts } from './accounts.js'
import { Directory } from './directory.js'
import { Expiry } from './expiry.js'
import { GoogleSignIn } from './google.js'
import { LanguageController } from './language.controller.js'
import { Languages } from './languages.js'
import { SessionGuard } from './session.guard.js'
import { Sessions } from './session.js'
import { SessionsController } from './sessions.controller.js'
import { SignInController } from './sign-in.controller.js'
import { SignInAttempts } from './sign-in-attempts.js'
import { SignInAudit } from './sign-in-audit.js'

@Module({
  imports: [AuditModule],
  controllers: [SignInController, SessionsController, LanguageController],
  providers: [
    Accounts,
    Directory,
    Languages,
    Sessions,
    SessionGuard,
    SignInAttempts,
    SignInAudit,
    GoogleSignIn,
    Expiry,
  ],
  exports: [Accounts, Directory, Sessions, SessionGuard],
})
export class AccountsModule {}
