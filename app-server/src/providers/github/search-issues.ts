// github.search_issues: issues or pull requests by words, over everything the account may see.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { issueAnswer, issueInListOutput, repositoryOf, showIssueInList } from './issues.js'
import { annotations } from './shapes.js'

const answerShape = z.object({ total_count: z.number(), incomplete_results: z.boolean(), items: z.array(issueAnswer) })

export const searchIssuesTool = defineTool({
  name: 'github.search_issues',
  title: 'Search issues and pull requests',
  description:
    'Finds GitHub issues or pull requests by words and qualifiers, e.g. "crash repo:octocat/hello is:open label:bug author:octocat" or "is:open review-requested:@me". Without repo:, user: or org: it looks through all of GitHub. At most the first 1,000 can be paged through. Read one with github.get_issue or github.get_pull_request.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    query: text({ min: 1, max: 240 }).describe(
      "Words and qualifiers in GitHub's search syntax, without is:issue or is:pr.",
    ),
    kind: z.enum(['issue', 'pull_request']).default('issue').describe('What to look for.'),
    sort: z
      .enum(['best_match', 'created', 'updated', 'comments'])
      .default('best_match')
      .describe('Their order, the newest or most first.'),
    ...pageInput,
    ...connectionInput,
  }),
  output: z.object({
    total: z.number().int().describe('How many there are in all.'),
    is_incomplete: z.boolean().describe('Whether GitHub ran out of time, so that some are missing.'),
    found: z
      .array(issueInListOutput.extend({ repository: z.string().describe('owner/name of where it is.') }))
      .describe('What was found.'),
    ...pageOutput,
  }),
  async run(input, call) {
    // What is between an OR stays together, so that the kind holds for both sides of it.
    const asked = /\sOR\s/.test(input.query) ? `(${input.query})` : input.query
    // GitHub wants to be told which of the two, at least from tokens that are not an OAuth app's.
    const q = `${asked} is:${input.kind === 'issue' ? 'issue' : 'pull-request'}`
    const sort = input.sort === 'best_match' ? undefined : input.sort
    const { answer, next_cursor } = await gitHub(call).page(path`/search/issues`, answerShape, pageAsked(input), {
      query: { q, sort },
    })
    return {
      total: answer.total_count,
      is_incomplete: answer.incomplete_results,
      found: answer.items.map((issue) => ({ ...showIssueInList(issue), repository: repositoryOf(issue) })),
      next_cursor,
    }
  },
})
