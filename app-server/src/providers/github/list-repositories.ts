// github.list_repositories: what the connected account works on.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { repositoryAnswer, repositoryOutput, showRepository } from './repositories.js'
import { annotations } from './shapes.js'

export const listRepositoriesTool = defineTool({
  name: 'github.list_repositories',
  title: 'List repositories',
  description:
    'Lists the GitHub repositories that the connected account owns, was added to or has through an organization, those pushed to last first. Use it to find the owner/name that other tools take. Repositories of strangers are not in it: name those directly.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    visibility: z.enum(['all', 'public', 'private']).default('all').describe('Which of them.'),
    sort: z
      .enum(['pushed', 'created', 'full_name'])
      .default('pushed')
      .describe('Their order; dates with the newest first.'),
    ...pageInput,
    ...connectionInput,
  }),
  output: z.object({
    repositories: z.array(z.object(repositoryOutput)).describe('In the order that was asked for.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const { visibility, sort } = input
    const { answer, next_cursor } = await gitHub(call).page(
      path`/user/repos`,
      z.array(repositoryAnswer),
      pageAsked(input),
      { query: { visibility, sort } },
    )
    return { repositories: answer.map(showRepository), next_cursor }
  },
})
