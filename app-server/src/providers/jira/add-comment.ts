// jira.add_comment: says something about an issue, for everybody who follows it.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { idempotencyInput } from '../idempotency.js'
import { defineTool } from '../provider.js'
import { comment } from './comments.js'
import { issueKey, momentOf } from './issues.js'
import { jiraOf, path } from './jira-api.js'
import { markdownToAdf } from './markdown-to-adf.js'
import { siteInput } from './sites.js'
import { markdownInput, markdownWords } from './texts.js'

export const addCommentTool = defineTool({
  name: 'jira.add_comment',
  title: 'Comment on a Jira issue',
  description:
    'Adds a comment to an issue in the name of the connected account; whoever follows the issue is notified. Show the person the text before you call it. Give an idempotency_key, so that a repetition says nothing twice.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    issue: issueKey('The key of the issue, e.g. ABC-12.'),
    body: markdownInput(`What to say. ${markdownWords}`),
    ...siteInput,
    ...connectionInput,
    ...idempotencyInput,
  }),
  redact: ['body'],
  output: z.object({
    id: z.string(),
    created_at: z.string().nullable().describe('When it was added, in UTC.'),
    url: z.string().describe('The page of the issue at the comment.'),
  }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    const body = { body: markdownToAdf(input.body) }
    return call.onceUpstream(async () => {
      const { id, created } = await jira.post(comment, path`/issue/${input.issue}/comment`, body)
      const url = `${jira.pageOf(input.issue)}?focusedCommentId=${encodeURIComponent(id)}`
      return { id, created_at: momentOf(created), url }
    })
  },
})
