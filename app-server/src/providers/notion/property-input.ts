// Properties as simple values, made into what Notion takes for the type each has in the schema.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { isDate, text } from '../inputs.js'
import { type DataSource, optionsOf, type Property, requireProperty } from './databases.js'
import { richTextOfMarkdown } from './markdown-to-blocks.js'
import type { Json } from './notion-api.js'
import { findId } from './notion-ids.js'
import type { PropertyValue } from './property-values.js'
import { maxRichTexts, plainRichText, safeUrl } from './rich-text.js'

const maxProperties = 100
const maxText = 20_000
const maxItems = 100

const value = z.union([
  text({ max: maxText }),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(text({ max: 2_000 })).max(maxItems),
])

/** Input member for values by the names of their properties. */
export const propertiesInput = z
  .record(text({ min: 1, max: 200 }), value)
  .refine((given) => Object.keys(given).length <= maxProperties, `must have ${maxProperties} members or fewer`)
  .describe(
    'Values by property name, as notion.get_database and notion.get_page write them: text (Markdown for rich text), number, true or false, an option by its name, a list of options, a date as 2026-11-30, 2026-11-30T10:00:00+09:00 or start/end, people and related pages as lists of ids, files as lists of URLs. null empties one.',
  )

const timeShape = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$/

/** What Notion takes for these values. Throws Problem invalid-arguments that says what is expected. */
export function propertiesOfInput(
  source: Pick<DataSource, 'properties'>,
  given: Readonly<Record<string, PropertyValue>>,
): Record<string, Json> {
  const entries = Object.entries(given).map(([name, one]) => {
    const property = requireProperty(source, name)
    return [property.name, propertyOf(property, one)] as const
  })
  return Object.fromEntries(entries)
}

/** The title as Notion takes it. */
export function titleProperty(title: string): Json {
  return { title: plainRichText(title) }
}

function propertyOf(property: Property, given: PropertyValue): Json {
  const { type } = property
  const no = (expected: string) => unfit(property, expected)
  switch (type) {
    case 'title':
      return { title: plainRichText(textIn(given, no('text'))) }
    case 'rich_text': {
      const rich = given === null ? [] : richTextOfMarkdown(textIn(given, no('text')))
      if (rich.length > maxRichTexts) throw no(`text with at most ${maxRichTexts} changes of style`)
      return { rich_text: rich }
    }
    case 'number': {
      const number = typeof given === 'string' && given !== '' ? Number(given) : given
      if (number !== null && (typeof number !== 'number' || !Number.isFinite(number))) throw no('a number or null')
      return { number }
    }
    case 'checkbox':
      if (given !== null && typeof given !== 'boolean') throw no('true or false')
      return { checkbox: given === true }
    case 'select':
    case 'status':
      return {
        [type]: given === null || given === '' ? null : { name: optionIn(property, textIn(given, no('one option'))) },
      }
    case 'multi_select':
      return {
        multi_select: itemsIn(given, no('a list of options')).map((name) => ({ name: optionIn(property, name) })),
      }
    case 'date':
      return { date: given === null || given === '' ? null : dateIn(textIn(given, no('a date')), property) }
    case 'people':
      return {
        people: idsIn(given, no('a list of ids of people, from notion.list_users')).map((id) => ({
          object: 'user',
          id,
        })),
      }
    case 'relation':
      return { relation: idsIn(given, no('a list of ids or addresses of pages')).map((id) => ({ id })) }
    case 'files':
      return { files: itemsIn(given, no('a list of URLs')).map((url) => fileIn(url, property)) }
    case 'url': {
      if (given === null || given === '') return { url: null }
      const url = safeUrl(given)
      if (url === undefined) throw no('an address that begins with https://, or null')
      return { url: given }
    }
    case 'email':
    case 'phone_number':
      if (given === null || given === '') return { [type]: null }
      if (typeof given !== 'string' || given.length > 200) throw no('text of at most 200 characters, or null')
      return { [type]: given }
    default:
      throw new Problem(
        'invalid-arguments',
        `"${oneLine(property.name, 60)}" is of the type ${oneLine(type, 40)}, which Notion fills in by itself or only people can set. Leave it out.`,
      )
  }
}

function unfit({ name, type }: Property, expected: string): Problem {
  return new Problem('invalid-arguments', `"${oneLine(name, 60)}" is of the type ${type} and takes ${expected}.`)
}

function textIn(given: PropertyValue, no: Problem): string {
  if (typeof given === 'number') return String(given)
  if (given === null) return ''
  if (typeof given !== 'string') throw no
  return given
}

function itemsIn(given: PropertyValue, no: Problem): string[] {
  if (given === null || given === '') return []
  if (typeof given === 'string') return [given]
  if (!Array.isArray(given)) throw no
  return given
}

/** Ids alone, in addresses, or behind a name as in "Ada <01890a5d-…>". */
function idsIn(given: PropertyValue, no: Problem): string[] {
  return itemsIn(given, no).map((item) => {
    const id = findId(/<([^<>]+)>$/.exec(item)?.[1] ?? item)
    if (id === undefined) throw no
    return id
  })
}

/** An option by its name, in the case the schema writes it. A status must be there; others are made when they are new. */
function optionIn(property: Property, given: string): string {
  const options = optionsOf(property) ?? []
  const known = options.find((one) => one === given) ?? options.find((one) => one.toLowerCase() === given.toLowerCase())
  if (known !== undefined) return known
  if (property.type === 'status') throw unfit(property, `one of: ${options.map((one) => oneLine(one, 60)).join(', ')}`)
  if (given.includes(',') || given.length > 100)
    throw unfit(property, 'options of at most 100 characters without commas')
  return given
}

function dateIn(given: string, property: Property): Json {
  const [start = '', end, more] = given.split('/')
  const fits = (date: string) => isDate(date) || (timeShape.test(date) && isDate(date.slice(0, 10)))
  if (!fits(start) || (end !== undefined && !fits(end)) || more !== undefined) {
    throw unfit(
      property,
      'a date such as 2026-11-30, a time such as 2026-11-30T10:00:00+09:00, or two of them as start/end',
    )
  }
  return end === undefined ? { start } : { start, end }
}

function fileIn(given: string, property: Property): Json {
  const [, name = '', inside] = /^(.*?) \((https?:\S+)\)$/.exec(given) ?? []
  const url = safeUrl(inside ?? given)
  if (url === undefined || !url.startsWith('http'))
    throw unfit(property, 'a list of addresses that begin with https://')
  const shown = name || decodedName(url)
  return { name: shown.slice(0, 100), type: 'external', external: { url } }
}

function decodedName(url: string): string {
  return new URL(url).pathname.split('/').findLast(Boolean) ?? new URL(url).host
}
