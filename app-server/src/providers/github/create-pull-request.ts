// github.create_pull_request: proposes a branch.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { pullAnswer, pullOutput, showPull } from './pulls.js'
import { annotations, loginInput, partsOf, rawText, refInput, repositoryInput } from './shapes.js'

export const createPullRequestTool = defineTool({
  name: 'github.create_pull_request',
  title: 'Open a pull request',
  description:
    'Proposes to merge a branch of a GitHub repository, in the name of the connected account; others are notified. The branch must have commits that the base has not, and no open pull request yet. As draft it asks nobody for a review.',
  scope: 'github:write',
  annotations: annotations.add,
  input: z.strictObject({
    ...repositoryInput,
    title: text({ min: 1, max: 256 }).describe('Its title.'),
    body: rawText(60_000).optional().describe('What it does and why, in Markdown.'),
    head: refInput('The branch with the changes.'),
    head_owner: loginInput('Owner of the fork that the branch is in; the same repository unless told.').optional(),
    base: refInput('The branch to merge it into, e.g. the default branch.'),
    draft: z.boolean().default(false).describe('Whether it is not ready for review yet.'),
    ...idempotencyInput,
  }),
  output: z.object({ pull_request: z.object(pullOutput).describe('It as it is now.') }),
  async run({ repository, title, body, head, head_owner, base, draft }, call) {
    const given = { title, body, head: head_owner ? `${head_owner}:${head}` : head, base, draft }
    const at = path`/repos/${partsOf(repository)}/pulls`
    const pull_request = await call.onceUpstream(async () =>
      showPull(await gitHub(call).send('POST', at, given, pullAnswer)),
    )
    return { pull_request }
  },
})
