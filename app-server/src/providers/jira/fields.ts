// The fields of an issue's screens: which there are, which must be given, and how a plain value is put into one.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { isDate, text } from '../inputs.js'
import { type Jira, path } from './jira-api.js'
import { markdownToAdf } from './markdown-to-adf.js'
import { type Place, requirePerson } from './people.js'

/** Fields of one screen that are read, and choices of one field that are told. */
const maxFields = 600
const pageSize = 200
export const maxChoices = 40

const choice = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  value: z.string().optional(),
  key: z.string().optional(),
})
const meta = z.object({
  fieldId: z.string().optional(),
  key: z.string().optional(),
  name: z.string(),
  required: z.boolean().optional(),
  hasDefaultValue: z.boolean().optional(),
  schema: z
    .object({
      type: z.string(),
      items: z.string().optional(),
      custom: z.string().optional(),
      system: z.string().optional(),
    })
    .optional(),
  allowedValues: z.array(z.unknown()).optional(),
})
const metaPage = z.object({
  fields: z.array(meta).optional(),
  results: z.array(meta).optional(),
  total: z.number().optional(),
})
const typePage = z.object({
  issueTypes: z.array(z.object({ id: z.string(), name: z.string(), subtask: z.boolean().optional() })),
})
const editMeta = z.object({ fields: z.record(z.string(), meta) })
export const transitionFields = z.record(z.string(), meta)

export interface Field {
  readonly id: string
  readonly name: string
  /** Must be given, and Jira fills in nothing by itself. */
  readonly required: boolean
  readonly type: string
  readonly items: string | undefined
  /** Takes a document, so Markdown. */
  readonly isDocument: boolean
  readonly choices: readonly { readonly id: string | undefined; readonly label: string }[]
}

export interface IssueType {
  readonly id: string
  readonly name: string
  readonly subtask: boolean
}

/** The issue types somebody may create in a project. */
export async function creatableTypes(jira: Jira, project: string): Promise<IssueType[]> {
  const { issueTypes } = await jira.get(typePage, path`/issue/createmeta/${project}/issuetypes`, {
    maxResults: pageSize,
  })
  return issueTypes.map(({ id, name, subtask = false }) => ({ id, name: oneLine(name, 100), subtask }))
}

/** Throws Problem invalid-arguments with the types there are. */
export function requireType(types: readonly IssueType[], given: string, project: string): IssueType {
  const wanted = given.trim().toLowerCase()
  const found = types.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
  if (found) return found
  const names = types.map(({ name }) => name)
  throw new Problem(
    'invalid-arguments',
    `${project} has no issue type "${given}". There are: ${names.join(', ') || 'none'}.`,
    {
      types: names,
    },
  )
}

/** The fields that can be given for a new issue. */
export async function creationFields(jira: Jira, project: string, typeId: string): Promise<Field[]> {
  const fields: Field[] = []
  while (fields.length < maxFields) {
    const query = { startAt: fields.length, maxResults: pageSize }
    const page = await jira.get(metaPage, path`/issue/createmeta/${project}/issuetypes/${typeId}`, query)
    const some = (page.fields ?? page.results ?? []).map((one) => fieldOf(one))
    fields.push(...some)
    if (some.length === 0 || fields.length >= (page.total ?? 0)) break
  }
  return fields
}

/** The fields of an issue that can be changed. */
export async function editableFields(jira: Jira, issue: string): Promise<Field[]> {
  const { fields } = await jira.get(editMeta, path`/issue/${issue}/editmeta`)
  return fieldsOf(fields)
}

export function fieldsOf(fields: z.output<typeof transitionFields>): Field[] {
  return Object.entries(fields).map(([id, one]) => fieldOf(one, id))
}

function fieldOf(
  { fieldId, key, name, required, hasDefaultValue, schema, allowedValues }: z.output<typeof meta>,
  id?: string,
): Field {
  const choices = (allowedValues ?? []).flatMap((given) => {
    const { data } = choice.safeParse(given)
    const label = data?.name ?? data?.value ?? data?.key
    return label === undefined ? [] : [{ id: data?.id, label: oneLine(label, 120) }]
  })
  return {
    id: id ?? fieldId ?? key ?? name,
    name: oneLine(name, 120),
    required: (required ?? false) && !(hasDefaultValue ?? false),
    type: schema?.type ?? 'string',
    items: schema?.items,
    isDocument:
      schema?.system === 'description' ||
      schema?.system === 'environment' ||
      (schema?.custom?.endsWith(':textarea') ?? false),
    choices,
  }
}

/** Input member for fields that have no member of their own. */
export const fieldsInput = z
  .record(
    text({ min: 1, max: 120 }),
    z.union([text({ max: 30_000 }), z.number(), z.boolean(), z.null(), z.array(text({ min: 1, max: 255 })).max(100)]),
  )
  .refine((fields) => Object.keys(fields).length <= 50, 'must have 50 fields or fewer')

export type GivenFields = z.output<typeof fieldsInput>

/** The values as Jira takes them, by the id of their field. Throws Problem invalid-arguments. */
export async function fieldValues(
  jira: Jira,
  known: readonly Field[],
  given: GivenFields,
  place: Place,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const field = requireField(known, name)
    values[field.id] = value === null ? null : await valueFor(jira, field, value, place)
  }
  return values
}

/** Throws Problem invalid-arguments with the fields there are. */
function requireField(known: readonly Field[], given: string): Field {
  const wanted = given.trim().toLowerCase()
  const exact = known.find(({ id }) => id.toLowerCase() === wanted)
  const found = exact ? [exact] : known.filter(({ name }) => name.toLowerCase() === wanted)
  if (found.length === 1 && found[0]) return found[0]
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ')
    throw new Problem('invalid-arguments', `Several fields are called "${given}". Give the id: ${ids}.`)
  }
  const names = known.map(({ name }) => name).sort()
  throw new Problem(
    'invalid-arguments',
    `There is no field "${given}" here. There are: ${names.slice(0, 100).join(', ') || 'none'}.`,
    {
      fields: names.slice(0, 100),
    },
  )
}

async function valueFor(
  jira: Jira,
  field: Field,
  value: NonNullable<GivenFields[string]>,
  place: Place,
): Promise<unknown> {
  if (field.isDocument) return markdownToAdf(String(value))
  switch (field.type) {
    case 'number': {
      const number = typeof value === 'number' ? value : Number(value)
      if (Number.isNaN(number) || typeof value === 'boolean' || value === '') throw unfit(field, 'a number')
      return number
    }
    case 'date':
      if (typeof value !== 'string' || !isDate(value)) throw unfit(field, 'a date, as YYYY-MM-DD')
      return value
    case 'user':
      return { accountId: (await requirePerson(jira, String(value), place)).id }
    case 'array':
      return arrayFor(jira, field, Array.isArray(value) ? value : [String(value)], place)
    case 'issuelink':
      return { key: String(value).toUpperCase() }
    case 'option-with-child': {
      const [parent = '', child] = String(value)
        .split('>')
        .map((part) => part.trim())
      return child === undefined ? { value: parent } : { value: parent, child: { value: child } }
    }
    case 'timetracking':
      return { originalEstimate: String(value) }
    case 'any':
    case 'string':
    case 'datetime':
      return typeof value === 'number' && field.type === 'any' ? value : String(value)
    default:
      return chosen(field, String(value))
  }
}

async function arrayFor(jira: Jira, field: Field, values: readonly string[], place: Place): Promise<unknown[]> {
  if (field.items === 'user') {
    return Promise.all(values.map(async (one) => ({ accountId: (await requirePerson(jira, one, place)).id })))
  }
  if (field.items === 'string' || field.items === undefined) return [...values]
  if (field.items === 'json') {
    // Sprints: by their number.
    if (!values.every((one) => /^\d{1,15}$/.test(one))) throw unfit(field, "a sprint's number")
    return values.map(Number)
  }
  return values.map((one) => chosen(field, one))
}

function chosen(field: Field, value: string): unknown {
  const wanted = value.trim().toLowerCase()
  const found = field.choices.find(({ id, label }) => label.toLowerCase() === wanted || id === wanted)
  if (found?.id !== undefined) return { id: found.id }
  if (field.choices.length > 0) throw unfit(field, `one of ${listed(field)}`)
  // Nothing is known of the choices: the name is all there is.
  return field.type === 'option' || field.items === 'option' ? { value } : { name: value }
}

function unfit({ name }: Field, what: string): Problem {
  return new Problem('invalid-arguments', `The field "${name}" takes ${what}.`)
}

export function listed({ choices }: Field): string {
  const more = choices.length > maxChoices ? `, and ${choices.length - maxChoices} more` : ''
  return (
    choices
      .slice(0, maxChoices)
      .map(({ label }) => label)
      .join(', ') + more
  )
}

/** Throws Problem invalid-arguments naming every field that must be given and was not, with what can be chosen. */
export function requireGiven(known: readonly Field[], given: ReadonlySet<string>, what: string): void {
  const missing = known.filter(({ id, required }) => required && !given.has(id))
  if (missing.length === 0) return
  const list = missing.map((field) => `${field.name}${field.choices.length > 0 ? ` (one of ${listed(field)})` : ''}`)
  throw new Problem(
    'invalid-arguments',
    `${what} needs more: ${list.join('; ')}. Ask the person where you do not know, and give them as fields.`,
    {
      missing_fields: missing.map(({ name }) => name),
    },
  )
}
