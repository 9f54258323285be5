// Services of a small café and salon, so that the first booking in a fresh development database has something to book.
import type { Sql } from '../../platform/database/database.js'

const monday = 1
const tuesday = 2
const wednesday = 3
const thursday = 4
const friday = 5
const saturday = 6
const sunday = 7

interface SampleService {
  title: string
  description: string
  timeZone: string
  durationMinutes: number
  slotStepMinutes: number
  capacity: number
  minNoticeMinutes: number
  maxDaysAhead: number
  /** Weekdays with the hours they are open, in whole hours of local time. */
  hours: readonly (readonly [weekdays: readonly number[], opens: number, closes: number])[]
}

const weekdays = [tuesday, wednesday, thursday, friday]

const services: readonly SampleService[] = [
  {
    title: 'Haircut',
    description: 'Consultation, wash, cut and blow-dry with one of our two stylists.',
    timeZone: 'Asia/Tokyo',
    durationMinutes: 60,
    slotStepMinutes: 30,
    capacity: 2,
    minNoticeMinutes: 60,
    maxDaysAhead: 60,
    hours: [
      [weekdays, 10, 13],
      [weekdays, 14, 19],
      [[saturday, sunday], 9, 18],
    ],
  },
  {
    title: 'Colour and cut',
    description: 'Full colour with a cut. Fill in the form "First visit to the salon" if you are new.',
    timeZone: 'Asia/Tokyo',
    durationMinutes: 150,
    slotStepMinutes: 30,
    capacity: 1,
    minNoticeMinutes: 180,
    maxDaysAhead: 60,
    hours: [
      [weekdays, 10, 19],
      [[saturday, sunday], 9, 18],
    ],
  },
  {
    title: 'Camellia head spa',
    description: 'Scalp massage with camellia oil in a quiet room.',
    timeZone: 'Asia/Tokyo',
    durationMinutes: 45,
    slotStepMinutes: 15,
    capacity: 1,
    minNoticeMinutes: 60,
    maxDaysAhead: 60,
    hours: [
      [weekdays, 11, 20],
      [[saturday], 10, 18],
    ],
  },
  {
    title: 'Pour-over coffee class',
    description: 'Two hours at the café bar: choosing beans, grinding, pouring, tasting. Six people at most.',
    timeZone: 'Asia/Tokyo',
    durationMinutes: 120,
    slotStepMinutes: 120,
    capacity: 6,
    minNoticeMinutes: 24 * 60,
    maxDaysAhead: 90,
    hours: [
      [[wednesday], 18, 20],
      [[saturday, sunday], 14, 18],
    ],
  },
  {
    title: 'Online coffee advice from our roastery in Berlin',
    description: 'Half an hour by video with our roaster: beans, grinder, water. The times are those of Berlin.',
    timeZone: 'Europe/Berlin',
    durationMinutes: 30,
    slotStepMinutes: 30,
    capacity: 1,
    minNoticeMinutes: 120,
    maxDaysAhead: 30,
    hours: [[[monday, tuesday, wednesday, thursday, friday], 9, 12]],
  },
]

export async function addBookingSamples(sql: Sql): Promise<void> {
  for (const [index, service] of services.entries()) {
    const serviceId = sampleId(index + 1)
    await sql.query(
      `INSERT INTO booking_services (id, title, description, time_zone, duration_minutes, slot_step_minutes, capacity,
                                     min_notice_minutes, max_days_ahead)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        serviceId,
        service.title,
        service.description,
        service.timeZone,
        service.durationMinutes,
        service.slotStepMinutes,
        service.capacity,
        service.minNoticeMinutes,
        service.maxDaysAhead,
      ],
    )
    for (const [days, opens, closes] of service.hours) {
      await sql.query(
        `INSERT INTO booking_hours (service_id, weekday, opens_minute, closes_minute)
         SELECT $1, weekday, $3, $4 FROM unnest($2::smallint[]) AS weekday`,
        [serviceId, days, opens * 60, closes * 60],
      )
    }
  }
}

/** The same in every development database, so that an example keeps working. */
function sampleId(number: number): string {
  return `5e415200-0000-4000-8000-${String(number).padStart(12, '0')}`
}
