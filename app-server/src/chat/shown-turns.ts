// Turns as a page shows them to whoever looks: each part as HTML, with the names of those it waits for.
import { Injectable } from '@nestjs/common'
import { type Piece, pieceOf } from './answer-parts.js'
import { Members } from './members.js'
import type { Onlooker } from './onlooker.js'
import { RenderedTexts } from './rendered-texts.js'
import { ToolChoices } from './tool-choices.js'
import type { TurnSnapshot } from './turn.js'

export interface ShownTurn {
  readonly snapshot: TurnSnapshot
  readonly pieces: readonly Piece[]
}

@Injectable()
export class ShownTurns {
  constructor(
    private readonly members: Members,
    private readonly texts: RenderedTexts,
    private readonly tools: ToolChoices,
  ) {}

  async of(snapshots: readonly TurnSnapshot[], onlooker: Onlooker): Promise<ShownTurn[]> {
    await this.texts.prepare(snapshots)
    const names = await this.members.namesOf(snapshots.flatMap(({ turn }) => turn.actsFor ?? []))
    return snapshots.map((snapshot) => {
      const { turn } = snapshot
      const actsForName = turn.actsFor === null ? undefined : names.get(turn.actsFor)
      const options = { turn, onlooker, actsForName, titles: this.tools, texts: this.texts.renderer }
      return { snapshot, pieces: snapshot.parts.map((part) => pieceOf(part, options)) }
    })
  }
}
