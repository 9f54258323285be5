// Puts together what the page of a room's settings shows.
import { Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { Session } from '../accounts/session.js'
import { ChatPages } from './chat-pages.js'
import { Members } from './members.js'
import { type ModelChoice, ModelChoices } from './model-choices.js'
import { roomPath } from './paths.js'
import type { RoomFaults, TypedRoom } from './room-form.js'
import type { Room } from './rooms.js'
import { SettingsPage } from './settings.page.js'
import { t } from './t.js'
import { type ToolChoice, ToolChoices } from './tool-choices.js'

export interface ShownSettings {
  /** What was typed and does not fit; else the room as it is. */
  readonly typed?: TypedRoom
  readonly faults?: RoomFaults
  readonly done?: string | undefined
  readonly refusal?: string
  readonly email?: string
  readonly status?: number
}

@Injectable()
export class RoomSettings {
  constructor(
    private readonly members: Members,
    private readonly models: ModelChoices,
    private readonly tools: ToolChoices,
    private readonly pages: ChatPages,
  ) {}

  async send(response: Response, session: Session, room: Room, shown: ShownSettings): Promise<void> {
    const { typed = typedOf(room), faults = {}, done, refusal, email = '', status = 200 } = shown
    const body = SettingsPage({
      room,
      members: await this.members.list(room.id),
      models: await this.modelsFor(room, session),
      tools: await this.toolsFor(room, session),
      viewerId: session.viewer.id,
      csrfToken: session.csrfToken,
      typed,
      faults,
      done,
      refusal,
      email,
    })
    this.pages.send(response, session, { title: t('Settings of the room'), status }, body)
  }

  /** Those the person may choose, and the one the room has. */
  async modelsFor(room: Room, { viewer }: Session): Promise<ModelChoice[]> {
    const choices = await this.models.list(viewer.id)
    const present = await this.models.findOf(room, viewer.id)
    return present && !choices.some(({ id }) => id === present.id) ? [present, ...choices] : choices
  }

  toolsFor(room: Room, { viewer }: Session): Promise<ToolChoice[]> {
    return this.tools.list(viewer.id, roomPath(room.id, '/settings'))
  }
}

function typedOf(room: Room): TypedRoom {
  return {
    name: room.name,
    credential: room.credentialId ?? '',
    providers: room.providers,
    systemPrompt: room.systemPrompt,
    maxRounds: String(room.maxRounds),
    maxTokens: String(room.maxTokens),
    maxCost: room.maxCostMicros === null ? '' : String(room.maxCostMicros / 1_000_000),
  }
}
