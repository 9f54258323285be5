// github.search_code: files by what is in them.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { annotations, beginning } from './shapes.js'

/** Places shown of one file. */
const maxFragments = 2

const answerShape = z.object({
  total_count: z.number(),
  incomplete_results: z.boolean(),
  items: z.array(
    z.object({
      path: z.string(),
      html_url: z.string(),
      repository: z.object({ full_name: z.string() }),
      text_matches: z.array(z.object({ property: z.string().nullish(), fragment: z.string() })).optional(),
    }),
  ),
})

export const searchCodeTool = defineTool({
  name: 'github.search_code',
  title: 'Search code',
  description:
    'Finds files at GitHub by words in them, with the places where they occur; default branches only. Qualifiers narrow it: repo:octocat/hello, org:name, language:go, path:src, extension:ts. It wants at least one word, and takes few requests a minute. At most the first 1,000 can be paged through. Read a file with github.get_file.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    query: text({ min: 1, max: 250 }).describe("Words and qualifiers in GitHub's syntax for code search."),
    ...pageInput,
    ...connectionInput,
  }),
  output: z.object({
    total: z.number().int().describe('How many files there are in all.'),
    is_incomplete: z.boolean().describe('Whether GitHub ran out of time, so that some are missing.'),
    files: z
      .array(
        z.object({
          repository: z.string().describe('owner/name of where it is.'),
          path: z.string().describe('Where it is in there.'),
          fragments: z.array(z.string().describe('A piece of it.')).describe('Where the words occur.'),
          url: z.string(),
        }),
      )
      .describe('What was found.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const { answer, next_cursor } = await gitHub(call).page(path`/search/code`, answerShape, pageAsked(input), {
      query: { q: input.query },
      media: 'text-match+json',
    })
    return {
      total: answer.total_count,
      is_incomplete: answer.incomplete_results,
      files: answer.items.map((item) => ({
        repository: item.repository.full_name,
        path: item.path,
        fragments: (item.text_matches ?? [])
          .filter(({ property }) => property === 'content')
          .slice(0, maxFragments)
          .map(({ fragment }) => beginning(fragment, 400)),
        url: item.html_url,
      })),
      next_cursor,
    }
  },
})
