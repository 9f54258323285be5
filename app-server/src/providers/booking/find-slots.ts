// booking.find_slots: the free starts of one service between two dates.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { date, id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { dayAt, toDate, toDay, toLocalIso } from '../zone.js'
import { findFreeSlots, showSlot, slotOutput } from './free-slots.js'
import { bookableWindow, requireService } from './services.js'

/** Days one search may cover. */
const maxDays = 31
const defaultDays = 7

/** The start of the last slot of the page before, in milliseconds since 1970. */
const position = z.tuple([z.int()])

export const findSlotsTool = defineTool({
  name: 'booking.find_slots',
  title: 'Find free slots',
  description: `Finds the free starts of a service on up to ${maxDays} days, in order of time, with the places left in each. Only slots that can still be booked are listed. Get service_id from booking.list_services; then book a slot by giving its start to booking.create.`,
  scope: 'booking:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    service_id: id('The id of the service, from booking.list_services.'),
    from: date('First date to look at, on the calendar of the service, as YYYY-MM-DD. Today when left out.').optional(),
    to: date(
      `Last date to look at, included, as YYYY-MM-DD. When left out, ${defaultDays} days are looked at.`,
    ).optional(),
    ...pageInput,
  }),
  output: z.object({
    service_id: z.string(),
    service: z.string(),
    time_zone: z.string().describe('The IANA time zone of the service; dates and times are its local ones.'),
    from: z.string().describe('First date that was looked at.'),
    to: z.string().describe('Last date that was looked at.'),
    slots: z.array(slotOutput).describe('Free slots in order of time; those taken or closed are left out.'),
    message: z.string().describe('What was found and what to do next.'),
    ...pageOutput,
  }),
  async run(input, { database }) {
    const service = await requireService(database, input.service_id)
    const nowMs = Date.now()
    const fromDay = input.from === undefined ? dayAt(service.timeZone, nowMs) : toDay(input.from)
    const toDayIncluded = input.to === undefined ? fromDay + defaultDays - 1 : toDay(input.to)
    requireRange(fromDay, toDayIncluded)
    const [afterMs] = fromCursor(input.cursor, position) ?? []
    const found = await findFreeSlots(database, service, {
      fromDay,
      toDay: toDayIncluded,
      afterMs,
      nowMs,
      limit: input.limit + 1,
    })
    const { items, next_cursor } = toPage(found, input.limit, (slot) => [slot.startMs])
    const { earliestMs, latestMs } = bookableWindow(service, nowMs)
    const bookable = `It can be booked from ${toLocalIso(service.timeZone, earliestMs)} to ${toLocalIso(service.timeZone, latestMs)}.`
    return {
      service_id: service.id,
      service: service.title,
      time_zone: service.timeZone,
      from: toDate(fromDay),
      to: toDate(toDayIncluded),
      slots: items.map((slot) => showSlot(service, slot)),
      message: messageOf(items.length, next_cursor !== null, bookable),
      next_cursor,
    }
  },
})

function messageOf(count: number, more: boolean, bookable: string): string {
  if (count === 0) return `Nothing is free on these dates. ${bookable} Try other dates.`
  const rest = more ? ' There are more: call again with next_cursor.' : ''
  return `${count} free ${count === 1 ? 'slot' : 'slots'}.${rest} To book one, give its start to booking.create.`
}

function requireRange(fromDay: number, toDayIncluded: number): void {
  const days = toDayIncluded - fromDay + 1
  if (days < 1) {
    throw new Problem(
      'invalid-arguments',
      `to (${toDate(toDayIncluded)}) lies before from (${toDate(fromDay)}). Give them in order.`,
    )
  }
  if (days > maxDays) {
    throw new Problem(
      'invalid-arguments',
      `${toDate(fromDay)} to ${toDate(toDayIncluded)} are ${days} days; ask for at most ${maxDays} at a time.`,
    )
  }
}
