// jira.search_issues: issues by a query of Jira's own (JQL) or by plain filters.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toCursor } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { briefFields, briefIssue, briefOutput, projectKey, showBrief } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { jqlFor } from './jql.js'
import { siteInput } from './sites.js'

const page = z.object({
  issues: z.array(briefIssue),
  nextPageToken: z.string().nullish(),
  isLast: z.boolean().nullish(),
})

/** Jira's place marks are longer than ours. */
const maxCursor = 4_000
const help =
  'Values with blanks or signs stand in quotation marks, e.g. status = "In Progress". Useful: assignee = currentUser(), statusCategory != Done, updated >= -7d, text ~ "word", ORDER BY updated DESC. A query needs at least one condition. Names of projects, statuses and fields: jira.list_projects, jira.get_project.'

export const searchIssuesTool = defineTool({
  name: 'jira.search_issues',
  title: 'Search Jira issues',
  description:
    'Finds issues, either by jql (Jira\'s query language, e.g. assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC) or by the plain filters, which must all hold. Gives key, summary, status and the like; read one whole with jira.get_issue. "My open issues": jql as above.',
  scope: 'jira:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    jql: text({ min: 1, max: 4_000 }).optional().describe('A query in JQL; without the plain filters.'),
    text: text({ min: 1, max: 300 }).optional().describe('Words of the summary, description or comments.'),
    project: projectKey('The key of a project.').optional(),
    status: text({ min: 1, max: 100 }).optional().describe('A status by its name.'),
    assignee: text({ min: 1, max: 200 }).optional().describe('me, none, an account id or a name.'),
    updated_within_days: z.number().int().min(1).max(3_650).optional().describe('Changed within so many days.'),
    ...pageInput,
    cursor: z.string().max(maxCursor).optional().describe('next_cursor of the page before, with the same query.'),
    ...siteInput,
    ...connectionInput,
  }),
  output: z.object({ issues: z.array(briefOutput).describe('Issues in the order of the query.'), ...pageOutput }),
  async run(input, call) {
    const filters = jqlFor(input)
    if ((input.jql === undefined) === (filters === undefined)) {
      throw new Problem('invalid-arguments', `Give either jql or at least one of the plain filters. ${help}`)
    }
    const jira = jiraOf(call, input)
    const [nextPageToken] = fromCursor(input.cursor, z.tuple([z.string().max(maxCursor)])) ?? []
    const body = { jql: input.jql ?? filters, fields: briefFields, maxResults: input.limit, nextPageToken }
    const found = await jira.post(page, path`/search/jql`, body).catch((error: unknown) => {
      throw withHelp(error)
    })
    const more = found.isLast !== true && found.nextPageToken && found.issues.length > 0
    return {
      issues: found.issues.map((issue) => showBrief(jira, issue)),
      next_cursor: more ? toCursor([found.nextPageToken]) : null,
    }
  },
})

/** Jira says what is wrong with a query, not what would be right. */
function withHelp(error: unknown): unknown {
  if (!(error instanceof Problem) || error.members.upstream_status !== 400) return error
  return new Problem(error.code, `${error.detail} ${help}`, error.members, { cause: error })
}
