// Properties of the pretended Notion's pages: what it takes for each type, filters and sorts.
import { randomUUID } from 'node:crypto'
import { asList, asObject, bounded, idOf, invalid, type Json, plainOf, richText } from './notion-values.js'
import type { DataSource, NotionWorkspace, Page } from './notion-workspace.js'

const readOnly = new Set([
  'formula',
  'rollup',
  'created_time',
  'created_by',
  'last_edited_time',
  'last_edited_by',
  'unique_id',
  'button',
])

/** Values of a request as answers have them, by name. Throws validation_error for what does not fit the schema. */
export function takeProperties(
  workspace: NotionWorkspace,
  source: DataSource | undefined,
  given: Json,
): Record<string, Json> {
  const schema = source?.properties ?? { title: { id: 'title', name: 'title', type: 'title', title: {} } }
  const taken = Object.entries(given).map(([name, value]) => {
    const config = Object.values(schema).find((one) => one.name === name || one.id === name)
    if (!config) throw invalid(`${name} is not a property that exists.`)
    const type = String(config.type)
    const object = asObject(value, `body.properties.${name}`)
    if (readOnly.has(type)) throw invalid(`${name} is a ${type}, which cannot be set.`)
    if (!(type in object)) throw invalid(`${name} is expected to be ${type}.`)
    const path = `body.properties.${name}.${type}`
    return [
      String(config.name),
      { id: config.id, type, [type]: takenValue(workspace, config, object[type], path) },
    ] as const
  })
  return Object.fromEntries(taken)
}

function takenValue(workspace: NotionWorkspace, config: Json, value: unknown, path: string): unknown {
  const type = String(config.type)
  switch (type) {
    case 'title':
    case 'rich_text':
      return richText(value, path)
    case 'number':
      return typed(value, 'number', path)
    case 'checkbox':
      if (typeof value !== 'boolean') throw invalid(`body failed validation: ${path} should be a boolean.`)
      return value
    case 'url':
    case 'email':
    case 'phone_number':
      if (typeof value === 'string') bounded(value, type === 'url' ? 2000 : 200, path)
      return typed(value, 'string', path)
    case 'select':
    case 'status':
      return value === null ? null : optionOf(config, asObject(value, path), path)
    case 'multi_select':
      return asList(value, path).map((one) => optionOf(config, asObject(one, path), path))
    case 'date':
      return value === null ? null : dateOf(asObject(value, path), path)
    case 'people':
      return asList(value, path).map((one) => person(workspace, idOf(asObject(one, path).id, path)))
    case 'relation':
      return asList(value, path).map((one) => ({ id: idOf(asObject(one, path).id, path) }))
    case 'files':
      return asList(value, path).map((one) => ({ ...asObject(one, path), type: 'external' }))
    default:
      return value
  }
}

function typed(value: unknown, type: string, path: string): unknown {
  if (value !== null && typeof value !== type)
    throw invalid(`body failed validation: ${path} should be a ${type} or \`null\`.`)
  return value
}

function optionOf(config: Json, given: Json, path: string): Json {
  const type = String(config.type)
  const holder = config[type] as Json
  const options = (holder.options ?? []) as Json[]
  holder.options = options
  const known = options.find(({ id, name }) => (given.id === undefined ? name === given.name : id === given.id))
  if (known) return { id: known.id, name: known.name, color: known.color }
  if (type === 'status') throw invalid(`Status option "${given.name}" does not exist.`)
  const name = String(given.name)
  if (name.includes(',')) throw invalid(`${path}: Invalid select option, commas not allowed: ${name}`)
  bounded(name, 100, `${path}.name`)
  const option = { id: randomUUID(), name, color: 'default', description: null }
  options.push(option)
  return { id: option.id, name, color: option.color }
}

function dateOf(given: Json, path: string): Json {
  for (const name of ['start', 'end']) {
    const value = given[name]
    if (name === 'end' && (value === undefined || value === null)) continue
    if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(value)) {
      throw invalid(`body failed validation: ${path}.${name} should be a valid ISO 8601 date string.`)
    }
  }
  return { start: given.start, end: given.end ?? null, time_zone: given.time_zone ?? null }
}

export function person(workspace: NotionWorkspace, id: string): Json {
  const found = workspace.people.find((one) => one.id === id)
  if (!found) return { object: 'user', id }
  const { name, email } = found
  return { object: 'user', id, type: 'person', name, avatar_url: null, person: { email } }
}

/** What a page shows for properties it was never given. */
export function emptyValue(config: Json): Json {
  const type = String(config.type)
  const lists = ['title', 'rich_text', 'multi_select', 'people', 'relation', 'files']
  const value = lists.includes(type) ? [] : type === 'checkbox' ? false : null
  return { id: config.id, type, [type]: value }
}

/** Whether a page passes a filter of a query. */
export function passes(source: DataSource, page: Page, filter: Json): boolean {
  if (Array.isArray(filter.and)) return filter.and.every((one: Json) => passes(source, page, one))
  if (Array.isArray(filter.or)) return filter.or.some((one: Json) => passes(source, page, one))
  if (typeof filter.timestamp === 'string') {
    const time = filter.timestamp === 'created_time' ? page.createdTime : page.lastEditedTime
    return holds(time, asObject(filter[filter.timestamp], 'filter'))
  }
  const config = source.properties[String(filter.property)]
  if (!config) throw invalid(`Could not find property with name or id: ${String(filter.property)}`)
  const type = String(config.type)
  const condition = filter[type]
  if (condition === undefined) {
    throw invalid(
      `database property ${type} does not match filter ${Object.keys(filter).find((one) => one !== 'property')}`,
    )
  }
  return holds(comparable(page.properties[String(config.name)] ?? emptyValue(config)), inner(type, condition as Json))
}

/** Formulas and rollups say once more what type they give, and lists which of their items are meant. */
function inner(type: string, condition: Json): Json {
  if (type !== 'rollup' && type !== 'formula') return condition
  const [[kind, inside] = ['', undefined]] = Object.entries(condition)
  const known =
    type === 'formula' ? ['string', 'number', 'checkbox', 'date'] : ['any', 'none', 'every', 'number', 'date']
  if (!known.includes(kind)) throw invalid(`body failed validation: body.filter.${type}.${kind} should be not present.`)
  const told = asObject(inside, `body.filter.${type}.${kind}`)
  return ['any', 'none', 'every'].includes(kind) ? asObject(Object.values(told)[0], 'body.filter') : told
}

/** What is compared: text, number, boolean, or a list of names and ids. */
function comparable(value: Json): unknown {
  const type = String(value.type)
  const inside = value[type] as Json | null
  switch (type) {
    case 'title':
    case 'rich_text':
      return plainOf(inside)
    case 'select':
    case 'status':
      return inside?.name ?? null
    case 'multi_select':
      return (inside as unknown as Json[]).map(({ name }) => name)
    case 'people':
    case 'relation':
      return (inside as unknown as Json[]).map(({ id }) => id)
    case 'date':
      return inside?.start ?? null
    case 'created_by':
    case 'last_edited_by':
      return inside ? [inside.id] : []
    case 'unique_id':
      return inside?.number ?? null
    case 'formula':
    case 'rollup':
      if (inside?.type === 'array') return (inside.array as Json[]).map(comparable)
      return inside ? inside[String(inside.type)] : null
    default:
      return inside
  }
}

function holds(value: unknown, condition: Json): boolean {
  const [[operator, operand] = ['', undefined]] = Object.entries(condition)
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  const text = String(value ?? '').toLowerCase()
  const wanted = String(operand).toLowerCase()
  const has = Array.isArray(value) ? value.includes(operand) : text.includes(wanted)
  switch (operator) {
    case 'is_empty':
      return isEmpty
    case 'is_not_empty':
      return !isEmpty
    case 'equals':
      return typeof value === 'string' ? text === wanted : value === operand
    case 'does_not_equal':
      return typeof value === 'string' ? text !== wanted : value !== operand
    case 'contains':
      return has
    case 'does_not_contain':
      return !has
    case 'starts_with':
      return text.startsWith(wanted)
    case 'ends_with':
      return text.endsWith(wanted)
    case 'greater_than':
      return !isEmpty && Number(value) > Number(operand)
    case 'less_than':
      return !isEmpty && Number(value) < Number(operand)
    case 'greater_than_or_equal_to':
      return !isEmpty && Number(value) >= Number(operand)
    case 'less_than_or_equal_to':
      return !isEmpty && Number(value) <= Number(operand)
    case 'before':
      return !isEmpty && text < wanted
    case 'after':
      return !isEmpty && text > wanted
    case 'on_or_before':
      return !isEmpty && text.slice(0, wanted.length) <= wanted
    case 'on_or_after':
      return !isEmpty && text >= wanted
    default:
      throw invalid(`body failed validation: body.filter.${operator} should be not present.`)
  }
}

/** Orders pages as a query's sorts say. */
export function sorted(source: DataSource, pages: readonly Page[], sorts: readonly Json[]): Page[] {
  const keyOf = (page: Page, sort: Json): unknown => {
    if (sort.timestamp === 'created_time') return page.createdTime
    if (sort.timestamp === 'last_edited_time') return page.lastEditedTime
    const config = source.properties[String(sort.property)]
    if (!config) throw invalid(`Could not find sort property with name or id: ${String(sort.property)}`)
    return comparable(page.properties[String(config.name)] ?? emptyValue(config))
  }
  return [...pages].sort((a, b) => {
    for (const sort of sorts) {
      const [left, right] = [keyOf(a, sort), keyOf(b, sort)]
      const order =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : String(left ?? '') < String(right ?? '')
            ? -1
            : String(left ?? '') > String(right ?? '')
              ? 1
              : 0
      if (order !== 0) return sort.direction === 'descending' ? -order : order
    }
    return 0
  })
}
