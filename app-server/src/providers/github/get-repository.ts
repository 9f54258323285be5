// github.get_repository: what a repository is, with the beginning of its README.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { type GitHubApi, gitHub, path } from './github-api.js'
import { repositoryAnswer, repositoryOutput, showRepository } from './repositories.js'
import { annotations, bodyOf, partsOf, repositoryInput } from './shapes.js'

/** Characters of the README that are shown; github.get_file has the rest. */
const maxReadme = 4_000

const readmeAnswer = z.object({ path: z.string(), encoding: z.string().optional(), content: z.string().optional() })

export const getRepositoryTool = defineTool({
  name: 'github.get_repository',
  title: 'Look at a repository',
  description:
    'Says what a GitHub repository is: description, default branch, topics, license, what the connected account may do there, and the beginning of its README. For its files use github.list_directory and github.get_file.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({ ...repositoryInput }),
  output: z.object({
    ...repositoryOutput,
    topics: z.array(z.string()).describe('Words its owners filed it under.'),
    license: z.string().nullable().describe('SPDX id of its license.'),
    fork: z.boolean().describe('Whether it began as a copy of another.'),
    stars: z.number().int(),
    open_issues: z.number().int().describe('Open issues and pull requests together.'),
    has_issues: z.boolean().describe('Whether issues are switched on.'),
    readme: z
      .object({
        path: z.string().describe('Where it is.'),
        text: z.string().describe('Its beginning, as written by others.'),
        is_whole: z.boolean().describe('False when github.get_file has more of it.'),
      })
      .nullable()
      .describe('Null when there is none.'),
  }),
  async run({ repository }, call) {
    const api = gitHub(call)
    const at = partsOf(repository)
    const [answer, readme] = await Promise.all([api.get(path`/repos/${at}`, repositoryAnswer), readmeOf(api, at)])
    return {
      ...showRepository(answer),
      topics: (answer.topics ?? []).map((topic) => oneLine(topic, 60)),
      license: answer.license?.spdx_id ?? null,
      fork: answer.fork ?? false,
      stars: answer.stargazers_count ?? 0,
      open_issues: answer.open_issues_count ?? 0,
      has_issues: answer.has_issues ?? true,
      readme,
    }
  },
})

async function readmeOf(api: GitHubApi, at: readonly string[]) {
  const answer = await api.get(path`/repos/${at}/readme`, readmeAnswer).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'not-found') return undefined
    throw error
  })
  if (!answer) return null
  const { text, next } = bodyOf(Buffer.from(answer.content ?? '', 'base64').toString('utf8'), maxReadme)
  return { path: answer.path, text, is_whole: next === null && answer.encoding !== 'none' }
}
