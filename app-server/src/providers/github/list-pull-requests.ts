// github.list_pull_requests: the pull requests of one repository.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { pullAnswer, pullOutput, showPull } from './pulls.js'
import { annotations, partsOf, refInput, repositoryInput } from './shapes.js'

export const listPullRequestsTool = defineTool({
  name: 'github.list_pull_requests',
  title: 'List pull requests',
  description:
    'Lists the pull requests of a GitHub repository, the newest first. For those of an author, with words, or waiting for a review, use github.search_issues with kind pull_request. Read one with github.get_pull_request.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    state: z.enum(['open', 'closed', 'all']).default('open').describe('Which of them; closed has the merged ones too.'),
    base: refInput('Only those to be merged into this branch.').optional(),
    head: refInput('Only those of this branch of the same repository.').optional(),
    sort: z.enum(['created', 'updated']).default('created').describe('What decides their order.'),
    direction: z.enum(['desc', 'asc']).default('desc').describe('desc: the newest first.'),
    ...pageInput,
  }),
  output: z.object({
    pull_requests: z.array(z.object(pullOutput)).describe('In the order that was asked for.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const { repository, state, base, head, sort, direction } = input
    const at = partsOf(repository)
    const query = { state, base, head: head && `${at[0]}:${head}`, sort, direction }
    const { answer, next_cursor } = await gitHub(call).page(
      path`/repos/${at}/pulls`,
      z.array(pullAnswer),
      pageAsked(input),
      { query },
    )
    return { pull_requests: answer.map(showPull), next_cursor }
  },
})
