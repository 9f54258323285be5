// github.add_comment: answers below an issue or a pull request.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { commentAnswer } from './issues.js'
import { annotations, numberInput, partsOf, rawText, repositoryInput } from './shapes.js'

export const addCommentTool = defineTool({
  name: 'github.add_comment',
  title: 'Comment on an issue or pull request',
  description:
    'Adds a comment below a GitHub issue or pull request in the name of the connected account; its watchers are notified. For comments on lines of a change, and for approving, use github.review_pull_request.',
  scope: 'github:write',
  annotations: annotations.add,
  input: z.strictObject({
    ...repositoryInput,
    number: numberInput('The number of the issue or pull request.'),
    body: rawText(60_000).min(1).describe('The comment, in Markdown. @login notifies a person; #12 links to issue 12.'),
    ...idempotencyInput,
  }),
  output: z.object({
    comment_id: z.number().int(),
    url: z.string().describe('Where it is to be seen.'),
  }),
  async run({ repository, number, body }, call) {
    const at = path`/repos/${partsOf(repository)}/issues/${number}/comments`
    const comment = await call.onceUpstream(async () => {
      const { id, html_url } = await gitHub(call).send('POST', at, { body }, commentAnswer)
      return { comment_id: id, url: html_url }
    })
    return comment
  },
})
