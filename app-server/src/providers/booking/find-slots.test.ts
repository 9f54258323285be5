// What booking.list_services and booking.find_slots show.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { book, dayMs, makeService, minuteMs, tokyo } from '../../../e2e/booking-fixtures.js'
import { type Bench, faultsOf, openBench, problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { booking } from './booking.js'

interface Slot {
  start: string
  end: string
  free_places: number
}
interface Found {
  slots: Slot[]
  from: string
  to: string
  message: string
  next_cursor: string | null
}

let bench: Bench
let hana: Caller

beforeAll(async () => {
  bench = await openBench([booking])
  hana = await bench.person('Hana')
})
afterAll(() => bench.close())

function find(given: Record<string, unknown>): Promise<Found> {
  return bench.call<Found>(hana, 'booking.find_slots', given)
}
const date = (daysAhead: number) => tokyo(daysAhead, 0).slice(0, 10)

/** The next day on which the clocks of a zone are put forward or back, asked of Intl alone. */
function nextChange(timeZone: string, direction: 'forward' | 'back'): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, timeZoneName: 'longOffset' })
  const offset = (ms: number) => {
    const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [hours = 0, minutes = 0] = name.replace('GMT', '').split(':').map(Number)
    return hours * 60 + (hours < 0 ? -minutes : minutes)
  }
  // Noons of UTC: a change in the night lies between two of them, and belongs to the day of the later one.
  const noon = Math.floor(Date.now() / dayMs) * dayMs + dayMs / 2
  for (let ms = noon + dayMs; ms < noon + 400 * dayMs; ms += dayMs) {
    const change = offset(ms) - offset(ms - dayMs)
    if (direction === 'forward' ? change > 0 : change < 0) return new Date(ms).toISOString().slice(0, 10)
  }
  throw new Error(`${timeZone} does not change its clocks`)
}

describe('booking.find_slots', () => {
  test('shows the starts within the opening hours, in local time', async () => {
    const service_id = await makeService(bench, {
      hours: [
        [600, 720],
        [780, 840],
      ],
      slotStepMinutes: 30,
    })
    const { slots, message, next_cursor } = await find({ service_id, from: date(3), to: date(3) })
    expect(slots.map(({ start }) => start)).toEqual([tokyo(3, 10), tokyo(3, 10, 30), tokyo(3, 11), tokyo(3, 13)])
    expect(slots[0]).toEqual({ start: tokyo(3, 10), end: tokyo(3, 11), free_places: 1 })
    expect(next_cursor).toBeNull()
    expect(message).toContain('booking.create')
  })

  test('looks at a week from today when no dates are given', async () => {
    const service_id = await makeService(bench)
    const { from, to, slots } = await find({ service_id, limit: 100 })
    expect([from, to]).toEqual([date(0), date(6)])
    expect(slots.every(({ start }) => Date.parse(start) >= Date.now() - 1000)).toBe(true)
  })

  test('counts the places left, and leaves out what is full', async () => {
    const service_id = await makeService(bench, { capacity: 2, hours: [[600, 720]] })
    const day = { service_id, from: date(2), to: date(2) }
    await book(bench, await bench.person(), service_id, tokyo(2, 10))
    expect((await find(day)).slots.map((slot) => slot.free_places)).toEqual([1, 2])
    await book(bench, await bench.person(), service_id, tokyo(2, 10))
    expect((await find(day)).slots.map((slot) => slot.start)).toEqual([tokyo(2, 11)])
  })

  test('counts a place once when two bookings of it touch one slot', async () => {
    const service_id = await makeService(bench, { capacity: 2, slotStepMinutes: 30, hours: [[600, 780]] })
    await book(bench, await bench.person(), service_id, tokyo(2, 10))
    await book(bench, await bench.person(), service_id, tokyo(2, 11))
    const { slots } = await find({ service_id, from: date(2), to: date(2) })
    expect(slots.map(({ start, free_places }) => [start.slice(11, 16), free_places])).toEqual([
      ['10:00', 1],
      ['10:30', 1],
      ['11:00', 1],
      ['11:30', 1],
      ['12:00', 2],
    ])
  })

  test('counts by the capacity of today where it was larger before', async () => {
    const service_id = await makeService(bench, { capacity: 3, hours: [[600, 660]] })
    for (const person of await bench.people(3)) await book(bench, person, service_id, tokyo(2, 10))
    await bench.database.query(
      `UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE service_id = $1 AND place = 1`,
      [service_id],
    )
    await bench.database.query('UPDATE booking_services SET capacity = 2 WHERE id = $1', [service_id])
    const { slots } = await find({ service_id, from: date(2), to: date(2) })
    expect(slots.map((slot) => slot.free_places)).toEqual([1])
  })

  test('keeps to the notice and the horizon of the service', async () => {
    const service_id = await makeService(bench, { minNoticeMinutes: 26 * 60, maxDaysAhead: 3, slotStepMinutes: 30 })
    const slots = await readPages<Slot>(
      bench,
      hana,
      'booking.find_slots',
      { service_id, from: date(0), to: date(10), limit: 50 },
      'slots',
    )
    const first = Date.parse(slots[0]?.start ?? '')
    const last = Date.parse(slots.at(-1)?.start ?? '')
    expect(first).toBeGreaterThanOrEqual(Date.now() + 26 * 60 * minuteMs - 5_000)
    expect(first).toBeLessThan(Date.now() + (26 * 60 + 31) * minuteMs)
    expect(last).toBeLessThanOrEqual(Date.now() + 3 * dayMs)
    expect(last).toBeGreaterThan(Date.now() + 3 * dayMs - 31 * minuteMs)
  })

  test('says when one can book, where nothing is free', async () => {
    const service_id = await makeService(bench, { maxDaysAhead: 5 })
    const { slots, message } = await find({ service_id, from: date(40), to: date(41) })
    expect(slots).toEqual([])
    expect(message).toMatch(/Nothing is free.*can be booked from .*\+09:00 to .*\+09:00/)
  })

  test('can be paged through without gaps or repeats while others book', async () => {
    const service_id = await makeService(bench, { durationMinutes: 30, capacity: 3 })
    const given = { service_id, from: date(5), to: date(7), limit: 10 }
    let hour = 0
    const bookOne = async () => book(bench, await bench.person(), service_id, tokyo(5, hour++))
    const slots = await readPages<Slot>(bench, hana, 'booking.find_slots', given, 'slots', bookOne)
    expect(slots).toHaveLength(3 * 48)
    expect(slots.map(({ start }) => start)).toEqual([...new Set(slots.map(({ start }) => start))].sort())
  })

  test('finds the few free slots behind thousands of full ones', async () => {
    const service_id = await makeService(bench, { durationMinutes: 5, maxDaysAhead: 60 })
    await bench.database.query(
      `INSERT INTO bookings (service_id, user_id, place, starts_at, ends_at)
       SELECT $1, $2, 1, $3::timestamptz, $3::timestamptz + interval '30 days'`,
      [service_id, hana.userId, tokyo(1, 0)],
    )
    const { slots } = await find({ service_id, from: date(1), to: date(31), limit: 3 })
    expect(slots.map(({ start }) => start)).toEqual([tokyo(31, 0), tokyo(31, 0, 5), tokyo(31, 0, 10)])
  })

  test.each(['America/New_York', 'Europe/Berlin'])(
    'is right on both days when the clocks of %s change',
    async (timeZone) => {
      const service_id = await makeService(bench, {
        timeZone,
        durationMinutes: 30,
        hours: [[0, 360]],
        maxDaysAhead: 400,
      })
      for (const [direction, count] of [
        ['forward', 10],
        ['back', 14],
      ] as const) {
        const day = nextChange(timeZone, direction)
        const { slots } = await find({ service_id, from: day, to: day, limit: 100 })
        expect(slots).toHaveLength(count)
        const starts = slots.map(({ start }) => Date.parse(start))
        expect(starts.every((ms, index) => index === 0 || ms - (starts[index - 1] ?? 0) === 30 * minuteMs)).toBe(true)
        expect(slots.every(({ start, end }) => Date.parse(end) - Date.parse(start) === 30 * minuteMs)).toBe(true)
        expect(slots[0]?.start).toContain(`${day}T00:00`)
        expect(slots.at(-1)?.start).toContain(`${day}T05:30`)
      }
    },
  )

  test.each([
    ['service_id', {}],
    ['service_id: must be an id', { service_id: 'haircut' }],
    ['service_id', { service_id: 7 }],
    ['from: must be a date that exists', { service_id: crypto.randomUUID(), from: '2026-02-30' }],
    ['from: must be a date that exists', { service_id: crypto.randomUUID(), from: 'monday' }],
    ['to: must be a date that exists', { service_id: crypto.randomUUID(), to: '2026-1-1' }],
    ['limit', { service_id: crypto.randomUUID(), limit: 0 }],
    ['limit', { service_id: crypto.randomUUID(), limit: 101 }],
    ['limit', { service_id: crypto.randomUUID(), limit: 1.5 }],
    ['Unrecognized key: "when"', { service_id: crypto.randomUUID(), when: 'soon' }],
  ])('refuses arguments, saying %p', (fault, given) => {
    expect(faultsOf(booking, 'booking.find_slots', given).join('\n')).toContain(fault)
  })

  test('refuses dates in the wrong order and more than 31 days', async () => {
    const service_id = await makeService(bench)
    const backwards = await problemOf(find({ service_id, from: date(5), to: date(4) }))
    expect(backwards).toMatchObject({ code: 'invalid-arguments', detail: expect.stringContaining('before from') })
    const long = await problemOf(find({ service_id, from: date(0), to: date(31) }))
    expect(long).toMatchObject({ code: 'invalid-arguments', detail: expect.stringContaining('32 days') })
    await expect(find({ service_id, from: date(0), to: date(30) })).resolves.toBeDefined()
  })

  test.each(['nonsense', '', 'W10', 'WyJhIl0', Buffer.from('[1e300]').toString('base64url'), 'bnVsbA'])(
    'refuses the crafted cursor %p',
    async (cursor) => {
      const service_id = await makeService(bench)
      expect(await problemOf(find({ service_id, cursor }))).toMatchObject({ code: 'invalid-arguments' })
    },
  )

  test('does not know services that are not there or no longer offered', async () => {
    const gone = await makeService(bench)
    await bench.database.query('UPDATE booking_services SET active = false WHERE id = $1', [gone])
    for (const service_id of [gone, crypto.randomUUID()]) {
      const problem = await problemOf(find({ service_id }))
      expect(problem).toMatchObject({ code: 'not-found', detail: expect.stringContaining('booking.list_services') })
    }
  })
})

describe('booking.list_services', () => {
  test('shows opening hours as written on the door', async () => {
    const id = await makeService(bench, { hours: [[540, 1440]], capacity: 2, timeZone: 'Europe/Berlin' })
    const services = await readPages<Record<string, unknown>>(bench, hana, 'booking.list_services', {}, 'services')
    const service = services.find((one) => one.id === id)
    expect(service).toMatchObject({ title: 'Haircut', time_zone: 'Europe/Berlin', duration_minutes: 60, capacity: 2 })
    expect(service?.opening_hours).toHaveLength(7)
    expect(service?.opening_hours).toContainEqual({ weekday: 'sunday', opens: '09:00', closes: '24:00' })
  })

  test('can be paged through without gaps or repeats while services are added', async () => {
    const before = await bench.database.query('SELECT id FROM booking_services WHERE active ORDER BY id')
    const add = async () => {
      if (added.length < 3) added.push(await makeService(bench))
    }
    const added: string[] = []
    const services = await readPages<{ id: string }>(
      bench,
      hana,
      'booking.list_services',
      { limit: 2 },
      'services',
      add,
    )
    expect(services.map(({ id }) => ({ id }))).toEqual([...before, ...added.map((id) => ({ id }))])
  })
})
