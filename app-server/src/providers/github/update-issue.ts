// github.update_issue: changes some of an issue, or of a pull request, and leaves the rest.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { issueAnswer, issueOutput, showIssue } from './issues.js'
import { annotations, loginInput, numberInput, partsOf, rawText, repositoryInput } from './shapes.js'

export const updateIssueTool = defineTool({
  name: 'github.update_issue',
  title: 'Change an issue',
  description:
    'Changes a GitHub issue or pull request: title, text, state, labels or assignees. What you leave out stays as it is; labels and assignees you give replace all there were, so read them with github.get_issue first. Closing a pull request does not merge it (github.merge_pull_request does).',
  scope: 'github:write',
  annotations: annotations.set,
  input: z.strictObject({
    ...repositoryInput,
    number: numberInput('The number of the issue or pull request.'),
    title: text({ min: 1, max: 256 }).optional().describe('The new title.'),
    body: rawText(60_000).optional().describe('The new text, in Markdown, in place of the old; empty takes it away.'),
    state: z.enum(['open', 'closed']).optional().describe('Closes it or opens it again.'),
    state_reason: z
      .enum(['completed', 'not_planned', 'duplicate', 'reopened'])
      .optional()
      .describe('Why, beside state; issues only.'),
    labels: z
      .array(text({ min: 1, max: 100 }).describe('A label.'))
      .max(50)
      .optional()
      .describe('All labels it shall have; an empty list takes all away.'),
    assignees: z
      .array(loginInput('A login.'))
      .max(10)
      .optional()
      .describe('All logins it shall be assigned to; an empty list takes all away.'),
    ...idempotencyInput,
  }),
  output: z.object({ issue: z.object(issueOutput).describe('It as it is now.') }),
  async run({ repository, number, title, body, state, state_reason, labels, assignees }, call) {
    const changes = { title, body, state, state_reason, labels, assignees }
    if (Object.values(changes).every((change) => change === undefined)) {
      throw new Problem('invalid-arguments', 'Say what to change: title, body, state, labels or assignees.')
    }
    const at = path`/repos/${partsOf(repository)}/issues/${number}`
    const issue = await call.onceUpstream(async () =>
      showIssue(await gitHub(call).send('PATCH', at, changes, issueAnswer)),
    )
    return { issue }
  },
})
