// jira.add_worklog: logs work on an issue.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { requireInstant, time, timeZone } from '../time-input.js'
import { issueKey } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { markdownToAdf } from './markdown-to-adf.js'
import { siteInput } from './sites.js'
import { markdownInput } from './texts.js'
import { duration, showWorklog, timeSpent, worklog, worklogOutput } from './worklogs.js'

export const addWorklogTool = defineTool({
  name: 'jira.add_worklog',
  title: 'Log work on a Jira issue',
  description:
    'Logs work of the connected account on an issue: how long, since when, and what was done. Give an idempotency_key, so that a repetition logs nothing twice.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    issue: issueKey('The key of the issue, e.g. ABC-12.'),
    time_spent: duration('How long: e.g. 1h 30m, 2d, 45m, or seconds as a number.'),
    started_at: time('When the work began, with an offset, or local with time_zone. Now, unless told.').optional(),
    time_zone: timeZone('The time zone of a local started_at, e.g. Asia/Tokyo.').optional(),
    comment: markdownInput('What was done, as Markdown.').optional(),
    ...siteInput,
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['comment'],
  output: worklogOutput,
  async run(input, call) {
    const jira = jiraOf(call, input)
    const body = {
      ...timeSpent(input.time_spent),
      // Jira wants it in any case.
      started: jiraMoment(startMs(input.started_at, input.time_zone)),
      ...(input.comment === undefined ? {} : { comment: markdownToAdf(input.comment) }),
    }
    return call.onceUpstream(async () =>
      showWorklog(await jira.post(worklog, path`/issue/${input.issue}/worklog`, body)),
    )
  },
})

/** As Jira takes times: with milliseconds, and an offset without a colon. */
function jiraMoment(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}

function startMs(given: string | undefined, zone: string | undefined): number {
  if (given === undefined) return Date.now()
  if (zone === undefined && !/(?:Z|[+-]\d{2}:\d{2})$/.test(given)) {
    throw new Problem(
      'invalid-arguments',
      `started_at ${given} is a local time: give time_zone as well, or an offset as in ${given}+09:00.`,
    )
  }
  return requireInstant(given, zone ?? 'UTC')
}
