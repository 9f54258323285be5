// Properties of pages as simple values: text, numbers, yes or no, lists.
import { z } from 'zod'
import { excerpt, oneLine, plainText } from '../foreign-text.js'
import { printMarkdown } from '../markdown.js'
import { type Json, objectOf, objectsOf, textOf } from './notion-api.js'
import { inlineOf, safeUrl, wordsOf } from './rich-text.js'

export type PropertyValue = string | number | boolean | null | string[]

/** Every property of a page by its name, in the shape that `property-input` takes back. */
export const propertiesOutput = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
)

const maxItems = 200
const maxName = 100

/** @param maxText characters of one text; more are cut off with a sign */
export function propertiesOf(page: Json, maxText: number): Record<string, PropertyValue> {
  const entries = Object.entries(objectOf(page.properties))
    .filter(([, property]) => !['title', 'button'].includes(textOf(objectOf(property).type)))
    .map(([name, property]) => [oneLine(name, maxName), valueOfProperty(objectOf(property), maxText)] as const)
  return Object.fromEntries(entries)
}

export function titleOf(page: Json): string {
  const title = Object.values(objectOf(page.properties)).find((property) => objectOf(property).type === 'title')
  return oneLine(wordsOf(objectOf(title).title), 300) || 'Untitled'
}

export function valueOfProperty(property: Json, maxText: number): PropertyValue {
  const type = textOf(property.type)
  const value = property[type]
  const inside = objectOf(value)
  switch (type) {
    case 'title':
      return cut(wordsOf(value), maxText)
    case 'rich_text':
      return cut(printMarkdown({ type: 'paragraph', children: inlineOf(value) }), maxText)
    case 'number':
      return typeof value === 'number' ? value : null
    case 'checkbox':
      return value === true
    case 'select':
    case 'status':
      return nameOf(value)
    case 'multi_select':
      return list(value, nameOf)
    case 'date':
      return dateOf(value)
    case 'people':
      return list(value, personOf)
    case 'created_by':
    case 'last_edited_by':
      return personOf(inside)
    case 'relation':
      return list(value, ({ id }) => textOf(id))
    case 'files':
      return list(value, fileOf)
    case 'formula':
    case 'rollup':
      return inside.type === 'array'
        ? list(inside.array, (item) => String(valueOfProperty(item, maxText) ?? ''))
        : inside.type === 'date'
          ? dateOf(inside.date)
          : simple(inside[textOf(inside.type)], maxText)
    case 'unique_id': {
      const prefix = textOf(inside.prefix)
      return typeof inside.number === 'number' ? `${prefix ? `${prefix}-` : ''}${inside.number}` : null
    }
    case 'verification':
      return textOf(inside.state) || null
    case 'place':
      return cut([inside.name, inside.address].map(textOf).filter(Boolean).join(', '), maxText) || null
    default:
      return simple(value, maxText)
  }
}

/** A person with the id that tools take, e.g. "Ada Lovelace <01890a5d-…>". */
export function personOf(user: Json): string {
  const name = oneLine(textOf(user.name).replaceAll(/[<>]/g, ''), maxName)
  return name ? `${name} <${textOf(user.id)}>` : textOf(user.id)
}

function nameOf(option: unknown): string {
  return oneLine(textOf(objectOf(option).name), maxName)
}

function list(value: unknown, textOfItem: (item: Json) => string): string[] {
  return objectsOf(value).slice(0, maxItems).map(textOfItem).filter(Boolean)
}

/** A date, a time, or two of them with a slash between (ISO 8601, intervals). */
function dateOf(value: unknown): string | null {
  const { start, end } = objectOf(value)
  if (typeof start !== 'string') return null
  return oneLine(typeof end === 'string' ? `${start}/${end}` : start, maxName)
}

function fileOf(file: Json): string {
  const url = safeUrl(objectOf(file.external).url) ?? safeUrl(objectOf(file.file).url)
  const name = oneLine(textOf(file.name), maxName)
  return url === undefined ? name : name && name !== url ? `${name} (${url})` : url
}

function simple(value: unknown, maxText: number): PropertyValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  return typeof value === 'string' ? cut(plainText(value), maxText) : null
}

function cut(text: string, max: number): string {
  const { text: part, next } = excerpt(text, { max })
  return next === null ? part : `${part}…`
}
