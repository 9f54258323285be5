// jira.get_project: what can be made in a project, and what must be given for it.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { oneLine, plainText } from '../foreign-text.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { creatableTypes, creationFields, type Field, listed, requireType } from './fields.js'
import { named, nameOfPerson, projectKey } from './issues.js'
import { type Jira, jiraOf, path } from './jira-api.js'
import { person } from './people.js'
import { siteInput } from './sites.js'

/** Issue types whose required fields are read when none is asked for: each is a request. */
const maxTypes = 12
const maxShown = 100

const project = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  lead: person.nullish(),
  components: z.array(named).nullish(),
  versions: z.array(named).nullish(),
})
const statuses = z.array(z.object({ name: z.string(), statuses: z.array(named) }))

const fieldOutput = z.object({
  name: z.string().describe('Its name, which jira.create_issue takes in fields.'),
  id: z.string().describe('Its id, which may be given instead.'),
  type: z.string().describe('What it takes.'),
  required: z.boolean().describe('Whether it must be given.'),
  choices: z.string().describe('What can be chosen; empty where anything fits.'),
})

export const getProjectTool = defineTool({
  name: 'jira.get_project',
  title: 'Read a Jira project',
  description:
    'Gives a project with its issue types, the statuses of its workflow, and the fields that must be given to create an issue of each type. With issue_type: every field of that type and what can be chosen. Use it before jira.create_issue in a project you do not know, and for the names of statuses in a search.',
  scope: 'jira:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    project: projectKey('The key of the project, from jira.list_projects.'),
    issue_type: text({ min: 1, max: 100 }).optional().describe('An issue type by its name, to see all its fields.'),
    ...siteInput,
    ...connectionInput,
  }),
  output: z.object({
    key: z.string(),
    name: z.string(),
    description: z.string(),
    lead: z.string().nullable(),
    statuses: z.array(z.string()).describe('The statuses its issues can have.'),
    components: z.array(z.string()),
    versions: z.array(z.string()),
    issue_types: z
      .array(
        z.object({
          name: z.string(),
          subtask: z.boolean().describe('Whether it needs a parent.'),
          fields: z.array(fieldOutput).describe('The required fields, or all of them for the type asked for.'),
        }),
      )
      .describe('The types of issue the account may create.'),
  }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    const [about, workflow, types] = await Promise.all([
      jira.get(project, path`/project/${input.project}`),
      jira.get(statuses, path`/project/${input.project}/statuses`),
      creatableTypes(jira, input.project),
    ])
    const wanted = input.issue_type
    const shown = wanted === undefined ? types.slice(0, maxTypes) : [requireType(types, wanted, input.project)]
    return {
      key: about.key,
      name: oneLine(about.name, 120),
      description: plainText(about.description ?? '').slice(0, 2_000),
      lead: nameOfPerson(about.lead),
      statuses: [...new Set(workflow.flatMap((type) => type.statuses.map(({ name }) => oneLine(name, 100))))],
      components: namesOf(about.components),
      versions: namesOf(about.versions),
      issue_types: await Promise.all(
        shown.map(async ({ id, name, subtask }) => ({
          name,
          subtask,
          fields: await fieldsShown(jira, input.project, id, wanted !== undefined),
        })),
      ),
    }
  },
})

async function fieldsShown(jira: Jira, projectKeyGiven: string, typeId: string, all: boolean) {
  const fields = await creationFields(jira, projectKeyGiven, typeId)
  const known = new Set(['project', 'issuetype'])
  return fields
    .filter((field) => !known.has(field.id) && (all || field.required))
    .slice(0, maxShown)
    .map(showField)
}

function showField(field: Field): z.input<typeof fieldOutput> {
  const { id, name, required, type, items, isDocument } = field
  return {
    name,
    id,
    required,
    type: isDocument ? 'Markdown' : items ? `list of ${items}` : type,
    choices: listed(field),
  }
}

function namesOf(things: readonly { name: string }[] | null | undefined): string[] {
  return (things ?? []).slice(0, maxShown).map(({ name }) => oneLine(name, 100))
}
