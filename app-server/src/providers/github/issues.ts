// How issues and their comments are shown; a pull request is an issue too.
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { beginning, label, labelsOf, loginOf, user } from './shapes.js'

export const issueAnswer = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  state_reason: z.string().nullish(),
  user,
  labels: z.array(label).optional(),
  assignees: z.array(user).nullish(),
  milestone: z.object({ title: z.string() }).nullish(),
  comments: z.number().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  html_url: z.string(),
  repository_url: z.string().optional(),
  draft: z.boolean().optional(),
  pull_request: z.object({ merged_at: z.string().nullish() }).nullish(),
})

export type Issue = z.output<typeof issueAnswer>

export const issueOutput = {
  number: z.number().int(),
  title: z.string(),
  state: z.enum(['open', 'closed', 'merged']).describe('merged only for pull requests.'),
  is_pull_request: z.boolean(),
  author: z.string().nullable().describe('Login of whoever opened it; null for a deleted account.'),
  labels: z.array(z.string()),
  assignees: z.array(z.string()).describe('Logins of those it is assigned to.'),
  comments: z.number().int(),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
}

export const issueInListOutput = z.object({
  ...issueOutput,
  beginning: z.string().describe('How its text begins, as written by its author.'),
})

export function showIssue(issue: Issue) {
  return {
    number: issue.number,
    title: oneLine(issue.title, 300),
    state: stateOf(issue),
    is_pull_request: Boolean(issue.pull_request),
    author: loginOf(issue.user),
    labels: labelsOf(issue.labels ?? []),
    assignees: (issue.assignees ?? []).flatMap((one) => loginOf(one) ?? []),
    comments: issue.comments ?? 0,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    url: issue.html_url,
  }
}

export function showIssueInList(issue: Issue) {
  return { ...showIssue(issue), beginning: beginning(issue.body, 200) }
}

function stateOf({ state, pull_request }: Issue) {
  if (pull_request?.merged_at) return 'merged' as const
  return state === 'open' ? ('open' as const) : ('closed' as const)
}

/** owner/name of an issue that search found. */
export function repositoryOf({ repository_url = '' }: Issue): string {
  return repository_url.split('/').slice(-2).join('/')
}

export const commentAnswer = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user,
  created_at: z.string(),
  html_url: z.string(),
})
