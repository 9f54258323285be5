// github.list_directory: what lies in a folder, or below it.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toCursor } from '../../platform/paging.js'
import { defineTool } from '../provider.js'
import { type GitHubApi, gitHub, path } from './github-api.js'
import { annotations, partsOf, pathInput, pathParts, refInput, repositoryInput } from './shapes.js'

const folderAnswer = z.object({ type: z.string(), path: z.string(), sha: z.string() })
const treeAnswer = z.object({
  truncated: z.boolean().optional(),
  tree: z.array(
    z.object({ path: z.string(), type: z.string(), mode: z.string().optional(), size: z.number().optional() }),
  ),
})

/** The sha of the folder is in the cursor: later pages are of the same state, whatever is pushed meanwhile. */
const position = z.tuple([z.string().regex(/^[0-9a-f]{40,64}$/), z.number().int().min(1)])

export const listDirectoryTool = defineTool({
  name: 'github.list_directory',
  title: 'List a folder',
  description:
    'Lists the files and folders in a folder of a GitHub repository, on a branch, tag or commit; with recursive also everything below, which finds files by their names. All pages show the state of the first. Read a file with github.get_file.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    path: pathInput('The path of the folder; the top of the repository unless told.').default(''),
    ref: refInput('Branch, tag or commit; the default branch unless told.').optional(),
    recursive: z.boolean().default(false).describe('Whether what is in folders below is listed too.'),
    ...pageInput,
  }),
  output: z.object({
    entries: z
      .array(
        z.object({
          path: z.string().describe('Its path from the top of the repository.'),
          type: z.enum(['file', 'folder', 'link', 'submodule']).describe('What it is.'),
          size_bytes: z.number().int().nullable(),
        }),
      )
      .describe('In the order of their paths.'),
    total: z.number().int().describe('How many entries there are in all.'),
    is_incomplete: z
      .boolean()
      .describe('Whether GitHub left some out because there are too many: list folders below one by one.'),
    ...pageOutput,
  }),
  async run({ repository, path: folder, ref, recursive, limit, cursor }, call) {
    const api = gitHub(call)
    const at = partsOf(repository)
    const parts = pathParts(folder)
    const [sha, from] = fromCursor(cursor, position) ?? [await shaOf(api, at, parts, ref), 0]
    const answer = await api.get(path`/repos/${at}/git/trees/${sha}`, treeAnswer, {
      query: { recursive: recursive ? 1 : undefined },
    })
    const begin = parts.length > 0 ? `${parts.join('/')}/` : ''
    const to = from + limit
    return {
      entries: answer.tree.slice(from, to).map((entry) => ({
        path: `${begin}${entry.path}`,
        type: typeOf(entry),
        size_bytes: entry.size ?? null,
      })),
      total: answer.tree.length,
      is_incomplete: answer.truncated ?? false,
      next_cursor: to < answer.tree.length ? toCursor([sha, to]) : null,
    }
  },
})

async function shaOf(api: GitHubApi, at: readonly string[], parts: readonly string[], ref: string | undefined) {
  const folder = await api.get(path`/repos/${at}/contents/${parts}`, folderAnswer, {
    query: { ref },
    media: 'object+json',
  })
  if (folder.type === 'dir') return folder.sha
  throw new Problem('invalid-arguments', `${folder.path} is no folder: use github.get_file.`)
}

function typeOf({ type, mode }: { type: string; mode?: string | undefined }) {
  if (type === 'tree') return 'folder' as const
  if (type === 'commit') return 'submodule' as const
  return mode === '120000' ? ('link' as const) : ('file' as const)
}
