// Projects, people, fields and link types of the fake.
import type { FakeAccount } from '../fake-oauth.js'
import { type Asked, type JiraApi, pageOf } from './jira-api.js'
import { JiraFault } from './jira-fault.js'
import { fieldShape, personShape, projectShape, statusShape, typeShape } from './jira-shapes.js'
import type { JiraField, JiraProject } from './jira-site.js'

const systemFields: readonly JiraField[] = [
  { id: 'summary', name: 'Summary', schema: { type: 'string', system: 'summary' } },
  { id: 'issuetype', name: 'Issue Type', schema: { type: 'issuetype', system: 'issuetype' } },
  { id: 'project', name: 'Project', schema: { type: 'project', system: 'project' } },
  { id: 'assignee', name: 'Assignee', schema: { type: 'user', system: 'assignee' } },
  { id: 'parent', name: 'Parent', schema: { type: 'issuelink', system: 'parent' } },
]
const always = ['summary', 'issuetype', 'project']

export function addProjectRoutes(api: JiraApi): void {
  api.route('GET', '/myself', 'read:jira-user', ({ account }) => ({ body: personShape(account) }))
  api.route('GET', '/project/search', 'read:jira-work', (asked) => {
    const { request, site, account } = asked
    const wanted = (request.query.get('query') ?? '').toLowerCase()
    const projects = site
      .visibleProjects(account)
      .filter(({ key, name }) => `${key}\n${name}`.toLowerCase().includes(wanted))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    const { page, about } = pageOf(request, projects)
    return {
      body: {
        ...about,
        values: page.map((project) => ({ ...projectShape(site, project), lead: personShape(project.lead) })),
      },
    }
  })
  api.route('GET', '/project/{key}', 'read:jira-work', ({ site, account, params }) => {
    const project = site.requireProject(account, params.key ?? '')
    const more = {
      description: '',
      lead: personShape(project.lead),
      issueTypes: project.issueTypes.map(typeShape),
      components: [],
      versions: [],
    }
    return { body: { ...projectShape(site, project), ...more } }
  })
  api.route('GET', '/project/{key}/statuses', 'read:jira-work', ({ site, account, params }) => {
    const project = site.requireProject(account, params.key ?? '')
    const reached = new Set(project.transitions.flatMap(({ to, from = [] }) => [to, ...from]))
    const statuses = site.statuses.filter(({ id }) => reached.has(id)).map(statusShape)
    return { body: project.issueTypes.map(({ id, name, subtask }) => ({ id, name, subtask, statuses })) }
  })
  api.route('GET', '/issue/createmeta/{key}/issuetypes', 'read:jira-work', ({ request, site, account, params }) => {
    const { page, about } = pageOf(request, site.requireProject(account, params.key ?? '').issueTypes)
    return { body: { ...about, issueTypes: page.map(typeShape) } }
  })
  api.route(
    'GET',
    '/issue/createmeta/{key}/issuetypes/{type}',
    'read:jira-work',
    ({ request, site, account, params }) => {
      const project = site.requireProject(account, params.key ?? '')
      const type = project.issueTypes.find(({ id }) => id === params.type)
      if (!type) throw new JiraFault(404, ['The issue type is not available in the project.'])
      const { page, about } = pageOf(request, screenOf(project))
      const fields = page.map((field) => ({
        ...fieldShape(field, type.name),
        ...(always.includes(field.id) ? { required: true } : {}),
      }))
      return { body: { ...about, fields } }
    },
  )
  api.route('GET', '/field', 'read:jira-work', ({ site }) => {
    const fields = new Map(
      [...systemFields, ...site.projects.flatMap((project) => project.fields)].map((field) => [field.id, field]),
    )
    return {
      body: [...fields.values()].map(({ id, name, schema }) => ({
        id,
        key: id,
        name,
        custom: id.startsWith('customfield_'),
        schema,
      })),
    }
  })
  api.route('GET', '/issueLinkType', 'read:jira-work', ({ site }) => ({ body: { issueLinkTypes: site.linkTypes } }))
  api.route('GET', '/user/assignable/search', 'read:jira-user', (asked) => {
    const { request, site, account } = asked
    const issue = request.query.get('issueKey')
    const project = issue
      ? site.requireIssue(account, issue).project
      : site.requireProject(account, request.query.get('project') ?? '')
    // The range is cut first, and only then who cannot be assigned is left out: pages are short, and not the last for it.
    const page = peoplePage(asked).filter((person) => site.sees(person, project))
    return { body: page.map(personShape) }
  })
  api.route('GET', '/user/search', 'read:jira-user', (asked) => ({ body: peoplePage(asked).map(personShape) }))
}

/** The fields that can be entered for a new issue of a project. */
export function screenOf({ fields }: JiraProject): JiraField[] {
  return [...systemFields, ...fields]
}

/** The people who fit the words, in the range that was asked for. */
function peoplePage({ request, site }: Asked): FakeAccount[] {
  const query = request.query.get('query')
  if (query === null && !request.query.has('accountId')) {
    throw new JiraFault(400, ['The query parameter is required.'])
  }
  const wanted = (query ?? '').toLowerCase()
  const starts = ({ name, email }: FakeAccount) =>
    [email, name, ...name.split(' ')].some((word) => word.toLowerCase().startsWith(wanted))
  const found = site.accounts.filter((person) =>
    query === null ? person.id === request.query.get('accountId') : starts(person),
  )
  return pageOf(request, found, 1_000).page
}
