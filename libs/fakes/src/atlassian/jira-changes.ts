// Puts what a request says about an issue's fields into the issue, or refuses it as Jira does.
import type { FakeAccount } from '../fake-oauth.js'
import { faultOfDocument } from './adf-rules.js'
import { bad, fieldFault } from './jira-fault.js'
import type { JiraField, JiraIssue, JiraProject, JiraSite } from './jira-site.js'

type Json = Record<string, unknown>

/** Fields that are no part of a screen but of the issue itself. */
const builtIn = ['summary', 'issuetype', 'project', 'assignee', 'reporter', 'parent', 'resolution']

export interface Changes {
  readonly fields: Json
  readonly update: Record<string, readonly Json[]>
}

export function changesOf(json: unknown): Changes {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw bad('Invalid request payload. Refer to the REST API documentation and try again.')
  const { fields = {}, update = {} } = json as { fields?: Json; update?: Changes['update'] }
  return { fields, update }
}

/** Creates an issue. Throws JiraFault 400 naming every faulty field. */
export function createIssue(site: JiraSite, account: FakeAccount, { fields, update }: Changes): JiraIssue {
  const project = projectOf(site, account, fields.project)
  const type = project.issueTypes.find(({ id, name }) => {
    const given = fields.issuetype as Json | undefined
    return given?.id === id || given?.name === name
  })
  if (!type) throw fieldFault({ issuetype: 'Specify an issue type' })
  const faults: Record<string, string> = {}
  if (fields.summary === undefined) faults.summary = 'You must specify a summary of the issue.'
  for (const field of project.fields) {
    if (field.requiredFor?.includes(type.name) && isNothing(fields[field.id]))
      faults[field.id] = `${field.name} is required.`
  }
  if (type.subtask && fields.parent === undefined)
    faults.parentId = 'Issue type is a sub-task but parent issue key or id not specified.'
  const draft = site.draftIssue(project, { type: type.name, summary: '-', reporter: account })
  apply(site, account, draft, { fields, update }, faults)
  site.keepIssue(draft)
  return draft
}

/** Changes an issue: all of it or nothing. Throws JiraFault 400 naming every faulty field. */
export function updateIssue(site: JiraSite, account: FakeAccount, issue: JiraIssue, changes: Changes): void {
  const draft = { ...issue, fields: { ...issue.fields } }
  apply(site, account, draft, changes, {})
  Object.assign(issue, draft, { updated: new Date() })
}

function apply(
  site: JiraSite,
  account: FakeAccount,
  issue: JiraIssue,
  { fields, update }: Changes,
  faults: Record<string, string>,
): void {
  for (const [name, value] of Object.entries(fields)) {
    const fault = setField(site, account, issue, name, value)
    if (fault) faults[name] = fault
  }
  const comments: unknown[] = []
  for (const [name, operations] of Object.entries(update)) {
    for (const operation of operations) {
      if (name in fields) faults[name] = `Field '${name}' cannot be set by 'fields' and 'update' at once.`
      const comment = name === 'comment' ? (operation.add as { body?: unknown } | undefined)?.body : undefined
      if (comment === undefined) {
        const fault = operate(site, account, issue, name, operation)
        if (fault) faults[name] = fault
      } else if (faultOfDocument(comment)) faults.comment = 'Comment body is not valid!'
      else comments.push(comment)
    }
  }
  if (Object.keys(faults).length > 0) throw fieldFault(faults)
  for (const body of comments) site.addComment(issue, account, body)
}

function operate(
  site: JiraSite,
  account: FakeAccount,
  issue: JiraIssue,
  name: string,
  operation: Json,
): string | undefined {
  if ('set' in operation) return setField(site, account, issue, name, operation.set)
  const list = issue.fields[name]
  if (!Array.isArray(list)) return `Field '${name}' cannot be added to.`
  if ('add' in operation) {
    const next = list.includes(operation.add) ? list : [...list, operation.add]
    return setField(site, account, issue, name, next)
  }
  return setField(
    site,
    account,
    issue,
    name,
    list.filter((one) => one !== operation.remove),
  )
}

function setField(
  site: JiraSite,
  account: FakeAccount,
  issue: JiraIssue,
  name: string,
  value: unknown,
): string | undefined {
  if (builtIn.includes(name)) return setBuiltIn(site, account, issue, name, value)
  const field = issue.project.fields.find(({ id }) => id === name)
  if (!field) return `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`
  if (value === null) {
    issue.fields[name] = field.schema.type === 'array' ? [] : null
    return undefined
  }
  const accepted = taken(site, field, value)
  if ('fault' in accepted) return accepted.fault
  issue.fields[name] = accepted.value
  return undefined
}

function setBuiltIn(
  site: JiraSite,
  account: FakeAccount,
  issue: JiraIssue,
  name: string,
  value: unknown,
): string | undefined {
  const given = (value ?? {}) as Json
  switch (name) {
    case 'summary':
      if (typeof value !== 'string' || value.trim() === '') return 'You must specify a summary of the issue.'
      if (/[\r\n]/.test(value)) return 'The summary is invalid because it contains newline characters.'
      if (value.length > 255) return "Summary can't exceed 255 characters."
      issue.summary = value
      return undefined
    case 'assignee':
    case 'reporter': {
      const person = site.accounts.find(({ id }) => id === (given.accountId ?? given.id))
      if (value !== null && !person) return `Specify a valid value for ${name}`
      if (name === 'assignee') issue.assignee = person
      else if (person) issue.reporter = person
      return undefined
    }
    case 'parent': {
      const parent = site.issues.find(({ key, id }) => key === given.key || id === given.id)
      if (value !== null && (!parent || !site.sees(account, parent.project)))
        return 'Could not find issue by id or key.'
      if (parent && parent.issueType.hierarchyLevel <= issue.issueType.hierarchyLevel) {
        return 'Given parent work item does not belong to appropriate hierarchy.'
      }
      issue.parent = parent
      return undefined
    }
    case 'resolution': {
      const resolution = site.resolutions.find(({ id, name: word }) => id === given.id || word === given.name)
      if (value !== null && !resolution) return `Resolution '${String(given.name)}' is not valid`
      issue.resolution = resolution
      return undefined
    }
    default:
      // The project and the type were looked at when the issue was made.
      return undefined
  }
}

function taken(site: JiraSite, field: JiraField, value: unknown): { value: unknown } | { fault: string } {
  const { type, items, custom } = field.schema
  const isDocument = field.id === 'description' || custom?.endsWith(':textarea')
  if (isDocument) {
    if (typeof value !== 'object')
      return { fault: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' }
    return faultOfDocument(value) ? { fault: 'INVALID_INPUT' } : { value }
  }
  switch (type) {
    case 'number':
      return typeof value === 'number' ? { value } : { fault: 'Operation value must be a number' }
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
        ? { value }
        : { fault: `Error parsing date string: ${String(value)}` }
    case 'user': {
      const person = site.accounts.find(({ id }) => id === (value as Json).accountId)
      return person ? { value: { accountId: person.id, displayName: person.name } } : { fault: 'Specify a valid user' }
    }
    case 'option':
    case 'priority':
      return chosen(field, value)
    case 'array': {
      if (!Array.isArray(value)) return { fault: 'data was not an array' }
      if (items === 'string') {
        const spaced = value.find((one) => typeof one !== 'string' || /\s/.test(one))
        return spaced === undefined
          ? { value }
          : { fault: `The label '${String(spaced)}' contains spaces which is invalid.` }
      }
      const all = value.map((one) => chosen(field, one))
      const fault = all.find((one) => 'fault' in one)
      return fault ?? { value: all.map((one) => ('value' in one ? one.value : undefined)) }
    }
    default:
      return typeof value === 'string' ? { value } : { fault: 'Operation value must be a string' }
  }
}

function chosen(
  { allowedValues = [], schema, id: fieldId }: JiraField,
  value: unknown,
): { value: unknown } | { fault: string } {
  const { id, name, value: word } = (typeof value === 'object' && value !== null ? value : {}) as Json
  const found = allowedValues.find(
    (one) => one.id === id || (name !== undefined && one.name === name) || (word !== undefined && one.value === word),
  )
  if (found) return { value: found }
  if (schema.type === 'priority') return { fault: 'The priority selected is invalid.' }
  return { fault: `Option id '${String(id ?? word)}' is not valid for field '${fieldId}'` }
}

function projectOf(site: JiraSite, account: FakeAccount, given: unknown): JiraProject {
  const { id, key } = (given ?? {}) as Json
  const project = site.visibleProjects(account).find((one) => one.id === id || one.key === key)
  if (!project) throw fieldFault({ project: 'valid project is required' })
  if (project.readers?.includes(account.id)) {
    throw fieldFault({ pid: 'You do not have permission to create issues in this project.' })
  }
  return project
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
