// gcal.quick_add: an event from one sentence, which Google reads.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool, upstreamOf } from '../provider.js'
import { calendarInput, notifyInput } from './calendar-inputs.js'
import { noSuchCalendar } from './events.js'
import { askGoogle, isAnswer } from './google-calendar-api.js'
import { sendUpdates, written, writtenOutput } from './write-parts.js'

export const quickAddTool = defineTool({
  name: 'gcal.quick_add',
  title: 'Add an event from a sentence',
  description:
    'Lets Google make an event from one sentence such as "Lunch with Ken tomorrow at 12:30". Google guesses the times, in the calendar’s time zone: hold the event that comes back against what was meant. When the times are known, use gcal.create_event.',
  scope: 'gcal:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    ...calendarInput,
    text: text({ min: 1, max: 500 }).describe('The sentence, in English or the language of the account.'),
    ...notifyInput,
    ...idempotencyInput,
    ...connectionInput,
  }),
  output: z.object(writtenOutput),
  run: (input, call) =>
    call.onceUpstream(async () => {
      const { calendar_id: calendarId, notify } = input
      const event = await askGoogle(upstreamOf(call), (api) =>
        api.events.quickAdd({ calendarId, text: input.text, sendUpdates: sendUpdates(notify) }),
      ).catch((error: unknown) => {
        throw isAnswer(error, 404) ? noSuchCalendar(calendarId) : error
      })
      const shown = written(event, calendarId, '')
      const message = `Google understood: "${shown.event.title.replaceAll('"', "'")}" from ${shown.event.start} to ${shown.event.end}. If that is wrong, mend it with gcal.update_event.`
      return { ...shown, message }
    }),
})
