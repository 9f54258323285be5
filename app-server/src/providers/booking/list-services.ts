// booking.list_services: what can be booked, when it is open and how it is booked.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { positionId } from '../inputs.js'
import { defineTool } from '../provider.js'
import { listServices, showHours, weekdayNames } from './services.js'

const position = z.tuple([positionId])

const service = z.object({
  id: z.string().describe('The id of the service, for booking.find_slots and booking.create.'),
  title: z.string(),
  description: z.string().describe('What it is.'),
  time_zone: z.string().describe('IANA time zone of the opening hours, e.g. Asia/Tokyo.'),
  duration_minutes: z.number().int().describe('How long one booking takes.'),
  slot_step_minutes: z.number().int().describe('Minutes from one possible start to the next, counted from opening.'),
  capacity: z.number().int().describe('How many bookings can run at the same time.'),
  min_notice_minutes: z.number().int().describe('How long before its start it has to be booked at the latest.'),
  max_days_ahead: z.number().int().describe('How many days ahead it can be booked at most.'),
  opening_hours: z
    .array(
      z.object({
        weekday: z.enum(weekdayNames).describe('The day of the week.'),
        opens: z.string().describe('Local time, HH:MM.'),
        closes: z.string().describe('Local time, HH:MM; 24:00 is the midnight that ends the day.'),
      }),
    )
    .describe('When it is open; a day may have several periods, a day without one is closed.'),
})

export const listServicesTool = defineTool({
  name: 'booking.list_services',
  title: 'List services to book',
  description:
    'Lists the services that can be booked, with opening hours, duration and time zone. Start here: the ids are needed by booking.find_slots and booking.create. Opening hours do not say what is still free; booking.find_slots does.',
  scope: 'booking:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ ...pageInput }),
  output: z.object({ services: z.array(service).describe('Always in the same order.'), ...pageOutput }),
  async run(input, { database }) {
    const rows = await listServices(database, fromCursor(input.cursor, position)?.[0], input.limit + 1)
    const { items, next_cursor } = toPage(rows, input.limit, (row) => [row.id])
    return {
      services: items.map((row) => ({
        id: row.id,
        title: row.title,
        description: row.description,
        time_zone: row.timeZone,
        duration_minutes: row.durationMinutes,
        slot_step_minutes: row.slotStepMinutes,
        capacity: row.capacity,
        min_notice_minutes: row.minNoticeMinutes,
        max_days_ahead: row.maxDaysAhead,
        opening_hours: row.hours.map(showHours),
      })),
      next_cursor,
    }
  },
})
