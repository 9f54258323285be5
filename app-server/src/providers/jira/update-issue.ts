// jira.update_issue: changes the fields that are given, and leaves all others as they are.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { date, text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { lostByMarkdown } from './adf-to-markdown.js'
import { labelsInput, priorityFor, requireOneLine } from './create-issue.js'
import { editableFields, type Field, fieldsInput, fieldValues } from './fields.js'
import { issueKey } from './issues.js'
import { type Jira, jiraOf, path } from './jira-api.js'
import { markdownToAdf } from './markdown-to-adf.js'
import { assigneeText, requirePerson } from './people.js'
import { siteInput } from './sites.js'
import { markdownInput, markdownWords } from './texts.js'

const changes = {
  summary: text({ min: 1, max: 255 }).optional().describe('The new title, one line.'),
  description: markdownInput('')
    .nullable()
    .optional()
    .describe(`The new description, whole; null takes it away. ${markdownWords}`),
  priority: text({ min: 1, max: 100 }).optional().describe('The priority, e.g. High.'),
  labels_add: labelsInput().optional().describe('Labels to add; the others stay.'),
  labels_remove: labelsInput().optional().describe('Labels to take away.'),
  assignee: assigneeText().optional().describe('me, none, a name, an e-mail address or an account id.'),
  parent: issueKey('The epic or issue it shall belong to.')
    .nullable()
    .optional()
    .describe('Its new parent; null for none.'),
  due_date: date('When it is due, as YYYY-MM-DD.')
    .nullable()
    .optional()
    .describe('When it is due, as YYYY-MM-DD; null for never.'),
  fields: fieldsInput.optional().describe('Other fields by name or id; null empties one.'),
}

const input = z.strictObject({
  issue: issueKey('The key of the issue, e.g. ABC-12.'),
  ...changes,
  drop_embedded: z
    .boolean()
    .default(false)
    .describe('Replace the description although pictures or files in it are lost by that.'),
  ...siteInput,
  ...connectionInput,
  ...idempotencyInput,
})
type Given = z.output<typeof input>

export const updateIssueTool = defineTool({
  name: 'jira.update_issue',
  title: 'Change a Jira issue',
  description:
    'Changes only the fields that are given. A description is replaced as a whole, so read it with jira.get_issue first, and do not use it to say something: that is jira.add_comment. For the status use jira.transition_issue. Ask the person before overwriting what others wrote.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input,
  redact: ['description', 'fields'],
  output: z.object({
    key: z.string(),
    changed: z.array(z.string()).describe('The fields that were set.'),
    url: z.string(),
  }),
  async run(given, call) {
    const changed = Object.keys(changes).filter((name) => given[name as keyof Given] !== undefined)
    if (changed.length === 0) {
      throw new Problem(
        'invalid-arguments',
        `Nothing to change. Give at least one of ${Object.keys(changes).join(', ')}.`,
      )
    }
    const jira = jiraOf(call, given)
    return call.onceUpstream(async () => {
      const body = await beforeWriting(() => bodyFor(jira, given))
      await jira.act('PUT', path`/issue/${given.issue}`, body)
      return { key: given.issue, changed, url: jira.pageOf(given.issue) }
    })
  },
})

async function bodyFor(jira: Jira, given: Given): Promise<Record<string, unknown>> {
  const needsFields = given.fields !== undefined || given.priority !== undefined
  const known: readonly Field[] = needsFields ? await editableFields(jira, given.issue) : []
  const place = { issueKey: given.issue }
  const fields: Record<string, unknown> = given.fields ? await fieldValues(jira, known, given.fields, place) : {}
  if (given.summary !== undefined) fields.summary = requireOneLine(given.summary)
  if (given.description !== undefined) {
    if (!given.drop_embedded) await requireNothingEmbedded(jira, given.issue)
    fields.description = given.description === null ? null : markdownToAdf(given.description)
  }
  if (given.priority !== undefined) fields.priority = priorityFor(known, given.priority)
  if (given.parent !== undefined) fields.parent = given.parent === null ? null : { key: given.parent }
  if (given.due_date !== undefined) fields.duedate = given.due_date
  if (given.assignee !== undefined) fields.assignee = await assigneeFor(jira, given.assignee, place)
  const labels = [
    ...(given.labels_add ?? []).map((label) => ({ add: label })),
    ...(given.labels_remove ?? []).map((label) => ({ remove: label })),
  ]
  return { fields, ...(labels.length > 0 ? { update: { labels } } : {}) }
}

async function assigneeFor(jira: Jira, given: string, place: { issueKey: string }) {
  return given.toLowerCase() === 'none' ? null : { accountId: (await requirePerson(jira, given, place)).id }
}

/** A description with a picture cannot come back from Markdown whole. Throws Problem conflict. */
async function requireNothingEmbedded(jira: Jira, issue: string): Promise<void> {
  const answer = z.object({ fields: z.object({ description: z.unknown().optional() }) })
  const { fields } = await jira.get(answer, path`/issue/${issue}`, { fields: 'description' })
  const lost = lostByMarkdown(fields.description)
  if (lost.length === 0) return
  throw new Problem(
    'conflict',
    `The description of ${issue} has ${lost.join(' and ')}, which a new description would lose. Use jira.add_comment, or ask the person and call again with drop_embedded.`,
  )
}
