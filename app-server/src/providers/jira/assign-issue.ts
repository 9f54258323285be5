// jira.assign_issue: gives an issue to somebody, or to nobody.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { issueKey } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { assigneeText, requirePerson } from './people.js'
import { siteInput } from './sites.js'

export const assignIssueTool = defineTool({
  name: 'jira.assign_issue',
  title: 'Assign a Jira issue',
  description:
    'Assigns an issue to somebody, found by name, e-mail address or account id; to the connected account (me); or to nobody (none). When a name may mean several people it says which, so that you can ask.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    issue: issueKey('The key of the issue, e.g. ABC-12.'),
    assignee: assigneeText().describe('me, none, a name, an e-mail address or an account id.'),
    ...siteInput,
    ...connectionInput,
    ...idempotencyInput,
  }),
  output: z.object({
    key: z.string(),
    assignee: z.string().nullable().describe('Who it is assigned to now; null for nobody.'),
    message: z.string(),
  }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    return call.onceUpstream(async () => {
      const person =
        input.assignee.toLowerCase() === 'none'
          ? undefined
          : await beforeWriting(() => requirePerson(jira, input.assignee, { issueKey: input.issue }))
      await jira.act('PUT', path`/issue/${input.issue}/assignee`, { accountId: person?.id ?? null })
      const message = person ? `${input.issue} is assigned to ${person.name}.` : `${input.issue} is assigned to nobody.`
      return { key: input.issue, assignee: person?.name ?? null, message }
    })
  },
})
