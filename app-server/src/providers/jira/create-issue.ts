// jira.create_issue: a new issue, with whatever fields its type has.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { date, text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import {
  creatableTypes,
  creationFields,
  type Field,
  fieldsInput,
  fieldValues,
  requireGiven,
  requireType,
} from './fields.js'
import { issueKey, projectKey } from './issues.js'
import { type Jira, jiraOf, path } from './jira-api.js'
import { markdownToAdf } from './markdown-to-adf.js'
import { assigneeText, requirePerson } from './people.js'
import { siteInput } from './sites.js'
import { markdownInput, markdownWords } from './texts.js'

const input = z.strictObject({
  project: projectKey('The key of the project, from jira.list_projects.'),
  type: text({ min: 1, max: 100 }).describe('The issue type, e.g. Task, Bug or Story.'),
  summary: text({ min: 1, max: 255 }).describe('The title, one line.'),
  description: markdownInput(`What it is about. ${markdownWords}`).optional(),
  priority: text({ min: 1, max: 100 }).optional().describe('The priority, e.g. High.'),
  labels: labelsInput().optional().describe('Labels, without blanks.'),
  assignee: assigneeText().optional().describe('Who shall do it: me, a name, an e-mail address or an account id.'),
  parent: issueKey('The epic or issue it belongs to; a subtask needs one.').optional(),
  due_date: date('When it is due, as YYYY-MM-DD.').optional(),
  fields: fieldsInput
    .optional()
    .describe('Other fields by name or id: text (Markdown for long texts), number, choice by name, person, list.'),
  ...siteInput,
  ...connectionInput,
  ...idempotencyInput,
})

export const createIssueTool = defineTool({
  name: 'jira.create_issue',
  title: 'Create a Jira issue',
  description:
    'Creates an issue in a project. Jira says which fields its type needs; jira.get_project tells them before. Show the person what will be created before you call it. Give an idempotency_key, so that a repetition creates nothing twice.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  redact: ['description', 'fields'],
  output: z.object({
    key: z.string(),
    url: z.string(),
    message: z.string(),
  }),
  async run(given, call) {
    const jira = jiraOf(call, given)
    return call.onceUpstream(async () => {
      const fields = await beforeWriting(() => fieldsFor(jira, given))
      const { key } = await jira.post(z.object({ key: z.string() }), path`/issue`, { fields })
      return { key, url: jira.pageOf(key), message: `${key} was created in ${given.project}.` }
    })
  },
})

export function labelsInput() {
  const label = text({ min: 1, max: 255 }).refine((one) => !/\s/.test(one), 'must have no blanks')
  return z.array(label).max(50)
}

async function fieldsFor(jira: Jira, given: z.output<typeof input>): Promise<Record<string, unknown>> {
  const { project } = given
  const type = requireType(await creatableTypes(jira, project), given.type, project)
  const known = await creationFields(jira, project, type.id)
  const place = { project }
  const values: Record<string, unknown> = {
    ...(given.fields ? await fieldValues(jira, known, given.fields, place) : {}),
    project: { key: project },
    issuetype: { id: type.id },
    summary: requireOneLine(given.summary),
  }
  if (given.description !== undefined) values.description = markdownToAdf(given.description)
  if (given.priority !== undefined) values.priority = priorityFor(known, given.priority)
  if (given.labels !== undefined) values.labels = given.labels
  if (given.parent !== undefined) values.parent = { key: given.parent }
  if (given.due_date !== undefined) values.duedate = given.due_date
  if (given.assignee !== undefined)
    values.assignee = { accountId: (await requirePerson(jira, given.assignee, place)).id }
  requireGiven(known, new Set(Object.keys(values)), `A ${type.name} in ${project}`)
  return values
}

export function requireOneLine(summary: string): string {
  if (!/[\r\n]/.test(summary)) return summary
  throw new Problem('invalid-arguments', 'summary must be one line. Put the rest into the description.')
}

/** By its id where the priorities are known: names can be translated. Throws Problem invalid-arguments. */
export function priorityFor(known: readonly Field[], given: string): { id: string } | { name: string } {
  const choices = known.find(({ id }) => id === 'priority')?.choices ?? []
  const found = choices.find(({ id, label }) => id === given || label.toLowerCase() === given.toLowerCase())
  if (found?.id !== undefined) return { id: found.id }
  if (choices.length === 0) return { name: given }
  const names = choices.map(({ label }) => label)
  throw new Problem('invalid-arguments', `There is no priority "${given}". There are: ${names.join(', ')}.`, {
    priorities: names,
  })
}
