// The fake's Calendar API, v3: which method needs which scope, and what each answers.
import type { FakeAccount, FakeGrant } from '../fake-oauth.js'
import type { FakeAnswer, FakeRequest } from '../fake-service.js'
import { CalendarStore } from './calendar-store.js'
import type { EventResource, ListedCalendar } from './calendar-types.js'
import { decoded, encoded, eventsPage, fingerprint, listed, listedInstances, momentOf, sizeOf } from './events-list.js'
import { EventWriter } from './events-write.js'
import { GoogleRefusal, insufficientScopes, invalidCredentials, notFound, refuse } from './google-errors.js'
import { isKnownZone, rfc3339 } from './wall-clock.js'

const auth = 'https://www.googleapis.com/auth/'

/** Scopes of which one is needed, as the API's discovery document has them. */
const scopes = {
  calendarList: ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'],
  readEvents: [
    'calendar',
    'calendar.readonly',
    'calendar.events',
    'calendar.events.readonly',
    'calendar.events.owned',
    'calendar.events.owned.readonly',
  ],
  writeEvents: ['calendar', 'calendar.events', 'calendar.events.owned'],
  freeBusy: ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
} as const

/** Longest span of one free/busy question, and most calendars. */
const freeBusyDays = 92
const freeBusyCalendars = 50

type Work = (account: FakeAccount, request: FakeRequest) => FakeAnswer

export interface CalendarRoute {
  readonly method: string
  readonly path: string
  readonly handler: (request: FakeRequest) => FakeAnswer
}

export class CalendarApi {
  readonly store = new CalendarStore()
  private readonly writer = new EventWriter(this.store)

  constructor(private readonly findGrant: (request: FakeRequest) => FakeGrant | undefined) {}

  /** Paths below the API's root. */
  get routes(): CalendarRoute[] {
    const events = '/calendars/{calendarId}/events'
    return [
      this.route('GET', '/users/me/calendarList', 'CalendarList.List', scopes.calendarList, this.listCalendars),
      this.route(
        'GET',
        '/users/me/calendarList/{calendarId}',
        'CalendarList.Get',
        scopes.calendarList,
        this.getCalendar,
      ),
      this.route('POST', '/freeBusy', 'Freebusy.Query', scopes.freeBusy, this.freeBusy),
      this.route('GET', events, 'Events.List', scopes.readEvents, this.listEvents),
      this.route('POST', events, 'Events.Insert', scopes.writeEvents, this.insert),
      this.route('POST', `${events}/quickAdd`, 'Events.QuickAdd', scopes.writeEvents, this.quickAdd),
      this.route('GET', `${events}/{eventId}`, 'Events.Get', scopes.readEvents, this.getEvent),
      this.route('PATCH', `${events}/{eventId}`, 'Events.Patch', scopes.writeEvents, this.change('patch')),
      this.route('PUT', `${events}/{eventId}`, 'Events.Update', scopes.writeEvents, this.change('update')),
      this.route('DELETE', `${events}/{eventId}`, 'Events.Delete', scopes.writeEvents, this.remove),
      this.route('GET', `${events}/{eventId}/instances`, 'Events.Instances', scopes.readEvents, this.instances),
      this.route('POST', `${events}/{eventId}/move`, 'Events.Move', scopes.writeEvents, this.move),
    ]
  }

  private route(method: string, path: string, name: string, needed: readonly string[], work: Work): CalendarRoute {
    const urls = needed.map((scope) => `${auth}${scope}`)
    return {
      method,
      path,
      handler: (request) => {
        const grant = this.findGrant(request)
        if (!grant) return invalidCredentials()
        if (!grant.scopes.some((scope) => urls.includes(scope))) {
          return insufficientScopes(`calendar.v3.${name}`, urls)
        }
        try {
          return work(grant.account, request)
        } catch (error) {
          if (error instanceof GoogleRefusal) return error.answer
          throw error
        }
      },
    }
  }

  private readonly listCalendars: Work = (account, { query }) => {
    const all = this.store.listOf(account)
    const asked = fingerprint(query)
    const [start = 0, before = asked] = decoded(query.get('pageToken') ?? '')
    if (typeof start !== 'number' || before !== asked) refuse(400, 'invalid', 'Invalid page token value.')
    const from = start as number
    const size = sizeOf(query, 100, 250)
    const more = all.length > from + size
    return {
      body: {
        kind: 'calendar#calendarList',
        etag: `"l${this.store.version}"`,
        ...(more ? { nextPageToken: encoded([from + size, asked]) } : { nextSyncToken: encoded([this.store.version]) }),
        items: all.slice(from, from + size).map((one) => showListed(one)),
      },
    }
  }

  private readonly getCalendar: Work = (account, { params }) => ({
    body: showListed(this.require(account, params.calendarId)),
  })

  private readonly listEvents: Work = (account, { params, query }) => {
    const list = this.require(account, params.calendarId)
    const show = this.shower(account, list, query)
    return eventsPage(this.store, list, query, listed(this.store, list, query), show)
  }

  private readonly instances: Work = (account, { params, query }) => {
    const list = this.require(account, params.calendarId)
    const found = listedInstances(this.store, list, params.eventId ?? '', query)
    return eventsPage(this.store, list, query, found, this.shower(account, list, query))
  }

  private readonly getEvent: Work = (account, { params, query }) => {
    const list = this.require(account, params.calendarId)
    const resource = this.writer.findResource(list, params.eventId ?? '')
    return resource ? { body: this.shower(account, list, query)(resource) } : notFound()
  }

  private readonly insert: Work = (account, { params, query, json }) => {
    const list = this.require(account, params.calendarId)
    return this.shown(account, list, query, this.writer.insert(list, (json ?? {}) as Record<string, unknown>, query))
  }

  private readonly quickAdd: Work = (account, { params, query }) => {
    const list = this.require(account, params.calendarId)
    const text = query.get('text')
    if (!text) return refuse(400, 'required', 'Required parameter: text')
    return this.shown(account, list, query, this.writer.quickAdd(list, text, query))
  }

  private change(how: 'patch' | 'update'): Work {
    return (account, request) => {
      const list = this.require(account, request.params.calendarId)
      const changed = this.writer.change(account, list, request.params.eventId ?? '', request, how)
      return this.shown(account, list, request.query, changed)
    }
  }

  private readonly remove: Work = (account, request) => {
    const list = this.require(account, request.params.calendarId)
    this.writer.remove(account, list, request.params.eventId ?? '', request)
    return { status: 204 }
  }

  private readonly move: Work = (account, { params, query }) => {
    const list = this.require(account, params.calendarId)
    const destination = this.require(account, query.get('destination') ?? '')
    return this.shown(account, destination, query, this.writer.move(list, params.eventId ?? '', destination, query))
  }

  private readonly freeBusy: Work = (account, { json }) => {
    const {
      timeMin,
      timeMax,
      timeZone = 'UTC',
      items = [],
    } = (json ?? {}) as {
      timeMin?: string
      timeMax?: string
      timeZone?: string
      items?: { id: string }[]
    }
    const range = new URLSearchParams({ timeMin: timeMin ?? '', timeMax: timeMax ?? '' })
    const fromMs = momentOf(range, 'timeMin') ?? 0
    const toMs = momentOf(range, 'timeMax') ?? 0
    if (toMs <= fromMs) refuse(400, 'timeRangeEmpty', 'The specified time range is empty.')
    if (toMs - fromMs > freeBusyDays * 86_400_000)
      refuse(400, 'timeRangeTooLong', 'The requested time range is too long.')
    if (!isKnownZone(timeZone)) refuse(400, 'invalid', 'Invalid time zone.')
    const calendars = items.map(({ id }, index) => {
      if (index >= freeBusyCalendars)
        return [id, { errors: [{ domain: 'global', reason: 'tooManyCalendarsRequested' }], busy: [] }]
      // Whoever has an account here shows when they are busy, as colleagues in one organisation do.
      const calendar = this.store.findListed(account, id)?.calendar ?? this.store.calendars.get(id)
      if (!calendar) return [id, { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }]
      const busy = this.store.busyTimes(calendar, fromMs, toMs).map(([start, end]) => ({
        start: rfc3339(timeZone, Math.max(start, fromMs)),
        end: rfc3339(timeZone, Math.min(end, toMs)),
      }))
      return [id, { busy }]
    })
    return { body: { kind: 'calendar#freeBusy', timeMin, timeMax, calendars: Object.fromEntries(calendars) } }
  }

  private require(account: FakeAccount, id = ''): ListedCalendar {
    return this.store.findListed(account, id) ?? notFound()
  }

  private shown(
    account: FakeAccount,
    list: ListedCalendar,
    query: URLSearchParams,
    resource: EventResource,
  ): FakeAnswer {
    return { body: this.shower(account, list, query)(resource) }
  }

  /** How an account sees an event of a calendar of its list. */
  private shower({ email }: FakeAccount, { calendar, role }: ListedCalendar, query: URLSearchParams) {
    const zone = query.get('timeZone') ?? calendar.timeZone
    if (!isKnownZone(zone)) refuse(400, 'invalid', 'Invalid time zone.')
    return (resource: EventResource): unknown => {
      const { id, status, recurringEventId, originalStartTime } = resource
      if (status === 'cancelled') {
        const instance = recurringEventId ? { recurringEventId, originalStartTime } : {}
        return { kind: 'calendar#event', etag: resource.etag, id, status, ...instance }
      }
      const time = (given: EventResource['start']) =>
        given.dateTime ? { ...given, dateTime: rfc3339(zone, this.store.msOf(given, zone)) } : { ...given }
      const times = { start: time(resource.start), end: time(resource.end) }
      if (role === 'freeBusyReader')
        return { kind: 'calendar#event', etag: resource.etag, id, status, visibility: 'private', ...times }
      return {
        ...resource,
        ...times,
        organizer: own(resource.organizer, calendar.id),
        ...(resource.attendees ? { attendees: resource.attendees.map((one) => own(one, email)) } : {}),
      }
    }
  }
}

function own<Person extends { email: string }>(person: Person, email: string): Person {
  return person.email === email ? { ...person, self: true } : person
}

function showListed({ calendar, role, primary }: ListedCalendar): Record<string, unknown> {
  return {
    kind: 'calendar#calendarListEntry',
    etag: '"1"',
    id: calendar.id,
    summary: calendar.summary,
    ...(calendar.description === undefined ? {} : { description: calendar.description }),
    timeZone: calendar.timeZone,
    colorId: '14',
    backgroundColor: '#9fe1e7',
    foregroundColor: '#000000',
    selected: true,
    accessRole: role,
    defaultReminders: [{ method: 'popup', minutes: 30 }],
    ...(primary ? { primary: true } : {}),
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
  }
}
