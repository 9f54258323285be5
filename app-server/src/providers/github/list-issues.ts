// github.list_issues: the issues of one repository.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { issueAnswer, issueInListOutput, showIssueInList } from './issues.js'
import { annotations, loginInput, partsOf, repositoryInput, timeInput } from './shapes.js'

export const listIssuesTool = defineTool({
  name: 'github.list_issues',
  title: 'List issues',
  description:
    'Lists the issues of a GitHub repository, the newest first, with labels and assignees and how each begins. Pull requests are left out (github.list_pull_requests has those), so a page can hold fewer than limit and still not be the last. To look for words, or over several repositories, use github.search_issues.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    state: z.enum(['open', 'closed', 'all']).default('open').describe('Which of them.'),
    labels: z
      .array(text({ min: 1, max: 100 }).describe('A label.'))
      .max(10)
      .default([])
      .describe('Only issues that have all of these labels.'),
    assignee: loginInput('Only those assigned to this login.').optional(),
    author: loginInput('Only those opened by this login.').optional(),
    since: timeInput('Only those that changed since, as RFC 3339 time.').optional(),
    sort: z.enum(['created', 'updated', 'comments']).default('created').describe('What decides their order.'),
    direction: z.enum(['desc', 'asc']).default('desc').describe('desc: newest, or most, first.'),
    ...pageInput,
  }),
  output: z.object({ issues: z.array(issueInListOutput).describe('In the order that was asked for.'), ...pageOutput }),
  async run(input, call) {
    const { repository, state, labels, assignee, author, since, sort, direction } = input
    const query = { state, labels: labels.join(','), assignee, creator: author, since, sort, direction }
    const { answer, next_cursor } = await gitHub(call).page(
      path`/repos/${partsOf(repository)}/issues`,
      z.array(issueAnswer),
      pageAsked(input),
      { query },
    )
    return { issues: answer.filter(({ pull_request }) => !pull_request).map(showIssueInList), next_cursor }
  },
})
