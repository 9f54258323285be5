// Puts together what the page of a room shows.
import { Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { Session } from '../accounts/session.js'
import { ChatPages } from './chat-pages.js'
import { Members } from './members.js'
import { ModelChoices } from './model-choices.js'
import { onlookerOf } from './onlooker.js'
import { RoomPage } from './room.page.js'
import { RoomTotals } from './room-totals.js'
import type { Room } from './rooms.js'
import { ShownTurns } from './shown-turns.js'
import { ToolChoices } from './tool-choices.js'
import { totalsWords } from './totals-words.js'
import { Turns } from './turns.js'

export interface ShownRoom {
  /** Turns before this number are shown, instead of the newest. */
  readonly before?: number | undefined
  /** What was typed and could not be sent. */
  readonly draft?: string
}

@Injectable()
export class RoomShow {
  constructor(
    private readonly turns: Turns,
    private readonly members: Members,
    private readonly shown: ShownTurns,
    private readonly totals: RoomTotals,
    private readonly models: ModelChoices,
    private readonly tools: ToolChoices,
    private readonly pages: ChatPages,
  ) {}

  async send(response: Response, session: Session, room: Room, { before, draft = '' }: ShownRoom): Promise<void> {
    const onlooker = onlookerOf(room, session)
    const { turns, older } = await this.turns.page(room.id, before)
    const shown = await this.shown.of(turns, onlooker)
    const lenders = await this.members.namesOf(room.lenderId === null ? [] : [room.lenderId])
    const model = await this.models.findOf(room, session.viewer.id)
    const totals = await this.totals.of(room.id)
    const body = RoomPage({
      room,
      onlooker,
      model,
      tools: room.providers.map((id) => this.tools.titleOf(id)),
      lender: room.lenderId === null ? undefined : lenders.get(room.lenderId),
      turns: shown,
      older: older ? turns[0]?.turn.seq : undefined,
      earlier: before !== undefined,
      totals: totalsWords(totals, onlooker.language),
      draft,
    })
    this.pages.send(response, session, { title: room.name, live: true }, body)
  }
}
