// Google Calendar: the events, invitations and free times of a connected account.
import { defineProvider } from '../provider.js'
import { connect } from './connect.js'
import { createEventTool } from './create-event.js'
import { deleteEventTool } from './delete-event.js'
import { findFreeSlotsTool } from './find-free-slots.js'
import { freeBusyTool } from './free-busy.js'
import { getEventTool } from './get-event.js'
import { listCalendarsTool } from './list-calendars.js'
import { listEventsTool } from './list-events.js'
import { moveEventTool } from './move-event.js'
import { quickAddTool } from './quick-add.js'
import { respondTool } from './respond.js'
import { syncEventsTool } from './sync-events.js'
import { updateEventTool } from './update-event.js'
import { ja as japanese } from './words.ja.js'

export const gcal = defineProvider({
  id: 'gcal',
  title: 'Google Calendar',
  description:
    'Read and write the events of your Google calendars, answer invitations, and find times that suit everybody.',
  japanese,
  scopes: {
    'gcal:read': { allows: 'see your Google calendars, their events, and when people are busy', access: 'read' },
    'gcal:write': {
      allows: 'add, change and delete events in your Google calendars, and answer invitations',
      access: 'write',
    },
  },
  connect,
  tools: [
    listCalendarsTool,
    listEventsTool,
    getEventTool,
    syncEventsTool,
    createEventTool,
    updateEventTool,
    moveEventTool,
    deleteEventTool,
    respondTool,
    quickAddTool,
    freeBusyTool,
    findFreeSlotsTool,
  ],
})
