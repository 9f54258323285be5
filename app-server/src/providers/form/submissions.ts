// form.list_submissions: what the caller has handed in.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { id, positionId } from '../inputs.js'
import { defineTool } from '../provider.js'
import type { Answer } from './answers.js'

export interface SubmissionRow {
  readonly id: string
  readonly form_id: string
  readonly form: string
  readonly answers: Record<string, Answer>
  readonly submitted_at: Date
}

export const submissionOutput = z.object({
  id: z.string(),
  form_id: z.string(),
  form: z.string(),
  answers: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]))
    .describe('The answers by field name; what was not answered is left out.'),
  submitted_at: z.string(),
})

export function showSubmission(row: SubmissionRow): z.input<typeof submissionOutput> {
  return { ...row, submitted_at: row.submitted_at.toISOString() }
}

const position = z.tuple([positionId])

export const listSubmissionsTool = defineTool({
  name: 'form.list_submissions',
  title: 'List my submissions',
  description:
    'Lists what the signed-in person has submitted, the latest first, with the answers; of one form when form_id is given.',
  scope: 'form:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    form_id: id('Only submissions of this form, by its id from form.list.').optional(),
    ...pageInput,
  }),
  output: z.object({ submissions: z.array(submissionOutput).describe('The latest first.'), ...pageOutput }),
  async run(input, { caller, database }) {
    const after = fromCursor(input.cursor, position)
    // Ids of version 7 grow with time, so they are the order of submission and need no second key.
    const rows = await database.query<SubmissionRow>(
      `SELECT b.id, b.form_id, f.title AS form, b.answers, b.submitted_at
         FROM form_submissions b JOIN forms f ON f.id = b.form_id
        WHERE b.user_id = $1 AND ($2::uuid IS NULL OR b.form_id = $2) AND ($3::uuid IS NULL OR b.id < $3)
        ORDER BY b.id DESC LIMIT $4`,
      [caller.userId, input.form_id ?? null, after?.[0] ?? null, input.limit + 1],
    )
    const { items, next_cursor } = toPage(rows, input.limit, (row) => [row.id])
    return { submissions: items.map(showSubmission), next_cursor }
  },
})
