// How runs of workflows are shown.
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { loginOf, user } from './shapes.js'

export const runAnswer = z.object({
  id: z.number(),
  name: z.string().nullish(),
  display_title: z.string().nullish(),
  path: z.string().nullish(),
  run_number: z.number(),
  run_attempt: z.number().optional(),
  head_branch: z.string().nullish(),
  head_sha: z.string(),
  event: z.string(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  actor: user,
  created_at: z.string(),
  updated_at: z.string(),
  html_url: z.string(),
})

export const runOutput = {
  run_id: z.number().int().describe('Its id, for the other tools.'),
  workflow: z.string().nullable(),
  workflow_file: z.string().nullable().describe('File name of the workflow, for github.run_workflow.'),
  title: z.string().nullable().describe('What it ran for, as written by others.'),
  number: z.number().int().describe('Counts the runs of the workflow.'),
  attempt: z.number().int().describe('Counts how often this one was started.'),
  branch: z.string().nullable(),
  sha: z.string(),
  event: z.string().describe('What started it, e.g. push, pull_request, schedule, workflow_dispatch.'),
  status: z.string().nullable().describe('queued, in_progress, completed, waiting, requested, pending.'),
  conclusion: z
    .string()
    .nullable()
    .describe('How it ended: success, failure, cancelled, skipped, timed_out …; null before.'),
  actor: z.string().nullable().describe('Login of whoever it ran for.'),
  created_at: z.string().describe('When it began.'),
  updated_at: z.string(),
  url: z.string(),
}

export function showRun(run: z.output<typeof runAnswer>) {
  return {
    run_id: run.id,
    workflow: run.name ? oneLine(run.name, 120) : null,
    workflow_file: run.path?.split('@')[0]?.split('/').at(-1) ?? null,
    title: run.display_title ? oneLine(run.display_title, 200) : null,
    number: run.run_number,
    attempt: run.run_attempt ?? 1,
    branch: run.head_branch ?? null,
    sha: run.head_sha,
    event: run.event,
    status: run.status ?? null,
    conclusion: run.conclusion ?? null,
    actor: loginOf(run.actor),
    created_at: run.created_at,
    updated_at: run.updated_at,
    url: run.html_url,
  }
}
