// github.write_file: makes or replaces one file, as a commit on a branch.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { annotations, partsOf, pathInput, pathParts, rawText, refInput, repositoryInput } from './shapes.js'

const answerShape = z.object({
  content: z.object({ sha: z.string() }).nullish(),
  commit: z.object({ sha: z.string(), html_url: z.string().nullish() }),
})

export const writeFileTool = defineTool({
  name: 'github.write_file',
  title: 'Write a file',
  description:
    'Makes a new text file in a GitHub repository, or replaces all of one, as one commit on a branch. To replace a file give the sha that github.get_file returned: if somebody changed it since, nothing is written. Without sha it only makes a file that is not there yet. For a proposal use github.create_branch first and github.create_pull_request after.',
  scope: 'github:write',
  annotations: annotations.act,
  input: z.strictObject({
    ...repositoryInput,
    path: pathInput('The path of the file, e.g. docs/plan.md.'),
    content: rawText(500_000).describe('The whole new text of the file, kept as it is to the last line end.'),
    message: text({ min: 1, max: 5_000 }).describe('The message of the commit.'),
    branch: refInput('The branch to commit to, which must exist; the default branch unless told.').optional(),
    sha: text({ min: 40, max: 64 })
      .regex(/^[0-9a-f]+$/, 'must be the sha that github.get_file returned')
      .meta({ pattern: undefined })
      .optional()
      .describe('To replace a file: the sha of its content now.'),
    ...idempotencyInput,
  }),
  output: z.object({
    path: z.string(),
    sha: z.string().nullable().describe('The sha of its new content.'),
    commit_sha: z.string(),
    url: z.string().nullable().describe('The page of the commit.'),
  }),
  async run({ repository, path: place, content, message, branch, sha }, call) {
    const parts = pathParts(place)
    if (parts.length === 0) throw new Problem('invalid-arguments', 'path names no file.')
    const body = { message, content: Buffer.from(content, 'utf8').toString('base64'), branch, sha }
    const at = path`/repos/${partsOf(repository)}/contents/${parts}`
    return call.onceUpstream(async () => {
      const answer = await gitHub(call)
        .send('PUT', at, body, answerShape)
        .catch((error: unknown) => {
          throw clearer(error, parts, sha)
        })
      return {
        path: parts.join('/'),
        sha: answer.content?.sha ?? null,
        commit_sha: answer.commit.sha,
        url: answer.commit.html_url ?? null,
      }
    })
  },
})

/** What GitHub says in its own terms about a missing sha and about workflow files. */
function clearer(error: unknown, parts: readonly string[], sha: string | undefined): unknown {
  if (!(error instanceof Problem)) return error
  if (sha === undefined && error.code === 'invalid-arguments' && /sha/.test(error.detail)) {
    return new Problem(
      'conflict',
      `${parts.join('/')} exists already. Read it with github.get_file and call again with its sha to replace it.`,
      error.members,
    )
  }
  const isRefusal = error.code === 'forbidden' || error.code === 'not-found'
  if (isRefusal && parts[0] === '.github' && parts[1] === 'workflows') {
    return new Problem(
      error.code,
      `${error.detail} Files of workflows can only be written with GitHub's permission for workflows, which Sekisho does not ask for; a person changes them at GitHub.`,
      error.members,
    )
  }
  return error
}
