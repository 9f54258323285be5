// github.get_file: the text of one file, all of it or some of its lines.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { excerpt, hasHiddenSigns } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { type GitHubApi, gitHub, path } from './github-api.js'
import { annotations, offsetInput, partsOf, pathInput, pathParts, refInput, repositoryInput } from './shapes.js'

/** Characters of a file in one answer. */
const maxText = 30_000
/** Bytes of a file that is taken at all. */
const maxBytes = 10 * 1024 * 1024

const fileAnswer = z.object({
  type: z.string(),
  path: z.string(),
  sha: z.string(),
  size: z.number(),
  encoding: z.string().nullish(),
  content: z.string().nullish(),
  target: z.string().optional(),
  submodule_git_url: z.string().nullish(),
  html_url: z.string().nullish(),
})

type File = z.output<typeof fileAnswer>

export const getFileTool = defineTool({
  name: 'github.get_file',
  title: 'Read a file',
  description:
    'Reads a text file of a GitHub repository as it is, on a branch, tag or commit; the whole of it or a range of lines. A long one comes in parts of 30,000 characters: call again with offset. The sha that comes back is what github.write_file needs to replace it. For a binary file only its size comes back.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    path: pathInput('The path of the file, e.g. src/index.ts.'),
    ref: refInput('Branch, tag or commit; the default branch unless told.').optional(),
    first_line: z.number().int().min(1).max(10_000_000).optional().describe('Only from this line on, counted from 1.'),
    last_line: z.number().int().min(1).max(10_000_000).optional().describe('Only to this line, itself included.'),
    offset: offsetInput.describe('Where to go on in what was asked for: next_offset of the answer before.'),
  }),
  output: z.object({
    path: z.string(),
    sha: z.string().describe('The sha of its content (a blob).'),
    size_bytes: z.number().int(),
    is_binary: z.boolean().describe('Whether it is no text; text is null then.'),
    total_lines: z.number().int().nullable().describe('How many lines it has; null when it is binary.'),
    text: z.string().nullable().describe('The text that was asked for, unchanged, or the part from offset on.'),
    next_offset: z.number().int().nullable().describe('offset for the rest; null at the end.'),
    has_hidden_signs: z
      .boolean()
      .describe('Whether this part holds signs that a person does not see; mind what they are for.'),
    url: z.string().nullable(),
  }),
  async run(input, call) {
    const { repository, ref, first_line, last_line, offset } = input
    const parts = pathParts(input.path)
    if (parts.length === 0) throw new Problem('invalid-arguments', 'path names no file.')
    if (first_line !== undefined && last_line !== undefined && last_line < first_line) {
      throw new Problem('invalid-arguments', 'last_line must not be before first_line.')
    }
    const api = gitHub(call)
    const at = partsOf(repository)
    const file = await api.get(path`/repos/${at}/contents/${parts}`, fileAnswer, {
      query: { ref },
      media: 'object+json',
    })
    requireFile(file)
    const about = { path: file.path, sha: file.sha, size_bytes: file.size, url: file.html_url ?? null }
    const text = textOf(await contentOf(api, at, file))
    if (text === undefined) {
      return { ...about, is_binary: true, total_lines: null, text: null, next_offset: null, has_hidden_signs: false }
    }
    // Each line keeps its line end, so that the parts of a file make the file.
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
    const chosen = lines.slice((first_line ?? 1) - 1, last_line).join('')
    const part = excerpt(chosen, { from: offset, max: maxText })
    return {
      ...about,
      is_binary: false,
      total_lines: lines.length,
      text: part.text,
      next_offset: part.next,
      has_hidden_signs: hasHiddenSigns(part.text),
    }
  },
})

function requireFile({ type, path: place, target, submodule_git_url }: File): void {
  if (type === 'file') return
  const what =
    type === 'dir'
      ? 'is a folder: use github.list_directory'
      : type === 'symlink'
        ? `is a link to ${target ?? 'another place'}: read that instead`
        : `is another repository (${submodule_git_url ?? 'a submodule'})`
  throw new Problem('invalid-arguments', `${place || 'The top of the repository'} ${what}.`)
}

/** What GitHub does not put in its answer (over 1 MB) is asked for by the sha, so that it is the same file. */
async function contentOf(api: GitHubApi, at: readonly string[], { size, encoding, content, sha }: File) {
  if (encoding === 'base64' && (content || size === 0)) return Buffer.from(content ?? '', 'base64')
  if (size > maxBytes) {
    throw new Problem(
      'invalid-arguments',
      `The file has ${size} bytes, more than can be read here (${maxBytes}). Its page at GitHub has it.`,
    )
  }
  return api.bytes(path`/repos/${at}/git/blobs/${sha}`, { responseBytes: maxBytes })
}

/** UTF-8 without NUL; anything else is no text for us. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    // ignoreBOM keeps the mark at the beginning, which would be lost when the file is written back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
