// github.review_pull_request: approves, asks for changes or comments, with comments on lines.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { gitHub, path } from './github-api.js'
import { reviewAnswer } from './pulls.js'
import { annotations, numberInput, partsOf, pathInput, pathParts, rawText, repositoryInput } from './shapes.js'

const line = () => z.number().int().min(1).max(10_000_000)

export const reviewPullRequestTool = defineTool({
  name: 'github.review_pull_request',
  title: 'Review a pull request',
  description:
    'Reviews a GitHub pull request in the name of the connected account: approves it, asks for changes or only comments, with comments on lines of its diff. Give the head_sha you read, so that the comments stand at that code. Nobody can approve their own pull request. Lines must be part of the diff (github.list_changed_files).',
  scope: 'github:write',
  annotations: annotations.add,
  input: z.strictObject({
    ...repositoryInput,
    number: numberInput('The number of the pull request.'),
    verdict: z.enum(['approve', 'request_changes', 'comment']).describe('What the review says.'),
    body: rawText(60_000)
      .default('')
      .describe('What to say, in Markdown; needed for request_changes, and for comment without comments.'),
    head_sha: text({ min: 40, max: 64 })
      .regex(/^[0-9a-f]+$/, 'must be a sha')
      .meta({ pattern: undefined })
      .optional()
      .describe('The commit that was reviewed: head_sha of github.get_pull_request. The newest unless told.'),
    comments: z
      .array(
        z
          .strictObject({
            path: pathInput('The file.').min(1),
            line: line().describe('The line, or the last of several, in the file as side says.'),
            start_line: line().optional().describe('The first of several lines.'),
            side: z
              .enum(['new', 'old'])
              .default('new')
              .describe('Whether line counts in the new file or, for deleted lines, in the old.'),
            body: rawText(20_000).min(1).describe('The comment, in Markdown.'),
          })
          .describe('A comment on a line.'),
      )
      .max(50)
      .default([])
      .describe('Comments on lines.'),
    ...idempotencyInput,
  }),
  output: z.object({
    review_id: z.number().int(),
    verdict: z.string().describe("GitHub's word for it: APPROVED, CHANGES_REQUESTED, COMMENTED."),
    url: z.string(),
  }),
  async run({ repository, number, verdict, body, head_sha, comments }, call) {
    const isEmpty =
      body.trim() === '' && (verdict === 'request_changes' || (verdict === 'comment' && comments.length === 0))
    if (isEmpty) throw new Problem('invalid-arguments', `A review that says ${verdict} needs a body.`)
    const given = {
      event: verdict.toUpperCase(),
      body: body === '' ? undefined : body,
      commit_id: head_sha,
      comments: comments.map((comment) => {
        const side = comment.side === 'old' ? 'LEFT' : 'RIGHT'
        const { start_line } = comment
        return {
          path: pathParts(comment.path).join('/'),
          body: comment.body,
          line: comment.line,
          side,
          // GitHub wants the lines in order, and no range of one.
          ...(start_line !== undefined && start_line < comment.line ? { start_line, start_side: side } : {}),
        }
      }),
    }
    const at = path`/repos/${partsOf(repository)}/pulls/${number}/reviews`
    return call.onceUpstream(async () => {
      const { id, state, html_url } = await gitHub(call).send('POST', at, given, reviewAnswer)
      return { review_id: id, verdict: state, url: html_url }
    })
  },
})
