// The parameters of a tool as a person reads them, and a first set of arguments to try it with, from its JSON Schema.
import { joined } from '../platform/html/language.js'
import { t } from './t.js'

type Schema = Readonly<Record<string, unknown>>

export interface Parameter {
  readonly name: string
  /** In words: "text", "whole number, 1 to 100", "one of a, b". */
  readonly kind: string
  readonly required: boolean
  readonly description: string
}

/** The parameters in the order of the schema. */
export function parametersOf(inputSchema: Schema): Parameter[] {
  const required = requiredOf(inputSchema)
  return Object.entries(membersOf(inputSchema)).map(([name, schema]) => ({
    name,
    kind: kindOf(schema),
    required: required.has(name),
    description: typeof schema.description === 'string' ? schema.description : '',
  }))
}

/** The members that must be there, each with its default, its first choice or an empty value of its kind. */
export function firstArguments(inputSchema: Schema): Record<string, unknown> {
  const required = requiredOf(inputSchema)
  const members = Object.entries(membersOf(inputSchema)).filter(([name]) => required.has(name))
  return Object.fromEntries(members.map(([name, schema]) => [name, firstValue(schema)]))
}

function firstValue(schema: Schema): unknown {
  if (schema.default !== undefined) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum[0]
  switch (schema.type) {
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' && schema.minimum > 0 ? schema.minimum : 0
    case 'boolean':
      return false
    case 'array':
      return isSchema(schema.items) && Number(schema.minItems ?? 0) > 0 ? [firstValue(schema.items)] : []
    case 'object':
      return firstArguments(schema)
    default:
      return ''
  }
}

function kindOf(schema: Schema): string {
  if (Array.isArray(schema.enum)) return t('one of {choices}', { choices: joined(schema.enum.map(String)) })
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices))
    return choices
      .filter(isSchema)
      .map(kindOf)
      .filter((kind, index, all) => all.indexOf(kind) === index)
      .reduce((one, other) => t('{one} or {other}', { one, other }))
  switch (schema.type) {
    case 'string':
      return schema.format === 'uuid' ? t('id') : t('text')
    case 'integer':
    case 'number':
      return rangeOf(schema, schema.type === 'integer' ? t('whole number') : t('number'))
    case 'boolean':
      return t('true or false')
    case 'array':
      return isSchema(schema.items) ? t('list of {kind}', { kind: kindOf(schema.items) }) : t('list')
    case 'object':
      return t('object')
    case 'null':
      return 'null'
    default:
      return t('any value')
  }
}

function rangeOf({ minimum, maximum }: Schema, kind: string): string {
  const [least, most] = [boundOf(minimum), boundOf(maximum)]
  if (least !== undefined && most !== undefined) return t('{kind}, {least} to {most}', { kind, least, most })
  if (least !== undefined) return t('{kind}, {least} or more', { kind, least })
  return most === undefined ? kind : t('{kind}, {most} or less', { kind, most })
}

/** The ends of what a number can be at all say nothing. */
function boundOf(value: unknown): number | undefined {
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
}

function membersOf({ properties }: Schema): Record<string, Schema> {
  return isSchema(properties) ? (properties as Record<string, Schema>) : {}
}

function requiredOf({ required }: Schema): ReadonlySet<unknown> {
  return new Set(Array.isArray(required) ? required : [])
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
