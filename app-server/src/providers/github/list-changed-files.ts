// github.list_changed_files: what a pull request or a commit changes, as a diff of each file.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { excerpt, plainText } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { type ApiPath, type GitHubApi, gitHub, pageAsked, path } from './github-api.js'
import { fileAnswer } from './pulls.js'
import {
  annotations,
  numberInput,
  offsetInput,
  partsOf,
  pathInput,
  pathParts,
  refInput,
  repositoryInput,
} from './shapes.js'

/** Characters of one file's diff: in a list, and when it alone is asked for. */
const maxPatchInList = 3_000
const maxPatch = 20_000
/** GitHub gives 3,000 files at most. */
const mostPages = 30

type File = z.output<typeof fileAnswer>

export const listChangedFilesTool = defineTool({
  name: 'github.list_changed_files',
  title: 'List changed files',
  description:
    'Lists the files that a GitHub pull request or commit changes, each with its diff. A long diff is cut: call again with path, and patch_offset, for the rest of that file. GitHub gives no diff for binary or very large changes, and at most 3,000 files. Give either pull_request or commit.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    pull_request: numberInput('The number of the pull request.').optional(),
    commit: refInput('The sha of the commit (or a branch or tag for its newest).').optional(),
    path: pathInput('Only this file, with more of its diff.').optional(),
    patch_offset: offsetInput.describe('Where to go on in the diff of path: next_patch_offset of the answer before.'),
    ...pageInput,
  }),
  output: z.object({
    files: z
      .array(
        z.object({
          path: z.string(),
          previous_path: z.string().nullable().describe('Its path before it was renamed.'),
          status: z.string().describe('added, modified, removed, renamed, copied.'),
          additions: z.number().int(),
          deletions: z.number().int(),
          patch: z.string().nullable().describe('The diff in unified format; null when GitHub gives none.'),
          next_patch_offset: z.number().int().nullable().describe('patch_offset for the rest; null at the end.'),
        }),
      )
      .describe('In the order of their paths.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const { repository, pull_request, commit, path: wanted, patch_offset } = input
    const of = partsOf(repository)
    if ((pull_request === undefined) === (commit === undefined)) {
      throw new Problem('invalid-arguments', 'Give either pull_request or commit.')
    }
    const api = gitHub(call)
    const asked =
      pull_request === undefined
        ? {
            at: path`/repos/${of}/commits/${commit ?? ''}`,
            shape: z.object({ files: z.array(fileAnswer).default([]) }),
          }
        : {
            at: path`/repos/${of}/pulls/${pull_request}/files`,
            shape: z.array(fileAnswer).transform((files) => ({ files })),
          }
    if (wanted !== undefined) {
      const file = await find(api, asked.at, asked.shape, wanted)
      return { files: [show(file, maxPatch, patch_offset)], next_cursor: null }
    }
    const { answer, next_cursor } = await api.page<{ files: File[] }>(asked.at, asked.shape, pageAsked(input))
    return { files: answer.files.map((file) => show(file, maxPatchInList)), next_cursor }
  },
})

async function find(api: GitHubApi, at: ApiPath, shape: z.ZodType<{ files: File[] }>, wanted: string): Promise<File> {
  const name = pathParts(wanted).join('/')
  for (let page = 1; page <= mostPages; page++) {
    const { answer, next_cursor } = await api.page(at, shape, { page, per_page: 100 })
    const file = answer.files.find(({ filename }) => filename === name)
    if (file) return file
    if (next_cursor === null) break
  }
  throw new Problem('not-found', `${wanted} is not among the files that were changed.`)
}

function show(file: File, max: number, from = 0) {
  const patch = file.patch === undefined ? undefined : excerpt(plainText(file.patch), { from, max })
  return {
    path: file.filename,
    previous_path: file.previous_filename ?? null,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    patch: patch?.text ?? null,
    next_patch_offset: patch?.next ?? null,
  }
}
