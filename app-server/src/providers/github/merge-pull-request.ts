// github.merge_pull_request: merges what was read, and nothing that was pushed since.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { annotations, numberInput, partsOf, rawText, repositoryInput } from './shapes.js'

const answerShape = z.object({ sha: z.string().nullish(), merged: z.boolean(), message: z.string().optional() })

export const mergePullRequestTool = defineTool({
  name: 'github.merge_pull_request',
  title: 'Merge a pull request',
  description:
    'Merges a GitHub pull request. It cannot be undone: let the person confirm it, after github.get_pull_request said that it can be merged. Give head_sha from there: if somebody pushed since, nothing is merged. Rules of the repository can forbid a method, or merging without reviews and checks.',
  scope: 'github:write',
  annotations: annotations.act,
  input: z.strictObject({
    ...repositoryInput,
    number: numberInput('The number of the pull request.'),
    head_sha: text({ min: 40, max: 64 })
      .regex(/^[0-9a-f]+$/, 'must be the head_sha that github.get_pull_request returned')
      .meta({ pattern: undefined })
      .describe('The commit to merge: head_sha of github.get_pull_request.'),
    method: z
      .enum(['merge', 'squash', 'rebase'])
      .default('merge')
      .describe('How: a merge commit, all commits as one, or each on top of the base.'),
    title: text({ min: 1, max: 256 })
      .optional()
      .describe("First line of the commit's message; GitHub's own unless told."),
    message: rawText(20_000).optional().describe("The rest of the message; GitHub's own unless told."),
    ...idempotencyInput,
  }),
  output: z.object({
    merged: z.boolean(),
    commit_sha: z.string().nullable().describe('The commit on the base.'),
  }),
  async run({ repository, number, head_sha, method, title, message }, call) {
    const given = { sha: head_sha, merge_method: method, commit_title: title, commit_message: message }
    const at = path`/repos/${partsOf(repository)}/pulls/${number}/merge`
    return call.onceUpstream(async () => {
      const { merged, sha } = await gitHub(call).send('PUT', at, given, answerShape)
      return { merged, commit_sha: sha ?? null }
    })
  },
})
