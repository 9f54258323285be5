// What a form's definition may hold: typed fields with their rules.
import { z } from 'zod'
import { date } from '../inputs.js'

/** Lengths of a text answer when its field says nothing, and the most any field may allow. */
export const textLengths = {
  short_text: { usual: 200, most: 500 },
  long_text: { usual: 5_000, most: 10_000 },
} as const

/** RFC 5321, 4.5.3.1.3, less the angle brackets. */
export const maxEmailLength = 254

const common = {
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  label: z.string().min(1).max(200),
  help: z.string().max(500).optional(),
  required: z.boolean().default(false),
}

function textField<Type extends keyof typeof textLengths>(type: Type) {
  const length = z.number().int().min(0).max(textLengths[type].most).optional()
  return z.strictObject({ ...common, type: z.literal(type), min_length: length, max_length: length })
}

const choices = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(100)
  .refine((list) => new Set(list).size === list.length, 'choices must differ')

const count = z.number().int().min(0).max(100).optional()
const bound = z.number().optional()
const wholeBound = z.number().int().optional()
const dateBound = date('A limit.').optional()

const field = z.discriminatedUnion('type', [
  textField('short_text'),
  textField('long_text'),
  z.strictObject({ ...common, type: z.literal('number'), min: bound, max: bound }),
  z.strictObject({ ...common, type: z.literal('integer'), min: wholeBound, max: wholeBound }),
  z.strictObject({ ...common, type: z.literal('boolean') }),
  z.strictObject({ ...common, type: z.literal('date'), min_date: dateBound, max_date: dateBound }),
  z.strictObject({ ...common, type: z.literal('email') }),
  z.strictObject({ ...common, type: z.literal('choice'), choices }),
  z.strictObject({ ...common, type: z.literal('multi_choice'), choices, min_choices: count, max_choices: count }),
])

export type Field = z.output<typeof field>

const definition = z
  .array(field)
  .min(1)
  .max(100)
  .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, 'names must differ')

/** Reads the definition of a form. Throws ZodError for one that is not well made, which is a fault of whoever stored it. */
export function readFields(stored: unknown): Field[] {
  return definition.parse(stored)
}

/** A field as form.get shows it: the members that do not belong to its type are left out. */
export const fieldOutput = z.object({
  name: z.string().describe('The member of answers that this field is.'),
  label: z.string().describe('What the person is asked.'),
  help: z.string().optional().describe('A further explanation for the person.'),
  type: z
    .enum(['short_text', 'long_text', 'number', 'integer', 'boolean', 'date', 'email', 'choice', 'multi_choice'])
    .describe('What kind of answer it takes.'),
  required: z.boolean().describe('Whether it has to be answered.'),
  expects: z.string().describe('What a right answer looks like, in words.'),
  min_length: z.number().optional().describe('Least number of characters.'),
  max_length: z.number().optional().describe('Greatest number of characters.'),
  min: z.number().optional().describe('Least value.'),
  max: z.number().optional().describe('Greatest value.'),
  min_date: z.string().optional().describe('Earliest date.'),
  max_date: z.string().optional().describe('Latest date.'),
  choices: z.array(z.string()).optional().describe('The answers to choose from.'),
  min_choices: z.number().optional().describe('Least number of choices.'),
  max_choices: z.number().optional().describe('Greatest number of choices.'),
})
