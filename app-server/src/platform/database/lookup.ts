// One row by its id, for tools that show one thing: those asked for together are read together.
import type { Database } from './database.js'
import { Gathered } from './gathered.js'

/** Ids read by one statement, and most that wait for theirs. */
const limits = { maxBatch: 256, maxWaiting: 4_096 }

/** All lookups share one connection: each statement on it is short. */
const connection = 'lookups'

/**
 * Makes a lookup of rows by their id, to be declared once beside the table it reads.
 * @param name unlike that of any other lookup
 * @param text gives the rows whose id is among $1, a uuid[], each with its `id`
 */
export function lookup<Row extends { readonly id: string }>(name: string, text: string) {
  const ofDatabases = new WeakMap<Database, Gathered<string, Row | undefined>>()

  /** The row of one id, as it is now; undefined when there is none. */
  return function find(database: Database, id: string): Promise<Row | undefined> {
    let gathered = ofDatabases.get(database)
    if (!gathered) {
      const read = database.prepare<Row>(name, text, connection)
      gathered = new Gathered(async (ids) => {
        const rows = new Map((await read([[...new Set(ids)]])).map((row) => [row.id, row]))
        return ids.map((one) => rows.get(one))
      }, limits)
      ofDatabases.set(database, gathered)
    }
    return gathered.add(id)
  }
}
