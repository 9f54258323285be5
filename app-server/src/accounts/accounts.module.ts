// Wires the people's room: who they are, how they sign in, where they are signed in.
import { Module } from '@nestjs/common'
import { Accounts } from './accounts.js'
import { SessionGuard } from './session.guard.js'
import { Sessions } from './session.js'

@Module({
  providers: [Accounts, Sessions, SessionGuard],
  exports: [Accounts, Sessions, SessionGuard],
})
export class AccountsModule {}
