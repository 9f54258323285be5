// What happens in rooms right now, for the pages that show them: from the turns worked on here, and by notice from elsewhere.
import { randomUUID } from 'node:crypto'
import { Injectable } from '@nestjs/common'
import { Notices } from '../platform/database/notices.js'
import { Log } from '../platform/log.js'
import type { TurnSnapshot } from './turn.js'
import { type TurnNotice, Turns, turnTopic } from './turns.js'

/** Hears every new state of a room's turns, whole each time; several changes may come as one. */
export type TurnListener = (snapshot: TurnSnapshot) => void

@Injectable()
export class RoomEvents {
  /** Goes with our own notices, which tell us nothing new. */
  readonly replicaId = randomUUID()
  private readonly listeners = new Map<string, Set<TurnListener>>()
  private readonly loading = new Map<string, { again: boolean; overtaken: boolean }>()

  constructor(
    private readonly turns: Turns,
    notices: Notices,
    private readonly log: Log,
  ) {
    notices.on(turnTopic, (body) => {
      const { roomId, turnId, from } = JSON.parse(body) as TurnNotice
      if (from !== this.replicaId && this.listeners.has(roomId)) void this.load(turnId)
    })
  }

  /** Whether anybody looks at the room on this replica. */
  isWatched(roomId: string): boolean {
    return this.listeners.has(roomId)
  }

  /** Hears a room until the function it gives is called. */
  listen(roomId: string, listener: TurnListener): () => void {
    const ofRoom = this.listeners.get(roomId) ?? new Set()
    this.listeners.set(roomId, ofRoom)
    ofRoom.add(listener)
    return () => {
      ofRoom.delete(listener)
      if (ofRoom.size === 0 && this.listeners.get(roomId) === ofRoom) this.listeners.delete(roomId)
    }
  }

  /** Tells the pages on this replica what is worked on here: newer than whatever is just being read of it. */
  tell(snapshot: TurnSnapshot): void {
    const underWay = this.loading.get(snapshot.turn.id)
    if (underWay) underWay.overtaken = true
    this.pass(snapshot)
  }

  private pass(snapshot: TurnSnapshot): void {
    for (const listener of this.listeners.get(snapshot.turn.roomId) ?? []) listener(snapshot)
  }

  /** Reads a turn and tells it; notices that come meanwhile are answered by one more reading. */
  private async load(turnId: string): Promise<void> {
    const underWay = this.loading.get(turnId)
    if (underWay) {
      underWay.again = true
      return
    }
    const state = { again: false, overtaken: false }
    this.loading.set(turnId, state)
    try {
      do {
        state.again = false
        state.overtaken = false
        const snapshot = await this.turns.snapshot(turnId)
        if (snapshot && !state.overtaken) this.pass(snapshot)
      } while (state.again)
    } catch (error) {
      // The page asks for everything anew when its stream breaks; the next notice mends it here.
      this.log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'a turn could not be read for its page',
      )
    } finally {
      this.loading.delete(turnId)
    }
  }
}
