// The calendars behind the fake: accounts with their lists, events with copies at everybody invited, and a count of changes.
import { randomBytes } from 'node:crypto'
import type { FakeAccount } from '../fake-oauth.js'
import type {
  AccessRole,
  Attendee,
  EventResource,
  EventSeed,
  EventTime,
  FakeCalendar,
  ListedCalendar,
  SentNotice,
  SharedEvent,
} from './calendar-types.js'
import { seriesStarts } from './recurrence.js'
import { dayMs, instantOf, rfc3339, wallAt } from './wall-clock.js'

/** One date of a series, before anybody changed it. */
export interface Instance {
  readonly id: string
  readonly originalStart: EventTime
  readonly startMs: number
  readonly endMs: number
}

/** The rest of a list: for which question, at which count of changes, and which events. */
export interface PageLeft {
  readonly asked: string
  readonly version: number
  readonly left: readonly string[]
}

/** Page tokens that are kept; the oldest go first. */
const maxPages = 1_000

export class CalendarStore {
  readonly calendars = new Map<string, FakeCalendar>()
  /** Mails that would have been sent. */
  readonly notices: SentNotice[] = []
  /** Sync tokens of former epochs are expired. */
  epoch = 1
  version = 1
  /** What is left of the lists that page tokens go on with. */
  readonly pages = new Map<string, PageLeft>()
  private readonly lists = new Map<string, ListedCalendar[]>()

  /** An account's own calendar comes by itself, with the id of its e-mail address. */
  listOf(account: FakeAccount): ListedCalendar[] {
    const known = this.lists.get(account.id)
    if (known) return known
    const list: ListedCalendar[] = []
    this.lists.set(account.id, list)
    this.add(account, { id: account.email, summary: account.email, timeZone: 'UTC' }, { primary: true })
    return list
  }

  /** Adds a calendar to an account's list, made when there is none of that id. */
  add(
    account: FakeAccount,
    { id, summary, timeZone, description }: { id: string; summary: string; timeZone: string; description?: string },
    { role = 'owner', primary = false }: { role?: AccessRole; primary?: boolean } = {},
  ): FakeCalendar {
    const made = { id, summary, timeZone, entries: new Map(), ...(description === undefined ? {} : { description }) }
    const calendar = this.calendars.get(id) ?? made
    this.calendars.set(id, calendar)
    this.listOf(account).push({ calendar, role, primary })
    return calendar
  }

  /** The time zone of an account's own calendar. */
  setZone(account: FakeAccount, timeZone: string): void {
    this.listOf(account)
    const own = this.calendars.get(account.email)
    if (own) own.timeZone = timeZone
  }

  findListed(account: FakeAccount, id: string): ListedCalendar | undefined {
    return this.listOf(account).find(({ calendar, primary }) => calendar.id === id || (id === 'primary' && primary))
  }

  /** Keeps a new event, and puts it into the calendars of everybody invited. */
  put(calendar: FakeCalendar, seed: EventSeed): SharedEvent {
    const now = new Date().toISOString()
    const id = seed.id ?? randomBytes(13).toString('hex')
    const organizer = seed.organizer ?? { email: calendar.id, displayName: calendar.summary }
    const resource: EventResource = {
      kind: 'calendar#event',
      status: 'confirmed',
      eventType: 'default',
      iCalUID: `${id}@google.com`,
      htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendar.id}`).toString('base64url')}`,
      created: now,
      updated: now,
      sequence: 0,
      reminders: { useDefault: true },
      creator: { email: organizer.email },
      ...seed,
      id,
      etag: '',
      organizer,
    }
    const shared: SharedEvent = { resource, homeId: calendar.id }
    calendar.entries.set(id, { shared, version: 0, removed: false })
    this.touch(shared)
    return shared
  }

  /** Gives a changed event a new version everywhere, and invites whoever was added. */
  touch(shared: SharedEvent): void {
    this.version++
    shared.resource.etag = `"35${String(this.version).padStart(14, '0')}"`
    shared.resource.updated = new Date().toISOString()
    for (const { email } of shared.resource.attendees ?? []) {
      const own = this.calendars.get(email)
      if (own && !own.entries.has(shared.resource.id)) {
        own.entries.set(shared.resource.id, { shared, version: 0, removed: false })
      }
    }
    for (const { entries } of this.calendars.values()) {
      const entry = entries.get(shared.resource.id)
      if (entry?.shared === shared) entry.version = this.version
    }
  }

  /** Keeps the rest of a list, and gives its page token. */
  keepPage(page: PageLeft): string {
    const token = `Cigo${randomBytes(24).toString('base64url')}`
    this.pages.set(token, page)
    const [oldest] = this.pages.keys()
    if (this.pages.size > maxPages && oldest !== undefined) this.pages.delete(oldest)
    return token
  }

  /** The zone an event's wall times are reckoned in. */
  zoneOf({ start }: EventResource, calendar: FakeCalendar): string {
    return start.timeZone ?? calendar.timeZone
  }

  msOf(time: EventTime, zone: string): number {
    if (time.date) return instantOf(zone, Date.parse(`${time.date}T00:00:00Z`))
    const text = time.dateTime ?? ''
    if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)) return Date.parse(text)
    return instantOf(time.timeZone ?? zone, Date.parse(`${text}Z`))
  }

  /** The dates of a series that touch a span of time. */
  instancesOf(master: EventResource, calendar: FakeCalendar, fromMs: number, toMs: number): Instance[] {
    const allDay = Boolean(master.start.date)
    const zone = allDay ? 'UTC' : this.zoneOf(master, calendar)
    const startMs = this.msOf(master.start, zone)
    const firstWallMs = wallAt(zone, startMs)
    const lengthMs = this.msOf(master.end, zone) - startMs
    const lastWallMs = Math.min(toMs, startMs + 20 * 365 * dayMs) + dayMs
    const starts = seriesStarts(master.recurrence ?? [], firstWallMs, lastWallMs, (ms) => wallAt(zone, ms))
    return starts.flatMap((wallMs) => {
      // Far before the span, whatever the zone: not worth reckoning.
      if (wallMs + lengthMs < fromMs - 2 * dayMs) return []
      // A whole day is one of the calendar's zone, wherever that is.
      const begins = instantOf(allDay ? calendar.timeZone : zone, wallMs)
      const ends = begins + lengthMs
      if (begins >= toMs || (ends <= fromMs && begins < fromMs)) return []
      return [
        {
          id: instanceId(master.id, wallMs, begins, allDay),
          originalStart: originalOf(master, zone, wallMs, begins),
          startMs: begins,
          endMs: ends,
        },
      ]
    })
  }

  /** The instance of a series with an id; undefined when the series has no such date. */
  findInstance(master: EventResource, calendar: FakeCalendar, id: string): Instance | undefined {
    const [, year = '', month = '', day = ''] = /_(\d{4})(\d{2})(\d{2})(?:T\d{6}Z)?$/.exec(id) ?? []
    const near = Date.parse(`${year}-${month}-${day}T00:00:00Z`)
    if (Number.isNaN(near)) return undefined
    return this.instancesOf(master, calendar, near - 2 * dayMs, near + 3 * dayMs).find((one) => one.id === id)
  }

  /** An instance as an event of its own. */
  instanceResource(master: EventResource, calendar: FakeCalendar, instance: Instance): EventResource {
    const { recurrence: _recurrence, ...rest } = master
    const zone = this.zoneOf(master, calendar)
    const end = master.end.date
      ? {
          date: new Date(Date.parse(`${instance.originalStart.date}T00:00:00Z`) + daysOf(master) * dayMs)
            .toISOString()
            .slice(0, 10),
        }
      : { dateTime: rfc3339(zone, instance.endMs), timeZone: zone }
    return {
      ...structuredClone(rest),
      id: instance.id,
      recurringEventId: master.id,
      start: { ...instance.originalStart },
      end,
      originalStartTime: { ...instance.originalStart },
    } as EventResource
  }

  /** When each calendar is taken, for free/busy. */
  busyTimes(calendar: FakeCalendar, fromMs: number, toMs: number): [number, number][] {
    const times: [number, number][] = []
    for (const { shared, removed } of calendar.entries.values()) {
      const { resource } = shared
      const own = resource.attendees?.find(({ email }: Attendee) => email === calendar.id)
      const free = resource.transparency === 'transparent' || own?.responseStatus === 'declined'
      if (removed || resource.status === 'cancelled' || free) continue
      if (resource.recurrence) {
        for (const { id, startMs, endMs } of this.instancesOf(resource, calendar, fromMs, toMs)) {
          if (!calendar.entries.has(id)) times.push([startMs, endMs])
        }
      } else {
        times.push([this.msOf(resource.start, calendar.timeZone), this.msOf(resource.end, calendar.timeZone)])
      }
    }
    return merged(times.filter(([start, end]) => start < toMs && end > fromMs))
  }
}

function daysOf({ start, end }: EventResource): number {
  return (Date.parse(`${end.date}T00:00:00Z`) - Date.parse(`${start.date}T00:00:00Z`)) / dayMs
}

function instanceId(masterId: string, wallMs: number, startMs: number, allDay: boolean): string {
  const compact = new Date(allDay ? wallMs : startMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  return `${masterId}_${allDay ? compact.slice(0, 8) : compact}`
}

function originalOf(master: EventResource, zone: string, wallMs: number, startMs: number): EventTime {
  if (master.start.date) return { date: new Date(wallMs).toISOString().slice(0, 10) }
  return { dateTime: rfc3339(zone, startMs), timeZone: zone }
}

function merged(times: [number, number][]): [number, number][] {
  const result: [number, number][] = []
  for (const [start, end] of times.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}
