// Databases and their data sources: a database holds one or more of them, and each has a schema and pages of its own.
import { Problem } from '@sekisho/contracts'
import { oneLine } from '../foreign-text.js'
import { type Json, type NotionApi, objectOf, objectsOf, textOf } from './notion-api.js'
import { wordsOf } from './rich-text.js'

export interface DataSource {
  readonly id: string
  readonly databaseId: string
  readonly title: string
  readonly url: string
  readonly properties: readonly Property[]
}

/** A property of a schema. */
export interface Property {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly config: Json
}

/** A database with more than one data source, where somebody has to choose. */
export interface Choice {
  readonly title: string
  readonly url: string
  readonly sources: readonly { readonly id: string; readonly name: string }[]
}

/**
 * The data source of an id, which may be that of its database.
 * Throws Problem not-found; a Choice when the database has several.
 */
export async function findSource(api: NotionApi, id: string): Promise<DataSource | Choice> {
  const source = await api.find(`/v1/data_sources/${id}`)
  if (source) return sourceOf(source)
  const database = await api.get(`/v1/databases/${id}`)
  const sources = objectsOf(database.data_sources).map((one) => ({
    id: textOf(one.id),
    name: oneLine(textOf(one.name), 200),
  }))
  const [only, second] = sources
  if (only && !second) return sourceOf(await api.get(`/v1/data_sources/${only.id}`))
  return { title: oneLine(wordsOf(database.title), 200), url: textOf(database.url), sources }
}

/** As `findSource`. Throws Problem invalid-arguments that names the data sources when there are several. */
export async function requireSource(api: NotionApi, id: string): Promise<DataSource> {
  const found = await findSource(api, id)
  if (!('sources' in found)) return found
  const names = found.sources.map(({ id: sourceId, name }) => `"${name}" is ${sourceId}`)
  throw new Problem(
    'invalid-arguments',
    `This database has ${found.sources.length} data sources. Call again with the id of one as database_id: ${names.join(', ')}.`,
  )
}

function sourceOf(source: Json): DataSource {
  return {
    id: textOf(source.id),
    databaseId: textOf(objectOf(source.parent).database_id),
    title: oneLine(wordsOf(source.title), 200),
    url: textOf(source.url),
    properties: Object.entries(objectOf(source.properties)).map(([name, config]) => ({
      id: textOf(objectOf(config).id),
      name,
      type: textOf(objectOf(config).type),
      config: objectOf(objectOf(config)[textOf(objectOf(config).type)]),
    })),
  }
}

/** The names one may choose from; undefined for a property without such. */
export function optionsOf({ type, config }: Property): string[] | undefined {
  if (!['select', 'multi_select', 'status'].includes(type)) return undefined
  return objectsOf(config.options).map(({ name }) => textOf(name))
}

/** A property by its name, whatever its case. Throws Problem invalid-arguments that names those there are. */
export function requireProperty({ properties }: Pick<DataSource, 'properties'>, name: string): Property {
  const found =
    properties.find((one) => one.name === name) ??
    properties.find((one) => one.name.trim().toLowerCase() === name.trim().toLowerCase())
  if (found) return found
  const names = properties.slice(0, 60).map((one) => oneLine(one.name, 60))
  throw new Problem('invalid-arguments', `There is no property "${oneLine(name, 60)}". There are: ${names.join(', ')}.`)
}
