// form.submit: hands in the answers to a form, when all of them fit.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { idempotencyInput } from '../idempotency.js'
import { id, isStorable } from '../inputs.js'
import { defineTool } from '../provider.js'
import { answerValue, checkAnswers } from './answers.js'
import { requireForm } from './forms.js'
import { type SubmissionRow, showSubmission, submissionOutput } from './submissions.js'

const maxAnswers = 100

const answers = z
  .record(z.string().max(64).refine(isStorable), answerValue)
  .refine((given) => Object.keys(given).length <= maxAnswers, `must not have more than ${maxAnswers} members`)

export const submitTool = defineTool({
  name: 'form.submit',
  title: 'Submit a form',
  description:
    'Hands in a form for the signed-in person. Call form.get first, ask the person for every required field, and never invent an answer. When answers do not fit, nothing is kept and the error lists every fault by field.',
  scope: 'form:submit',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    form_id: id('The id of the form, from form.list.'),
    answers: answers.describe(
      'The answers by field name, e.g. {"name": "Hana", "guests": 2}. Leave out, or give null for, what is not answered.',
    ),
    ...idempotencyInput,
  }),
  redact: ['answers'],
  output: z.object({
    submission: submissionOutput.describe('What was handed in.'),
    message: z.string(),
  }),
  run: (input, { caller, once }) =>
    once(async (sql) => {
      const form = await requireForm(sql, input.form_id)
      const { accepted, ...checked } = checkAnswers(form.fields, input.answers)
      // As the tool runner names faults of arguments: by their path.
      const faults = checked.faults.map(({ field, message }) => ({ path: `answers.${field}`, message }))
      if (faults.length > 0) {
        const list = faults.map(({ path, message }) => `- ${path}: ${message}`).join('\n')
        throw new Problem(
          'invalid-arguments',
          `"${form.title}" was not submitted. Mend these answers, asking the person where needed, and submit again:\n${list}`,
          { faults },
        )
      }
      const [row] = await sql.query<SubmissionRow>(
        `INSERT INTO form_submissions (form_id, user_id, answers) VALUES ($1, $2, $3)
         RETURNING id, form_id, $4::text AS form, answers, submitted_at`,
        [form.id, caller.userId, JSON.stringify(accepted), form.title],
      )
      if (!row) throw new Error('an inserted submission came back empty')
      return { submission: showSubmission(row), message: `"${form.title}" was submitted.` }
    }),
})
