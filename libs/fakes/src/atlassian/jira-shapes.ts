// How the fake writes Jira's things as JSON.
import type { FakeAccount } from '../fake-oauth.js'
import type { JiraComment, JiraField, JiraIssue, JiraProject, JiraSite, JiraStatus, JiraWorklog } from './jira-site.js'

const categories = {
  new: { id: 2, key: 'new', name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, key: 'done', name: 'Done', colorName: 'green' },
}

/** As Jira writes times: with milliseconds and an offset without a colon. */
export function jiraTime(date: Date): string {
  return date.toISOString().replace('Z', '+0000')
}

export function personShape(person: FakeAccount) {
  return {
    accountId: person.id,
    accountType: 'atlassian',
    displayName: person.name,
    emailAddress: person.email,
    active: true,
    timeZone: 'Etc/UTC',
  }
}

export function statusShape({ id, name, category }: JiraStatus) {
  return { id, name, description: '', statusCategory: categories[category] }
}

export function projectShape(site: JiraSite, { id, key, name }: JiraProject) {
  const self = `${site.url}/rest/api/3/project/${id}`
  return { self, id, key, name, projectTypeKey: 'software', simplified: false, style: 'classic', isPrivate: false }
}

export function typeShape({ id, name, subtask, hierarchyLevel }: JiraIssue['issueType']) {
  return { id, name, description: '', subtask, hierarchyLevel }
}

export function commentShape({ id, author, body, created, updated }: JiraComment) {
  const person = personShape(author)
  return {
    id,
    author: person,
    updateAuthor: person,
    body,
    created: jiraTime(created),
    updated: jiraTime(updated),
    jsdPublic: true,
  }
}

export function worklogShape(issue: JiraIssue, worklog: JiraWorklog) {
  const { id, author, comment, started, timeSpentSeconds, created } = worklog
  return {
    id,
    issueId: issue.id,
    author: personShape(author),
    ...(comment === undefined ? {} : { comment }),
    started: jiraTime(started),
    timeSpent: durationOf(timeSpentSeconds),
    timeSpentSeconds,
    created: jiraTime(created),
    updated: jiraTime(created),
  }
}

/** Jira's own way of writing durations, with days of eight hours. */
function durationOf(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  const parts = [`${Math.floor(minutes / 480)}d`, `${Math.floor((minutes % 480) / 60)}h`, `${minutes % 60}m`]
  return parts.filter((part) => !part.startsWith('0')).join(' ') || '0m'
}

export function fieldShape({ id, name, schema, allowedValues, requiredFor }: JiraField, type?: string) {
  const values = allowedValues ? { allowedValues } : {}
  const required = type !== undefined && (requiredFor?.includes(type) ?? false)
  return { fieldId: id, key: id, name, schema, required, hasDefaultValue: false, operations: ['set'], ...values }
}

/**
 * An issue with the fields that were asked for.
 * @param wanted names of fields, `*all`, or nothing for none
 */
export function issueShape(site: JiraSite, issue: JiraIssue, wanted: readonly string[]) {
  const self = `${site.url}/rest/api/3/issue/${issue.id}`
  // The search gives ids alone unless fields are asked for.
  if (wanted.length === 0) return { id: issue.id }
  const all = fieldsOf(site, issue)
  const everything = wanted.includes('*all') || wanted.includes('*navigable')
  const without = new Set(wanted.filter((name) => name.startsWith('-')).map((name) => name.slice(1)))
  const fields = Object.entries(all).filter(([name]) => (everything || wanted.includes(name)) && !without.has(name))
  return {
    expand: 'renderedFields,names,schema',
    id: issue.id,
    self,
    key: issue.key,
    fields: Object.fromEntries(fields),
  }
}

function fieldsOf(site: JiraSite, issue: JiraIssue): Record<string, unknown> {
  const customs = issue.project.fields.filter(({ id }) => id.startsWith('customfield_')).map(({ id }) => [id, null])
  const seconds = issue.worklogs.reduce((sum, { timeSpentSeconds }) => sum + timeSpentSeconds, 0)
  return {
    ...Object.fromEntries(customs),
    description: null,
    duedate: null,
    components: [],
    fixVersions: [],
    ...issue.fields,
    summary: issue.summary,
    issuetype: typeShape(issue.issueType),
    project: projectShape(site, issue.project),
    status: statusShape(issue.status),
    reporter: personShape(issue.reporter),
    creator: personShape(issue.reporter),
    assignee: issue.assignee ? personShape(issue.assignee) : null,
    resolution: issue.resolution ?? null,
    created: jiraTime(issue.created),
    updated: jiraTime(issue.updated),
    ...(issue.parent ? { parent: briefShape(issue.parent) } : {}),
    subtasks: site.issues.filter(({ parent, issueType }) => parent === issue && issueType.subtask).map(briefShape),
    issuelinks: site.links.flatMap(({ id, type, inward, outward }) => [
      ...(outward === issue ? [{ id, type, inwardIssue: briefShape(inward) }] : []),
      ...(inward === issue ? [{ id, type, outwardIssue: briefShape(outward) }] : []),
    ]),
    timetracking: seconds === 0 ? {} : { timeSpent: durationOf(seconds), timeSpentSeconds: seconds },
    comment: {
      comments: issue.comments.map(commentShape),
      total: issue.comments.length,
      maxResults: issue.comments.length,
      startAt: 0,
    },
  }
}

function briefShape({ id, key, summary, status, issueType, fields }: JiraIssue) {
  return {
    id,
    key,
    fields: { summary, status: statusShape(status), issuetype: typeShape(issueType), priority: fields.priority },
  }
}
