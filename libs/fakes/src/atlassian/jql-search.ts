// Finds the issues of a site that a query means, for one account.
import type { FakeAccount } from '../fake-oauth.js'
import { wordsOf } from './adf-rules.js'
import { bad } from './jira-fault.js'
import type { JiraIssue, JiraSite } from './jira-site.js'
import { type JqlClause, type JqlQuery, type JqlTree, type JqlValue, parseJql } from './jql.js'

interface Around {
  readonly site: JiraSite
  readonly account: FakeAccount
  readonly nowMs: number
}

/** What a field of an issue is to a query: some words it may be called by, a moment, or a text to look into. */
type Subject =
  | { kind: 'names'; of: (issue: JiraIssue) => readonly string[]; known?: (around: Around) => readonly string[] }
  | { kind: 'moment'; of: (issue: JiraIssue) => number | undefined }
  | { kind: 'text'; of: (issue: JiraIssue) => string }

const daysMs = 86_400_000
const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: daysMs, w: 7 * daysMs }

const namesOf = (thing: unknown): string[] => {
  if (typeof thing === 'string' || typeof thing === 'number') return [String(thing)]
  if (Array.isArray(thing)) return thing.flatMap(namesOf)
  if (typeof thing !== 'object' || thing === null) return []
  const { id, name, value } = thing as Record<string, unknown>
  return [id, name, value].filter((one) => typeof one === 'string')
}
const personNames = (person: FakeAccount | undefined) => (person ? [person.id, person.name, person.email] : [])
const peopleOf = ({ site }: Around) => site.accounts.flatMap(personNames)

const subjects: Readonly<Record<string, Subject>> = {
  project: {
    kind: 'names',
    of: ({ project }) => [project.id, project.key, project.name],
    known: ({ site, account }) => site.visibleProjects(account).flatMap(({ id, key, name }) => [id, key, name]),
  },
  key: { kind: 'names', of: ({ key, id }) => [key, id] },
  status: { kind: 'names', of: ({ status }) => namesOf(status), known: ({ site }) => namesOf(site.statuses) },
  statuscategory: {
    kind: 'names',
    of: ({ status }) => [status.category, categoryNames[status.category]],
    known: () => Object.entries(categoryNames).flat(),
  },
  assignee: { kind: 'names', of: ({ assignee }) => personNames(assignee), known: peopleOf },
  reporter: { kind: 'names', of: ({ reporter }) => personNames(reporter), known: peopleOf },
  issuetype: {
    kind: 'names',
    of: ({ issueType }) => [issueType.id, issueType.name],
    known: ({ site }) => site.projects.flatMap(({ issueTypes }) => issueTypes.flatMap(({ id, name }) => [id, name])),
  },
  priority: { kind: 'names', of: ({ fields }) => namesOf(fields.priority) },
  labels: { kind: 'names', of: ({ fields }) => namesOf(fields.labels) },
  resolution: { kind: 'names', of: ({ resolution }) => (resolution ? namesOf(resolution) : ['Unresolved']) },
  parent: { kind: 'names', of: ({ parent }) => (parent ? [parent.key, parent.id] : []) },
  created: { kind: 'moment', of: ({ created }) => created.getTime() },
  updated: { kind: 'moment', of: ({ updated }) => updated.getTime() },
  duedate: {
    kind: 'moment',
    of: ({ fields }) => (typeof fields.duedate === 'string' ? Date.parse(fields.duedate) : undefined),
  },
  summary: { kind: 'text', of: ({ summary }) => summary },
  description: { kind: 'text', of: ({ fields }) => wordsOf(fields.description) },
  comment: { kind: 'text', of: ({ comments }) => comments.map(({ body }) => wordsOf(body)).join(' ') },
  text: {
    kind: 'text',
    of: ({ summary, fields, comments }) =>
      [summary, wordsOf(fields.description), ...comments.map(({ body }) => wordsOf(body))].join(' '),
  },
}
const categoryNames: Readonly<Record<'new' | 'indeterminate' | 'done', string>> = {
  new: 'To Do',
  indeterminate: 'In Progress',
  done: 'Done',
}
const otherNames: Readonly<Record<string, string>> = {
  type: 'issuetype',
  issue: 'key',
  issuekey: 'key',
  id: 'key',
  due: 'duedate',
}

/** Every issue the query means, in its order. Throws JiraFault 400. */
export function searchIssues(site: JiraSite, account: FakeAccount, jql: string): JiraIssue[] {
  const query = parseJql(jql)
  if (!query.where) {
    throw bad('Unbounded JQL queries are not allowed here. Please add a search restriction to your query.')
  }
  const around = { site, account, nowMs: Date.now() }
  const holds = test(query.where, around)
  const found = site.issues.filter((issue) => site.sees(account, issue.project) && holds(issue))
  return ordered(found, query, around)
}

function test(tree: JqlTree, around: Around): (issue: JiraIssue) => boolean {
  if (tree.kind === 'clause') return testClause(tree, around)
  if (tree.kind === 'not') {
    const inner = test(tree.part, around)
    return (issue) => !inner(issue)
  }
  const parts = tree.parts.map((part) => test(part, around))
  return tree.kind === 'and'
    ? (issue) => parts.every((part) => part(issue))
    : (issue) => parts.some((part) => part(issue))
}

function subjectOf(field: string, { site }: Around): Subject {
  const name = field.toLowerCase()
  const known = subjects[otherNames[name] ?? name]
  if (known) return known
  const custom = site.projects
    .flatMap(({ fields }) => fields)
    .find((one) => one.id === name || one.name.toLowerCase() === name || `cf[${one.schema.customId}]` === name)
  if (custom) return { kind: 'names', of: ({ fields }) => namesOf(fields[custom.id]) }
  throw bad(`Field '${field}' does not exist or you do not have permission to view it.`)
}

function testClause(clause: JqlClause, around: Around): (issue: JiraIssue) => boolean {
  const { field, operator, values } = clause
  const subject = subjectOf(field, around)
  const emptiness = values.length === 1 && isEmpty(values[0])
  if (operator === 'is' || operator === 'is not') {
    if (!emptiness) throw bad(`The operator '${operator}' only supports EMPTY or NULL for the field '${field}'.`)
    return (issue) => isMissing(subject, issue) === (operator === 'is')
  }
  const not = operator.startsWith('!') || operator.startsWith('not')
  if (emptiness) return (issue) => isMissing(subject, issue) !== not
  if (subject.kind === 'moment') return testMoment(subject, clause, around)
  if (subject.kind === 'text') {
    if (!['~', '!~'].includes(operator)) throw wrongOperator(clause)
    const wanted = wordOf(values[0], around).toLowerCase().split(/\W+/).filter(Boolean)
    return (issue) => {
      const words = new Set(subject.of(issue).toLowerCase().split(/\W+/))
      return wanted.every((word) => words.has(word)) !== not
    }
  }
  if (operator === '~' || operator === '!~') throw wrongOperator(clause)
  const wanted = values.flatMap((value) => wordOf(value, around).toLowerCase())
  if (!['=', '!=', 'in', 'not in'].includes(operator)) {
    return (issue) => subject.of(issue).some((name) => compare(Number(name), Number(wanted[0]), operator))
  }
  const known = subject.known?.(around).map((name) => name.toLowerCase())
  const missing = known && wanted.find((name) => !known.includes(name))
  if (missing !== undefined) {
    throw bad(`The value '${originalOf(values, missing)}' does not exist for the field '${field}'.`)
  }
  return (issue) => {
    const names = subject.of(issue).map((name) => name.toLowerCase())
    // As in Jira, != does not find what has no value.
    if (not && names.length === 0) return false
    return names.some((name) => wanted.includes(name)) !== not
  }
}

function testMoment(
  subject: Extract<Subject, { kind: 'moment' }>,
  { field, operator, values }: JqlClause,
  around: Around,
): (issue: JiraIssue) => boolean {
  const [value] = values
  const wanted = value && momentOf(value, around)
  if (wanted === undefined) {
    const given = value && 'text' in value ? value.text : ''
    throw bad(
      `Date value '${given}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
    )
  }
  return (issue) => {
    const actual = subject.of(issue)
    return actual !== undefined && compare(actual, wanted, operator)
  }
}

function momentOf(value: JqlValue, { nowMs }: Around): number | undefined {
  if ('call' in value) {
    const shift = /^(-?\d+)d$/.exec(value.given[0] ?? '0d')?.[1]
    const day = Math.floor(nowMs / daysMs) * daysMs + Number(shift ?? 0) * daysMs
    if (value.call === 'now') return nowMs
    if (value.call === 'startofday') return day
    if (value.call === 'endofday') return day + daysMs - 1
    if (value.call === 'startofweek') return day - ((new Date(day).getUTCDay() + 6) % 7) * daysMs
    return undefined
  }
  const [, count, unit] = /^(-?\d+)([mhdw])$/.exec(value.text) ?? []
  if (count !== undefined && unit !== undefined) return nowMs + Number(count) * (unitsMs[unit] ?? 0)
  const [, date, time] = /^(\d{4}[-/]\d{2}[-/]\d{2})(?: (\d{2}:\d{2}))?$/.exec(value.text) ?? []
  const moment = Date.parse(`${date?.replaceAll('/', '-')}T${time ?? '00:00'}:00Z`)
  return Number.isNaN(moment) ? undefined : moment
}

function compare(actual: number, wanted: number, operator: string): boolean {
  if (operator === '=') return actual === wanted
  if (operator === '!=') return actual !== wanted
  if (operator === '>') return actual > wanted
  if (operator === '>=') return actual >= wanted
  return operator === '<' ? actual < wanted : actual <= wanted
}

function wordOf(value: JqlValue | undefined, { account }: Around): string {
  if (!value) return ''
  if ('text' in value) return value.text
  if (value.call === 'currentuser') return account.id
  throw bad(`Unable to find JQL function '${value.call}(${value.given.join(', ')})'.`)
}

function originalOf(values: readonly JqlValue[], lower: string): string {
  const found = values.find((value) => 'text' in value && value.text.toLowerCase() === lower)
  return found && 'text' in found ? found.text : lower
}

function isEmpty(value: JqlValue | undefined): boolean {
  return value !== undefined && 'text' in value && !value.quoted && /^(empty|null)$/i.test(value.text)
}

function isMissing(subject: Subject, issue: JiraIssue): boolean {
  const value = subject.of(issue)
  return (
    value === undefined || value === '' || (Array.isArray(value) && (value.length === 0 || value[0] === 'Unresolved'))
  )
}

function wrongOperator({ field, operator }: JqlClause) {
  return bad(`The operator '${operator}' is not supported by the '${field}' field.`)
}

function ordered(issues: JiraIssue[], { order }: JqlQuery, around: Around): JiraIssue[] {
  const keys = order.map(({ field, descending }) => ({ subject: subjectOf(field, around), descending }))
  const numberOf = ({ key }: JiraIssue) => Number(key.split('-')[1])
  return issues.toSorted((a, b) => {
    for (const { subject, descending } of keys) {
      const [x, y] = [a, b].map((issue) => {
        const value = subject.of(issue)
        return Array.isArray(value) ? (value[0] ?? '') : (value ?? 0)
      }) as [string | number, string | number]
      if (x !== y) return (x < y ? -1 : 1) * (descending ? -1 : 1)
    }
    return numberOf(b) - numberOf(a)
  })
}
