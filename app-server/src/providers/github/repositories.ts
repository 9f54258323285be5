// How a repository is shown.
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'

export const repositoryAnswer = z.object({
  full_name: z.string(),
  description: z.string().nullish(),
  private: z.boolean(),
  archived: z.boolean().optional(),
  fork: z.boolean().optional(),
  default_branch: z.string(),
  language: z.string().nullish(),
  topics: z.array(z.string()).optional(),
  open_issues_count: z.number().optional(),
  stargazers_count: z.number().optional(),
  pushed_at: z.string().nullish(),
  html_url: z.string(),
  has_issues: z.boolean().optional(),
  license: z.object({ spdx_id: z.string().nullish() }).nullish(),
  permissions: z.object({ push: z.boolean().optional(), admin: z.boolean().optional() }).optional(),
})

export const repositoryOutput = {
  repository: z.string().describe('owner/name, as the other tools take it.'),
  description: z.string().nullable().describe('What it is, in its own words.'),
  private: z.boolean().describe('Whether only those with access see it.'),
  archived: z.boolean().describe('Whether it can only be read.'),
  default_branch: z.string().describe('The branch that counts unless another is named.'),
  language: z.string().nullable(),
  pushed_at: z.string().nullable().describe('When something was last pushed.'),
  may_push: z
    .boolean()
    .nullable()
    .describe('Whether the connected account may change it; null when GitHub does not say.'),
  url: z.string(),
}

export function showRepository(answer: z.output<typeof repositoryAnswer>) {
  return {
    repository: answer.full_name,
    description: answer.description ? oneLine(answer.description, 350) : null,
    private: answer.private,
    archived: answer.archived ?? false,
    default_branch: answer.default_branch,
    language: answer.language ?? null,
    pushed_at: answer.pushed_at ?? null,
    may_push: answer.permissions?.push ?? null,
    url: answer.html_url,
  }
}
