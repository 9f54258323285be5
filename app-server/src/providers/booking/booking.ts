// Appointments: services with opening hours, their free slots, and the bookings people hold.
import { defineProvider } from '../provider.js'
import { cancelTool } from './cancel.js'
import { createTool } from './create.js'
import { findSlotsTool } from './find-slots.js'
import { listTool } from './list.js'
import { listServicesTool } from './list-services.js'
import { rescheduleTool } from './reschedule.js'
import { addBookingSamples } from './sample.js'
import { BookingTables1763600011000 } from './schema.js'
import { ja as japanese } from './words.ja.js'

export const booking = defineProvider({
  id: 'booking',
  title: 'Bookings',
  description: 'Book appointments: services, free slots, and your own bookings.',
  japanese,
  scopes: {
    'booking:read': { allows: 'see services, free times and your bookings', access: 'read' },
    'booking:create': { allows: 'book appointments in your name', access: 'write' },
    'booking:update': { allows: 'move your bookings to another time', access: 'write' },
    'booking:delete': { allows: 'cancel your bookings', access: 'write' },
  },
  tools: [listServicesTool, findSlotsTool, createTool, listTool, rescheduleTool, cancelTool],
  migrations: [BookingTables1763600011000],
  sampleData: addBookingSamples,
})
