// A bench for the calendar tools: the pretended Google with Mika's and Ken's calendars, and callers connected to them.
import { type EventResource, type EventSeed, type FakeAccount, GoogleFake } from '@sekisho/fakes'
import type { Account } from '../src/providers/connect.js'
import { gcal } from '../src/providers/gcal/gcal.js'
import type { Caller } from '../src/providers/provider.js'
import type { TokenSource } from '../src/providers/upstream.js'
import { type Bench, noServices, openBench, steadyToken } from './provider-bench.js'

export const mika: FakeAccount = { id: '1001', email: 'mika@example.com', name: 'Mika Tanaka' }
export const ken: FakeAccount = { id: '1002', email: 'ken@example.com', name: 'Ken Sato' }

export const allScopes = [
  'https://www.googleapis.com/auth/calendar.events',
  'https://www.googleapis.com/auth/calendar.events.readonly',
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  'https://www.googleapis.com/auth/calendar.freebusy',
]

export interface CalendarBench extends Omit<Bench, 'call'> {
  readonly google: GoogleFake
  /** Connected to Mika's account. */
  readonly caller: Caller
  call<Output = Record<string, unknown>>(tool: string, given?: unknown, as?: Caller): Promise<Output>
  /** A person connected to an account with other scopes, or with tokens of a test's own. */
  connected(account: FakeAccount, tokens?: TokenSource | readonly string[]): Promise<Caller>
  /** Puts an event into a calendar, Mika's own unless told. */
  put(event: EventSeed, calendarId?: string): EventResource
  /** What Google has in a calendar, without what was deleted. */
  kept(calendarId?: string): EventResource[]
}

export async function openCalendarBench(): Promise<CalendarBench> {
  const google = await GoogleFake.start()
  google.calendars.setZone(mika, 'Asia/Tokyo')
  google.calendars.setZone(ken, 'Asia/Tokyo')
  const accounts = new Map<string, { account: Account; tokens: TokenSource }>()
  const { url, host } = google
  const services = {
    ...noServices,
    google: { accounts: url, api: url, token: `${url}/token`, revoke: `${url}/revoke` },
  }
  const bench = await openBench([gcal], {
    services,
    hosts: [host],
    accountOf: ({ userId }) => {
      const found = accounts.get(userId)
      if (!found) throw new Error('this person has no connected account')
      return found
    },
  })
  const connected: CalendarBench['connected'] = async (account, tokens = allScopes) => {
    const person = await bench.person(account.name)
    const source = 'authorization' in tokens ? tokens : steadyToken(google.oauth.personalToken(account, tokens))
    const { id, email: label } = account
    accounts.set(person.userId, { account: { id, label, details: {} }, tokens: source })
    return person
  }
  const caller = await connected(mika)
  const calendarOf = (id: string) => {
    const calendar = google.calendars.calendars.get(id)
    if (!calendar) throw new Error(`there is no calendar ${id}`)
    return calendar
  }
  return {
    ...bench,
    google,
    caller,
    connected,
    call: (tool, given = {}, as = caller) => bench.call(as, tool, given),
    put: (event, calendarId = mika.email) => google.calendars.put(calendarOf(calendarId), event).resource,
    kept: (calendarId = mika.email) =>
      [...calendarOf(calendarId).entries.values()]
        .filter(({ removed, shared }) => !removed && shared.resource.status !== 'cancelled')
        .map(({ shared }) => shared.resource),
    async close() {
      await bench.close()
      await google.close()
    },
  }
}

/** Empties all calendars and lets Google behave. */
export function clear({ google }: CalendarBench): void {
  google.behave()
  google.calendars.notices.length = 0
  for (const { entries } of google.calendars.calendars.values()) entries.clear()
}

/** A timed event in Tokyo. */
export function tokyo(summary: string, start: string, end: string, more: Partial<EventSeed> = {}): EventSeed {
  const timeZone = 'Asia/Tokyo'
  return { summary, start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone }, ...more }
}
