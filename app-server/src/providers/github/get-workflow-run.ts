// github.get_workflow_run: one run with its jobs and the steps that failed.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { oneLine } from '../foreign-text.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { runAnswer, runOutput, showRun } from './runs.js'
import { annotations, idInput, partsOf, repositoryInput } from './shapes.js'

const jobsAnswer = z.object({
  total_count: z.number(),
  jobs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullish(),
      started_at: z.string().nullish(),
      completed_at: z.string().nullish(),
      steps: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullish() })).nullish(),
    }),
  ),
})

const good = new Set(['success', 'skipped', 'neutral'])

export const getWorkflowRunTool = defineTool({
  name: 'github.get_workflow_run',
  title: 'Look at a workflow run',
  description:
    'Says how a run of GitHub Actions stands or ended: its jobs, and in each the steps that failed or are under way. Read what a job printed with github.get_job_log; start it again with github.rerun_workflow.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    run_id: idInput('The id of the run, from github.list_workflow_runs.'),
    ...pageInput,
  }),
  output: z.object({
    ...runOutput,
    total_jobs: z.number().int(),
    jobs: z
      .array(
        z.object({
          job_id: z.number().int().describe('Its id, for github.get_job_log.'),
          name: z.string(),
          status: z.string().describe('queued, in_progress, completed …'),
          conclusion: z.string().nullable().describe('How it ended; null before.'),
          started_at: z.string().nullable(),
          completed_at: z.string().nullable(),
          steps: z.number().int().describe('How many steps it has.'),
          failed_steps: z.array(z.string().describe('Name.')).describe('Steps that did not succeed.'),
          running_step: z.string().nullable().describe('The step that is under way.'),
        }),
      )
      .describe('One page of them.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const api = gitHub(call)
    const of = partsOf(input.repository)
    const [run, { answer, next_cursor }] = await Promise.all([
      api.get(path`/repos/${of}/actions/runs/${input.run_id}`, runAnswer),
      api.page(path`/repos/${of}/actions/runs/${input.run_id}/jobs`, jobsAnswer, pageAsked(input)),
    ])
    return {
      ...showRun(run),
      total_jobs: answer.total_count,
      jobs: answer.jobs.map((job) => {
        const steps = job.steps ?? []
        const failed = steps.filter(({ status, conclusion }) => status === 'completed' && !good.has(conclusion ?? ''))
        const running = steps.find(({ status }) => status === 'in_progress')
        return {
          job_id: job.id,
          name: oneLine(job.name, 200),
          status: job.status,
          conclusion: job.conclusion ?? null,
          started_at: job.started_at ?? null,
          completed_at: job.completed_at ?? null,
          steps: steps.length,
          failed_steps: failed.map(({ name }) => oneLine(name, 200)),
          running_step: running ? oneLine(running.name, 200) : null,
        }
      }),
      next_cursor,
    }
  },
})
