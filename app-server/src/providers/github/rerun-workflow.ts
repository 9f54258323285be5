// github.rerun_workflow: starts a run again, all of it or what failed.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { anyAnswer, gitHub, path } from './github-api.js'
import { annotations, idInput, partsOf, repositoryInput } from './shapes.js'

export const rerunWorkflowTool = defineTool({
  name: 'github.rerun_workflow',
  title: 'Run a workflow run again',
  description:
    'Starts a run of GitHub Actions again with the same commit: only its failed jobs, or all. It must be over. What the workflow does (deploy, publish) happens again too. How it goes: github.get_workflow_run with the same run_id.',
  scope: 'github:write',
  annotations: annotations.act,
  input: z.strictObject({
    ...repositoryInput,
    run_id: idInput('The id of the run, from github.list_workflow_runs.'),
    jobs: z
      .enum(['failed', 'all'])
      .default('failed')
      .describe('Which of its jobs; failed takes those that depend on them along.'),
    ...idempotencyInput,
  }),
  output: z.object({
    run_id: z.number().int().describe('The id of the run, which stays the same.'),
    started: z.enum(['failed', 'all']).describe('What was started again.'),
  }),
  async run({ repository, run_id, jobs }, call) {
    const of = partsOf(repository)
    const at =
      jobs === 'all'
        ? path`/repos/${of}/actions/runs/${run_id}/rerun`
        : path`/repos/${of}/actions/runs/${run_id}/rerun-failed-jobs`
    return call.onceUpstream(async () => {
      await gitHub(call).send('POST', at, {}, anyAnswer)
      return { run_id, started: jobs }
    })
  },
})
