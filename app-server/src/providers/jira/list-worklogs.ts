// jira.list_worklogs: the work that was logged on an issue.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toCursor } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { defineTool } from '../provider.js'
import { issueKey } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { siteInput } from './sites.js'
import { showWorklog, worklog, worklogOutput } from './worklogs.js'

const page = z.object({ worklogs: z.array(worklog), total: z.number().int() })

export const listWorklogsTool = defineTool({
  name: 'jira.list_worklogs',
  title: 'List the work logged on a Jira issue',
  description:
    'Lists the work people logged on an issue: who, when, how long and what, the oldest first. The total of an issue stands in jira.get_issue as time_spent.',
  scope: 'jira:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    issue: issueKey('The key of the issue, e.g. ABC-12.'),
    ...pageInput,
    ...siteInput,
    ...connectionInput,
  }),
  output: z.object({
    worklogs: z.array(worklogOutput).describe('Entries by when they were made.'),
    total: z.number().int().describe('How many there are.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    const [startAt] = fromCursor(input.cursor, z.tuple([z.number().int().min(0).max(1_000_000)])) ?? [0]
    const query = { startAt, maxResults: input.limit }
    const { worklogs, total } = await jira.get(page, path`/issue/${input.issue}/worklog`, query)
    const next = startAt + worklogs.length
    return {
      worklogs: worklogs.map(showWorklog),
      total,
      next_cursor: worklogs.length > 0 && next < total ? toCursor([next]) : null,
    }
  },
})
