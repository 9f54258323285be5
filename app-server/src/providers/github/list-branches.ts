// github.list_branches: the branches of a repository.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { annotations, partsOf, repositoryInput } from './shapes.js'

const answerShape = z.array(
  z.object({ name: z.string(), commit: z.object({ sha: z.string() }), protected: z.boolean().optional() }),
)

export const listBranchesTool = defineTool({
  name: 'github.list_branches',
  title: 'List branches',
  description:
    'Lists the branches of a GitHub repository in the order of their names, each with its newest commit. What is on one: github.list_commits, github.list_directory.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({ ...repositoryInput, ...pageInput }),
  output: z.object({
    branches: z.array(
      z.object({
        name: z.string().describe('Its name, for the ref or branch of other tools.'),
        sha: z.string().describe('Its newest commit.'),
        protected: z.boolean().describe('Whether rules limit what may be pushed to it.'),
      }),
    ),
    ...pageOutput,
  }),
  async run(input, call) {
    const at = path`/repos/${partsOf(input.repository)}/branches`
    const { answer, next_cursor } = await gitHub(call).page(at, answerShape, pageAsked(input))
    return {
      branches: answer.map(({ name, commit, protected: isProtected }) => ({
        name,
        sha: commit.sha,
        protected: isProtected ?? false,
      })),
      next_cursor,
    }
  },
})
