// gcal.delete_event: takes an event, one date of a series or a whole series out of a calendar.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool, upstreamOf } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { applyToInput, etagInput, eventInput, notifyInput } from './calendar-inputs.js'
import { titleOf } from './events.js'
import { askGoogle, isAnswer } from './google-calendar-api.js'
import { changedMeanwhile, requireEtag, requireTarget } from './series.js'
import { mailSentence, sendUpdates } from './write-parts.js'

export const deleteEventTool = defineTool({
  name: 'gcal.delete_event',
  title: 'Delete an event',
  description:
    'Deletes an event, one date of a series or a whole series. The guests of an event of the person’s own are told that it is cancelled unless notify says otherwise; somebody else’s event leaves this calendar only. Let the person agree first.',
  scope: 'gcal:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    ...eventInput,
    ...applyToInput,
    ...etagInput,
    ...notifyInput,
    ...idempotencyInput,
    ...connectionInput,
  }),
  output: z.object({
    deleted_id: z.string().describe('The id of what was deleted: the event or the series.'),
    message: z.string().describe('What happened and who is told.'),
  }),
  run: (input, call) =>
    call.onceUpstream(async () => {
      const upstream = upstreamOf(call)
      const { calendar_id: calendarId, notify } = input
      const place = { calendarId, eventId: input.event_id }
      const target = await beforeWriting(() => requireTarget(upstream, place, input.apply_to))
      requireEtag(target, input.etag)
      const { event, eventId } = target
      try {
        await askGoogle(upstream, (api) =>
          api.events.delete(
            { calendarId, eventId, sendUpdates: sendUpdates(notify) },
            { headers: { 'If-Match': event.etag ?? '*' } },
          ),
        )
      } catch (error) {
        if (isAnswer(error, 412)) throw changedMeanwhile()
        // Somebody was faster: it is gone, as it should be.
        if (!isAnswer(error, 410)) throw error
      }
      const what = event.recurrence ? 'The whole series' : 'The event'
      return {
        deleted_id: eventId,
        message: `${what} "${titleOf(event).replaceAll('"', "'")}" is deleted.${mailSentence(event.attendees, notify)}`,
      }
    }),
})
