// Wiring of the chat room: rooms and their members, turns and the engine that answers them, and the pages.
import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.js'
import { ApprovalsModule } from '../approvals/approvals.module.js'
import { AuditModule } from '../audit/audit.module.js'
import { ModelsModule } from '../models/models.module.js'
import { OAuthModule } from '../oauth/oauth.module.js'
import { VaultModule } from '../vault/vault.module.js'
import { Attachments } from './attachments.js'
import { ChatAudit } from './chat-audit.js'
import { chatControllers, chatPageProviders } from './chat-page-parts.js'
import { Lending } from './lending.js'
import { Members } from './members.js'
import { RoomEvents } from './room-events.js'
import { Rooms } from './rooms.js'
import { Summaries } from './summaries.js'
import { ToolLists } from './tool-lists.js'
import { TurnEngine } from './turn-engine.js'
import { TurnRooms } from './turn-rooms.js'
import { TurnStore } from './turn-store.js'
import { TurnTokens } from './turn-tokens.js'
import { TurnWork } from './turn-work.js'
import { Turns } from './turns.js'
import { UnsentFiles } from './unsent-files.js'

@Module({
  imports: [AccountsModule, ApprovalsModule, AuditModule, ModelsModule, OAuthModule, VaultModule],
  controllers: chatControllers,
  providers: [
    ...chatPageProviders,
    Attachments,
    ChatAudit,
    Lending,
    Members,
    RoomEvents,
    Rooms,
    Summaries,
    ToolLists,
    TurnEngine,
    TurnRooms,
    TurnStore,
    TurnTokens,
    TurnWork,
    Turns,
    UnsentFiles,
  ],
})
export class ChatModule {}
