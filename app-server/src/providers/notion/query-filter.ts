// Filters and sorts of a query, from a plain list to what Notion takes for the type of each property.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { text } from '../inputs.js'
import { type DataSource, optionsOf, type Property, requireProperty } from './databases.js'
import type { Json } from './notion-api.js'
import { findId } from './notion-ids.js'

const existence = ['is_empty', 'is_not_empty'] as const
const words = ['equals', 'does_not_equal', 'contains', 'does_not_contain', 'starts_with', 'ends_with'] as const
const sizes = ['greater_than', 'less_than', 'greater_than_or_equal_to', 'less_than_or_equal_to'] as const
const times = ['before', 'after', 'on_or_before', 'on_or_after'] as const
const spans = ['this_week', 'past_week', 'past_month', 'past_year', 'next_week', 'next_month', 'next_year'] as const

const operators = [...words, ...sizes, ...times, ...spans, ...existence] as const
type Operator = (typeof operators)[number]

const timestamps = ['created_time', 'last_edited_time']

/** What Notion takes for each type of property. */
const operatorsOf: Readonly<Record<string, readonly Operator[]>> = {
  ...Object.fromEntries(
    ['title', 'rich_text', 'url', 'email', 'phone_number'].map((type) => [type, [...words, ...existence]]),
  ),
  number: ['equals', 'does_not_equal', ...sizes, ...existence],
  unique_id: ['equals', 'does_not_equal', ...sizes],
  checkbox: ['equals', 'does_not_equal'],
  select: ['equals', 'does_not_equal', ...existence],
  status: ['equals', 'does_not_equal', ...existence],
  multi_select: ['contains', 'does_not_contain', ...existence],
  ...Object.fromEntries(
    ['date', 'created_time', 'last_edited_time'].map((type) => [type, ['equals', ...times, ...spans, ...existence]]),
  ),
  ...Object.fromEntries(
    ['people', 'created_by', 'last_edited_by', 'relation'].map((type) => [
      type,
      ['contains', 'does_not_contain', ...existence],
    ]),
  ),
  files: existence,
  formula: operators,
  rollup: operators,
}

export const filterInput = z
  .array(
    z.strictObject({
      property: text({ min: 1, max: 200 }).describe(
        'The name of a property, or created_time or last_edited_time for the page itself.',
      ),
      operator: z.enum(operators).describe('How it is compared. Which ones fit depends on the type of the property.'),
      value: z
        .union([text({ max: 2_000 }), z.number(), z.boolean()])
        .optional()
        .describe(
          'What with: text, a number, true or false, an option by its name, a date as 2026-11-30, an id for people and relations. Leave out for is_empty, is_not_empty and spans such as past_week.',
        ),
    }),
  )
  .max(20)

export const sortInput = z
  .array(
    z.strictObject({
      property: text({ min: 1, max: 200 }).describe('The name of a property, or created_time or last_edited_time.'),
      direction: z.enum(['ascending', 'descending']).default('ascending').describe('Which way.'),
    }),
  )
  .max(5)

export type Condition = z.output<typeof filterInput>[number]
export type Sort = z.output<typeof sortInput>[number]

/** Throws Problem invalid-arguments for a property that is not there and an operator or value that does not fit it. */
export function filterOf(
  source: Pick<DataSource, 'properties'>,
  conditions: readonly Condition[],
  match: 'all' | 'any',
): Json | undefined {
  const filters = conditions.map((condition) => conditionOf(source, condition))
  if (filters.length < 2) return filters[0]
  return { [match === 'all' ? 'and' : 'or']: filters }
}

export function sortsOf(source: Pick<DataSource, 'properties'>, sorts: readonly Sort[]): Json[] {
  return sorts.map(({ property, direction }) =>
    isTimestamp(source, property)
      ? { timestamp: property, direction }
      : { property: requireProperty(source, property).name, direction },
  )
}

function isTimestamp({ properties }: Pick<DataSource, 'properties'>, name: string): boolean {
  return timestamps.includes(name) && !properties.some((one) => one.name === name)
}

function conditionOf(source: Pick<DataSource, 'properties'>, condition: Condition): Json {
  const { property: name } = condition
  if (isTimestamp(source, name)) {
    const property = { id: name, name, type: name, config: {} }
    return { timestamp: name, [name]: comparison(property, condition) }
  }
  const property = requireProperty(source, name)
  return { property: property.name, [property.type]: comparison(property, condition) }
}

function comparison(property: Property, { operator, value }: Condition): Json {
  const { type } = property
  const allowed = operatorsOf[type] ?? []
  if (!allowed.includes(operator)) {
    const list = allowed.length > 0 ? `Use one of: ${allowed.join(', ')}.` : 'It cannot be filtered by.'
    throw new Problem(
      'invalid-arguments',
      `${operator} does not fit "${oneLine(property.name, 60)}", a ${type}. ${list}`,
    )
  }
  if (type === 'formula' || type === 'rollup') return ofComputed(type, operator, value)
  return simple(property, operator, value)
}

function simple(property: Property, operator: Operator, value: Condition['value']): Json {
  if (existence.includes(operator as never)) return { [operator]: true }
  if (spans.includes(operator as never)) return { [operator]: {} }
  return { [operator]: operandOf(property, value) }
}

/** What a formula or a rollup gives is known to Notion alone, so the value and the operator say what is meant. */
function ofComputed(type: string, operator: Operator, value: Condition['value']): Json {
  const kind = kindOf(operator, value)
  const compared = simple({ id: '', name: type, type: kind, config: {} }, operator, value)
  if (type === 'formula') return { [kind === 'rich_text' ? 'string' : kind]: compared }
  return kind === 'number' || kind === 'date' ? { [kind]: compared } : { any: { [kind]: compared } }
}

function kindOf(operator: Operator, value: Condition['value']): string {
  if (typeof value === 'number' || sizes.includes(operator as never)) return 'number'
  if (typeof value === 'boolean') return 'checkbox'
  return times.includes(operator as never) || spans.includes(operator as never) ? 'date' : 'rich_text'
}

function operandOf(property: Property, value: Condition['value']): string | number | boolean {
  const no = (expected: string) =>
    new Problem(
      'invalid-arguments',
      `The filter on "${oneLine(property.name, 60)}", a ${property.type}, needs ${expected} as its value.`,
    )
  switch (property.type) {
    case 'number':
    case 'unique_id': {
      // An id is shown with its prefix, as in TASK-12.
      const number = typeof value === 'string' ? Number(value.replace(/^.*-(?=\d+$)/, '')) : value
      if (typeof number !== 'number' || !Number.isFinite(number) || value === '') throw no('a number')
      return number
    }
    case 'checkbox':
      if (value !== undefined && typeof value !== 'boolean') throw no('true or false')
      return value ?? true
    case 'people':
    case 'created_by':
    case 'last_edited_by':
    case 'relation': {
      const id = findId(/<([^<>]+)>$/.exec(String(value))?.[1] ?? String(value))
      if (id === undefined) throw no('an id')
      return id
    }
    case 'date':
    case 'created_time':
    case 'last_edited_time':
      if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) throw no('a date such as 2026-11-30')
      return value
    default: {
      if (value === undefined) throw no('something')
      const options = optionsOf(property)
      const given = String(value)
      if (!options) return given
      const known = options.find((one) => one.toLowerCase() === given.toLowerCase())
      if (known === undefined) throw no(`one of ${options.map((one) => `"${oneLine(one, 60)}"`).join(', ')}`)
      return known
    }
  }
}
