// jira.list_projects: the projects of a site that the account may see.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toCursor } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { nameOfPerson } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { person } from './people.js'
import { siteInput } from './sites.js'

const page = z.object({
  values: z.array(
    z.object({ key: z.string(), name: z.string(), projectTypeKey: z.string().nullish(), lead: person.nullish() }),
  ),
  isLast: z.boolean().nullish(),
})

export const listProjectsTool = defineTool({
  name: 'jira.list_projects',
  title: 'List Jira projects',
  description:
    'Lists the projects of a Jira site that the connected account may see, by their key; or those whose name or key has some words. Use it to learn project keys for jira.get_project, jira.search_issues and jira.create_issue.',
  scope: 'jira:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    query: text({ min: 1, max: 100 }).optional().describe('Part of the name or the key.'),
    ...pageInput,
    ...siteInput,
    ...connectionInput,
  }),
  output: z.object({
    projects: z
      .array(
        z.object({
          key: z.string().describe('Its key, which other tools take.'),
          name: z.string(),
          kind: z.string().nullable().describe('software, business or service_desk.'),
          lead: z.string().nullable(),
          url: z.string(),
        }),
      )
      .describe('Projects by their key.'),
    ...pageOutput,
  }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    const [startAt] = fromCursor(input.cursor, z.tuple([z.number().int().min(0).max(1_000_000)])) ?? [0]
    const query = { startAt, maxResults: input.limit, orderBy: 'key', expand: 'lead', query: input.query }
    const { values, isLast } = await jira.get(page, path`/project/search`, query)
    return {
      projects: values.map((project) => ({
        key: project.key,
        name: oneLine(project.name, 120),
        kind: project.projectTypeKey ? oneLine(project.projectTypeKey, 40) : null,
        lead: nameOfPerson(project.lead),
        url: `${jira.site.url}/browse/${encodeURIComponent(project.key)}`,
      })),
      next_cursor: isLast === false && values.length > 0 ? toCursor([startAt + values.length]) : null,
    }
  },
})
