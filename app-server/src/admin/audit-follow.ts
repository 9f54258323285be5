// Following the audit log live: a stream of what is new, for as long as whoever looks may look (Server-Sent Events, HTML standard).
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { type Session, Sessions } from '../accounts/session.js'
import { type AuditFilter, type AuditRecord, AuditTrail } from '../audit/audit-trail.js'
import { Log } from '../platform/log.js'
import { toJson } from './audit-export.js'

/** Streams at once on this replica, and of one person. */
export const followLimits = { total: 30, perPerson: 4 } as const

const pollMs = 1_500
/** A stream ends after this long, so that a page left open does not look on for ever. */
const longestMs = 30 * 60_000
/** Proxies close what says nothing. */
const sayMs = 15_000
/** Entries of one look; of more at once only the newest are told. */
const maxAtOnce = 100
/** Entries are stamped before they are committed, so for this long an older one can still turn up. */
const settlingMs = 5_000
/** A reader that comes back goes on where it was, unless that is longer ago than this. */
const resumeMs = 5 * 60_000

@Injectable()
export class AuditFollowing {
  private readonly following = new Map<Response, string>()

  constructor(
    private readonly trail: AuditTrail,
    private readonly sessions: Sessions,
    private readonly log: Log,
  ) {}

  /** How many follow on this replica. */
  get count(): number {
    return this.following.size
  }

  /**
   * Streams entries that fit until the reader leaves, its session or role ends, or the time is over.
   * Throws Problem rate-limited when too many follow already.
   */
  async follow(filter: AuditFilter, session: Session, request: Request, response: Response): Promise<void> {
    const mine = [...this.following.values()].filter((id) => id === session.viewer.id).length
    if (this.following.size >= followLimits.total || mine >= followLimits.perPerson) {
      throw new Problem(
        'rate-limited',
        'Too many pages follow the audit log right now. Close one of them, or refresh this one by hand.',
        {},
        { headers: { 'Retry-After': '60' } },
      )
    }
    this.following.set(response, session.viewer.id)
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    try {
      const start = await this.startOf(request)
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
        // Nothing else comes on this connection, and a server that stops must not wait for it.
        Connection: 'close',
      })
      response.write(`retry: 5000\n\n`)
      const why = await this.tell(filter, session, start, request, response, gone.signal)
      response.end(`event: end\ndata: ${JSON.stringify({ why })}\n\n`)
    } catch (error) {
      if (gone.signal.aborted) return
      if (!response.headersSent) throw error
      this.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'following the audit log broke')
      // Not an end that was meant: the browser comes back by itself.
      response.destroy()
    } finally {
      this.following.delete(response)
    }
  }

  /** Says why it ended. */
  private async tell(
    filter: AuditFilter,
    session: Session,
    start: { since: Date; seen: Map<string, Date> },
    request: Request,
    response: Response,
    gone: AbortSignal,
  ): Promise<'time' | 'right' | 'restart'> {
    const { seen } = start
    let { since } = start
    const endAt = performance.now() + longestMs
    let sayAt = performance.now() + sayMs
    const server = (request.socket as { server?: Server }).server
    while (performance.now() < endAt) {
      await wait(pollMs, undefined, { signal: gone })
      if (server?.listening === false) return 'restart'
      if (!(await this.sessions.findViewer(session.id))?.administrator) return 'right'
      const from = filter.from && filter.from > since ? filter.from : since
      const { entries } = await this.trail.search({ ...filter, from }, maxAtOnce)
      const fresh = entries.filter(({ id }) => !seen.has(id)).reverse()
      for (const entry of fresh) seen.set(entry.id, entry.at)
      const newest = entries[0]
      if (newest) since = new Date(Math.max(since.getTime(), newest.at.getTime() - settlingMs))
      for (const [id, at] of seen) if (at < since) seen.delete(id)
      if (fresh.length === 0 && performance.now() < sayAt) continue
      sayAt = performance.now() + sayMs
      const text = fresh.length === 0 ? ': still here\n\n' : fresh.map(eventOf).join('')
      // A reader that does not read is not waited for with ever more in memory.
      if (!response.write(text) && response.writableLength > 1024 * 1024) throw new Error('the reader does not keep up')
    }
    return 'time'
  }

  /** Where to begin: now, or behind the entry the reader names as its last (Last-Event-ID). */
  private async startOf(request: Request): Promise<{ since: Date; seen: Map<string, Date> }> {
    const now = await this.trail.now()
    const lastId = z.uuid().safeParse(request.get('last-event-id'))
    const last = lastId.success ? await this.trail.find(lastId.data) : undefined
    if (!last || now.getTime() - last.at.getTime() > resumeMs) return { since: now, seen: new Map() }
    return { since: last.at, seen: new Map([[last.id, last.at]]) }
  }
}

function eventOf(record: AuditRecord): string {
  return `event: entry\nid: ${record.id}\ndata: ${JSON.stringify(toJson(record))}\n\n`
}
