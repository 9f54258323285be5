// gcal.respond: the person's answer to an invitation.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool, upstreamOf } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { eventInput, notifyInput } from './calendar-inputs.js'
import { requireEvent } from './events.js'
import { askGoogle } from './google-calendar-api.js'
import { sendUpdates, written, writtenOutput } from './write-parts.js'

export const respondTool = defineTool({
  name: 'gcal.respond',
  title: 'Answer an invitation',
  description:
    'Accepts or declines an invitation, or says that the person may come, with a word to the organizer if wanted. With the id of one date it answers for that date, with a series_id for the whole series. The organizer is told unless notify says otherwise.',
  scope: 'gcal:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    ...eventInput,
    response: z.enum(['accepted', 'declined', 'tentative']).describe('The answer.'),
    comment: text({ max: 500 }).optional().describe('A word to the organizer and the guests.'),
    ...notifyInput,
    ...idempotencyInput,
    ...connectionInput,
  }),
  redact: ['comment'],
  output: z.object(writtenOutput),
  run: (input, call) =>
    call.onceUpstream(async () => {
      const upstream = upstreamOf(call)
      const place = { calendarId: input.calendar_id, eventId: input.event_id }
      const event = await beforeWriting(() => requireEvent(upstream, place))
      const own = event.attendees?.find(({ self }) => self)
      if (!own?.email) {
        throw new Problem(
          'conflict',
          'The connected account is not among the guests of this event, so there is nothing to answer.',
        )
      }
      const { response, comment, notify } = input
      // With the rest of the list left out, Google changes this guest's answer alone, whoever else answers meanwhile.
      const answer = { email: own.email, responseStatus: response, ...(comment === undefined ? {} : { comment }) }
      const answered = await askGoogle(upstream, (api) =>
        api.events.patch({
          ...place,
          sendUpdates: sendUpdates(notify),
          requestBody: { attendeesOmitted: true, attendees: [answer] },
        }),
      )
      const told = notify === 'none' ? 'Google sends no mail about it.' : 'Google tells the organizer.'
      return written(answered, input.calendar_id, `The answer is ${response}. ${told}`)
    }),
})
