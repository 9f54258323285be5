// gcal.move_event: from one calendar of the account to another.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool, upstreamOf } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { calendarId, eventInput, notifyInput } from './calendar-inputs.js'
import { requireEvent } from './events.js'
import { askGoogle } from './google-calendar-api.js'
import { mailSentence, sendUpdates, written, writtenOutput } from './write-parts.js'

export const moveEventTool = defineTool({
  name: 'gcal.move_event',
  title: 'Move an event to another calendar',
  description:
    'Moves an event, or a whole series, to another calendar, which becomes its organizer. One date of a series cannot be moved. To change when it is, use gcal.update_event.',
  scope: 'gcal:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    ...eventInput,
    to_calendar_id: calendarId('The calendar to move it to, from gcal.list_calendars.'),
    ...notifyInput,
    ...idempotencyInput,
    ...connectionInput,
  }),
  output: z.object(writtenOutput),
  run: (input, call) =>
    call.onceUpstream(async () => {
      const upstream = upstreamOf(call)
      const place = { calendarId: input.calendar_id, eventId: input.event_id }
      await beforeWriting(() => requireEvent(upstream, place))
      const moved = await askGoogle(upstream, (api) =>
        api.events.move({ ...place, destination: input.to_calendar_id, sendUpdates: sendUpdates(input.notify) }),
      )
      const message = `The event is now in ${input.to_calendar_id}.${mailSentence(moved.attendees, input.notify)}`
      return written(moved, input.to_calendar_id, message)
    }),
})
