// github.create_issue: opens an issue.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { issueAnswer, issueOutput, showIssue } from './issues.js'
import { annotations, loginInput, partsOf, rawText, repositoryInput } from './shapes.js'

export const createIssueTool = defineTool({
  name: 'github.create_issue',
  title: 'Open an issue',
  description:
    'Opens an issue in a GitHub repository in the name of the connected account; others are notified. Look with github.search_issues whether there is one already. Labels and assignees count only where the account may push: compare what comes back.',
  scope: 'github:write',
  annotations: annotations.add,
  input: z.strictObject({
    ...repositoryInput,
    title: text({ min: 1, max: 256 }).describe('Its title.'),
    body: rawText(60_000).optional().describe('Its text, in Markdown.'),
    labels: z
      .array(text({ min: 1, max: 100 }).describe('A label.'))
      .max(20)
      .optional()
      .describe('Labels to give it.'),
    assignees: z.array(loginInput('A login.')).max(10).optional().describe('Logins to assign it to.'),
    ...idempotencyInput,
  }),
  output: z.object({ issue: z.object(issueOutput).describe('The issue as it is now.') }),
  async run({ repository, title, body, labels, assignees }, call) {
    const issue = await call.onceUpstream(async () =>
      showIssue(
        await gitHub(call).send(
          'POST',
          path`/repos/${partsOf(repository)}/issues`,
          { title, body, labels, assignees },
          issueAnswer,
        ),
      ),
    )
    return { issue }
  },
})
