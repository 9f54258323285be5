// What changes events in the fake: insert, patch, update, move, delete and quickAdd, with Google's own refusals.
import { randomBytes } from 'node:crypto'
import type { FakeAccount } from '../fake-oauth.js'
import type { FakeRequest } from '../fake-service.js'
import type { CalendarStore } from './calendar-store.js'
import type {
  Attendee,
  EventResource,
  EventSeed,
  EventTime,
  FakeCalendar,
  ListedCalendar,
  SentNotice,
  SharedEvent,
} from './calendar-types.js'
import { checkEvent } from './event-check.js'
import { notFound, refuse } from './google-errors.js'
import { dayMs, wallAt } from './wall-clock.js'

type Body = Record<string, unknown>

/** Members that somebody invited may change in the organizer's event. */
const ownMembers = new Set(['attendees', 'attendeesOmitted', 'reminders', 'colorId', 'transparency', 'visibility'])

/** An event as it was found for a change: kept already, or an untouched date of a series. */
interface Found {
  readonly shared: SharedEvent
  /** Keeps a date of a series as an event of its own. */
  readonly isFresh: boolean
}

export class EventWriter {
  constructor(private readonly store: CalendarStore) {}

  insert(list: ListedCalendar, body: Body, query: URLSearchParams): EventResource {
    requireWriter(list)
    const given = cleaned(body) as EventSeed
    if (given.id !== undefined && !/^[a-v0-9]{5,1024}$/.test(given.id)) {
      refuse(400, 'invalid', 'Invalid resource id value.')
    }
    // An id stays taken when its event is deleted.
    if (given.id !== undefined && list.calendar.entries.has(given.id)) {
      refuse(409, 'duplicate', 'The requested identifier already exists.')
    }
    checkEvent(this.store, given as unknown as EventResource, list.calendar)
    const conferenceData = conferenceOf(given, query)
    const { conferenceData: _asked, ...rest } = given as EventSeed & Body
    const shared = this.store.put(list.calendar, { ...(rest as EventSeed), ...conferenceData })
    this.notify('insert', shared, query)
    return shared.resource
  }

  /** patch merges, update replaces. */
  change(
    account: FakeAccount,
    list: ListedCalendar,
    eventId: string,
    request: FakeRequest,
    how: 'patch' | 'update',
  ): EventResource {
    requireWriter(list)
    const body = (request.json ?? {}) as Body
    const found = this.find(list, eventId)
    const { resource } = found.shared
    if (resource.status === 'cancelled') return notFound()
    requireMatch(request, resource)
    const { homeId } = found.shared
    if (homeId !== list.calendar.id) {
      const shared = Object.keys(body).filter((name) => !ownMembers.has(name))
      if (shared.length > 0) {
        refuse(403, 'forbiddenForNonOrganizer', 'Shared properties can only be changed by the organizer of the event.')
      }
    }
    const changed = how === 'patch' ? patched(resource, body) : replaced(resource, body)
    if (body.attendeesOmitted === true || homeId !== list.calendar.id) {
      changed.attendees = withOwnResponse(resource, (body.attendees ?? []) as Attendee[], account)
      delete changed.attendeesOmitted
    }
    checkEvent(this.store, changed, list.calendar)
    const conference = 'conferenceData' in body ? conferenceOf(body, request.query) : {}
    if (body.conferenceData && !conference.conferenceData) changed.conferenceData = resource.conferenceData
    if (body.conferenceData === null) delete changed.hangoutLink
    const seriesMoved =
      resource.recurrence &&
      JSON.stringify([changed.start, changed.recurrence]) !== JSON.stringify([resource.start, resource.recurrence])
    if (seriesMoved) this.dropExceptions(resource.id)
    Object.assign(resource, changed, conference, { sequence: resource.sequence + 1 })
    for (const name of Object.keys(resource)) if (!(name in changed) && !(name in conference)) delete resource[name]
    this.keep(found, list.calendar)
    this.notify('update', found.shared, request.query)
    return resource
  }

  remove(account: FakeAccount, list: ListedCalendar, eventId: string, request: FakeRequest): void {
    requireWriter(list)
    const found = this.find(list, eventId)
    const { resource } = found.shared
    const entry = list.calendar.entries.get(eventId)
    if (resource.status === 'cancelled' || entry?.removed) refuse(410, 'deleted', 'Resource has been deleted')
    requireMatch(request, resource)
    if (found.shared.homeId !== list.calendar.id && entry) {
      entry.removed = true
      resource.attendees = withOwnResponse(resource, [{ email: account.email, responseStatus: 'declined' }], account)
    } else {
      resource.status = 'cancelled'
      if (resource.recurrence) this.dropExceptions(resource.id)
    }
    this.keep(found, list.calendar)
    this.notify('delete', found.shared, request.query)
  }

  move(list: ListedCalendar, eventId: string, destination: ListedCalendar, query: URLSearchParams): EventResource {
    requireWriter(list)
    requireWriter(destination)
    const entry = list.calendar.entries.get(eventId)
    if (!entry || entry.shared.resource.status === 'cancelled') {
      if (this.findInstance(list.calendar, eventId)) {
        refuse(400, 'cannotChangeOrganizerOfInstance', 'Cannot change the organizer of an instance.')
      }
      return notFound()
    }
    const { shared } = entry
    if (shared.homeId !== list.calendar.id) {
      refuse(403, 'forbiddenForNonOrganizer', 'Shared properties can only be changed by the organizer of the event.')
    }
    const moved = structuredClone(shared.resource)
    const { calendar } = destination
    moved.organizer = { email: calendar.id, displayName: calendar.summary }
    shared.resource.status = 'cancelled'
    this.store.touch(shared)
    const fresh: SharedEvent = { resource: moved, homeId: calendar.id }
    calendar.entries.set(moved.id, { shared: fresh, version: 0, removed: false })
    this.store.touch(fresh)
    this.notify('move', fresh, query)
    return moved
  }

  /** Understands "Lunch with Ken tomorrow at 12:30", "… on 2026-11-30 at 3pm", "… for 2 hours"; else it is now, for an hour. */
  quickAdd(list: ListedCalendar, text: string, query: URLSearchParams): EventResource {
    const zone = list.calendar.timeZone
    const today = Math.floor(wallAt(zone, Date.now()) / dayMs)
    const date = /\b(\d{4}-\d{2}-\d{2})\b/.exec(text)?.[1]
    const day = date ? Date.parse(`${date}T00:00:00Z`) / dayMs : today + (/\btomorrow\b/i.test(text) ? 1 : 0)
    const [, hour, minute = '00', half] = /\bat (\d{1,2})(?::(\d{2}))?\s*(am|pm)?\b/i.exec(text) ?? []
    const [, amount, unit] = /\bfor (\d+) (minute|hour)s?\b/i.exec(text) ?? []
    const hours =
      hour === undefined ? undefined : (Number(hour) % (half ? 12 : 24)) + (half?.toLowerCase() === 'pm' ? 12 : 0)
    const wallMs =
      hours === undefined ? wallAt(zone, Date.now()) : day * dayMs + hours * 3_600_000 + Number(minute) * 60_000
    const minutes = amount === undefined ? 60 : Number(amount) * (unit?.toLowerCase() === 'hour' ? 60 : 1)
    const summary = text.replace(/\s+(?:on \d{4}-\d{2}-\d{2}|today|tomorrow|at \d.*|for \d.*)/gi, '').trim()
    const time = (ms: number): EventTime => ({ dateTime: new Date(ms).toISOString().slice(0, 19), timeZone: zone })
    return this.insert(list, { summary, start: time(wallMs), end: time(wallMs + minutes * 60_000) }, query)
  }

  /** The event, kept or not; for get as well. */
  findResource({ calendar }: ListedCalendar, eventId: string): EventResource | undefined {
    const entry = calendar.entries.get(eventId)
    if (entry) return entry.removed ? { ...entry.shared.resource, status: 'cancelled' } : entry.shared.resource
    return this.findInstance(calendar, eventId)
  }

  private findInstance(calendar: FakeCalendar, eventId: string): EventResource | undefined {
    const master = calendar.entries.get(eventId.slice(0, eventId.lastIndexOf('_')))?.shared.resource
    if (!master?.recurrence || master.status === 'cancelled') return undefined
    const instance = this.store.findInstance(master, calendar, eventId)
    return instance && this.store.instanceResource(master, calendar, instance)
  }

  private find(list: ListedCalendar, eventId: string): Found {
    const entry = list.calendar.entries.get(eventId)
    if (entry) return { shared: entry.shared, isFresh: false }
    const resource = this.findInstance(list.calendar, eventId)
    if (!resource) return notFound()
    const master = list.calendar.entries.get(resource.recurringEventId ?? '')
    return { shared: { resource, homeId: master?.shared.homeId ?? list.calendar.id }, isFresh: true }
  }

  private keep({ shared, isFresh }: Found, calendar: FakeCalendar): void {
    if (isFresh) calendar.entries.set(shared.resource.id, { shared, version: 0, removed: false })
    this.store.touch(shared)
  }

  private dropExceptions(masterId: string): void {
    for (const { entries } of this.store.calendars.values()) {
      for (const [id, { shared }] of entries) if (shared.resource.recurringEventId === masterId) entries.delete(id)
    }
  }

  private notify(act: SentNotice['act'], { resource }: SharedEvent, query: URLSearchParams): void {
    if (!resource.attendees?.length) return
    this.store.notices.push({ eventId: resource.id, act, sendUpdates: query.get('sendUpdates') ?? 'none' })
  }
}

function requireWriter({ role }: ListedCalendar): void {
  if (role !== 'writer' && role !== 'owner') {
    refuse(403, 'requiredAccessLevel', 'You need to have writer access to this calendar.')
  }
}

function requireMatch({ headers }: FakeRequest, { etag }: EventResource): void {
  const wanted = headers['if-match']
  if (wanted !== undefined && wanted !== '*' && wanted !== etag) {
    refuse(412, 'conditionNotMet', 'Precondition Failed', { locationType: 'header', location: 'If-Match' })
  }
}

/** Without what only Google sets, and without members that are null. */
function cleaned(body: Body): Body {
  const readOnly = ['kind', 'etag', 'htmlLink', 'created', 'updated', 'creator', 'hangoutLink', 'sequence', 'organizer']
  return Object.fromEntries(
    Object.entries(structuredClone(body)).filter(([name, value]) => !readOnly.includes(name) && value !== null),
  )
}

/** JSON merge as patch means it: objects are merged, lists replaced, null takes away. */
function patched(resource: EventResource, body: Body): EventResource {
  const merge = (old: unknown, change: unknown): unknown => {
    if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
    const merged: Body = typeof old === 'object' && old !== null && !Array.isArray(old) ? { ...old } : {}
    for (const [name, value] of Object.entries(change)) {
      if (value === null) delete merged[name]
      else merged[name] = merge(merged[name], value)
    }
    return merged
  }
  const { id: _id, etag: _etag, ...change } = body
  return merge(structuredClone(resource), structuredClone(change)) as EventResource
}

function replaced(resource: EventResource, body: Body): EventResource {
  const kept = [
    'id',
    'etag',
    'kind',
    'status',
    'created',
    'updated',
    'creator',
    'organizer',
    'iCalUID',
    'htmlLink',
    'sequence',
  ]
  const old = Object.fromEntries(
    [...kept, 'recurringEventId', 'originalStartTime']
      .filter((name) => name in resource)
      .map((name) => [name, resource[name]]),
  )
  return { ...cleaned(body), ...old } as EventResource
}

/** Only what an attendee says of themselves counts. */
function withOwnResponse(
  { attendees = [] }: EventResource,
  given: readonly Attendee[],
  { email }: FakeAccount,
): Attendee[] {
  const own = given.find((one) => one.email === email)
  return attendees.map((one) => {
    if (one.email !== email || !own) return one
    const { responseStatus = one.responseStatus, comment = one.comment } = own
    return { ...one, ...(responseStatus ? { responseStatus } : {}), ...(comment ? { comment } : {}) }
  })
}

/** A Meet conference, when one is asked for and the client says that it knows version 1 of conference data. */
function conferenceOf(body: Body, query: URLSearchParams): Body {
  const asked = (body.conferenceData as { createRequest?: { requestId?: string } } | undefined)?.createRequest
  if (!asked || query.get('conferenceDataVersion') !== '1') return {}
  const letters = randomBytes(10)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? 'x')
  const code = `${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7, 10)}`
  const uri = `https://meet.google.com/${code}`
  return {
    hangoutLink: uri,
    conferenceData: {
      createRequest: { ...asked, status: { statusCode: 'success' } },
      entryPoints: [{ entryPointType: 'video', uri, label: `meet.google.com/${code}` }],
      conferenceSolution: { key: { type: 'hangoutsMeet' }, name: 'Google Meet' },
      conferenceId: code,
    },
  }
}
