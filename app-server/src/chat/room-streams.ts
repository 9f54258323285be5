// The streams of rooms to the pages that show them (Server-Sent Events, HTML standard): for as long as whoever looks may look.
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import type { Session } from '../accounts/session.js'
import { Log } from '../platform/log.js'
import { LiveRoom, MissedTooMuch } from './live-room.js'
import { Members } from './members.js'
import type { Onlooker } from './onlooker.js'
import { RenderedTexts } from './rendered-texts.js'
import { RoomEvents } from './room-events.js'
import { RoomOrder } from './room-order.js'
import { RoomRights } from './room-rights.js'
import { RoomTotals } from './room-totals.js'
import type { Room } from './rooms.js'
import { t } from './t.js'
import { TellingPace } from './telling-pace.js'
import { ToolChoices } from './tool-choices.js'
import { Turns } from './turns.js'

/** Streams at once on this replica, and of one person. */
export const streamLimits = { total: 600, perPerson: 16 } as const

/** How often a stream looks whether the server stops, and how often whether it may still go on, in milliseconds. */
const lookMs = 1_000
const rightsMs = 3_000
/** Proxies close what says nothing. */
const sayMs = 15_000
/** After this long the page asks anew, with the cookie it has then. */
const longestMs = 30 * 60_000
/** Bytes that wait for a page that does not read. */
const maxUnread = 4 * 1024 * 1024

/** Why a stream ended: the page says so, or asks again. */
type Over = 'time' | 'restart' | 'session' | 'room' | 'changed'

@Injectable()
export class RoomStreams {
  private readonly rooms = new Map<string, LiveRoom>()
  private readonly streaming = new Map<Response, string>()
  private readonly pace = new TellingPace()

  constructor(
    private readonly turns: Turns,
    private readonly order: RoomOrder,
    private readonly members: Members,
    private readonly events: RoomEvents,
    private readonly totals: RoomTotals,
    private readonly texts: RenderedTexts,
    private readonly rights: RoomRights,
    private readonly tools: ToolChoices,
    private readonly log: Log,
  ) {}

  /** How many look on this replica. */
  get count(): number {
    return this.streaming.size
  }

  /**
   * Streams a room until the page leaves, or whoever looks may not any more.
   * @param from the number of the newest turn the page has
   * Throws Problem rate-limited.
   */
  async stream(
    { room, session, onlooker, from }: { room: Room; session: Session; onlooker: Onlooker; from: number },
    request: Request,
    response: Response,
  ): Promise<void> {
    this.requirePlace(session.viewer.id)
    this.streaming.set(response, session.viewer.id)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    let leave: (() => void) | undefined
    try {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
        // Nothing else comes on this connection, and a server that stops must not wait for it.
        Connection: 'close',
      })
      response.write('retry: 2000\n\n')
      const send = (events: string) => {
        if (response.writableLength > maxUnread) response.destroy()
        else if (!gone.signal.aborted) response.write(events)
      }
      leave = await this.roomOf(room.id).join({ onlooker, send }, from)
      const why = await this.untilOver({ room, session }, request, response, gone.signal)
      end(response, why)
    } catch (error) {
      if (gone.signal.aborted) return
      if (error instanceof MissedTooMuch) return end(response, 'changed')
      this.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the stream of a room broke')
      // Not an end that was meant: the browser comes back by itself.
      response.destroy()
    } finally {
      leave?.()
      this.streaming.delete(response)
    }
  }

  private requirePlace(userId: string): void {
    const mine = [...this.streaming.values()].filter((id) => id === userId).length
    if (this.streaming.size < streamLimits.total && mine < streamLimits.perPerson) return
    throw new Problem(
      'rate-limited',
      t('Too many pages show rooms right now. Close one of them, or reload this one to see what is new.'),
      {},
      { headers: { 'Retry-After': '30' } },
    )
  }

  private roomOf(roomId: string): LiveRoom {
    let live = this.rooms.get(roomId)
    if (!live) {
      const { turns, tools: titles, order, members, events, totals, texts, pace, log } = this
      live = new LiveRoom(roomId, { turns, order, members, events, totals, texts, titles, pace, log }, () =>
        this.rooms.delete(roomId),
      )
      this.rooms.set(roomId, live)
    }
    return live
  }

  private async untilOver(
    { room, session }: { room: Room; session: Session },
    request: Request,
    response: Response,
    gone: AbortSignal,
  ): Promise<Over> {
    const server = (request.socket as { server?: Server }).server
    const endAt = performance.now() + longestMs
    let rightsAt = performance.now() + rightsMs
    let sayAt = performance.now() + sayMs
    while (performance.now() < endAt) {
      await wait(lookMs, undefined, { signal: gone })
      if (server?.listening === false) return 'restart'
      if (performance.now() >= rightsAt) {
        rightsAt = performance.now() + rightsMs
        const { signedIn, role, archived } = await this.rights.of({ sessionId: session.id, roomId: room.id })
        if (!signedIn) return 'session'
        if (role === null) return 'room'
        if (role !== room.role || archived !== (room.archivedAt !== null)) return 'changed'
      }
      if (performance.now() >= sayAt) {
        sayAt = performance.now() + sayMs
        response.write(': still here\n\n')
      }
    }
    return 'time'
  }
}

function end(response: Response, why: Over): void {
  response.end(`event: over\ndata: ${JSON.stringify({ why })}\n\n`)
}
