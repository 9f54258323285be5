// form.get: one form with its fields and what each of them takes.
import { z } from 'zod'
import { id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { expectationOf } from './answers.js'
import { fieldOutput } from './fields.js'
import { requireForm } from './forms.js'

export const getTool = defineTool({
  name: 'form.get',
  title: 'Show a form',
  description:
    'Shows one form with its fields: what to ask the person and what each answer has to look like. Get form_id from form.list, then send the answers with form.submit.',
  scope: 'form:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ form_id: id('The id of the form, from form.list.') }),
  output: z.object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    fields: z.array(fieldOutput).describe('In the order to ask them.'),
  }),
  async run(input, { database }) {
    const form = await requireForm(database, input.form_id)
    return { ...form, fields: form.fields.map((field) => ({ ...field, expects: expectationOf(field) })) }
  },
})
