// Issues of the fake: search, reading, changing, transitions and links.
import { createHash } from 'node:crypto'
import { type Asked, bodyOf, type JiraApi, requireMayChange } from './jira-api.js'
import { changesOf, createIssue, updateIssue } from './jira-changes.js'
import { bad, fieldFault, JiraFault } from './jira-fault.js'
import { screenOf } from './jira-project-routes.js'
import { fieldShape, issueShape, statusShape } from './jira-shapes.js'
import type { JiraTransition } from './jira-site.js'
import { searchIssues } from './jql-search.js'

const removed =
  'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046'
const mayNotEdit = 'You do not have permission to edit this issue.'
const noContent = { status: 204 }

export function addIssueRoutes(api: JiraApi): void {
  for (const method of ['GET', 'POST']) {
    api.route(method, '/search', 'read:jira-work', () => {
      throw new JiraFault(410, [removed])
    })
  }
  api.route('POST', '/search/jql', 'read:jira-work', (asked) => search(asked, bodyOf(asked.request)))
  api.route('GET', '/search/jql', 'read:jira-work', (asked) => {
    const { query } = asked.request
    const fields = query.getAll('fields').flatMap((names) => names.split(','))
    return search(asked, { ...Object.fromEntries(query), fields, maxResults: Number(query.get('maxResults') ?? 50) })
  })
  api.route('POST', '/issue', 'write:jira-work', ({ request, site, account }) => {
    const { id, key } = createIssue(site, account, changesOf(request.json))
    return { status: 201, body: { id, key, self: `${site.url}/rest/api/3/issue/${id}` } }
  })
  api.route('GET', '/issue/{issue}', 'read:jira-work', ({ request, site, account, params }) => {
    const issue = site.requireIssue(account, params.issue ?? '')
    const fields = request.query
      .getAll('fields')
      .flatMap((names) => names.split(','))
      .filter(Boolean)
    const shape = issueShape(site, issue, fields.length === 0 ? ['*all'] : fields)
    if (!request.query.get('expand')?.includes('names')) return { body: shape }
    const known = screenOf(issue.project).map(({ id, name, schema }) => ({ id, name, schema }))
    const names = Object.fromEntries(known.map(({ id, name }) => [id, name]))
    const schema = Object.fromEntries(known.map((field) => [field.id, field.schema]))
    return { body: { ...shape, names, schema } }
  })
  api.route('PUT', '/issue/{issue}', 'write:jira-work', (asked) => {
    const { request, site, account, params } = asked
    const issue = site.requireIssue(account, params.issue ?? '')
    requireMayChange(asked, issue.project, mayNotEdit)
    updateIssue(site, account, issue, changesOf(request.json))
    return noContent
  })
  api.route('DELETE', '/issue/{issue}', 'write:jira-work', (asked) => {
    const { site, account, params } = asked
    const issue = site.requireIssue(account, params.issue ?? '')
    requireMayChange(asked, issue.project, 'You do not have permission to delete issues in this project.')
    site.issues.splice(site.issues.indexOf(issue), 1)
    return noContent
  })
  api.route('GET', '/issue/{issue}/editmeta', 'read:jira-work', (asked) => {
    const { site, account, params } = asked
    const { project } = site.requireIssue(account, params.issue ?? '')
    const fields = project.readers?.includes(account.id) ? [] : screenOf(project).filter(({ id }) => id !== 'project')
    return { body: { fields: Object.fromEntries(fields.map((field) => [field.id, fieldShape(field)])) } }
  })
  api.route('PUT', '/issue/{issue}/assignee', 'write:jira-work', (asked) => {
    const { request, site, account, params } = asked
    const issue = site.requireIssue(account, params.issue ?? '')
    requireMayChange(asked, issue.project, 'You do not have permission to assign issues.')
    const { accountId } = bodyOf(request)
    const person = site.accounts.find(({ id }) => id === accountId)
    if (accountId !== null && !person) throw bad(`User '${String(accountId)}' does not exist.`)
    if (person && !site.sees(person, issue.project)) {
      throw fieldFault({ assignee: `User '${person.name}' cannot be assigned issues.` })
    }
    Object.assign(issue, { assignee: person, updated: new Date() })
    return noContent
  })
  addTransitionRoutes(api)
  api.route('POST', '/issueLink', 'write:jira-work', (asked) => {
    const { request, site, account } = asked
    const { type, inwardIssue, outwardIssue } = bodyOf(request) as Record<string, { name?: string; key?: string }>
    const known = site.linkTypes.find(({ name }) => name === type?.name)
    if (!known) throw new JiraFault(404, [`No issue link type with name '${type?.name}' found.`])
    const [inward, outward] = [inwardIssue, outwardIssue].map((one) => site.requireIssue(account, one?.key ?? ''))
    if (!inward || !outward || inward === outward) throw bad('You cannot link an issue to itself.')
    requireMayChange(asked, inward.project, 'No Link Issue Permission for issue.')
    site.addLink(known.name, inward, outward)
    return { status: 201 }
  })
}

function search({ site, account }: Asked, given: Record<string, unknown>) {
  const jql = typeof given.jql === 'string' ? given.jql : ''
  const fields = Array.isArray(given.fields) ? given.fields.map(String) : []
  const found = searchIssues(site, account, jql)
  const most = Math.min(Math.max(Number(given.maxResults ?? 50), 1), 100)
  const start = given.nextPageToken === undefined ? 0 : placeOf(String(given.nextPageToken), jql)
  const page = found.slice(start, start + most)
  const isLast = start + page.length >= found.length
  const next = isLast ? {} : { nextPageToken: tokenFor(start + page.length, jql) }
  return { body: { issues: page.map((issue) => issueShape(site, issue, fields)), ...next, isLast } }
}

/** A place in the results of one query, which is good for that query alone. */
function tokenFor(place: number, jql: string): string {
  const digest = createHash('sha256').update(jql).digest('base64url').slice(0, 12)
  return Buffer.from(`${place}:${digest}`).toString('base64url')
}

function placeOf(token: string, jql: string): number {
  const place = Number(Buffer.from(token, 'base64url').toString('utf8').split(':')[0])
  if (!Number.isInteger(place) || tokenFor(place, jql) !== token) {
    throw bad('The provided next page token is invalid or expired. Please use a valid token or do a new search.')
  }
  return place
}

function addTransitionRoutes(api: JiraApi): void {
  api.route('GET', '/issue/{issue}/transitions', 'read:jira-work', (asked) => {
    const { request, site, account, params } = asked
    const issue = site.requireIssue(account, params.issue ?? '')
    const some = issue.project.readers?.includes(account.id) ? [] : site.transitionsOf(issue)
    const withFields = request.query.get('expand')?.includes('transitions.fields')
    const transitions = some.map((one) => ({
      id: one.id,
      name: one.name,
      to: statusShape(site.requireStatus(one.to)),
      hasScreen: one.requires !== undefined,
      isGlobal: one.from === undefined,
      isInitial: false,
      isAvailable: true,
      ...(withFields ? { fields: fieldsOf(asked, one) } : {}),
    }))
    return { body: { expand: 'transitions', transitions } }
  })
  api.route('POST', '/issue/{issue}/transitions', 'write:jira-work', (asked) => {
    const { request, site, account, params } = asked
    const issue = site.requireIssue(account, params.issue ?? '')
    const { transition: wanted } = bodyOf(request) as { transition?: { id?: string } }
    const transition = site.transitionsOf(issue).find(({ id }) => id === wanted?.id)
    requireMayChange(asked, issue.project, 'You do not have permission to transition this issue.')
    if (!transition) throw bad(`Transition id '${wanted?.id}' is not valid for this issue.`)
    const changes = changesOf(request.json)
    const missing = (transition.requires ?? []).filter((name) => changes.fields[name] === undefined)
    if (missing.length > 0) {
      const names = missing.map((name) => [name, `${nameOf(asked, name)} is required.`])
      throw fieldFault(Object.fromEntries(names))
    }
    updateIssue(site, account, issue, changes)
    issue.status = site.requireStatus(transition.to)
    if (issue.status.category !== 'done') issue.resolution = undefined
    return noContent
  })
}

function fieldsOf(asked: Asked, { requires = [] }: JiraTransition) {
  const { site } = asked
  const fields = requires.map((name) => {
    const values = name === 'resolution' ? { allowedValues: site.resolutions } : {}
    const schema = { type: name === 'resolution' ? 'resolution' : 'string', system: name }
    return [name, { required: true, schema, name: nameOf(asked, name), key: name, operations: ['set'], ...values }]
  })
  return Object.fromEntries(fields)
}

function nameOf({ site }: Asked, id: string): string {
  const field = site.projects.flatMap(({ fields }) => fields).find((one) => one.id === id)
  return field?.name ?? id.slice(0, 1).toUpperCase() + id.slice(1)
}
