// How pull requests and the files they change are shown.
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { label, labelsOf, loginOf, user } from './shapes.js'

const side = z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullish() })

export const pullAnswer = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  user,
  labels: z.array(label).optional(),
  requested_reviewers: z.array(user).nullish(),
  requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
  head: side,
  base: side,
  created_at: z.string(),
  updated_at: z.string(),
  html_url: z.string(),
  merged_by: user,
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().nullish(),
  comments: z.number().optional(),
  review_comments: z.number().optional(),
  commits: z.number().optional(),
  additions: z.number().optional(),
  deletions: z.number().optional(),
  changed_files: z.number().optional(),
})

export type Pull = z.output<typeof pullAnswer>

export const pullOutput = {
  number: z.number().int(),
  title: z.string(),
  state: z.enum(['open', 'draft', 'merged', 'closed']).describe('draft: open, but not ready for review.'),
  author: z.string().nullable().describe('Login of whoever opened it.'),
  head: z.string().describe('The branch with the changes; owner/name:branch when it is in another repository.'),
  head_sha: z.string().describe('The newest commit of that branch.'),
  base: z.string().describe('The branch it is to be merged into.'),
  labels: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
}

export function showPull(pull: Pull) {
  const { head, base } = pull
  const isForeign = head.repo?.full_name !== base.repo?.full_name
  return {
    number: pull.number,
    title: oneLine(pull.title, 300),
    state: stateOf(pull),
    author: loginOf(pull.user),
    head: isForeign ? `${head.repo?.full_name ?? 'deleted'}:${head.ref}` : head.ref,
    head_sha: head.sha,
    base: base.ref,
    labels: labelsOf(pull.labels ?? []),
    created_at: pull.created_at,
    updated_at: pull.updated_at,
    url: pull.html_url,
  }
}

function stateOf({ state, draft, merged_at }: Pull) {
  if (merged_at) return 'merged' as const
  if (state !== 'open') return 'closed' as const
  return draft ? ('draft' as const) : ('open' as const)
}

export const reviewAnswer = z.object({
  id: z.number(),
  user,
  body: z.string().nullish(),
  state: z.string(),
  submitted_at: z.string().nullish(),
  html_url: z.string(),
})

export const fileAnswer = z.object({
  filename: z.string(),
  previous_filename: z.string().optional(),
  status: z.string(),
  additions: z.number(),
  deletions: z.number(),
  patch: z.string().optional(),
})
