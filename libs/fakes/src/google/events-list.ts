// events.list and events.instances of the fake: filters, expansion, order, pages and sync tokens.
import type { FakeAnswer } from '../fake-service.js'
import type { CalendarStore } from './calendar-store.js'
import type { EventResource, FakeCalendar, ListedCalendar } from './calendar-types.js'
import { notFound, refuse } from './google-errors.js'

/** Not to be combined with a sync token. */
const notWithSyncToken = ['orderBy', 'q', 'timeMin', 'timeMax', 'updatedMin', 'iCalUID']

/** Longest ago that `updatedMin` may lie. */
const updatedMinDays = 28

export interface Listed {
  readonly resource: EventResource
  readonly startMs: number
  readonly endMs: number
}

/** A parameter that is a time; an answer with an error when it is none. */
export function momentOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const ms = Date.parse(text)
  if (!/(?:Z|[+-]\d{2}:\d{2})$/i.test(text) || Number.isNaN(ms)) refuse(400, 'badRequest', 'Bad Request')
  return ms
}

/** Everything the query asks for, in its order. */
export function listed(store: CalendarStore, { calendar }: ListedCalendar, query: URLSearchParams): Listed[] {
  const since = versionOf(store, calendar, query)
  const fromMs = momentOf(query, 'timeMin') ?? Number.NEGATIVE_INFINITY
  const toMs = momentOf(query, 'timeMax') ?? Number.POSITIVE_INFINITY
  if (toMs <= fromMs) {
    refuse(400, 'timeRangeEmpty', 'The specified time range is empty.', {
      locationType: 'parameter',
      location: 'timeMax',
    })
  }
  const updatedMin = momentOf(query, 'updatedMin')
  if (updatedMin !== undefined && updatedMin < Date.now() - updatedMinDays * 86_400_000) {
    refuse(410, 'updatedMinTooLongAgo', 'The requested minimum modification time lies too far in the past.')
  }
  const single = query.get('singleEvents') === 'true'
  if (query.get('orderBy') === 'startTime' && !single) {
    refuse(400, 'badRequest', 'The requested ordering is not available for the particular query.')
  }
  const showDeleted = since !== undefined || query.get('showDeleted') === 'true'
  const found: Listed[] = []
  for (const { shared, version, removed } of calendar.entries.values()) {
    if (since !== undefined && version <= since) continue
    const resource = removed ? { ...shared.resource, status: 'cancelled' } : shared.resource
    if (resource.status === 'cancelled' && (!showDeleted || (single && resource.recurrence))) {
      if (!(since !== undefined && resource.recurrence)) continue
    }
    if (single && resource.recurrence && resource.status !== 'cancelled') {
      for (const one of store.instancesOf(
        resource,
        calendar,
        fromMs,
        Math.min(toMs, Date.now() + 2 * 31_536_000_000),
      )) {
        if (calendar.entries.has(one.id)) continue
        found.push({
          resource: store.instanceResource(resource, calendar, one),
          startMs: one.startMs,
          endMs: one.endMs,
        })
      }
      continue
    }
    const startMs = store.msOf(resource.start, calendar.timeZone)
    const endMs = store.msOf(resource.end, calendar.timeZone)
    const within = resource.recurrence
      ? (fromMs === Number.NEGATIVE_INFINITY && toMs === Number.POSITIVE_INFINITY) ||
        store.instancesOf(resource, calendar, fromMs, toMs).length > 0
      : startMs < toMs && endMs > fromMs
    if (within) found.push({ resource, startMs, endMs })
  }
  const words = query.get('q')?.toLowerCase()
  return found
    .filter(({ resource }) => words === undefined || textOf(resource).includes(words))
    .filter(({ resource }) => updatedMin === undefined || Date.parse(resource.updated) >= updatedMin)
    .sort(orderOf(query.get('orderBy')))
}

function orderOf(orderBy: string | null): (a: Listed, b: Listed) => number {
  if (orderBy === 'startTime') return (a, b) => a.startMs - b.startMs || (a.resource.id < b.resource.id ? -1 : 1)
  if (orderBy === 'updated') return (a, b) => (a.resource.updated < b.resource.updated ? -1 : 1)
  return () => 0
}

function textOf({ summary, description, location, attendees = [] }: EventResource): string {
  const people = attendees.flatMap(({ email, displayName }) => [email, displayName ?? ''])
  return [summary, description, location, ...people].join('\n').toLowerCase()
}

/** The version a sync token tells of; undefined without one. */
function versionOf(store: CalendarStore, calendar: FakeCalendar, query: URLSearchParams): number | undefined {
  const token = query.get('syncToken')
  if (token === null) return undefined
  const extra = notWithSyncToken.find((name) => query.has(name))
  if (extra)
    refuse(400, 'badRequest', 'Sync token cannot be used with other query restrictions.', {
      locationType: 'parameter',
      location: extra,
    })
  const [epoch, version, calendarId, single] = decoded(token)
  const place = { locationType: 'parameter', location: 'syncToken' } as const
  if (typeof version !== 'number' || calendarId !== calendar.id || single !== (query.get('singleEvents') === 'true')) {
    refuse(400, 'invalid', 'Invalid sync token value.', place)
  }
  if (epoch !== store.epoch)
    refuse(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.', place)
  return version as number
}

/** One page of what was found, as Google wraps it. */
export function eventsPage(
  store: CalendarStore,
  { calendar, role }: ListedCalendar,
  query: URLSearchParams,
  found: readonly Listed[],
  show: (resource: EventResource) => unknown,
): FakeAnswer {
  const size = sizeOf(query, 250, 2_500)
  const asked = fingerprint(query)
  let left = found
  let version = store.version
  const token = query.get('pageToken')
  if (token !== null) {
    const page = store.pages.get(token)
    if (page?.asked !== asked) {
      refuse(400, 'invalid', 'Invalid page token value.', { locationType: 'parameter', location: 'pageToken' })
    }
    // A page goes on where the last one ended, whatever was deleted meanwhile; what changes while somebody pages is told by
    // the sync token they get at the end.
    const wanted = new Set(page?.left)
    left = found.filter(({ resource }) => wanted.has(resource.id))
    version = page?.version ?? version
  }
  const items = left.slice(0, size).map(({ resource }) => only(query.get('fields'), show(resource)))
  const rest = left.slice(size).map(({ resource }) => resource.id)
  const more = rest.length > 0
  const incremental = !['orderBy', 'q', 'updatedMin'].some((name) => query.has(name))
  const nextSyncToken = encoded([store.epoch, version, calendar.id, query.get('singleEvents') === 'true'])
  return {
    body: {
      kind: 'calendar#events',
      etag: `"p${store.version}"`,
      summary: calendar.summary,
      description: calendar.description ?? '',
      updated: new Date().toISOString(),
      timeZone: calendar.timeZone,
      accessRole: role,
      defaultReminders: [{ method: 'popup', minutes: 30 }],
      ...(more ? { nextPageToken: store.keepPage({ asked, version, left: rest }) } : {}),
      ...(!more && incremental ? { nextSyncToken } : {}),
      items,
    },
  }
}

/** The members of an item that `fields` names, as in `nextPageToken,items(id,start,attendees(self))`; all of them without it. */
function only(fields: string | null, item: unknown): unknown {
  if (fields === null) return item
  const [, names = ''] = /\bitems\((.*)\)/.exec(fields) ?? []
  const wanted = new Set(names.replaceAll(/\([^()]*\)/g, '').split(','))
  return Object.fromEntries(Object.entries(item as object).filter(([name]) => wanted.has(name)))
}

/** The dates of one series. */
export function listedInstances(
  store: CalendarStore,
  { calendar }: ListedCalendar,
  eventId: string,
  query: URLSearchParams,
): Listed[] {
  const master = calendar.entries.get(eventId)?.shared.resource
  if (!master?.recurrence) return notFound()
  const all = new URLSearchParams(query)
  all.set('singleEvents', 'true')
  all.set('orderBy', 'startTime')
  all.delete('pageToken')
  return listed(store, { calendar, role: 'owner', primary: false }, all).filter(
    ({ resource }) => resource.recurringEventId === eventId,
  )
}

export function sizeOf(query: URLSearchParams, usual: number, most: number): number {
  const size = Number(query.get('maxResults') ?? usual)
  if (!Number.isInteger(size) || size < 1) refuse(400, 'badRequest', 'Invalid value for maxResults.')
  return Math.min(size, most)
}

/** What a page token is good for: the same question again. */
export function fingerprint(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => !['pageToken', 'maxResults', 'timeZone', 'fields'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')
}

export function encoded(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

export function decoded(token: string): unknown[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    return Array.isArray(values) ? values : []
  } catch {
    return []
  }
}
