// github.list_commits: what was changed, by whom and when.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { oneLine } from '../foreign-text.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import {
  annotations,
  beginning,
  partsOf,
  pathInput,
  pathParts,
  refInput,
  repositoryInput,
  timeInput,
} from './shapes.js'

const person = z.object({ name: z.string().nullish(), date: z.string().nullish() }).nullish()
const answerShape = z.array(
  z.object({
    sha: z.string(),
    commit: z.object({ message: z.string(), author: person }),
    // An object without members where the address of the author is nobody's.
    author: z.object({ login: z.string().optional() }).nullish(),
    html_url: z.string(),
  }),
)

export const listCommitsTool = defineTool({
  name: 'github.list_commits',
  title: 'List commits',
  description:
    'Lists the commits of a GitHub repository that led to a branch, tag or commit, the newest first; only those that touched a path, or of one author, if you say so. What one changed: github.list_changed_files with its sha.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    ref: refInput('Branch, tag or commit to go back from; the default branch unless told.').optional(),
    path: pathInput('Only those that touched this file or folder.').optional(),
    author: text({ min: 1, max: 200 }).optional().describe('Only those of this login or e-mail address.'),
    since: timeInput('Not before this RFC 3339 time.').optional(),
    until: timeInput('Not after this RFC 3339 time.').optional(),
    ...pageInput,
  }),
  output: z.object({
    commits: z
      .array(
        z.object({
          sha: z.string(),
          message: z.string().describe('Its message, as written by its author; a long one only begins.'),
          author: z.string().nullable().describe('Login of its author, or the name it was committed under.'),
          date: z.string().nullable(),
          url: z.string(),
        }),
      )
      .describe('The newest first.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const { repository, ref, path: place, author, since, until } = input
    const { answer, next_cursor } = await gitHub(call).page(
      path`/repos/${partsOf(repository)}/commits`,
      answerShape,
      pageAsked(input),
      { query: { sha: ref, path: place && pathParts(place).join('/'), author, since, until } },
    )
    return {
      commits: answer.map(({ sha, commit, author: account, html_url }) => ({
        sha,
        message: beginning(commit.message),
        author: account?.login ?? (commit.author?.name ? oneLine(commit.author.name, 100) : null),
        date: commit.author?.date ?? null,
        url: html_url,
      })),
      next_cursor,
    }
  },
})
