// What the fake calendar keeps: calendars, who sees them, and events as Google's API shows them.

/** A moment of an event: a date, or a time with or without its zone. */
export interface EventTime {
  date?: string | null
  dateTime?: string | null
  timeZone?: string | null
}

export interface Attendee {
  email: string
  displayName?: string
  responseStatus?: string
  comment?: string
  optional?: boolean
  organizer?: boolean
  self?: boolean
}

/** An event resource, as far as the fake minds its members; all others are kept as given. */
export interface EventResource {
  id: string
  status: string
  etag: string
  summary?: string
  description?: string
  location?: string
  visibility?: string
  transparency?: string
  start: EventTime
  end: EventTime
  recurrence?: string[]
  recurringEventId?: string
  originalStartTime?: EventTime
  attendees?: Attendee[]
  organizer: { email: string; displayName?: string; self?: boolean }
  created: string
  updated: string
  sequence: number
  [member: string]: unknown
}

/** What a test or a sample gives of an event; the fake fills in the rest. */
export interface EventSeed {
  id?: string
  status?: string
  summary?: string
  start: EventTime
  end: EventTime
  recurrence?: string[]
  attendees?: Attendee[]
  organizer?: { email: string; displayName?: string }
  [member: string]: unknown
}

export type AccessRole = 'freeBusyReader' | 'reader' | 'writer' | 'owner'

/** An event in the calendars of everybody it concerns: one resource, seen from each. */
export interface SharedEvent {
  resource: EventResource
  /** The calendar it belongs to; the others hold invitations. */
  homeId: string
}

export interface Entry {
  readonly shared: SharedEvent
  /** Rises with each change; sync tokens tell versions. */
  version: number
  /** Taken out of this calendar only. */
  removed: boolean
}

export interface FakeCalendar {
  readonly id: string
  summary: string
  description?: string
  timeZone: string
  readonly entries: Map<string, Entry>
}

/** A calendar in somebody's list. */
export interface ListedCalendar {
  readonly calendar: FakeCalendar
  readonly role: AccessRole
  readonly primary: boolean
}

/** A mail that Google would have sent. */
export interface SentNotice {
  readonly eventId: string
  readonly act: 'insert' | 'update' | 'delete' | 'move'
  readonly sendUpdates: string
}
