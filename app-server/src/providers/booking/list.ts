// booking.list: the caller's own bookings.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { positionId } from '../inputs.js'
import { defineTool } from '../provider.js'
import { type Booking, bookingOutput, selectBookings, showBooking } from './bookings.js'

const shows = ['upcoming', 'past', 'cancelled'] as const

/** Which bookings each choice means, and in which direction they are read. */
const conditions: Record<(typeof shows)[number], { where: string; order: 'ASC' | 'DESC' }> = {
  upcoming: { where: `b.status = 'confirmed' AND b.ends_at > now()`, order: 'ASC' },
  past: { where: `b.status = 'confirmed' AND b.ends_at <= now()`, order: 'DESC' },
  cancelled: { where: `b.status = 'cancelled'`, order: 'DESC' },
}

export const listTool = defineTool({
  name: 'booking.list',
  title: 'List my bookings',
  description:
    'Lists the bookings of the signed-in person: upcoming ones (the soonest first), past ones or cancelled ones (the latest first). The ids are needed by booking.reschedule and booking.cancel.',
  scope: 'booking:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    show: z
      .enum(shows)
      .default('upcoming')
      .describe('Which bookings: upcoming (also running ones), past or cancelled.'),
    ...pageInput,
  }),
  output: z.object({ bookings: z.array(bookingOutput).describe('Bookings by their start.'), ...pageOutput }),
  async run(input, { caller, database }) {
    const after = fromCursor(input.cursor, z.tuple([z.literal(input.show), z.iso.datetime(), positionId]))
    const { where, order } = conditions[input.show]
    const rows = await database.query<Booking>(
      `${selectBookings} WHERE b.user_id = $1 AND ${where}
          AND ($2::timestamptz IS NULL OR (b.starts_at, b.id) ${order === 'ASC' ? '>' : '<'} ($2, $3::uuid))
        ORDER BY b.starts_at ${order}, b.id ${order} LIMIT $4`,
      [caller.userId, after?.[1] ?? null, after?.[2] ?? null, input.limit + 1],
    )
    const { items, next_cursor } = toPage(rows, input.limit, (row) => [input.show, row.startsAt, row.id])
    return { bookings: items.map(showBooking), next_cursor }
  },
})
