// jira.find_people: people of a site by name or e-mail address.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toCursor } from '../../platform/paging.js'
import { connectionInput } from '../connect.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { projectKey } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { mostPeople, people, personOutput, showPerson } from './people.js'
import { siteInput } from './sites.js'

export const findPeopleTool = defineTool({
  name: 'jira.find_people',
  title: 'Find people in Jira',
  description:
    'Finds people of a Jira site by their name or e-mail address; with project, only those who can be assigned issues there. Use it when jira.assign_issue or jira.create_issue does not know whom a name means, and for the account ids of mentions. Many people hide their e-mail address.',
  scope: 'jira:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    query: text({ min: 1, max: 200 }).describe('The beginning of a name or of an e-mail address.'),
    project: projectKey('The key of a project, for those who can be assigned its issues.').optional(),
    ...pageInput,
    ...siteInput,
    ...connectionInput,
  }),
  output: z.object({ people: z.array(personOutput).describe('People who fit.'), ...pageOutput }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    const [startAt] = fromCursor(input.cursor, z.tuple([z.number().int().min(0).max(100_000)])) ?? [0]
    // Jira's own pages do not say whether there are more, and can be short for those who cannot be assigned.
    const query = { query: input.query, maxResults: mostPeople }
    const found =
      input.project === undefined
        ? await jira.get(people, path`/user/search`, query)
        : await jira.get(people, path`/user/assignable/search`, { ...query, project: input.project })
    const fit = found.filter(({ accountType }) => accountType !== 'app')
    const end = startAt + input.limit
    return {
      people: fit.slice(startAt, end).map(showPerson),
      next_cursor: end < fit.length ? toCursor([end]) : null,
    }
  },
})
