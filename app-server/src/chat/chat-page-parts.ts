// The pages of the chat, for its module: what answers requests, and what they are put together by.
import { AttachmentsController } from './attachments.controller.js'
import { ChatPages } from './chat-pages.js'
import { DecisionsController } from './decisions.controller.js'
import { EarlierVersions } from './earlier-versions.js'
import { ExportController } from './export.controller.js'
import { MembersController } from './members.controller.js'
import { MessageSearch } from './message-search.js'
import { MessagesController } from './messages.controller.js'
import { ModelChoices } from './model-choices.js'
import { RenderedTexts } from './rendered-texts.js'
import { RoomController } from './room.controller.js'
import { RoomOrder } from './room-order.js'
import { RoomRights } from './room-rights.js'
import { RoomSettings } from './room-settings.js'
import { RoomShow } from './room-show.js'
import { RoomStreams } from './room-streams.js'
import { RoomTotals } from './room-totals.js'
import { RoomsController } from './rooms.controller.js'
import { SettingsController } from './settings.controller.js'
import { ShownTurns } from './shown-turns.js'
import { ToolChoices } from './tool-choices.js'
import { VersionsController } from './versions.controller.js'

// In this order their routes are looked at: `new` is no room.
export const chatControllers = [
  RoomsController,
  RoomController,
  SettingsController,
  MembersController,
  MessagesController,
  VersionsController,
  DecisionsController,
  AttachmentsController,
  ExportController,
]

export const chatPageProviders = [
  ChatPages,
  EarlierVersions,
  MessageSearch,
  ModelChoices,
  RenderedTexts,
  RoomOrder,
  RoomRights,
  RoomSettings,
  RoomShow,
  RoomStreams,
  RoomTotals,
  ShownTurns,
  ToolChoices,
]
