// The events of several calendars as one list in order of time, page by page, none lost and none twice.
// Each calendar is read in Google's own order and pages; a cursor says for each how far its page was used.
import { z } from 'zod'
import type { Upstream } from '../connect.js'
import { startMsOf } from './event-times.js'
import { noSuchCalendar } from './events.js'
import { askGoogle, type GoogleEvent, isAnswer } from './google-calendar-api.js'
import { googleToken } from './google-pages.js'

/** Most pages of Google's that one call reads of one calendar; some come empty. */
const maxPages = 10

/** What to list of each calendar. */
export interface EventQuestion {
  readonly fromMs: number
  readonly toMs: number
  readonly words: string | undefined
  /** Each date of a series, or the series once. */
  readonly expand: boolean
  readonly zone: string
  readonly fields: string
}

/** Where a calendar goes on: Google's page, the event on it that was shown last, and when that one begins. */
export const placeSchema = z.tuple([
  z.int().min(0).max(99),
  googleToken.nullable(),
  z.string().max(1_100).nullable(),
  z.int(),
])
export type SourcePlace = z.output<typeof placeSchema>

export interface FoundEvent {
  readonly calendarId: string
  readonly event: GoogleEvent
}

export class EventSource {
  private events: GoogleEvent[] = []
  private nextToken: string | undefined
  private pageToken: string | undefined
  private lastShown: string | null
  private lastMs: number
  private pages = 0

  constructor(
    private readonly upstream: Upstream,
    readonly calendarId: string,
    private readonly index: number,
    private readonly question: EventQuestion,
    private readonly pageSize: number,
    place?: SourcePlace,
  ) {
    this.pageToken = place?.[1] ?? undefined
    this.lastShown = place?.[2] ?? null
    this.lastMs = place?.[3] ?? 0
  }

  /** Reads the page it stands on, without what was shown of it. */
  async open(): Promise<this> {
    await this.read()
    if (this.lastShown === null) return this
    const shown = this.events.findIndex(({ id }) => id === this.lastShown)
    // The event may have been deleted since; then the time tells, and what began at that very time is shown again.
    if (shown >= 0) this.events.splice(0, shown + 1)
    else this.events = this.events.filter((event) => startMsOf(event, this.question.zone) >= this.lastMs)
    return this
  }

  get head(): GoogleEvent | undefined {
    return this.events[0]
  }

  get headMs(): number {
    return this.head ? startMsOf(this.head, this.question.zone) : Number.POSITIVE_INFINITY
  }

  take(): FoundEvent | undefined {
    const event = this.events.shift()
    if (!event) return undefined
    this.lastShown = event.id ?? null
    this.lastMs = startMsOf(event, this.question.zone)
    return { calendarId: this.calendarId, event }
  }

  /** Where to go on; undefined when nothing is left. */
  get place(): SourcePlace | undefined {
    if (this.events.length === 0 && this.nextToken === undefined) return undefined
    if (this.events.length === 0) return [this.index, this.nextToken ?? null, null, 0]
    return [this.index, this.pageToken ?? null, this.lastShown, this.lastMs]
  }

  /** Sees to it that there is a head, if there is anything left. Pages can be empty although more follow. */
  async fill(): Promise<void> {
    while (this.events.length === 0 && this.nextToken !== undefined && this.pages < maxPages) {
      this.pageToken = this.nextToken
      this.lastShown = null
      await this.read()
    }
  }

  private async read(): Promise<void> {
    this.pages++
    const { fromMs, toMs, words, expand, fields } = this.question
    const { calendarId } = this
    const answer = await askGoogle(this.upstream, (api) =>
      api.events.list({
        calendarId,
        timeMin: new Date(fromMs).toISOString(),
        timeMax: new Date(toMs).toISOString(),
        singleEvents: expand,
        maxResults: this.pageSize,
        maxAttendees: 100,
        fields: `nextPageToken,items(${fields})`,
        ...(expand ? { orderBy: 'startTime' } : {}),
        ...(words ? { q: words } : {}),
        ...(this.pageToken ? { pageToken: this.pageToken } : {}),
      }),
    ).catch((error: unknown) => {
      throw isAnswer(error, 404) ? noSuchCalendar(calendarId) : error
    })
    this.events = [...(answer.items ?? [])]
    this.nextToken = answer.nextPageToken ?? undefined
  }
}

/** Up to `limit` events of all sources, the earliest first, and where each source goes on. */
export async function earliest(
  sources: readonly EventSource[],
  limit: number,
): Promise<{ events: FoundEvent[]; places: SourcePlace[] }> {
  const events: FoundEvent[] = []
  while (events.length < limit) {
    await Promise.all(sources.map((source) => source.fill()))
    const [first] = sources.filter(({ head }) => head).sort((a, b) => a.headMs - b.headMs)
    const taken = first?.take()
    if (!taken) break
    events.push(taken)
  }
  return { events, places: sources.flatMap(({ place }) => (place ? [place] : [])) }
}
