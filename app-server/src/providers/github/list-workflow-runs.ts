// github.list_workflow_runs: what GitHub Actions ran.
import { z } from 'zod'
import { pageInput, pageOutput } from '../../platform/paging.js'
import { defineTool } from '../provider.js'
import { gitHub, pageAsked, path } from './github-api.js'
import { workflowInput } from './run-workflow.js'
import { runAnswer, runOutput, showRun } from './runs.js'
import { annotations, loginInput, partsOf, refInput, repositoryInput } from './shapes.js'

const answerShape = z.object({ total_count: z.number(), workflow_runs: z.array(runAnswer) })

export const listWorkflowRunsTool = defineTool({
  name: 'github.list_workflow_runs',
  title: 'List workflow runs',
  description:
    'Lists the runs of GitHub Actions in a repository, the newest first; only those of a workflow, branch, commit, event, person or state, if you say so. Why one failed: github.get_workflow_run, then github.get_job_log.',
  scope: 'github:read',
  annotations: annotations.read,
  input: z.strictObject({
    ...repositoryInput,
    workflow: workflowInput('Only runs of the workflow in this file, e.g. ci.yml.').optional(),
    branch: refInput('Only runs for this branch.').optional(),
    sha: refInput('Only runs for this commit, by its whole sha.').optional(),
    event: z
      .enum(['push', 'pull_request', 'schedule', 'workflow_dispatch', 'release', 'merge_group'])
      .optional()
      .describe('Only those it started.'),
    actor: loginInput('Only runs for this login.').optional(),
    status: z
      .enum([
        'queued',
        'in_progress',
        'waiting',
        'completed',
        'success',
        'failure',
        'cancelled',
        'skipped',
        'timed_out',
        'action_required',
      ])
      .optional()
      .describe('Only runs in this state, or with this end.'),
    ...pageInput,
  }),
  output: z.object({
    total: z.number().int().describe('How many there are in all.'),
    runs: z.array(z.object(runOutput)).describe('The newest first.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const { repository, workflow, branch, sha, event, actor, status } = input
    const of = partsOf(repository)
    const { answer, next_cursor } = await gitHub(call).page(
      workflow === undefined ? path`/repos/${of}/actions/runs` : path`/repos/${of}/actions/workflows/${workflow}/runs`,
      answerShape,
      pageAsked(input),
      { query: { branch, head_sha: sha, event, actor, status } },
    )
    return { total: answer.total_count, runs: answer.workflow_runs.map(showRun), next_cursor }
  },
})
