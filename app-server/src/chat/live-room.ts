// A room as pages on this replica look at it: rendered once for all who are shown the same, the first words at once.
import { Log } from '../platform/log.js'
import { type Piece, pieceOf } from './answer-parts.js'
import type { Titles } from './call-card.js'
import { LiveAnswer, type LiveEvent, wholeEvent } from './live-answer.js'
import type { Members } from './members.js'
import type { Onlooker } from './onlooker.js'
import type { RenderedTexts } from './rendered-texts.js'
import type { RoomEvents } from './room-events.js'
import type { RoomOrder } from './room-order.js'
import type { RoomTotals } from './room-totals.js'
import type { TellingPace } from './telling-pace.js'
import { totalsWords } from './totals-words.js'
import { isOpen, type TurnSnapshot } from './turn.js'
import type { Turns } from './turns.js'

/** Shortest time between two tellings of one answer, in milliseconds. */
const pauseMs = 40
/** Answers that are remembered after their end, for pages that join in that moment. */
const remembered = 4

/** Turns that are told at once to a page that was away. */
const mostMissed = 60

/** The page was away for so long that it must be loaded anew. */
export class MissedTooMuch extends Error {}

/** One page that looks. */
export interface Watcher {
  readonly onlooker: Onlooker
  send(events: string): void
}

export interface LiveRoomParts {
  readonly turns: Turns
  readonly order: RoomOrder
  readonly members: Members
  readonly events: RoomEvents
  readonly totals: RoomTotals
  readonly texts: RenderedTexts
  readonly titles: Titles
  readonly pace: TellingPace
  readonly log: Log
}

interface Followed {
  snapshot: TurnSnapshot
  readonly after: number
  readonly actsForName: string | undefined
  /** By what makes a difference to what is shown. */
  readonly answers: Map<string, LiveAnswer>
  toldParts: number
  /** From when on it may be told again. */
  nextAt: number
  timer: NodeJS.Timeout | undefined
  readonly tell: () => void
}

export class LiveRoom {
  private readonly watchers = new Set<Watcher>()
  private joining = 0
  private readonly followed = new Map<string, Followed>()
  /** Turns that are just being looked up, with the newest of what came meanwhile. */
  private readonly lookedUp = new Map<string, TurnSnapshot>()
  private leaveEvents: (() => void) | undefined

  constructor(
    private readonly roomId: string,
    private readonly parts: LiveRoomParts,
    private readonly onEmpty: () => void,
  ) {}

  /**
   * Sends turns from a number on, whole, and from then on what changes, until the function it gives is called.
   * @param from the number of the newest turn the page has
   * Throws MissedTooMuch.
   */
  async join(watcher: Watcher, from: number): Promise<() => void> {
    this.joining++
    this.leaveEvents ??= this.parts.events.listen(this.roomId, (snapshot) => this.hear(snapshot))
    try {
      const snapshots = await this.readFrom(from)
      await this.parts.texts.prepare(snapshots)
      let after = await this.parts.order.before(this.roomId, snapshots[0]?.turn.seq ?? from)
      const names = await this.parts.members.namesOf(snapshots.flatMap(({ turn }) => turn.actsFor ?? []))
      // From here on nothing is waited for, so that nothing that happens meanwhile is missed or told twice.
      const told = new Set<string>()
      for (const snapshot of snapshots) {
        const { turn } = snapshot
        const actsForName = turn.actsFor === null ? undefined : names.get(turn.actsFor)
        if (isOpen(turn) && !this.followed.has(turn.id)) this.follow(snapshot, after, actsForName)
        const followed = this.followed.get(turn.id)
        watcher.send(
          encoded([
            followed
              ? this.answerFor(followed, watcher).whole()
              : wholeEvent(snapshot, this.piecesOf(snapshot, watcher.onlooker, actsForName), watcher.onlooker, after),
          ]),
        )
        told.add(turn.id)
        after = turn.seq
      }
      for (const [id, followed] of this.followed) {
        if (followed.snapshot.turn.seq < from || told.has(id)) continue
        watcher.send(encoded([this.answerFor(followed, watcher).whole()]))
      }
      this.watchers.add(watcher)
    } finally {
      this.joining--
      this.leaveWhenEmpty()
    }
    return () => {
      this.watchers.delete(watcher)
      this.leaveWhenEmpty()
    }
  }

  /** Whoever was away for longer than this loads the page anew. */
  private async readFrom(from: number): Promise<TurnSnapshot[]> {
    const snapshots: TurnSnapshot[] = []
    for await (const snapshot of this.parts.turns.all(this.roomId, from)) {
      snapshots.push(snapshot)
      if (snapshots.length > mostMissed) throw new MissedTooMuch()
    }
    return snapshots
  }

  private piecesOf(snapshot: TurnSnapshot, onlooker: Onlooker, actsForName: string | undefined): Piece[] {
    const options = {
      turn: snapshot.turn,
      onlooker,
      actsForName,
      titles: this.parts.titles,
      texts: this.parts.texts.renderer,
    }
    return snapshot.parts.map((part) => pieceOf(part, options))
  }

  private leaveWhenEmpty(): void {
    if (this.watchers.size > 0 || this.joining > 0) return
    this.leaveEvents?.()
    this.leaveEvents = undefined
    for (const { timer, tell } of this.followed.values()) {
      clearTimeout(timer)
      this.parts.pace.drop(tell)
    }
    this.followed.clear()
    this.onEmpty()
  }

  private hear(snapshot: TurnSnapshot): void {
    const { turn } = snapshot
    if (turn.replacedAt !== null) return
    const followed = this.followed.get(turn.id)
    if (followed) {
      // What is being looked up is older.
      this.lookedUp.delete(turn.id)
      followed.snapshot = snapshot
      this.tellSoon(followed)
      return
    }
    const isLookedUp = this.lookedUp.has(turn.id)
    this.lookedUp.set(turn.id, snapshot)
    if (!isLookedUp) void this.lookUp(snapshot)
  }

  /** What has to be known of a turn before it can be shown. */
  private async lookUp({ turn }: TurnSnapshot): Promise<void> {
    try {
      const after = await this.parts.order.before(this.roomId, turn.seq)
      const names = await this.parts.members.namesOf(turn.actsFor === null ? [] : [turn.actsFor])
      const newest = this.lookedUp.get(turn.id)
      if (!newest || !this.leaveEvents) return
      const known = this.followed.get(turn.id)
      const followed = known ?? this.follow(newest, after, turn.actsFor === null ? undefined : names.get(turn.actsFor))
      followed.snapshot = newest
      this.parts.pace.now(followed.tell)
    } catch (error) {
      // The next thing that happens to the turn brings it up again.
      const words = error instanceof Error ? error.message : String(error)
      this.parts.log.warn({ error: words }, 'a turn could not be looked up for the pages of its room')
    } finally {
      this.lookedUp.delete(turn.id)
    }
  }

  private follow(snapshot: TurnSnapshot, after: number, actsForName: string | undefined): Followed {
    const followed: Followed = {
      snapshot,
      after,
      actsForName,
      answers: new Map(),
      toldParts: snapshot.parts.length,
      nextAt: 0,
      timer: undefined,
      tell: () => this.tell(followed),
    }
    this.followed.set(snapshot.turn.id, followed)
    const ended = [...this.followed].filter(([, one]) => !isOpen(one.snapshot.turn) && one.timer === undefined)
    for (const [id] of ended.slice(0, Math.max(0, this.followed.size - remembered))) this.followed.delete(id)
    return followed
  }

  /** A new part is told at once, so that nothing stands between the model's first word and the page; and so is the end. */
  private tellSoon(followed: Followed): void {
    const { pace } = this.parts
    const waitMs = followed.nextAt - performance.now()
    const { turn, parts } = followed.snapshot
    if (parts.length > followed.toldParts || !isOpen(turn)) pace.now(followed.tell)
    else if (waitMs <= 0) pace.soon(followed.tell)
    else followed.timer ??= setTimeout(() => pace.soon(followed.tell), waitMs)
  }

  private tell(followed: Followed): void {
    clearTimeout(followed.timer)
    followed.timer = undefined
    const { snapshot } = followed
    const events = new Map<string, string>()
    for (const watcher of this.watchers) {
      const kind = kindOf(snapshot, watcher.onlooker)
      let text = events.get(kind)
      if (text === undefined) {
        const known = followed.answers.get(kind)
        text = encoded(known ? known.update(snapshot) : [this.answerFor(followed, watcher).whole()])
        events.set(kind, text)
      }
      if (text !== '') watcher.send(text)
    }
    followed.toldParts = snapshot.parts.length
    followed.nextAt = performance.now() + pauseMs
    if (!isOpen(snapshot.turn)) void this.tellTotals()
  }

  private answerFor(followed: Followed, { onlooker }: Watcher): LiveAnswer {
    const kind = kindOf(followed.snapshot, onlooker)
    let answer = followed.answers.get(kind)
    if (!answer) {
      const { snapshot, actsForName, after } = followed
      const { titles } = this.parts
      answer = new LiveAnswer(snapshot, {
        onlooker: { ...onlooker, csrfToken: undefined },
        actsForName,
        after,
        titles,
      })
      followed.answers.set(kind, answer)
    }
    return answer
  }

  private async tellTotals(): Promise<void> {
    try {
      const totals = await this.parts.totals.of(this.roomId)
      for (const { onlooker, send } of this.watchers) {
        send(encoded([{ event: 'totals', data: { words: totalsWords(totals, onlooker.language) } }]))
      }
    } catch (error) {
      // The next page of the room has them.
      const words = error instanceof Error ? error.message : String(error)
      this.parts.log.warn({ error: words }, 'the totals of a room could not be told')
    }
  }
}

/** Onlookers of one kind are shown the same. */
function kindOf({ turn }: TurnSnapshot, { userId, language, writes }: Onlooker): string {
  return [language, writes, turn.authorId === userId, turn.actsFor === userId].join(' ')
}

function encoded(events: readonly LiveEvent[]): string {
  return events
    .map(({ event, data }) => {
      const id = event === 'turn' ? `id: ${data.seq}\n` : ''
      return `event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`
    })
    .join('')
}
