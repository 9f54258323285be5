// jira.list_transitions: where an issue can go from here.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { defineTool } from '../provider.js'
import { listed } from './fields.js'
import { issueKey } from './issues.js'
import { jiraOf } from './jira-api.js'
import { siteInput } from './sites.js'
import { transitionsOf } from './transitions.js'

export const listTransitionsTool = defineTool({
  name: 'jira.list_transitions',
  title: 'List the transitions of a Jira issue',
  description:
    'Lists the transitions the workflow allows for an issue right now: their names, the status each leads to, and the fields that must be given with it. Use it when jira.transition_issue says that a status cannot be reached.',
  scope: 'jira:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    issue: issueKey('The key of the issue, e.g. ABC-12.'),
    ...pageInput,
    ...siteInput,
    ...connectionInput,
  }),
  output: z.object({
    transitions: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          to_status: z.string().describe('The status it leads to.'),
          required_fields: z.array(z.string()).describe('What must be given with it, and what can be chosen.'),
        }),
      )
      .describe('Transitions that are possible now.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const [after] = fromCursor(input.cursor, z.tuple([z.number().int().min(0).max(10_000)])) ?? [0]
    const all = await transitionsOf(jiraOf(call, input), input.issue)
    const rows = all.map((one, index) => ({ one, index })).slice(after, after + input.limit + 1)
    const { items, next_cursor } = toPage(rows, input.limit, ({ index }) => [index + 1])
    return {
      transitions: items.map(({ one: { id, name, status, fields } }) => ({
        id,
        name,
        to_status: status,
        required_fields: fields
          .filter(({ required }) => required)
          .map((field) => field.name + (field.choices.length > 0 ? `: ${listed(field)}` : '')),
      })),
      next_cursor,
    }
  },
})
