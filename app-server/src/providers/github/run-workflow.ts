// github.run_workflow: starts a workflow by hand.
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { anyAnswer, gitHub, path } from './github-api.js'
import { annotations, partsOf, rawText, refInput, repositoryInput } from './shapes.js'

/** The file name of a workflow, which GitHub takes in place of its id. */
export function workflowInput(description: string) {
  const error = 'must be the name of a file in .github/workflows, e.g. ci.yml'
  return z
    .string()
    .max(200, { error, abort: true })
    .regex(/^(?!\.{1,2}$)[\w. -]+\.ya?ml$/, error)
    .meta({ pattern: undefined })
    .describe(description)
}

export const runWorkflowTool = defineTool({
  name: 'github.run_workflow',
  title: 'Run a workflow',
  description:
    'Starts a workflow of GitHub Actions by hand on a branch or tag; it must have the trigger workflow_dispatch. What it does (deploy, publish) really happens: let the person confirm it. Which there are: github.list_directory of .github/workflows; how it goes: github.list_workflow_runs with event workflow_dispatch, some seconds later.',
  scope: 'github:write',
  annotations: annotations.act,
  input: z.strictObject({
    ...repositoryInput,
    workflow: workflowInput('The file name of the workflow, e.g. deploy.yml.'),
    ref: refInput('The branch or tag to run it on.'),
    inputs: z
      .array(
        z
          .strictObject({
            name: text({ min: 1, max: 100 }).describe('The name of the input in the workflow.'),
            value: rawText(10_000).describe('Its value; true, false and numbers as text.'),
          })
          .describe('One input.'),
      )
      .max(25)
      .default([])
      .describe('Inputs that the workflow declares.'),
    ...idempotencyInput,
  }),
  output: z.object({
    started: z.boolean().describe('True: GitHub took the request.'),
    workflow: z.string(),
    ref: z.string().describe('Where it runs.'),
  }),
  async run({ repository, workflow, ref, inputs }, call) {
    const at = path`/repos/${partsOf(repository)}/actions/workflows/${workflow}/dispatches`
    const given = { ref, inputs: Object.fromEntries(inputs.map(({ name, value }) => [name, value])) }
    return call.onceUpstream(async () => {
      await gitHub(call).send('POST', at, given, anyAnswer)
      return { started: true, workflow, ref }
    })
  },
})
