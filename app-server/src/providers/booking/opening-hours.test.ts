// The starts a service offers, most of all on the days when the clocks change.
import { describe, expect, test } from '@jest/globals'
import { toDay, toLocalIso } from '../zone.js'
import { startsOn, type Timetable } from './opening-hours.js'

function timetable(
  timeZone: string,
  hours: [number, number][],
  minutes: { duration: number; step: number },
): Timetable {
  const periods = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) =>
    hours.map(([opensMinute, closesMinute]) => ({ weekday, opensMinute, closesMinute })),
  )
  return { timeZone, durationMinutes: minutes.duration, slotStepMinutes: minutes.step, hours: periods }
}

function starts(table: Timetable, date: string): string[] {
  return [...startsOn(table, toDay(date))].map((startMs) => toLocalIso(table.timeZone, startMs).slice(11, 22))
}

describe('an ordinary day', () => {
  test('offers starts by the step, as long as the appointment ends before closing', () => {
    const table = timetable('Asia/Tokyo', [[600, 720]], { duration: 60, step: 30 })
    expect(starts(table, '2026-11-30')).toEqual(['10:00:00+09', '10:30:00+09', '11:00:00+09'])
  })

  test('offers nothing across a break', () => {
    const table = timetable(
      'Asia/Tokyo',
      [
        [600, 690],
        [690, 780],
      ],
      { duration: 60, step: 60 },
    )
    expect(starts(table, '2026-11-30')).toEqual(['10:00:00+09', '11:30:00+09'])
  })

  test('may end at midnight', () => {
    const table = timetable('Asia/Tokyo', [[1380, 1440]], { duration: 30, step: 30 })
    expect(starts(table, '2026-11-30')).toEqual(['23:00:00+09', '23:30:00+09'])
  })

  test('is known by its weekday, also before 1970', () => {
    const monday = { timeZone: 'UTC', durationMinutes: 60, slotStepMinutes: 60 }
    const table = { ...monday, hours: [{ weekday: 1, opensMinute: 600, closesMinute: 660 }] }
    expect(starts(table, '2026-11-30')).toHaveLength(1)
    expect(starts(table, '2026-12-01')).toHaveLength(0)
    expect(starts(table, '1969-12-29')).toHaveLength(1)
  })
})

describe('the day the clocks are put forward', () => {
  test('has no start in the skipped hour and one hour less of them', () => {
    const table = timetable('America/New_York', [[0, 300]], { duration: 60, step: 60 })
    expect(starts(table, '2027-03-14')).toEqual(['00:00:00-05', '01:00:00-05', '03:00:00-04', '04:00:00-04'])
    expect(starts(table, '2027-03-13')).toHaveLength(5)
  })

  test('opens at the change when the opening is skipped', () => {
    const table = timetable('Europe/Berlin', [[150, 240]], { duration: 30, step: 30 })
    expect(starts(table, '2027-03-28')).toEqual(['03:00:00+02', '03:30:00+02'])
  })

  test('offers nothing in a period that is skipped as a whole', () => {
    const table = timetable('Europe/Berlin', [[120, 180]], { duration: 30, step: 30 })
    expect(starts(table, '2027-03-28')).toEqual([])
  })
})

describe('the day the clocks are put back', () => {
  test('offers the repeated hour twice, as different instants', () => {
    const table = timetable('America/New_York', [[0, 180]], { duration: 60, step: 60 })
    expect(starts(table, '2027-11-07')).toEqual(['00:00:00-04', '01:00:00-04', '01:00:00-05', '02:00:00-05'])
  })

  test('keeps the whole length of every appointment', () => {
    const table = timetable('Europe/Berlin', [[60, 240]], { duration: 90, step: 30 })
    const instants = [...startsOn(table, toDay('2027-10-31'))]
    // Open from 01:00 to 04:00, four hours in truth: (240 - 90) / 30 + 1 starts.
    expect(instants).toHaveLength(6)
    expect(new Set(instants).size).toBe(6)
    expect(instants.every((startMs, index) => index === 0 || startMs - (instants[index - 1] ?? 0) === 1_800_000)).toBe(
      true,
    )
  })
})
