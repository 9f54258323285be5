// Issues as Jira gives them and as tools show them: briefly in lists, and what is read of them.
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { text } from '../inputs.js'
import type { Jira } from './jira-api.js'
import { type Person, person, showPerson } from './people.js'

const keyShape = /^(?:[A-Z][A-Z0-9_]{0,29}-\d{1,10}|\d{1,18})$/
const projectShape = /^[A-Z0-9][A-Z0-9_]{0,29}$/

/** Input member for one issue. */
export function issueKey(description: string) {
  return text({ min: 1, max: 41 })
    .toUpperCase()
    .refine((key) => keyShape.test(key), 'must be an issue key such as ABC-12')
    .describe(description)
}

/** Input member for one project. */
export function projectKey(description: string) {
  return text({ min: 1, max: 30 })
    .toUpperCase()
    .refine((key) => projectShape.test(key), 'must be a project key such as ABC')
    .describe(description)
}

export const named = z.object({ id: z.string().optional(), name: z.string() })

/** The members of an issue that lists show. */
export const briefFields = ['summary', 'issuetype', 'status', 'priority', 'assignee', 'updated', 'duedate']

export const briefIssue = z.object({
  key: z.string(),
  fields: z.object({
    summary: z.string().nullish(),
    issuetype: named.nullish(),
    status: named.nullish(),
    priority: named.nullish(),
    assignee: person.nullish(),
    updated: z.string().nullish(),
    duedate: z.string().nullish(),
  }),
})

export const briefOutput = z.object({
  key: z.string().describe('Its key, which other tools take.'),
  summary: z.string(),
  type: z.string(),
  status: z.string(),
  priority: z.string().nullable(),
  assignee: z.string().nullable().describe('Who it is assigned to.'),
  due_date: z.string().nullable(),
  updated_at: z.string().nullable(),
  url: z.string(),
})

export function showBrief(jira: Jira, { key, fields }: z.output<typeof briefIssue>): z.input<typeof briefOutput> {
  return {
    key,
    summary: oneLine(fields.summary ?? '', 255),
    type: nameOf(fields.issuetype) ?? '',
    status: nameOf(fields.status) ?? '',
    priority: nameOf(fields.priority),
    assignee: nameOfPerson(fields.assignee),
    due_date: dateOf(fields.duedate),
    updated_at: momentOf(fields.updated),
    url: jira.pageOf(key),
  }
}

export function nameOf(thing: { name: string } | null | undefined): string | null {
  return thing ? oneLine(thing.name, 120) : null
}

export function nameOfPerson(one: Person | null | undefined): string | null {
  return one ? showPerson(one).name : null
}

/** A time of Jira's (offsets have no colon) in UTC; null when it is none. */
export function momentOf(value: string | null | undefined): string | null {
  const ms = Date.parse((value ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

export function dateOf(value: string | null | undefined): string | null {
  return value && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null
}
