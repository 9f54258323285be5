// jira.transition_issue: moves an issue to another status, as its workflow allows.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { fieldsInput, fieldValues, requireGiven } from './fields.js'
import { issueKey } from './issues.js'
import { type Jira, jiraOf, path } from './jira-api.js'
import { markdownToAdf } from './markdown-to-adf.js'
import { siteInput } from './sites.js'
import { markdownInput } from './texts.js'
import { requireTransition, type Transition, transitionsOf } from './transitions.js'

const input = z.strictObject({
  issue: issueKey('The key of the issue, e.g. ABC-12.'),
  to: text({ min: 1, max: 100 }).describe('The status it shall have, or the name of a transition.'),
  resolution: text({ min: 1, max: 100 })
    .optional()
    .describe('How it was resolved, e.g. Done, where the transition asks.'),
  fields: fieldsInput.optional().describe('Other fields of the transition, by name or id.'),
  comment: markdownInput('A comment to add, as Markdown.').optional(),
  ...siteInput,
  ...connectionInput,
  ...idempotencyInput,
})

export const transitionIssueTool = defineTool({
  name: 'jira.transition_issue',
  title: 'Move a Jira issue to another status',
  description:
    'Moves an issue to a status, e.g. In Progress or Done, by whatever transition its workflow has for it. When there is none, it says what is possible; when fields are needed, such as a resolution, it says which. jira.list_transitions shows all of them before.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input,
  redact: ['comment', 'fields'],
  output: z.object({
    key: z.string(),
    status: z.string().describe('The status it has now.'),
    comment_added: z.boolean(),
    message: z.string(),
  }),
  async run(given, call) {
    const jira = jiraOf(call, given)
    return call.onceUpstream(async () => {
      const { transition, fields } = await beforeWriting(() => prepare(jira, given))
      const body = { transition: { id: transition.id }, ...(Object.keys(fields).length > 0 ? { fields } : {}) }
      await jira.act('POST', path`/issue/${given.issue}/transitions`, body)
      const failure = given.comment === undefined ? undefined : await addComment(jira, given.issue, given.comment)
      const said =
        failure === undefined ? '' : ` But the comment was not added: ${failure} Add it with jira.add_comment.`
      return {
        key: given.issue,
        status: transition.status,
        comment_added: given.comment !== undefined && failure === undefined,
        message: `${given.issue} is now ${transition.status}.${said}`,
      }
    })
  },
})

async function prepare(jira: Jira, given: z.output<typeof input>) {
  const transition = requireTransition(await transitionsOf(jira, given.issue), given.to)
  const wanted = { ...given.fields, ...(given.resolution === undefined ? {} : { resolution: given.resolution }) }
  requireResolvable(transition, given.resolution)
  const fields = await fieldValues(jira, transition.fields, wanted, { issueKey: given.issue })
  requireGiven(transition.fields, new Set(Object.keys(fields)), `The transition ${transition.name}`)
  return { transition, fields }
}

function requireResolvable({ name, fields }: Transition, resolution: string | undefined): void {
  if (resolution === undefined || fields.some(({ id }) => id === 'resolution')) return
  throw new Problem('invalid-arguments', `The transition ${name} takes no resolution. Leave it out.`)
}

/** A comment of its own: one that rides along with a transition is dropped silently when that has no screen. */
async function addComment(jira: Jira, issue: string, comment: string): Promise<string | undefined> {
  try {
    await jira.act('POST', path`/issue/${issue}/comment`, { body: markdownToAdf(comment) })
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.detail
    throw error
  }
}
