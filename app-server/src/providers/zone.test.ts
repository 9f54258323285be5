// Instants and wall clocks, on ordinary days and on those when the clocks change.
import { describe, expect, test } from '@jest/globals'
import { dayAt, firstInstantAt, instantsOf, isZone, offsetMsAt, toDate, toDay, toLocalIso, wallMsAt } from './zone.js'

const hourMs = 3_600_000
const utc = (text: string) => Date.parse(`${text}Z`)

describe('an instant on the clocks of a zone', () => {
  test.each([
    ['Asia/Tokyo', '2026-11-30T01:00:00', '2026-11-30T10:00:00+09:00'],
    ['America/New_York', '2027-01-01T03:00:00', '2026-12-31T22:00:00-05:00'],
    ['America/New_York', '2027-07-01T03:00:00', '2027-06-30T23:00:00-04:00'],
    ['Asia/Kolkata', '2027-01-01T00:00:00', '2027-01-01T05:30:00+05:30'],
    ['America/St_Johns', '2027-01-01T00:00:00', '2026-12-31T20:30:00-03:30'],
    ['Asia/Kathmandu', '2027-01-01T00:00:00', '2027-01-01T05:45:00+05:45'],
    ['UTC', '2027-01-01T00:00:00', '2027-01-01T00:00:00+00:00'],
  ])('is written with the offset of %s', (zone, instant, local) => {
    expect(toLocalIso(zone, utc(instant))).toBe(local)
    expect(Date.parse(local)).toBe(utc(instant))
  })

  test('falls on the calendar day of the zone', () => {
    expect(toDate(dayAt('Asia/Tokyo', utc('2026-12-31T15:00:00')))).toBe('2027-01-01')
    expect(toDate(dayAt('America/New_York', utc('2027-01-01T04:59:59')))).toBe('2026-12-31')
    expect(toDay('1970-01-02')).toBe(1)
  })

  test('comes back from what the clock shows, in every zone and around the year', () => {
    for (const zone of [
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Africa/Cairo',
    ]) {
      for (
        let instantMs = utc('2026-12-01T00:10:00');
        instantMs < utc('2028-01-01T00:00:00');
        instantMs += 7 * hourMs
      ) {
        expect(instantsOf(zone, wallMsAt(zone, instantMs))).toContain(instantMs)
      }
    }
  })

  test('refuses a zone that does not exist', () => {
    expect(() => offsetMsAt('Mars/Olympus', 0)).toThrow(RangeError)
  })
})

describe('a wall time', () => {
  test('that is skipped in spring happens at no instant; the clocks pass it at the change', () => {
    expect(instantsOf('Europe/Berlin', utc('2027-03-28T02:30:00'))).toEqual([])
    expect(firstInstantAt('Europe/Berlin', utc('2027-03-28T02:30:00'))).toBe(utc('2027-03-28T01:00:00'))
    expect(instantsOf('America/New_York', utc('2027-03-14T02:00:00'))).toEqual([])
    expect(firstInstantAt('America/New_York', utc('2027-03-14T02:00:00'))).toBe(utc('2027-03-14T07:00:00'))
    expect(firstInstantAt('America/New_York', utc('2027-03-14T02:59:00'))).toBe(utc('2027-03-14T07:00:00'))
  })

  test('that is repeated in autumn happens twice, and the first counts as reaching it', () => {
    const [first, second] = [utc('2027-10-31T00:30:00'), utc('2027-10-31T01:30:00')]
    expect(instantsOf('Europe/Berlin', utc('2027-10-31T02:30:00'))).toEqual([first, second])
    expect(firstInstantAt('Europe/Berlin', utc('2027-10-31T02:30:00'))).toBe(first)
  })

  test('just beside a change happens once', () => {
    expect(instantsOf('Europe/Berlin', utc('2027-03-28T01:59:00'))).toEqual([utc('2027-03-28T00:59:00')])
    expect(instantsOf('Europe/Berlin', utc('2027-03-28T03:00:00'))).toEqual([utc('2027-03-28T01:00:00')])
    expect(instantsOf('Europe/Berlin', utc('2027-10-31T03:00:00'))).toEqual([utc('2027-10-31T02:00:00')])
  })

  test('works with a change of half an hour', () => {
    // Lord Howe puts its clocks forward from 02:00 to 02:30 on the first Sunday in October.
    expect(instantsOf('Australia/Lord_Howe', utc('2027-10-03T02:15:00'))).toEqual([])
    expect(firstInstantAt('Australia/Lord_Howe', utc('2027-10-03T02:15:00'))).toBe(utc('2027-10-02T15:30:00'))
  })

  test('works with a whole day that was left out', () => {
    // Samoa crossed the date line: 30 December 2011 never was.
    expect(instantsOf('Pacific/Apia', utc('2011-12-30T12:00:00'))).toEqual([])
    expect(toLocalIso('Pacific/Apia', firstInstantAt('Pacific/Apia', utc('2011-12-30T12:00:00')))).toBe(
      '2011-12-31T00:00:00+14:00',
    )
  })
})

test('a zone is known by its IANA name; an offset or anything else is none', () => {
  for (const name of ['Asia/Tokyo', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+3']) {
    expect([name, isZone(name)]).toEqual([name, true])
  }
  for (const name of ['', '+09:00', 'Asia/Nowhere', 'Tokyo', 'Asia/Tokyo\0', '../Asia/Tokyo', 'a/'.repeat(30)]) {
    expect([name, isZone(name)]).toEqual([name, false])
  }
})
