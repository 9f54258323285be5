// form.list: the forms that can be filled in.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { positionId } from '../inputs.js'
import { defineTool } from '../provider.js'

const position = z.tuple([positionId])

const summary = z.object({
  id: z.string().describe('The id of the form, for form.get and form.submit.'),
  title: z.string(),
  description: z.string(),
  field_count: z.number().int().describe('How many fields it has.'),
})

export const listTool = defineTool({
  name: 'form.list',
  title: 'List forms',
  description:
    'Lists the forms that can be filled in. Call form.get for the fields of one before you submit it with form.submit.',
  scope: 'form:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ ...pageInput }),
  output: z.object({ forms: z.array(summary).describe('Always in the same order.'), ...pageOutput }),
  async run(input, { database }) {
    const after = fromCursor(input.cursor, position)
    const rows = await database.query<z.input<typeof summary>>(
      `SELECT id, title, description, jsonb_array_length(fields) AS field_count FROM forms
        WHERE active AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
      [after?.[0] ?? null, input.limit + 1],
    )
    const { items, next_cursor } = toPage(rows, input.limit, (row) => [row.id])
    return { forms: items, next_cursor }
  },
})
