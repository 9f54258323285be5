// github.create_branch: begins a branch at another or at a commit.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { anyAnswer, gitHub, path } from './github-api.js'
import { annotations, partsOf, refInput, repositoryInput } from './shapes.js'

const repositoryAnswer = z.object({ default_branch: z.string() })

export const createBranchTool = defineTool({
  name: 'github.create_branch',
  title: 'Begin a branch',
  description:
    'Begins a branch in a GitHub repository where another branch, a tag or a commit is now. Then write to it with github.write_file and propose it with github.create_pull_request. A branch of that name must not exist yet.',
  scope: 'github:write',
  annotations: annotations.add,
  input: z.strictObject({
    ...repositoryInput,
    name: refInput('The name of the new branch, e.g. fix/typo.'),
    from: refInput('Branch, tag or commit to begin at; the default branch unless told.').optional(),
    ...idempotencyInput,
  }),
  output: z.object({
    name: z.string(),
    sha: z.string().describe('The commit it begins at.'),
  }),
  async run({ repository, name, from }, call) {
    const api = gitHub(call)
    const at = partsOf(repository)
    const begin = from ?? (await api.get(path`/repos/${at}`, repositoryAnswer)).default_branch
    const sha = (await api.bytes(path`/repos/${at}/commits/${begin}`, { media: 'sha' })).toString('utf8').trim()
    return call.onceUpstream(async () => {
      await api.send('POST', path`/repos/${at}/git/refs`, { ref: `refs/heads/${name}`, sha }, anyAnswer)
      return { name, sha }
    })
  },
})
