// Wiring of the tools room: the catalog, the runner and the door.
import { Module } from '@nestjs/common'
import { AuditModule } from '../audit/audit.module.js'
import { OAuthModule } from '../oauth/oauth.module.js'
import { Catalog } from './catalog.js'
import { Door } from './door.js'
import { DoorMessages } from './door-messages.js'
import { RunningCalls } from './running-calls.js'
import { ToolRunner } from './tool-runner.js'

@Module({
  imports: [AuditModule, OAuthModule],
  providers: [Catalog, Door, DoorMessages, RunningCalls, ToolRunner],
})
export class ToolsModule {}
