// Three people whose calendars have something in them around a given day, for `npm run demo` and for looking around.
import type { FakeAccount } from '../fake-oauth.js'
import type { CalendarStore } from './calendar-store.js'
import type { Attendee, EventTime, FakeCalendar } from './calendar-types.js'
import { dayMs, wallAt } from './wall-clock.js'

export const sampleAccounts: readonly FakeAccount[] = [
  { id: '1001', email: 'mika@example.com', name: 'Mika Tanaka' },
  { id: '1002', email: 'ken@example.com', name: 'Ken Sato' },
  { id: '1003', email: 'anna@example.com', name: 'Anna Weber' },
]

const teamCalendarId = 'team-0f3c@group.calendar.google.com'

export function addSampleCalendars(store: CalendarStore, today: Date): void {
  const [mika, ken, anna] = sampleAccounts as [FakeAccount, FakeAccount, FakeAccount]
  for (const [account, zone] of [
    [mika, 'Asia/Tokyo'],
    [ken, 'Asia/Tokyo'],
    [anna, 'Europe/Berlin'],
  ] as const) {
    store.setZone(account, zone)
  }
  const team = { id: teamCalendarId, summary: 'Team', timeZone: 'Asia/Tokyo', description: 'What concerns everybody.' }
  const teamCalendar = store.add(mika, team)
  store.add(ken, team, { role: 'writer' })
  store.add(anna, team, { role: 'reader' })
  const days = daysFrom(Math.floor(wallAt('Asia/Tokyo', today.getTime()) / dayMs))
  addMikasEvents(store, requireCalendar(store, mika), days)
  addKensEvents(store, requireCalendar(store, ken), days)
  store.put(teamCalendar, {
    summary: 'Release day',
    description: 'Everybody keeps the afternoon free.',
    start: { date: days.date(3) },
    end: { date: days.date(4) },
    transparency: 'transparent',
  })
}

function addMikasEvents(store: CalendarStore, calendar: FakeCalendar, { at, date, weekday }: Days): void {
  const zone = 'Asia/Tokyo'
  const attendees = (responses: Record<string, string>): Attendee[] =>
    Object.entries(responses).map(([email, responseStatus]) => ({ email, responseStatus }))
  store.put(calendar, {
    summary: 'Stand-up',
    start: at(weekday(-7, 1), '09:30', zone),
    end: at(weekday(-7, 1), '09:45', zone),
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
    hangoutLink: 'https://meet.google.com/abc-defg-hij',
    attendees: attendees({
      'mika@example.com': 'accepted',
      'ken@example.com': 'accepted',
      'anna@example.com': 'tentative',
    }),
  })
  store.put(calendar, {
    summary: 'Lunch with Ken',
    location: 'Soba place by the station',
    start: at(1, '12:30', zone),
    end: at(1, '13:30', zone),
    attendees: attendees({ 'mika@example.com': 'accepted', 'ken@example.com': 'needsAction' }),
  })
  store.put(calendar, {
    summary: 'Dentist',
    location: 'Kanda 3-2',
    visibility: 'private',
    start: at(2, '17:00', zone),
    end: at(2, '17:45', zone),
  })
  store.put(calendar, { summary: 'Trip to Kyoto', start: { date: date(8) }, end: { date: date(11) } })
}

function addKensEvents(store: CalendarStore, calendar: FakeCalendar, { at }: Days): void {
  store.put(calendar, {
    summary: 'Quarterly review',
    description: 'Bring the figures of the quarter.\n\n1. Sales\n2. Costs\n3. What comes next',
    location: 'Room 4',
    start: at(1, '15:00', 'Asia/Tokyo'),
    end: at(1, '16:30', 'Asia/Tokyo'),
    attendees: [
      { email: 'ken@example.com', responseStatus: 'accepted', organizer: true },
      { email: 'mika@example.com', displayName: 'Mika Tanaka', responseStatus: 'needsAction' },
      { email: 'anna@example.com', displayName: 'Anna Weber', responseStatus: 'accepted' },
    ],
  })
}

interface Days {
  date(offset: number): string
  at(offset: number, clock: string, timeZone: string): EventTime
  /** The first such day of the week from an offset on; 0 is Sunday. */
  weekday(from: number, day: number): number
}

function daysFrom(today: number): Days {
  const date = (offset: number) => new Date((today + offset) * dayMs).toISOString().slice(0, 10)
  return {
    date,
    at: (offset, clock, timeZone) => ({ dateTime: `${date(offset)}T${clock}:00`, timeZone }),
    weekday: (from, day) => from + ((day - new Date((today + from) * dayMs).getUTCDay() + 7) % 7),
  }
}

function requireCalendar(store: CalendarStore, account: FakeAccount): FakeCalendar {
  const calendar = store.findListed(account, 'primary')?.calendar
  if (!calendar) throw new Error(`${account.email} has no calendar`)
  return calendar
}
